"""Role x page x owner, over every route: a new page without a guard, or public and not listed, fails here."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from ninja.constants import NOT_SET

from lenity.gateways import clock
from lenity.interfaces.api.main import api
from lenity.operations.add_api_client import SCOPES, add_api_client
from lenity.records.audit.models import AuditEvent
from tests import factories, world

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
PUBLIC = {
    "/verify/",
    "/verify/not-me/",
    "/verify/report/",
    "/verify/report/<slug:report_id>/",
    "/rights/",
    "/sign-in/",
    "/sign-in/code/",
    "/sign-out/",
    "/staff/join/",
    "/staff/join/set/",
    "/staff/sign-in/",
    "/staff/sign-out/",
    "/design/",
    "/demo/",
    "/language/",
    "/help/complain/",
    "/help/court/",
    "/helping/",
    "/large-type/",
}
"""Pages that anybody may ask for. Another one is public only when it is listed here, with thought."""
PUBLIC_API = {"GET /health", "POST /verify", "POST /impostors"}
SIGN_IN = ("/sign-in/", "/staff/sign-in/")
METHODS = ("get", "post", "put", "delete", "patch")


@pytest.fixture
def filled() -> Iterator[world.World]:
    with clock.use(clock.ManualClock(factories.MORNING)):
        yield world.build()


def test_every_route_says_who_may_see_it_and_public_ones_are_listed() -> None:
    silent = [one.pattern for one in world.routes() if not one.access]
    assert silent == []
    public = {one.pattern for one in world.routes() if one.access == "public"}
    assert public - PUBLIC == set()
    known = {"public", "borrower", *world.ROLES}
    assert [one.pattern for one in world.routes() if set(one.access.split(",")) - known] == []


def test_a_stranger_is_sent_to_sign_in_by_every_method(filled: world.World) -> None:
    for route in world.routes():
        if route.access == "public":
            continue
        for method in METHODS:
            answer = getattr(Client(), method)(route.path(filled.values))
            assert answer.status_code in (302, 405), (method, route.pattern)
            if answer.status_code == 302:
                assert answer["Location"] in SIGN_IN, route.pattern


def test_each_role_sees_its_own_pages_only(filled: world.World) -> None:
    for role in world.ROLES:
        client = world.as_staff(role)
        for route in world.routes():
            if route.access == "public":
                continue
            answer = client.get(route.path(filled.values))
            where = (role, route.pattern, answer.status_code)
            if route.access == "borrower":
                assert answer.status_code in (302, 405), where
            elif role in route.access.split(","):
                assert answer.status_code not in (403, 500), where
                assert answer.headers.get("Location", "") not in SIGN_IN, where
            else:
                assert answer.status_code in (403, 405), where


def test_a_borrower_sees_no_staff_page_and_nothing_of_another(filled: world.World) -> None:
    client = world.as_borrower(filled.wang)
    before = AuditEvent.objects.filter(borrower_id=filled.other.public_id).count()
    fields = {
        **filled.others,
        "loan": filled.others["loan_id"],
        "hold": filled.others["hold_id"],
        "agree": "yes",
    }
    for route in world.routes():
        own, foreign = route.path(filled.values), route.path(filled.others)
        for method in ("get", "post"):
            answer = getattr(client, method)(foreign, fields)
            where = (method, route.pattern, answer.status_code)
            if route.access not in ("public", "borrower"):
                assert answer.status_code in (302, 405), where
            elif own != foreign:
                assert answer.status_code in (404, 405), where
                assert getattr(client, method)(own).status_code != 404, where
            if route.pattern not in ("/sign-out/", "/language/"):
                assert "李雷" not in answer.content.decode("utf-8", "ignore"), where
        if route.pattern == "/sign-out/":
            client = world.as_borrower(filled.wang)
    assert AuditEvent.objects.filter(borrower_id=filled.other.public_id).count() == before


def _calls() -> Iterator[tuple[str, str, str | None]]:
    """Method, path and scope of every operation of the API; the scope is empty where anybody may call."""
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                auth: Any = operation.auth_callbacks if operation.auth_param is not NOT_SET else []
                scope = getattr(auth[0], "scope", "own") if auth else ""
                for method in operation.methods:
                    where = "/".join(part for part in (prefix.strip("/"), path.strip("/")) if part)
                    yield method, f"/{where}", scope


def test_every_call_of_the_api_needs_its_scope(filled: world.World) -> None:
    calls = list(_calls())
    assert {f"{method} {path}" for method, path, scope in calls if not scope} == PUBLIC_API
    tokens = {scope: add_api_client(name=scope, scopes=(scope,), actor="test") for scope in SCOPES}
    for method, path, scope in calls:
        if not scope:
            continue
        address = "/api/v1" + world.PART.sub("NOTHERE", path.replace("{", "<").replace("}", ">"))
        ask = getattr(Client(), method.lower())
        json = {} if method == "GET" else {"content_type": "application/json"}
        assert ask(address, **json).status_code == 401, (method, path)
        assert ask(address, headers={"Authorization": "Bearer nonsense"}, **json).status_code == 401
        for held, token in tokens.items():
            status = ask(address, headers={"Authorization": f"Bearer {token}"}, **json).status_code
            assert (status != 401) == (held == scope), (method, path, held, status)


def test_no_identity_data_in_addresses_or_logs(filled: world.World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    canaries = ["王小明", "李雷", "13800138000", "13900139000", "1990-03-07"]
    seen: list[str] = []
    stranger = Client()
    stranger.post("/sign-in/", {"mobile": "+8613800138000"})
    stranger.post("/sign-in/code/", {"code": "482913", "proof": "1990-03-07"})
    for client in (world.as_borrower(filled.wang), world.as_staff(*world.ROLES, name="all"), stranger):
        for route in world.routes():
            if route.pattern.endswith("sign-out/"):
                continue
            answer = client.get(route.path(filled.values))
            seen += [answer.request["PATH_INFO"], answer.headers.get("Location", "")]
            text = answer.content.decode("utf-8", "ignore") if not answer.streaming else ""
            seen += [part.split('"')[0] for part in text.split('href="')[1:]]
            seen += [part.split('"')[0] for part in text.split('action="')[1:]]
    said = [one.getMessage() for one in caplog.records if not one.name.startswith("django.db")]
    for canary in [*canaries, "482913"]:
        assert [one for one in [*seen, *said] if canary in one] == [], canary
