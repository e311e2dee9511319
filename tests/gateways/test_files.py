"""A file is whole or not there, however many write it at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lenity.gateways import files


def test_many_writers_of_one_name_all_succeed_and_leave_no_draft(tmp_path: Path) -> None:
    goal = tmp_path / "new folder" / "000000000011.checkpoint"
    contents = [f"{number}\n".encode() * 1000 for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda content: files.put(goal, content), contents))
    assert goal.read_bytes() in contents
    assert list(goal.parent.iterdir()) == [goal]


def test_what_cannot_be_finished_leaves_the_file_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goal = files.put(tmp_path / "head", b"before")

    def full(self: Path, target: Path) -> Path:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        files.put(goal, b"after")
    assert goal.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [goal]
