"""`make gallery`: every page at both widths in both languages, as small PNGs with an index of them.

`make gallery PAGES=compliance OUT=folder` takes only the pages in whose name this is found, elsewhere. The
world, the clock and the public ids are fixed, so that a picture changes only when its page does.
"""

from __future__ import annotations

import io
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from lenity.gateways import clock, ids
from tests import factories, gallery_office, gallery_world, world
from tests.interfaces import test_browser_walk as walk
from tests.interfaces.browser import ARGUMENTS, CHROMIUM, NEEDS_CHROMIUM

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), NEEDS_CHROMIUM]
KEPT = Path(__file__).resolve().parents[1] / "docs" / "screens" / "pages"
FOLDER = Path(os.environ.get("LENITY_GALLERY_OUT") or KEPT)
PAGES = os.environ.get("LENITY_GALLERY_PAGES", "")
"""Only pages in whose name this expression is found; all without."""
LANGUAGES = {"zh-hans": "简体中文", "en": "English"}
TALLEST = {390: 1200, 1280: 900}
COLOURS = 24
MEAN_BYTES = 24_000
README = {
    "borrower": ("home-zh-hans-390", "contacts-zh-hans-390", "contacts-contact-zh-hans-390"),
    "arrange": ("loans-loan-plan-zh-hans-390", "budget-en-390", "speak-hold-en-390"),
    "staff": ("work-case-en-1280", "management-zh-hans-1280"),
}
"""The pictures of the README, side by side from those of the gallery."""
GAP, HIGHEST, GREY = 24, 1400, (214, 212, 205)


def test_gallery(live_server: Any) -> None:
    """Take all pictures and write the index."""
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    if FOLDER == KEPT and not PAGES:
        shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    fixed = clock.use(clock.ManualClock(factories.MORNING))
    with fixed, ids.use(ids.SeededIds(7)):
        gallery_world.surround()
        filled = world.build()
        gallery_world.ask(filled)
        with sync_playwright() as player:
            browser = player.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
            taken = _all(browser, live_server.url, filled)
            browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
    if PAGES or FOLDER != KEPT:
        return
    _index(taken)
    for name, parts in README.items():
        _side_by_side([Image.open(FOLDER / f"{one}.png").convert("RGB") for one in parts], name)
    sizes = [one.stat().st_size for one in FOLDER.iterdir()]
    assert sum(sizes) < MEAN_BYTES * len(sizes)


def _all(browser: Any, url: str, filled: world.World) -> list[tuple[str, str]]:
    """Every page of the address book, then the collector's desk step by step; returns who reads which."""
    taken: list[tuple[str, str]] = []
    readers = walk._readers(filled)
    gallery_office.open_application(filled, readers["staff"])
    for reader, path in list(walk._pages(filled, readers)):
        taken.append((reader, _name(path, filled)))
        _in_both_languages(browser, url, readers[reader], path, taken[-1][1])
    for step in gallery_world.STEPS:
        step.act(readers["staff"])
        taken.append(("staff", step.name))
        _in_both_languages(browser, url, readers["staff"], step.path, step.name, step.typed())
    return taken


def _in_both_languages(
    browser: Any, url: str, client: Client, path: str, name: str, typed: dict[str, str] | None = None
) -> None:
    if not re.search(PAGES, name):
        return
    for language in LANGUAGES:
        context = walk._context(browser, url, client, language)
        page = context.new_page()
        page.goto(path)
        for field, value in (typed or {}).items():
            page.fill(f"main [name={field}]", value)
        if typed:
            page.click("main form button")
        for width in walk.WIDTHS:
            _take(page, width, FOLDER / f"{name}-{language}-{width}.png")
        context.close()


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


def _side_by_side(parts: list[Image.Image], name: str) -> None:
    height = min(HIGHEST, max(one.height for one in parts)) + 2 * GAP
    sheet = Image.new("RGB", (sum(one.width + GAP for one in parts) + GAP, height), GREY)
    at = GAP
    for one in parts:
        sheet.paste(one.crop((0, 0, one.width, min(one.height, HIGHEST))), (at, GAP))
        at += one.width + GAP
    sheet.quantize(COLOURS * 2, dither=Image.Dither.NONE).save(FOLDER.parent / f"{name}.png", optimize=True)


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
