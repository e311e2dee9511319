"""Which language a terminal speaks, and a problem on one line of it.

`--lang` or `LENITY_LANG`, else the terminal's own (`LC_ALL`, `LANG`).
"""

from __future__ import annotations

import os

from lenity.base.outcomes import Problem
from lenity.interfaces.shared import problem_words

NAMES = ("LENITY_LANG", "LENITY_LANGUAGE", "LC_ALL", "LANG")


def speaks_chinese() -> bool:
    """Whether the terminal's language is Chinese."""
    named = next((os.environ[name] for name in NAMES if os.environ.get(name)), "")
    return named.lower().startswith("zh")


def told(problem: Problem, chinese: bool) -> str:
    """The problem in one line."""
    return problem_words.line(problem, "zh" if chinese else "en")
