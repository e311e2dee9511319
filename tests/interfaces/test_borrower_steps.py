"""Each step that a borrower in arrears is told to take is served by a page that says so, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import translation
from django.utils.html import escape

from lenity.gateways import clock
from lenity.law import reader
from tests import factories, steps, world

pytestmark = [pytest.mark.django_db]
PAGES = [(path, words) for one in steps.STEPS for path, words in one.pages]


@pytest.fixture
def filled() -> Iterator[world.World]:
    with clock.use(clock.ManualClock(factories.MORNING)):
        yield world.build()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_step_stands_on_its_page(filled: world.World, language: str) -> None:
    client = world.as_borrower(filled.wang)
    client.cookies["django_language"] = language
    routes = {one.pattern.replace("slug:", ""): one for one in world.routes()}
    missing = []
    for path in dict.fromkeys(path for path, _ in PAGES):
        answer = client.get(routes[path].path(filled.values))
        assert answer.status_code == 200, path
        text = answer.content.decode()
        missing += [(path, words) for at, words in PAGES if at == path and not stands(words, text, language)]
    assert missing == []


def stands(words: str, text: str, language: str) -> bool:
    """The words themselves; in Chinese, every whole text of the catalogue that holds them in English."""
    if language == "en" or words.isdigit():
        return words in text or escape(words) in text
    with translation.override(language):
        catalog = translation.trans_real.catalog()._catalog
        whole = [str(said) for key, said in catalog.items() if isinstance(key, str) and words in key]
    return any(said in text or escape(said) in text for said in whole)


def test_every_provision_named_is_in_the_rulebook() -> None:
    known = {one.id for one in reader.rulebook("CN").provisions}
    assert sorted({name for one in steps.STEPS for name in one.law} - known) == []


def test_the_document_is_up_to_date() -> None:
    assert steps.DOCUMENT.read_text("utf-8") == steps.document(), "run: python -m tests.steps"


def test_a_stranger_reaches_what_needs_no_account() -> None:
    """Verifying, reporting, where to complain and about courts are open to whoever is called."""
    for path in ("/verify/", "/verify/report/", "/help/complain/", "/help/court/", "/rights/"):
        assert Client().get(path).status_code == 200, path
