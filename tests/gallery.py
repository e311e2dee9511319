"""`make gallery`: every page at both widths in both languages, as small PNGs with an index of them.

The world, the clock and the public ids are fixed, so that a picture changes only when its page does.
"""

from __future__ import annotations

import io
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from lenity.gateways import clock, ids
from tests import factories, world
from tests.interfaces import test_browser_walk as walk
from tests.interfaces.browser import ARGUMENTS, CHROMIUM, NEEDS_CHROMIUM

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), NEEDS_CHROMIUM]
FOLDER = Path(__file__).resolve().parents[1] / "docs" / "screens" / "pages"
LANGUAGES = {"zh-hans": "简体中文", "en": "English"}
TALLEST = {390: 1800, 1280: 1400}
COLOURS = 32


def test_gallery(live_server: Any) -> None:
    """Take all pictures and write the index."""
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    fixed = clock.use(clock.ManualClock(factories.MORNING))
    with fixed, ids.use(ids.SeededIds(7)), sync_playwright() as player:
        filled = world.build()
        readers = walk._readers(filled)
        pages = list(walk._pages(filled, readers))
        names = {path: _name(path, filled) for _, path in pages}
        browser = player.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        for language in LANGUAGES:
            for reader, client in readers.items():
                context = walk._context(browser, live_server.url, client, language)
                page = context.new_page()
                for path in [path for who, path in pages if who == reader]:
                    page.goto(path)
                    for width in walk.WIDTHS:
                        _take(page, width, FOLDER / f"{names[path]}-{language}-{width}.png")
                context.close()
        browser.close()
        os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
    _index([(reader, names[path]) for reader, path in pages])
    assert sum(one.stat().st_size for one in FOLDER.iterdir()) < 6_000_000


def _name(path: str, filled: world.World) -> str:
    """A file name without ids."""
    for name, value in {**filled.values}.items():
        path = path.replace(value, name.removesuffix("_id")) if value else path
    path = re.sub(r"/[0-9A-Z]{20}/", "/one/", path)
    return re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "home"


def _take(page: Any, width: int, file: Path) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST[width])
    page.set_viewport_size({"width": width, "height": max(height, 600)})
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


def _index(pages: list[tuple[str, str]]) -> None:
    lines = [
        "# Screens",
        "",
        "Every page at 390 and 1280 px in both languages, from an invented world on 24 November 2026.",
        "Made by `make gallery`; nothing here is drawn by hand.",
    ]
    for reader in dict.fromkeys(reader for reader, _ in pages):
        lines += ["", f"## {reader.capitalize()}"]
        for name in dict.fromkeys(name for who, name in pages if who == reader):
            lines += ["", f"### {name}", "", "| " + " | ".join(LANGUAGES.values()) + " |", "|---|---|"]
            lines += [
                "| "
                + " | ".join(f"![{name} {width}](pages/{name}-{one}-{width}.png)" for one in LANGUAGES)
                + " |"
                for width in walk.WIDTHS
            ]
    (FOLDER.parent / "README.md").write_text("\n".join(lines) + "\n", "utf-8")
