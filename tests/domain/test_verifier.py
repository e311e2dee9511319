"""The one-file verifier speaks to people: how it is used, and what it could not read."""

from __future__ import annotations

from pathlib import Path

import pytest

from lenity.domain.evidence import verifier


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["--help"], 0), (["-x"], 2), (["a", "b", "c"], 2)])
def test_it_says_how_it_is_used(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert verifier.main(arguments) == code
    assert capsys.readouterr().out == verifier.USAGE


@pytest.mark.parametrize("content", ["", "[]", "{}", "3", '{"public_key": "zz", "checkpoint": 1}', "\x00"])
def test_a_receipt_that_cannot_be_read_is_told(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "receipt.json"
    file.write_text(content, encoding="utf-8")
    assert verifier.main([str(file)]) == 2
    assert verifier.main([str(file), "not hex"]) == 2
    assert "cannot be read" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert verifier.main([str(tmp_path / "nothing.json")]) == 2
    assert verifier.main([str(tmp_path)]) == 2
