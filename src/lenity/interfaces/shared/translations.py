"""Translations without gettext's tools: `compile` makes .mo files, `check` lists what is missing.

Texts are found in templates by Django's own reader of templates and in code by Babel's.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

INTERFACES = Path(__file__).resolve().parents[1]
LOCALES = Path(__file__).resolve().parent / "locale"
KEYWORDS: dict[str, Any] = {"gettext": None, "_": None, "ngettext": None}


def compile_all() -> int:
    """Write a .mo beside each .po; returns how many."""
    done = 0
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            catalog = read_po(file, locale=path.parents[1].name)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)
        done += 1
    return done


def used() -> set[str]:
    """Every text that a page can show: from templates, and from the word lists of the tags."""
    from django.utils.translation.template import templatize

    from lenity.interfaces.shared import problems
    from lenity.interfaces.shared.templatetags.lenity import WORDS

    found = {text for words in WORDS.values() for text in words.values()}
    found |= {text for one in problems.SAID.values() for text in (one.title, *one.lines)}
    for path in sorted(INTERFACES.rglob("templates/**/*.html")):
        code = templatize(path.read_text("utf-8"))
        found |= set(_texts(code))
    return found


def _texts(code: str) -> Iterator[str]:
    for _, _, message, _ in extract_python(io.BytesIO(code.encode()), KEYWORDS, [], {}):
        parts = message if isinstance(message, tuple) else (message,)
        yield from (str(part) for part in parts[:1] if part)


def missing(language: str = "zh_Hans") -> list[str]:
    """Texts without a translation, or with a fuzzy one."""
    with (LOCALES / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalog = read_po(file, locale=language)
    known = set()
    for message in catalog:
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and all(texts) and not message.fuzzy:
            known.add(message.id[0] if isinstance(message.id, tuple) else message.id)
    return sorted(used() - known)


if __name__ == "__main__":
    if sys.argv[1:] == ["compile"]:
        compile_all()
    else:
        sys.stderr.write("usage: python -m lenity.interfaces.shared.translations compile\n")
        sys.exit(2)
