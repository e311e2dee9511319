"""The worked examples of the gate, put to the command as they are printed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lenity.interfaces.cli import gate as command

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "gate-examples.md").read_text("utf-8")
PAIRS = re.findall(r"```json in\n(.*?)```\n```json out\n(.*?)```", PAGE, re.DOTALL)
CODES = {"allowed": 0, "deferred": 1, "refused": 1}


def ask(question: str) -> tuple[int, dict[str, Any]]:
    told = CliRunner().invoke(command.app, ["check"], input=question)
    answer: dict[str, Any] = json.loads(told.stdout)
    return told.exit_code, answer


@pytest.mark.parametrize(
    ("asked", "told"), PAIRS, ids=[f"example {place}" for place in range(1, len(PAIRS) + 1)]
)
def test_the_worked_examples_are_what_the_gate_says(asked: str, told: str) -> None:
    code, answer = ask(asked)
    expected = json.loads(told)
    assert code == CODES[expected["verdict"]]
    stopping = [one for one in answer["provisions"] if one["effect"] != "allows"]
    assert [one["id"] for one in stopping] == [one["id"] for one in expected["provisions"]]
    for shown, whole in zip(expected.pop("provisions"), stopping, strict=True):
        assert whole["facts_used"].items() >= shown.pop("facts_used").items()
        assert whole.items() >= shown.items()
    assert answer.items() >= {"counts_toward": [], **expected}.items()


def test_every_idea_has_its_example() -> None:
    assert len(PAIRS) == PAGE.count("```json in") == PAGE.count("```json out") >= 25
    assert len(re.findall(r"^## ", PAGE, re.MULTILINE)) >= 19


def test_what_is_presumed_carries_both_lists_of_factors_in_both_languages() -> None:
    seven = next(pair[0] for pair in PAIRS if '"presumption": true' in pair[1])
    _, answer = ask(seven)
    presumed = [one for one in answer["provisions"] if one["presumption"]]
    assert {one["id"] for one in presumed} == {"US-RF-14b-7IN7", "US-RF-14b-TALK"}
    for one in presumed:
        factors = one["rebuttal_factors"]
        assert [len(factors[side]) for side in ("of_compliance", "of_violation")] == [4, 4]
        assert all(factor["zh"] and factor["en"] for side in factors.values() for factor in side)


def test_a_contact_before_the_law_says_so_and_how_to_ask() -> None:
    question = json.loads(PAIRS[-1][0])
    del question["rules"]["law_of"]
    code, answer = ask(json.dumps(question))
    (finding,) = answer["provisions"]
    assert code == 1
    assert "in force on 2020-04-07" in finding["facts_used"]["en"]
