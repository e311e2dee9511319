"""The API: each side sees its own, pages by a cursor, one shape of problems, and what it says of itself is true."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, settings

from lenity.gateways import clock
from lenity.operations.add_api_client import SCOPES, add_api_client
from lenity.operations.book_bank_file import book_bank_file
from lenity.operations.open_hold import open_hold
from lenity.operations.receive_bank_file import receive_bank_file
from lenity.records.arrangements import helper_queries
from lenity.records.arrangements.models import Helper, HelperReading
from lenity.records.audit.models import AuditEvent
from lenity.records.debt_collection.models import Hold
from lenity.records.intake.models import BankEntry
from lenity.records.lending.models import Payment
from tests import factories, world
from tests.domain import bank_files

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def now() -> Iterator[clock.ManualClock]:
    with clock.use(clock.ManualClock(factories.MORNING)) as moving:
        assert isinstance(moving, clock.ManualClock)
        yield moving


@pytest.fixture
def filled(now: clock.ManualClock) -> world.World:
    return world.build()


class Program:
    """A program with a token."""

    def __init__(self, token: str, language: str = "en") -> None:
        self.headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}

    def get(self, path: str, **query: object) -> tuple[int, Any]:
        answer = Client().get(f"/api/v1{path}", query, headers=self.headers)
        return answer.status_code, answer.json()

    def post(self, path: str, body: object, key: str = "") -> tuple[int, Any]:
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        answer = Client().post(
            f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=headers
        )
        return answer.status_code, answer.json()


def program(*scopes: str) -> Program:
    return Program(add_api_client(name="-".join(scopes)[:30] or "all", scopes=scopes or SCOPES, actor="test"))


def given(owner: Client, *scopes: str) -> Program:
    body = {"name": "债务咨询", "scopes": scopes, "until": "2026-12-24"}
    answer = owner.post("/api/v1/me/helpers", json.dumps(body), content_type="application/json")
    assert answer.status_code == 201, answer.content
    return Program(answer.json()["token"])


def test_a_helper_reads_what_she_was_given_and_no_more(filled: world.World, now: clock.ManualClock) -> None:
    owner = world.as_borrower(filled.wang)
    helper = given(owner, "contacts", "statement")
    status, log = helper.get("/me/contacts")
    assert (status, len(log["items"])) == (200, filled.wang.contacts.count())
    assert "13800138000" not in json.dumps(log)
    one = helper.get(f"/me/contacts/{filled.values['contact_id']}")[1]
    assert any("of at most" in line for line in one["why"])
    assert helper.get(f"/me/loans/{filled.values['loan_id']}/statement")[1]["language"] == "en"
    assert helper.get(f"/me/loans/{filled.values['loan_id']}/plans")[0] == 401
    assert helper.post("/me/concerns", {"about": "not_mine"})[0] == 401
    for path in ("/me/helpers", f"/me/contacts/{filled.others['contact_id']}",
                 f"/me/loans/{filled.others['loan_id']}/statement"):  # fmt: skip
        assert helper.get(path)[0] in (401, 404), path
    now.advance(timedelta(days=31))
    assert helper.get("/me/contacts")[0] == 401


def test_what_a_helpers_program_reads_is_noted_and_she_sees_it(
    filled: world.World, now: clock.ManualClock
) -> None:
    owner = world.as_borrower(filled.wang)
    helper = given(owner, "contacts", "statement")
    assert not HelperReading.objects.exists()
    assert helper.get("/me/loans/NOTHERE/plans")[0] == 401, "not her part: nothing is read and nothing noted"
    assert not HelperReading.objects.exists()
    for path in ("/me/contacts", "/me/loans"):
        assert helper.get(path)[0] == 200
    assert HelperReading.objects.count() == 1, "several calls of one look are one reading in her list"
    noted = AuditEvent.objects.filter(operation="note_helper_reading", borrower_id=filled.wang.public_id)
    assert [json.loads(one.body)["read"] for one in noted.order_by("id")] == [["contacts"], ["statement"]]
    now.advance(timedelta(minutes=2))
    helper.get("/me/contacts")
    assert HelperReading.objects.count() == 2
    seen = world.as_borrower(filled.wang).get("/data/looked/").content.decode()
    assert seen.count(helper_queries.readings(filled.wang.public_id)[0].name) >= 2


def test_a_helper_is_let_in_over_the_api_only_with_a_fresh_code(
    filled: world.World, now: clock.ManualClock
) -> None:
    owner = world.as_borrower(filled.wang)
    now.advance(timedelta(minutes=6))
    body = {"name": "x", "scopes": ["contacts"], "until": "2026-12-24"}
    answer = owner.post("/api/v1/me/helpers", json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer.json()["problems"][0]["code"]) == (403, "step_up")
    assert not Helper.objects.exists()


def test_access_is_taken_back_at_once_and_by_its_giver_only(filled: world.World) -> None:
    owner, other = world.as_borrower(filled.wang), world.as_borrower(filled.other)
    helper = given(owner, "plans")
    access = Helper.objects.get().public_id
    assert other.post(f"/api/v1/me/helpers/{access}/end").status_code == 404
    plans = helper.get(f"/me/loans/{filled.values['loan_id']}/plans")[1]
    assert 1 <= len(plans) <= 3
    assert owner.post(f"/api/v1/me/helpers/{access}/end").json() == {"ended": True}
    assert helper.get(f"/me/loans/{filled.values['loan_id']}/plans")[0] == 401
    assert owner.get("/api/v1/me/helpers").json()[0]["ended"] is True


def test_a_change_by_cookie_needs_the_csrf_token(filled: world.World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = world.as_borrower(filled.wang).cookies
    answer = strict.post("/api/v1/me/concerns", '{"about": "not_mine"}', content_type="application/json")
    assert answer.status_code == 403
    assert not Hold.objects.filter(borrower=filled.wang, kind="dispute").exists()


def test_pages_go_on_where_the_last_one_ended(filled: world.World) -> None:
    asked = program()
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = asked.get("/loans", cursor=cursor, limit=1)[1]
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 3
    assert asked.get("/loans", stage="MIDDLE")[1]["items"][0]["id"] == filled.values["loan_id"]
    for bad in (
        {"cursor": "nonsense"},
        {"limit": 0},
        {"limit": 201},
        {"stage": "1; DROP TABLE"},
    ):
        assert asked.get("/loans", **bad)[0] == 422, bad


def test_a_borrower_promises_and_closes_a_channel_over_the_api(
    filled: world.World, now: clock.ManualClock
) -> None:
    owner, other = world.as_borrower(filled.wang), world.as_borrower(filled.other)
    place = f"/api/v1/me/loans/{filled.values['loan_id']}/promises"

    def post(client: Client, path: str, body: object) -> tuple[int, Any]:
        answer = client.post(path, json.dumps(body), content_type="application/json")
        return answer.status_code, answer.json()

    wish = {"amount": "100.00", "on": "2026-11-28"}
    assert post(other, place, wish)[0] == 404
    for wrong in ({"amount": "0.00"}, {"amount": "12,5"}, {"on": "2026-13-01"}, {"on": "2030-01-01"}):
        assert post(owner, place, wish | wrong)[0] == 422, wrong
    status, made = post(owner, place, wish)
    assert (status, made["on"]) == (201, "2026-11-28")
    assert Hold.objects.get(public_id=made["id"]).kind == "promise"
    assert post(owner, place, wish)[1]["problems"][0]["code"] == "promise.open"

    switch = "/api/v1/me/channels/call"
    assert post(owner, switch, {"on": False}) == (200, {"channel": "call", "on": False, "changed": True})
    assert post(owner, switch, {"on": False})[1]["changed"] is False
    now.advance(timedelta(minutes=6))
    assert post(owner, switch, {"on": True})[0] == 403, "a fresh code is needed to open it"
    assert post(owner, "/api/v1/me/channels/fax", {"on": False})[0] == 422
    assert post(Client(), switch, {"on": False})[0] == 401


def test_money_and_holds_are_done_once_for_a_key(filled: world.World) -> None:
    asked = program()
    payment = Payment.objects.get().public_id
    why = {"reason": "returned by the bank"}
    assert asked.post(f"/payments/{payment}/reverse", why)[0] == 400
    assert asked.post(f"/payments/{payment}/reverse", {"reason": " "}, "k0")[0] == 422
    first = asked.post(f"/payments/{payment}/reverse", why, "k1")
    assert (first[0], first[1]["state"]) == (202, "waiting")
    assert asked.post(f"/payments/{payment}/reverse", why, "k1") == first
    assert not hasattr(Payment.objects.get(), "reversed_by"), "a program only asks"
    borrower = filled.wang.public_id
    hold = asked.post(f"/borrowers/{borrower}/holds", {"kind": "promise", "ends_on": "2026-12-01"}, "k2")
    assert (
        asked.post(f"/borrowers/{borrower}/holds", {"kind": "promise", "ends_on": "2026-12-01"}, "k2") == hold
    )
    assert asked.post(f"/borrowers/{borrower}/holds", {"kind": "dispute"}, "k2")[0] == 422
    assert Hold.objects.filter(borrower=filled.wang, kind="promise").count() == 1
    assert (
        asked.post(
            f"/borrowers/{borrower}/holds", {"kind": "dispute", "loan": filled.others["loan_id"]}, "k3"
        )[0]
        == 404
    )
    assert asked.post(f"/holds/{hold[1]['hold']}/end", {"reason": "kept"}, "k4")[0] == 201
    assert asked.post(f"/holds/{hold[1]['hold']}/end", {"reason": "kept"}, "k5")[0] == 422


def test_a_concern_is_answered_through_the_api(filled: world.World) -> None:
    asked = program()
    listed = asked.get("/concerns", open=True)[1]["items"]
    assert {one["about"] for one in listed} == {"how_contacted"}
    assert asked.post(f"/concerns/{listed[0]['id']}/answer", {"answer": "upheld"}, "a")[0] == 201
    assert len(asked.get("/concerns", open=True)[1]["items"]) == len(listed) - 1
    promise = open_hold(borrower_id=filled.wang.public_id, kind="promise", actor="test")
    assert asked.post(f"/concerns/{promise.public_id}/answer", {"answer": "upheld"}, "b")[0] == 422


def test_problems_have_one_shape_in_the_language_asked_for(filled: world.World) -> None:
    token = add_api_client(name="all", scopes=SCOPES, actor="test")
    for language, words in (("en", "nothing with this id"), ("zh-hans", "没有这个编号")):
        status, told = Program(token, language).get("/borrowers/NOBODY")
        assert (status, words in told["problems"][0]["says"]) == (404, True)
        assert set(told["problems"][0]) == {"code", "says", "do", "where", "detail"}
    status, told = Program(token, "zh-hans").post("/payments", {"loan": 1}, "k")
    assert (status, {one["where"].split(".")[-1] for one in told["problems"]} >= {"loan", "amount"}) == (
        422,
        True,
    )
    assert (
        Program(token, "zh-hans").post("/payments", [], "k")[1]["problems"][0]["says"] == "请求中的字段有误。"
    )


def test_a_borrower_is_masked(filled: world.World) -> None:
    told = json.dumps(program("borrowers").get(f"/borrowers/{filled.wang.public_id}")[1], ensure_ascii=False)
    assert "****" in told
    for secret in ("王小明", "13800138000", "1990"):
        assert secret not in told


EXAMPLES = int(os.environ.get("LENITY_FUZZ", "12"))


@pytest.mark.slow
def test_the_api_is_what_it_says_it_is(filled: world.World) -> None:
    """Schemathesis asks every call what its description allows, and what it does not."""
    import schemathesis
    from django.core.wsgi import get_wsgi_application
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        negative_data_rejection,
        response_headers_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    token = add_api_client(name="schemathesis", scopes=SCOPES, actor="test")
    helper = given(world.as_borrower(filled.wang), "contacts", "statement", "plans", "concerns")
    real = {name.removesuffix("_id"): value for name, value in filled.values.items()}
    real |= {"payment": Payment.objects.get().public_id, "concern": real["hold"]}
    app = get_wsgi_application()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    checks = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_headers_conformance,
        response_schema_conformance,
        negative_data_rejection,
    ]
    faults: list[str] = []
    asked: set[str] = set()
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @_given(operation)
        def once(case: Any) -> None:
            own = {**helper.headers} if "/me/" in case.path else {"Authorization": f"Bearer {token}"}
            for name in list(case.path_parameters or ()) if len(asked) % 2 else ():
                case.path_parameters[name] = real.get(name, "NOBODY")
            headers = {**own, "Idempotency-Key": f"k{len(asked)}"}
            asked.add(f"{case.method} {case.path} {len(asked)}")
            case.call_and_validate(headers=headers, checks=checks)

        try:
            once()
        except Exception as error:
            faults.append(f"{operation.label}: {str(error)[:700]}")
    assert faults == [], "\n\n".join(faults)
    assert len(asked) > 50


def _given(operation: Any) -> Any:
    from hypothesis import given as draws

    return draws(case=operation.as_strategy())


GUIDE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
EXAMPLE = re.compile(r"```http\n(.*?)```\s*```json (\d+)\n(.*?)```", re.S)


def in_suspense() -> str:
    """A movement that names no loan."""
    raw = bank_files.CSV_CN.format(account="").encode("gb18030")
    file = receive_bank_file(raw=raw, name="statement", actor="test")
    book_bank_file(file_id=file.public_id, actor="test")
    return next(one.public_id for one in BankEntry.objects.filter(amount_minor__gt=0))


def test_the_examples_of_the_guide_are_true(filled: world.World) -> None:
    """Each request of docs/api.md is sent as it stands; status and fields of its answer are those shown."""
    known = {
        "token": add_api_client(name="guide", scopes=SCOPES, actor="test"),
        "helper": given(world.as_borrower(filled.wang), "contacts", "statement", "plans", "concerns")
        .headers["Authorization"]
        .removeprefix("Bearer "),
        "loan": filled.values["loan_id"],
        "borrower": filled.wang.public_id,
        "contact": filled.values["contact_id"],
        "payment": Payment.objects.get().public_id,
        "entry": in_suspense(),
    }
    examples = EXAMPLE.findall(GUIDE.read_text("utf-8"))
    assert len(examples) >= 8
    for asked, status, shown in examples:
        for name, value in known.items():
            asked = asked.replace(f"{{{name}}}", value)
        head, _, body = asked.partition("\n\n")
        (method, path), *lines = (
            line.split(": ", 1) if ": " in line else line.split() for line in head.splitlines()
        )
        client = getattr(Client(), method.lower())
        answer = (
            client(path, body, content_type="application/json", headers=dict(lines))
            if body
            else client(path, headers=dict(lines))
        )
        assert answer.status_code == int(status), (path, answer.content)
        _alike(json.loads(shown), answer.json(), path)


def _alike(shown: Any, told: Any, where: str) -> None:
    """The same fields of the same kinds; values may differ, and lists may be cut short in the guide."""
    assert type(shown) is type(told) or None in (shown, told), (where, shown, told)
    if isinstance(shown, dict):
        assert set(shown) == set(told), where
        for name in shown:
            _alike(shown[name], told[name], f"{where}.{name}")
    elif isinstance(shown, list) and shown:
        assert told, where
        _alike(shown[0], told[0], f"{where}[]")
