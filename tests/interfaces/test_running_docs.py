"""docs/running.md names commands and settings that there are, and every setting."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lenity.interfaces.cli import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "running.md").read_text("utf-8")
COMMANDS = sorted(set(re.findall(r"`lenity ([a-z -]+?)`", PAGE)))


@pytest.mark.parametrize("words", COMMANDS)
def test_a_named_command_is_there(words: str) -> None:
    assert CliRunner().invoke(main.build(), [*words.split(), "--help"]).exit_code == 0


def test_every_setting_is_told_and_no_other() -> None:
    read = {
        name
        for path in (ROOT / "src").rglob("*.py")
        for name in re.findall(r"environ(?:\.get\(|\[|\.setdefault\()\"(LENITY_\w+)", path.read_text("utf-8"))
    }
    assert set(re.findall(r"`(LENITY_\w+)`", PAGE)) == read
