"""What a certificate says in plain words, and which finding decides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lenity.domain.debt_collection.certificate import Certificate, Count, Finding, in_words

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


def finding(name: str, effect: str, facts: str = "", earliest: datetime | None = None) -> Finding:
    said = {"zh": f"{facts}（实）", "en": f"{facts} (fact)"} if facts else {}
    return Finding(
        name, {"zh": f"法{name}", "en": f"Law {name}"}, f"art. {name}", "statute", "P", effect,
        {"zh": f"规定{name}。", "en": f"Says {name}."}, said, earliest,
    )  # fmt: skip


def certificate(verdict: str, *findings: Finding, counts: tuple[Count, ...] = ()) -> Certificate:
    return Certificate(verdict, findings, None, counts, "digest", NOON)


LATER, LATEST = NOON + timedelta(hours=1), NOON + timedelta(hours=2)
LEADING = [
    ("the first refusal", [finding("a", "defers"), finding("c", "refuses"), finding("b", "refuses")], "c"),
    ("the latest deferral", [finding("a", "defers", "", LATEST), finding("b", "defers", "", LATER)], "a"),
    ("of equal ones the last by name", [finding("b", "defers", "", LATER), finding("a", "defers", "", LATER)], "b"),
    ("one without an instant counts as now", [finding("b", "defers"), finding("a", "defers", "", LATER)], "a"),
    ("a deferral before what allows", [finding("a", "allows"), finding("b", "defers", "", LATER)], "b"),
    ("else the first", [finding("b", "allows"), finding("a", "allows")], "b"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "findings", "expected"), LEADING, ids=[row[0] for row in LEADING])
def test_which_finding_decides(name: str, findings: list[Finding], expected: str) -> None:
    assert certificate("any", *findings).leading.provision_id == expected


def test_plain_values_are_complete() -> None:
    count = Count("sms-day", "2026-11-03", 1, 2, slot=True)
    made = Certificate("deferred", (finding("a", "defers", "f", LATER),), LATER, (count,), "digest", NOON)
    expected: dict[str, Any] = {
        "verdict": "deferred",
        "earliest": "2026-11-03T13:00:00.000000Z",
        "decided_at": "2026-11-03T12:00:00.000000Z",
        "rulebook": "digest",
        "provisions": [
            {
                "id": "a",
                "instrument": {"zh": "法a", "en": "Law a"},
                "article": "art. a",
                "force": "statute",
                "confidence": "P",
                "effect": "defers",
                "says": {"zh": "规定a。", "en": "Says a."},
                "facts_used": {"zh": "f（实）", "en": "f (fact)"},
                "earliest": "2026-11-03T13:00:00.000000Z",
            }
        ],
        "counts_toward": [{"allowance": "sms-day", "window": "2026-11-03", "used": 1, "at_most": 2}],
    }
    assert made.to_plain() == expected
    plain = certificate("allowed", finding("a", "allows")).to_plain()
    assert (plain["earliest"], plain["provisions"][0]["earliest"]) == (None, None)


WORDS = [
    (
        "allowed: each fact once, by the first provision that rests on it",
        certificate("allowed", finding("a", "allows"), finding("b", "allows", "F"), finding("c", "allows", "F")),
        ["我们此刻可以联系您，依据如下:", "F（实） 规定b。（法b，art. b）"],
        ["We may contact you at this time, because:", "F (fact) Says b. (Law b, art. b)"],
    ),
    (
        "allowed without facts: all of them",
        certificate("allowed", finding("a", "allows"), finding("b", "allows")),
        ["我们此刻可以联系您，依据如下:", "规定a。（法a，art. a）", "规定b。（法b，art. b）"],
        ["We may contact you at this time, because:", "Says a. (Law a, art. a)", "Says b. (Law b, art. b)"],
    ),
    (
        "deferred: what stops it, not what allows it",
        certificate("deferred", finding("a", "allows", "F"), finding("b", "defers", "G")),
        ["我们此刻不可以联系您，须等到稍后:", "G（实） 规定b。（法b，art. b）"],
        ["We may not contact you at this time, only later:", "G (fact) Says b. (Law b, art. b)"],
    ),
    (
        "refused: all that stops it",
        certificate("refused", finding("a", "defers", "F"), finding("b", "refuses")),
        ["我们不可以这样联系您:", "F（实） 规定a。（法a，art. a）", "规定b。（法b，art. b）"],
        ["We may not contact you in this way:", "F (fact) Says a. (Law a, art. a)", "Says b. (Law b, art. b)"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "made", "chinese", "english"), WORDS, ids=[row[0] for row in WORDS])
def test_in_words(name: str, made: Certificate, chinese: list[str], english: list[str]) -> None:
    plain = made.to_plain()
    for language in ("zh", "zh-hans"):
        assert in_words(plain, language) == chinese
    assert in_words(plain, "en") == english
