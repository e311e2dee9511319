"""Habits of the code that a reader relies on, kept by reading the code itself."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import events

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "lenity"
LONGEST_FUNCTION = 60
LONGEST_MODULE = 400
MODULES = [path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts]
NO_FLOAT = ("base", "domain", "operations", "records", "law", "portfolio")


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def test_modules_and_functions_stay_small() -> None:
    long_modules = [
        f"{path.relative_to(SOURCE)}: {lines}"
        for path in MODULES
        if (lines := len(path.read_text("utf-8").splitlines())) > LONGEST_MODULE
    ]
    long_functions = [
        f"{path.relative_to(SOURCE)}:{node.name}: {length}"
        for path in MODULES
        for node in _functions(path)
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert long_modules == []
    assert long_functions == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(SOURCE))
        for path in MODULES
        if path.name != "apps.py" and path.stat().st_size and not ast.get_docstring(_tree(path))
    ]
    assert silent == []


def test_an_operation_is_one_public_function_with_keyword_arguments() -> None:
    plumbing = {"__init__", "unit", *events.PLUMBING}
    faults = []
    for path in sorted((SOURCE / "operations").glob("*.py")):
        if path.stem in plumbing:
            continue
        tops = [node for node in _tree(path).body if isinstance(node, ast.FunctionDef)]
        public = [node for node in tops if not node.name.startswith("_")]
        if [node.name for node in public] != [path.stem]:
            faults.append(f"{path.name}: public functions {[node.name for node in public]}")
        elif public[0].args.args or public[0].args.posonlyargs:
            faults.append(f"{path.name}: arguments must be keyword-only")
    assert faults == []


def test_doors_import_no_models_and_no_writes() -> None:
    faults = []
    for path in sorted((SOURCE / "interfaces").rglob("*.py")):
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lenity.records"):
                names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
                faults += [
                    f"{path.relative_to(SOURCE)}: {name}"
                    for name in names
                    if name.endswith((".models", "writes"))
                ]
    assert faults == []


def test_no_float_where_money_is() -> None:
    faults = []
    for path in MODULES:
        if path.relative_to(SOURCE).parts[0] not in NO_FLOAT:
            continue
        for node in ast.walk(_tree(path)):
            is_float_constant = isinstance(node, ast.Constant) and isinstance(node.value, float)
            is_float_call = (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
            )
            if is_float_constant or is_float_call:
                faults.append(f"{path.relative_to(SOURCE)}:{node.lineno}")
    assert faults == []


def test_no_float_or_decimal_column_in_any_table() -> None:
    from django.apps import apps

    faults = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if getattr(field, "get_internal_type", str)() in ("FloatField", "DecimalField")
    ]
    assert faults == []


BANNED = [
    "import datetime\nx = datetime.datetime.now()\n",
    "import datetime\nx = datetime.date.today()\n",
    "import time\nx = time.time()\n",
    "import uuid\nx = uuid.uuid4()\n",
    "import random\nx = random.random()\n",
    "import secrets\nx = secrets.token_hex()\n",
    "from django.utils import timezone\nx = timezone.now()\n",
    "from django.db import models\nx = models.DecimalField()\n",
    "from django.db import models\nx = models.FloatField()\n",
]


@pytest.mark.parametrize("code", BANNED)
def test_the_lint_bans_clock_chance_and_float_columns(code: str) -> None:
    command = [sys.executable, "-m", "ruff", "check", "--select", "TID251", "--stdin-filename"]
    command += [str(SOURCE / "operations" / "example.py"), "-"]
    result = subprocess.run(command, input=code, capture_output=True, text=True, cwd=ROOT, check=False)
    assert result.returncode == 1, result.stdout
    assert "TID251" in result.stdout
