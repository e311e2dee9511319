"""Screening quotes what it finds, turns on negation, and is measured on sentences it was not made from."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lenity.base.outcomes import InputRefused
from lenity.domain.debt_collection import messages, screening, weighing
from lenity.training import phrases

FOLDER = Path(__file__).resolve().parents[1] / "examples" / "screening"
# Least precision and recall, in percent: what is found once stays found. These are no forecast: one hand wrote
# sentences and lexicon, and every file but `last_*` was learned from in the end. What new wording may expect was
# measured on `last_*`, which nothing was learned from and which was written to slip through (decision 0063).
NAMES = ("zh", "en", "fresh_zh", "fresh_en", "unseen_zh", "unseen_en", "heldout_zh", "heldout_en",
         "later_zh", "later_en", "final_zh", "final_en", "wily_zh", "wily_en")  # fmt: skip
FLOORS = {**dict.fromkeys(NAMES, (95, 95)), "wily_zh": (95, 90), "wily_en": (95, 90)}
LEARNED = tuple(sorted((*NAMES, "house", "learn_zh", "learn_en")))
UNSEEN = {"last_zh": (93, 75), "last_en": (92, 55)}


def _cases(name: str) -> list[tuple[str, str, str]]:
    lines = (FOLDER / f"{name}.tsv").read_text("utf-8").splitlines()
    return [(by, want, text) for by, want, text in (line.split("\t") for line in lines)]


def measured(cases: list[tuple[str, str, str]]) -> tuple[int, int]:
    """Precision and recall in percent, a sentence right when its own category is among those found."""
    hit = wrong = missed = 0
    for by, want, text in cases:
        got = {one.category for one in screening.screen(text, said_by=by)}
        hit += want in got
        missed += want != "-" and want not in got
        wrong += want == "-" and bool(got)
    return hit * 100 // (hit + wrong), hit * 100 // (hit + missed)


@pytest.mark.parametrize("name", FLOORS)
def test_precision_and_recall_keep_their_floor(name: str) -> None:
    cases = _cases(name)
    held_out = cases[2::3] if "_" not in name else cases
    precision, recall = measured(held_out)
    assert (precision >= FLOORS[name][0], recall >= FLOORS[name][1]) == (True, True), (precision, recall)


@pytest.mark.parametrize("name", UNSEEN)
def test_what_slips_through_on_sentences_that_nothing_learned_from(name: str) -> None:
    found = [(want != "-", bool(screening.screen(text, said_by=by))) for by, want, text in _cases(name)]
    hit, wrong = found.count((True, True)), found.count((False, True))
    precision, recall = hit * 100 // (hit + wrong), hit * 100 // (hit + found.count((True, False)))
    assert (precision >= UNSEEN[name][0], recall >= UNSEEN[name][1]) == (True, True), (precision, recall)


def test_nothing_is_learned_from_the_sentences_that_measure() -> None:
    learned = {text for name in LEARNED for _, _, text in _cases(name)}
    assert not learned & {text for name in UNSEEN for _, _, text in _cases(name)}
    rows = [row for name in LEARNED for row in phrases.labelled((FOLDER / f"{name}.tsv").read_text("utf-8"))]
    for language, table in weighing.tables().items():
        mine = [row for row in rows if row[1] != "hardship" and weighing.language_of(row[2]) == language]
        assert table["sha256"] == phrases.digest(mine)


@pytest.mark.parametrize("name", messages.shipped())
def test_no_template_is_found(name: str) -> None:
    for subject, body in messages.get(name).texts.values():
        assert screening.screen(f"{subject}\n{body}") == []


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("你好。我们知道你女儿在哪读书，放学我去看看。", "threat"),
        ("让你在村里抬不起头。", "shame"),
        ("We know which school your little girl goes to.", "threat"),
    ],
)
def test_a_veiled_sentence_is_quoted(text: str, category: str) -> None:
    found = screening.screen(text)
    assert category in {one.category for one in found}, found
    assert all(text[one.start : one.end] == one.quote for one in found)


def test_what_weighed_is_told_and_a_pattern_comes_first() -> None:
    (one,) = screening.screen("我劝你把门窗锁好，夜里会有人来")
    assert one.why
    assert all(points > 0 for _, points in one.why)
    (known,) = screening.screen("让你坐牢")
    assert known.why == ()


def test_learning_is_the_same_twice_and_says_what_is_wrong() -> None:
    rows = phrases.labelled((FOLDER / "zh.tsv").read_text("utf-8") + (FOLDER / "en.tsv").read_text("utf-8"))
    assert phrases.learn(rows) == phrases.learn(rows)
    with pytest.raises(InputRefused, match="at least 40"):
        phrases.learn(rows[:20])
    for line in ("collector\tthreat", "boss\t-\ttext", "collector\t-\t "):
        with pytest.raises(InputRefused, match="Line 1"):
            phrases.labelled(line)


@pytest.mark.parametrize("name", ["zh", "en"])
def test_the_labelled_set_is_large_and_near_half_benign(name: str) -> None:
    labels = [want for _, want, _ in _cases(name)]
    assert len(labels) >= 150
    assert 0.45 < labels.count("-") / len(labels) < 0.55


@pytest.mark.parametrize(
    ("text", "category", "quote"),
    [
        ("我们不会起诉您。", "", ""),
        ("我们会起诉您。", "legal_claim", "起诉您"),
        ("如果不还款，我们就起诉你。", "legal_claim", "起诉你"),
        ("We will not sue you.", "", ""),
        ("If you do not pay we will sue you.", "legal_claim", "we will sue"),
        ("让你坐　牢", "threat", "坐　牢"),
        ("让你坐.牢", "threat", "坐.牢"),
        ("Ｇｏ ｔｏ ｊａｉｌ? You are going to ｊａｉｌ", "threat", "Ｇｏ ｔｏ ｊａｉｌ"),
        ("你這個老賴", "shame", "老賴"),
        ("s.b 还钱", "insult", "s.b"),
        ("CNM", "insult", "CNM"),
        ("you 1d10t", "insult", "1d10t"),
        ("老\u200b赖", "shame", "老\u200b赖"),
        ("让你做牢", "threat", "做牢"),
        ("你个煞笔", "insult", "煞笔"),
        ("去4吧", "insult", "去4"),
        ("发院在找你", "posing", "发院在找你"),
        ("公 司 前 台 都 会 知 道 你 欠 钱，我跟你公司前台说", "third_party", "跟你公司前台说"),
        ("Ｄｏｎ＇ｔ ｍａｋｅ ｍｅ ｃｏｍｅ", "threat", "Ｄｏｎ＇ｔ ｍａｋｅ ｍｅ ｃｏｍｅ"),
    ],
)
def test_negation_and_evasion(text: str, category: str, quote: str) -> None:
    found = screening.screen(text)
    if not category:
        assert found == []
    else:
        assert (category, quote) in {(one.category, one.quote) for one in found}


def test_a_transcript_says_who_speaks() -> None:
    text = "催收员：您好，请问方便吗？\n借款人：你们这帮畜生，我不想活了。\nCollector: you are a deadbeat"
    found = screening.screen(text)
    assert [(one.category, one.said_by) for one in found] == [
        ("insult", "borrower"),
        ("self_harm", "borrower"),
        ("shame", "collector"),
    ]
    assert screening.gravest(found) == "critical"


def test_a_note_about_self_harm_is_never_turned_round() -> None:
    assert [one.category for one in screening.screen("客户问怎么自杀")] == ["self_harm"]


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_and_every_quote_stands_where_it_says(text: str) -> None:
    for one in screening.screen(text + "\n让你坐牢"):
        assert (text + "\n让你坐牢")[one.start : one.end] == one.quote
        assert one.quote


@pytest.mark.parametrize("text", ["x " * 100_001, "a" * 200_001])
def test_too_long_a_text_is_refused(text: str) -> None:
    with pytest.raises(InputRefused, match="at most"):
        screening.screen(text)


def test_a_long_hostile_text_is_read_in_good_time() -> None:
    from lenity.gateways import clock

    began = clock.stopwatch()
    screening.screen("不不不不不会" * 3_000 + "not not the a " * 1_000)
    assert clock.stopwatch() - began < 5


def test_an_unknown_speaker_is_refused() -> None:
    with pytest.raises(InputRefused, match="collector or borrower"):
        screening.screen("x", said_by="judge")
