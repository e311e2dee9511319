"""What a borrower reads is written in her conventions: no code words, no zone names, no ISO days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation

from lenity.gateways import clock
from lenity.interfaces.shared import conventions, reasons
from lenity.records.arrangements.models import Helper
from tests import factories, world

pytestmark = pytest.mark.django_db
CODE_WORDS = re.compile(
    r"Asia/|America/|Europe/|\d CNY|\b(?:19|20)\d\d-\d\d-\d\d\b|\b(?:CN|US|HK|HOUSE)-[A-Z][A-Z0-9-]+"
    r"|（H-?\w|\(H-?\w|, H-?\w+\)"
)
MARKUP = re.compile(r"<(script|style|code)\b.*?</\1>|<[^>]*>", re.DOTALL)


@pytest.fixture
def filled() -> Iterator[world.World]:
    with clock.use(clock.ManualClock(factories.MORNING)):
        yield world.build()


def test_no_page_of_hers_speaks_in_codes(filled: world.World) -> None:
    client = world.as_borrower(filled.wang)
    faults, read = [], 0
    for route in world.routes():
        if route.access != "borrower" and "verify" not in route.pattern:
            continue
        path = route.path(filled.values)
        for language in ("zh-hans", "en"):
            client.cookies["django_language"] = language
            answer = client.get(path)
            if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
                continue
            read += 1
            text = MARKUP.sub(" ", answer.content.decode())
            faults += [
                f"{path}: {text[one.start() - 40 : one.end() + 20]!r}" for one in CODE_WORDS.finditer(text)
            ]
    assert read > 50
    assert faults == []


def test_a_time_of_another_clock_is_named_as_people_name_it() -> None:
    told = {
        "zh-hans": "当地时间 07:12 America/New_York，在 08:00-21:00 之外。",
        "en": "It is 07:12 America/New_York, outside 08:00-21:00.",
    }
    shown = {"zh-hans": "当地时间 07:12北美东部时间，在", "en": "It is 07:12 Eastern Time, outside"}
    for language, text in told.items():
        with translation.override(language):
            assert reasons.on_her_clock(text).startswith(shown[language])
    token = conventions.ZONE.set("America/New_York")
    try:
        assert reasons.on_her_clock(told["en"]) == "It is 07:12, outside 08:00-21:00."
        assert "China Time" in reasons.on_her_clock("It is 20:12 Asia/Shanghai.")
    finally:
        conventions.ZONE.reset(token)


def test_who_is_named_again_is_one_helper_and_the_old_key_ends(filled: world.World) -> None:
    client = world.as_borrower(filled.wang)
    first = {"name": "李 律师", "reach": "010-12345678", "scope": "see", "until": "2026-12-31", "key": "yes"}
    key = re.search(r'class="mono key">([^<]+)<', client.post("/helper/", first).content.decode())
    assert key
    assert Client().post("/helping/", {"key": key[1]}).status_code == 200
    again = {**first, "name": "李律师 ", "reach": "010 1234 5678", "scope": "talk", "key": ""}
    assert client.post("/helper/", again).status_code == 302
    assert client.post("/helper/", {**again, "reach": "010-87654321"}).status_code == 302, "another person"
    alive = Helper.objects.filter(end__isnull=True)
    assert [(one.scope, one.until) for one in alive] == [
        ("talk", factories.MORNING.date() + timedelta(37))
    ] * 2
    assert Helper.objects.count() == 3
    assert Client().post("/helping/", {"key": key[1]}).status_code == 422, "the key of the first naming ended"
