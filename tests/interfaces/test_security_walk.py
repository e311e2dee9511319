"""What docs/security.md says of every form, session, body and failure, asked of every one of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from lenity.gateways import clock
from lenity.interfaces.api.main import api
from lenity.interfaces.shared import security
from lenity.records.people.models import Borrower
from tests import factories, world
from tests.interfaces import test_pages

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def client(now: clock.ManualClock) -> Client:
    owner = factories.borrower()
    factories.contact_point(owner)
    return world.as_borrower(owner)


def test_every_form_needs_its_token(client: Client) -> None:
    staff = world.as_staff(*world.ROLES, name="all")
    asked = 0
    for route in world.routes():
        if "POST" not in route.methods:
            continue
        for one in (client, staff, Client()):
            strict = Client(enforce_csrf_checks=True)
            strict.cookies = one.cookies
            assert strict.post(route.path({})).status_code == 403, route.pattern
        asked += 1
    assert asked > 40


def test_no_body_of_the_api_takes_a_field_that_it_does_not_name() -> None:
    described = api.get_openapi_schema()
    parts = described["components"]["schemas"]
    bodies = [
        content["schema"]
        for path in described["paths"].values()
        for call in path.values()
        for kind, content in call.get("requestBody", {}).get("content", {}).items()
        if kind == JSON
    ]
    open_ones = {name for body in bodies for name in _named(body) if _is_open(parts[name])}
    assert len(bodies) > 10
    assert open_ones == set()


def _named(body: dict[str, Any]) -> list[str]:
    """The parts that a body is described by, also where it is one of several."""
    several = [one for key in ("anyOf", "oneOf", "allOf") for one in body.get(key, [])]
    return [one["$ref"].rpartition("/")[2] for one in (body, *several) if "$ref" in one]


def _is_open(part: dict[str, Any]) -> bool:
    return part.get("type") == "object" and part.get("additionalProperties", True) is not False


@pytest.mark.parametrize(("who", "idle"), [("borrower", 15), ("staff", 30)])
def test_a_session_ends_when_idle_and_after_twelve_hours(
    client: Client, now: clock.ManualClock, who: str, idle: int
) -> None:
    path = "/" if who == "borrower" else "/work/"
    one = client if who == "borrower" else world.as_staff("collector")
    one.get(path)
    now.advance(timedelta(minutes=idle))
    assert one.get(path).status_code == 200, "the last allowed minute"
    now.advance(timedelta(minutes=idle, seconds=1))
    assert one.get(path).status_code == 302

    again = world.as_staff("collector", name="again") if who == "staff" else _anew()
    began = clock.now()
    while clock.now() - began < security.LONGEST_SESSION - timedelta(minutes=10):
        now.advance(timedelta(minutes=10))
        assert again.get(path).status_code == 200
    now.advance(timedelta(minutes=10, seconds=1))
    assert again.get(path).status_code == 302, "twelve hours, however busy"


def _anew() -> Client:
    return world.as_borrower(Borrower.objects.get())


def test_the_session_before_the_sign_in_and_after_the_sign_out_opens_nothing(client: Client) -> None:
    mine = Client()
    mine.post("/sign-in/", {"mobile": "13800138000"})
    before = mine.session.session_key
    code = {"code": test_pages._code(), "proof": "1990-03-07"}
    assert mine.post("/sign-in/code/", code).status_code == 302
    inside = mine.session.session_key
    assert mine.get("/").status_code == 200
    assert _with_session(before).get("/").status_code == 302
    assert _with_session(inside).get("/").status_code == 200
    mine.post("/sign-out/")
    assert _with_session(inside).get("/").status_code == 302


def _with_session(key: str | None) -> Client:
    stranger = Client()
    stranger.cookies[settings.SESSION_COOKIE_NAME] = str(key)
    return stranger


@pytest.mark.parametrize(("language", "says"), [("zh-hans", "出现问题"), ("en", "Something went wrong")])
def test_a_page_that_fails_says_so_and_shows_nothing_of_the_inside(
    client: Client, monkeypatch: pytest.MonkeyPatch, language: str, says: str
) -> None:
    def fails(*arguments: Any, **named: Any) -> None:
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr("lenity.records.arrangements.home_queries.page", fails)
    client.raise_request_exception = False
    client.cookies["django_language"] = language
    answer = client.get("/")
    text = answer.content.decode()
    assert answer.status_code == 500
    assert says in text
    assert "secret of the inside" not in text
    assert "Traceback" not in text


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: Client) -> None:
    most = security.MOST_BYTES
    for path in ("/speak/", "/verify/", "/api/v1/verify"):
        answer = client.post(path, "x", content_type=JSON, CONTENT_LENGTH=str(most + 1))
        assert answer.status_code == 413, path
        assert client.post(path, "{}", content_type=JSON).status_code != 413, path
