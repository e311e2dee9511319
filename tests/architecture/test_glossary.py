"""The glossary has both languages for each word, and forbidden words name nothing in the code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = re.compile(r"(^|_)(emi|bads?|debtors?|penalty|penalties)(_|$)")


def test_each_word_has_both_languages_once() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
        if line.startswith("| ") and not line.startswith("| English")
    ]
    assert len(rows) >= 90
    assert all(len(row) == 3 and all(row) for row in rows)
    assert all(re.search("[\u4e00-\u9fff]", row[1]) for row in rows)
    assert len({row[0] for row in rows}) == len(rows)


def test_forbidden_words_name_nothing() -> None:
    found = []
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(node, "name", None) or getattr(node, "arg", None) or getattr(node, "id", None)
            if isinstance(name, str) and FORBIDDEN.search(name.lower()):
                found.append(f"{path.name}: {name}")
    assert found == []
