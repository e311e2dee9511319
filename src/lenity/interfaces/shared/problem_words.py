"""What went wrong and what to do, in the reader's language: for the API and the command line.

A problem says itself in English, with what is particular to it. In Chinese its code is looked up in
`problems.toml`, else the code of its family (the part before the dot); what is particular stays beside it.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple

from lenity.base.outcomes import Problem

ANY = "input"
TRY_AGAIN = "Correct it and send it again. Nothing was changed."


class Told(NamedTuple):
    """A problem in one language: what is wrong, and what to do."""

    says: str
    do: str


@cache
def chinese() -> dict[str, Told]:
    """Every code and family with its Chinese words."""
    raw = resources.files("lenity.interfaces.shared").joinpath("problems.toml").read_text("utf-8")
    return {code: Told(*words) for code, words in tomllib.loads(raw).items()}


def in_chinese(code: str) -> Told:
    """The words for a code, or of its family; the last resort says only that something is wrong."""
    words = chinese()
    if code.endswith(".unknown") and code not in words:
        return words["unknown"]
    return words.get(code) or words.get(code.partition(".")[0]) or words[ANY]


def told(problem: Problem, language: str) -> Told:
    """A problem in `zh...` or English."""
    if language.startswith("zh"):
        return in_chinese(problem.code)
    return Told(problem.says, problem.remedy or TRY_AGAIN)


def line(problem: Problem, language: str) -> str:
    """A problem on one line of a terminal: where, what, what to do; in Chinese with its particulars in English."""
    if not language.startswith("zh"):
        return str(problem)
    where = [f"第 {problem.line} 行"] if problem.line is not None else []
    where += [f"列 {problem.column}"] if problem.column else []
    place = f"{'，'.join(where)}：" if where else ""
    says, do = in_chinese(problem.code)
    return f"{place}{says}{do}（{problem.says}）"
