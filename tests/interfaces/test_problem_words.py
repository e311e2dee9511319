"""Every error code has words in both languages that say what is wrong and what to do, for the API and commands."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lenity.base.outcomes import Problem
from lenity.interfaces.api import answers
from lenity.interfaces.cli import main
from lenity.interfaces.cli import problem_words as terminal
from lenity.interfaces.shared import problem_words

SOURCE = Path(__file__).resolve().parents[2] / "src" / "lenity"
CHINESE = re.compile("[\u4e00-\u9fff]")
HELD_OTHERWISE = {"file.type", "when", "number", "staff.until", "plan", "unknown", "input", "not_found"}
"""Codes that are no argument of `Problem` in the code: returned by a rule, or the last resorts."""


def _text(node: ast.expr) -> str:
    """A code as far as it is known from the code: what is filled in is a star."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "*" for one in node.values)
    return "*"


def codes() -> set[str]:
    """The code of every problem that the code can make."""
    found = set()
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(getattr(node, "func", None), "id", "")
            if isinstance(node, ast.Call) and name == "Problem" and node.args:
                found.add(_text(node.args[0]))
    return (found | set(answers.TEXTS)) - {"*"}


CODES = sorted(codes())


def test_there_are_hundreds_of_them() -> None:
    assert len(CODES) > 300


@pytest.mark.parametrize("code", CODES)
def test_a_code_says_what_is_wrong_and_what_to_do_in_both_languages(code: str) -> None:
    known = code.replace("*", "x")
    problem = Problem(known, "Something is wrong.")
    says, do = problem_words.told(problem, "zh-hans")
    assert CHINESE.search(says)
    assert CHINESE.search(do)
    assert (says, do) != problem_words.chinese()[problem_words.ANY], f"{code} has no words and no family"
    english = problem_words.told(problem, "en")
    assert english.says
    assert english.do
    assert not CHINESE.search("".join(english))


def test_no_words_are_left_of_a_code_that_is_gone() -> None:
    families = {code.partition(".")[0] for code in CODES}
    filled_in = {code.removesuffix("*") for code in CODES if code.endswith(".*")}
    left = set(problem_words.chinese()) - set(CODES) - families - HELD_OTHERWISE
    assert {code for code in left if not code.startswith(tuple(filled_in))} == set()


def test_no_words_shout() -> None:
    for says, do in problem_words.chinese().values():
        assert not re.search("[!！]", says + do)
        assert says.endswith("。")
        assert do.endswith("。")


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "says", "do"), [("en", "token", "Bearer"), ("zh-hans", "令牌", "带上")])
def test_the_api_refuses_by_the_standard_in_the_language_asked_for(language: str, says: str, do: str) -> None:
    answer = Client().get("/api/v1/loans", headers={"Accept-Language": language})
    told = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert (told["type"], told["status"], told["title"]) == ("about:blank", 401, "Unauthorized")
    (problem,) = told["problems"]
    assert problem["code"] == "auth"
    assert says in problem["says"]
    assert do in problem["do"]


@pytest.mark.parametrize(
    ("arguments", "variable", "words"),
    [
        ((), "", "is not a day"),
        (("--lang", "zh"), "", "日期有误。请使用 YYYY-MM-DD。（"),
        ((), "zh_CN.UTF-8", "日期有误"),
        (("--lang", "en"), "zh", "is not a day"),
    ],
)
def test_a_command_refuses_in_the_language_chosen(
    arguments: tuple[str, ...], variable: str, words: str, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(sys, "argv", ["lenity", *arguments, "close", "nonsense"])
    for name in terminal.NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LENITY_LANG", variable)
    with pytest.raises(SystemExit) as ended:
        main.run()
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


def test_a_line_of_a_file_is_named_in_chinese_too() -> None:
    problem = Problem("book.account_number", "The account number is empty.", "Fill it in.", 7, "account")
    assert problem_words.line(problem, "zh").startswith("第 7 行，列 account：账号")
