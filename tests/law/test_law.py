"""The law as data: every value has its source, doubt is marked, house rules never loosen, the map is fresh."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from lenity.base.outcomes import InputRefused
from lenity.domain.debt_collection import gate, wording
from lenity.law import law_map, reader
from tests import kill_rules

ROOT = Path(__file__).resolve().parents[2]
ALL = law_map.everything()
GOOD = """
id: XX-1
instrument: {zh: 法, en: Act}
article: '1'
says: {zh: 说, en: says}
force: statute
confidence: P
source: read
checked_on: 2026-11-23
kind: known_purpose
values:
- {from: 2020-01-01, value: {purposes: [collection]}}
"""


@pytest.mark.parametrize("provision", ALL.values(), ids=ALL.keys())
def test_every_provision_has_its_source_in_both_languages(provision: reader.Provision) -> None:
    assert provision.source
    assert provision.checked_on <= date(2026, 12, 31)
    assert re.search("[\u4e00-\u9fff]", provision.says["zh"])
    assert re.search("[A-Za-z]", provision.says["en"])
    assert provision.kind in {"", *gate.KINDS}


def test_every_rule_of_the_linter_rests_on_provisions_that_hold() -> None:
    gone = {name for name in wording.provisions() if name not in ALL or ALL[name].not_enforced}
    assert gone == set()


def test_days_from_memory_are_labelled() -> None:
    labelled = {one.id for one in ALL.values() if any(dated.memory for dated in one.values)}
    gaps = {one.id for one in ALL.values() if one.is_gap}
    texts = [file.read_text("utf-8") for file in (ROOT / "src" / "lenity" / "law").rglob("*.yaml")]
    noted = [
        text for text in texts if re.search(r"day from which .* from memory|first day is from memory", text)
    ]
    assert {text.partition("id: ")[2].partition("\n")[0] for text in noted} <= labelled
    read = {"CN-ZXYW", "CN-XFJR-2024", "CN-GBT-UNREAD"}
    assert gaps - read <= labelled, (
        "what is known from memory alone has its days from memory, unless they were read"
    )
    assert {one.id for one in ALL.values() if one.id.startswith(("CN-CC-", "CN-XYK-"))} <= labelled
    assert not any(one.place == "HOUSE" for one in ALL.values() if one.id in labelled)


def test_what_the_code_keeps_without_a_value_is_proved_by_tests_that_are_there() -> None:
    for one in ALL.values():
        for name in one.proved_by:
            file, _, test = name.partition("::")
            assert f"def {test}(" in (ROOT / file).read_text("utf-8"), f"{one.id}: {name}"


def test_the_record_of_what_is_missed_names_tests_that_are_there() -> None:
    """Kept by `python -m tests.kill_rules`, which takes each provision out and looks for a test that fails."""
    killed = law_map.traces(ROOT).killed
    assert set(killed) <= kill_rules.mortal()
    assert len(killed) * 10 >= len(kill_rules.mortal()) * 8, "run: python -m tests.kill_rules"
    for name in killed.values():
        file, _, test = name.partition("::")
        assert f"def {test}(" in (ROOT / file).read_text("utf-8"), name


def test_what_is_known_from_memory_is_never_enforced() -> None:
    memory = [one for one in ALL.values() if one.confidence == "M"]
    assert {"CN-PBC-2021-3", "CN-GBT-UNREAD", "CN-XD-2025", "US-FCRA-623a5", "CN-FXFL-2023"} <= {
        one.id for one in memory
    }
    assert all(one.kind == "" for one in memory)
    assert ALL["CN-FXFL-2023"].unconfirmed


def test_house_rules_are_only_ever_an_addition() -> None:
    for place in reader.places():
        book = reader.rulebook(place)
        house = [one for one in book.provisions if one.place == "HOUSE"]
        assert house
        assert all(not one.lifted_by for one in house)


def test_an_unknown_place_has_no_rules_and_so_no_contacts() -> None:
    assert reader.rulebook("ZZ").provisions == ()


def test_a_value_is_the_one_of_its_day() -> None:
    cap = reader.rulebook("CN").value("CN-XD-2025-COST", date(2026, 1, 1))
    assert cap["cap_ppm"] == 240_000
    with pytest.raises(LookupError):
        reader.rulebook("CN").value("CN-XD-2025-COST", date(2025, 11, 30))
    in_force = {one.provision.id for one in reader.rulebook("CN").on(date(2025, 2, 27))}
    assert "CN-GBT-TIME" not in in_force
    assert "CN-GBT-TIME" in {one.provision.id for one in reader.rulebook("CN").on(date(2025, 2, 28))}


BAD = [
    ("[", "not YAML"),
    ("x", "holds no provision"),
    (GOOD.replace("source: read", "source: ''"), "source is missing"),
    (GOOD.replace("force: statute", "force: rumour"), "force must be"),
    (GOOD.replace("confidence: P", "confidence: X"), "confidence must be"),
    (GOOD.replace("says: {zh: 说, en: says}", "says: {en: says}"), "needs zh and en"),
    (GOOD.replace("kind:", "kynd:"), "kynd is not a key"),
    (GOOD.replace("checked_on: 2026-11-23", "checked_on: lately"), "checked_on must be a day"),
    (GOOD.replace("from: 2020-01-01", "from: soon"), "each of values"),
    (GOOD + "applies: {colour: [red]}\n", "applies.colour"),
    (GOOD.replace("value: {", "memory: [then], value: {"), "memory names"),
]


@pytest.mark.parametrize(("text", "says"), BAD)
def test_a_broken_file_is_refused_by_name_and_key(text: str, says: str) -> None:
    with pytest.raises(InputRefused, match=re.escape(says)):
        reader.parse(text, "xx-1.yaml", "XX")


def test_a_new_country_is_a_folder_of_files(tmp_path: Path) -> None:
    (tmp_path / "xx").mkdir()
    (tmp_path / "xx" / "one.yaml").write_text(GOOD, "utf-8")
    book = reader.read(tmp_path, "XX")
    assert [one.id for one in book.provisions] == ["XX-1"]
    (tmp_path / "xx" / "two.yaml").write_text(GOOD, "utf-8")
    with pytest.raises(InputRefused, match="More than one file"):
        reader.read(tmp_path, "XX")


def test_the_digest_changes_with_any_value(tmp_path: Path) -> None:
    (tmp_path / "xx").mkdir()
    file = tmp_path / "xx" / "one.yaml"
    file.write_text(GOOD, "utf-8")
    before = reader.read(tmp_path, "XX").digest
    file.write_text(GOOD.replace("[collection]", "[collection, other]"), "utf-8")
    assert reader.read(tmp_path, "XX").digest != before


def test_no_bare_number_of_a_law_in_the_gate() -> None:
    rooms = ROOT / "src" / "lenity" / "domain" / "debt_collection"
    files = [rooms / "gate.py", *sorted((rooms / "rules").glob("*.py"))]
    bare = []
    for file in files:
        code = re.sub(r'""".*?"""|"[^"\n]*"', "", file.read_text("utf-8"), flags=re.S)
        bare += [
            f"{file.name}: {number}" for number in re.findall(r"(?<![\w.\[])([2-9]|\d{2,})(?![\w.])", code)
        ]
    known = [
        "gate.py: 40",
        "gate.py: 8192",
        "counts.py: 80",
        "stress.py: 100",
        "stress.py: 8192",
        "view.py: 4096",
    ]
    assert bare == known, "a search, a name, a whole in per cent, caches: no law"


def test_the_law_map_is_fresh() -> None:
    assert (ROOT / "docs" / "law-map.md").read_text("utf-8") == law_map.text(ROOT), "run: lenity law map"


def test_the_house_answers_no_later_than_the_law_asks() -> None:
    day = date(2026, 11, 25)
    cn, us = reader.rulebook("CN"), reader.rulebook("US")
    assert cn.value("HOUSE-ANSWER", day)["dispute"] <= cn.value("CN-ZX-25", day)["days"]
    assert us.value("HOUSE-ANSWER", day)["dispute"] <= us.value("US-FCRA-623b", day)["days"]


@pytest.mark.parametrize("place", reader.listed())
def test_a_rulebook_comes_back_from_its_text_whole(place: str) -> None:
    book = reader.rulebook(place)
    again = reader.read_back(book.text, book.digest)
    for day in (date(2022, 1, 3), date(2026, 11, 3), date(2030, 1, 1)):
        assert [(one.provision.id, one.value) for one in again.on(day)] == [
            (one.provision.id, one.value) for one in book.on(day)
        ]
    assert reader.of(place, again.provisions).digest == book.digest
    with pytest.raises(ValueError, match="was changed"):
        reader.read_back(book.text + " ", book.digest)
