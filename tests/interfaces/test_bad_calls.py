"""Commands called with what is no file, no text or no day say so, with exit code 2 and without a traceback."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from lenity.interfaces.cli import main

CALLS = (
    "close 2026-13-45",
    "furnish write --month 2026-99 --out {folder} --identification x --reporter y",
    "furnish check {folder}/none",
    "furnish check {folder}",
    "import book {folder}/none --mapping {folder}/none --as-of 2026-01-31",
    "import book {binary} --mapping {binary} --as-of 2026-01-31",
    "messages lint {folder}/none",
    "messages lint {binary}",
    "demo --business-date x --no-serve",
    "staff add x --name n --number 1 --role collector --reason because --until xx --password abcdefghijklm",
)


@pytest.mark.parametrize("call", CALLS)
def test_a_bad_call_is_told_in_words(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\x80\x00" * 20)
    words = call.format(folder=tmp_path, binary=binary).split()
    monkeypatch.setattr(sys, "argv", ["lenity", *words])
    with pytest.raises(SystemExit) as ended:
        main.run()
    assert ended.value.code == 2
    assert capsys.readouterr().err.strip().endswith(".")
