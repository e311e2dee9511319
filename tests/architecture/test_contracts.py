"""The floors and rooms hold, and each contract is shown to refuse a deliberate violation."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

VIOLATIONS = [
    ("floors", "base/money.py", "from lenity.law import reader"),
    ("floors", "domain/lending/__init__.py", "from lenity.records.people import models"),
    ("floors", "gateways/clock.py", "from lenity.training import spec"),
    ("floors", "portfolio/age.py", "from lenity.gateways import clock"),
    ("rule-rooms", "domain/scoring/__init__.py", "from lenity.domain import lending"),
    ("record-rooms", "records/people/models.py", "from lenity.records.lending import models as upper"),
    ("doors", "interfaces/portal/__init__.py", "from lenity.interfaces import workbench"),
    ("rules-are-pure", "domain/delinquency/__init__.py", "import django"),
    ("rules-are-pure", "base/rates.py", "import random"),
    ("portfolio-without-django", "portfolio/__init__.py", "import django"),
    ("doors-do-not-write", "interfaces/portal/__init__.py", "from lenity.records.lending import writes"),
    ("doors-do-not-write", "interfaces/workbench/__init__.py", "from lenity.records.people import models"),
    ("only-operations-write", "gateways/clock.py", "from lenity.records.people import writes"),
    (
        "operations-are-independent",
        "operations/open_hold.py",
        "from lenity.operations import request_contact",
    ),
    ("light-runtime", "domain/scoring/__init__.py", "import sklearn"),
    (
        "no-circles",
        "domain/ledger/__init__.py",
        "from lenity.domain import scoring",
    ),
]


def _lint(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    program = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); "
        "from importlinter.cli import lint_imports_command; lint_imports_command()"
    )
    command = [sys.executable, "-c", program, str(folder / "src"), "--no-cache"]
    command += [f"--contract={contract}" for contract in contracts]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    shutil.copy(ROOT / ".importlinter", folder)
    return folder


def test_the_house_as_it_stands_keeps_every_contract() -> None:
    result = _lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("contract", "module", "line"), VIOLATIONS)
def test_a_deliberate_violation_is_refused(copy: Path, contract: str, module: str, line: str) -> None:
    path = copy / "src" / "lenity" / module
    before = path.read_text("utf-8")
    extra = ""
    if contract == "no-circles":
        extra = "from lenity.domain import ledger\n"
        other = copy / "src" / "lenity" / "domain" / "scoring" / "__init__.py"
        other_before = other.read_text("utf-8")
        other.write_text(other_before + extra, "utf-8")
    path.write_text(f"{before}\n{line}\n", "utf-8")
    try:
        result = _lint(copy, contract)
    finally:
        path.write_text(before, "utf-8")
        if extra:
            other.write_text(other_before, "utf-8")
    assert result.returncode == 1, result.stdout + result.stderr
    assert "BROKEN" in result.stdout


@pytest.mark.slow
def test_a_new_room_must_be_drawn_first(copy: Path) -> None:
    room = copy / "src" / "lenity" / "domain" / "cellar.py"
    room.write_text('"""A room nobody drew."""\n', "utf-8")
    try:
        result = _lint(copy, "rule-rooms")
    finally:
        room.unlink()
    assert result.returncode == 1
    assert "cellar" in result.stdout
