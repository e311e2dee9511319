"""Applications over HTTP: once by key, only the caller's own, every fault named, nothing half kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from lenity.gateways import clock
from lenity.operations.add_api_client import add_api_client
from lenity.records.lending.models import Application, CreditDecision
from lenity.records.people.models import Borrower
from tests import factories
from tests import lending_world as lending

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.use(clock.ManualClock(factories.MORNING)):
        yield


class Program:
    """A program with a token."""

    def __init__(self, name: str = "shop", scope: str = "applications") -> None:
        self.headers = {"Authorization": f"Bearer {add_api_client(name=name, scopes=(scope,), actor='test')}"}
        self.keys = 0

    def send(self, body: Any, path: str = "applications", key: str = "") -> tuple[int, dict[str, Any]]:
        """Post a body under a new key, or this one."""
        self.keys += 1
        text = body if isinstance(body, (str, bytes)) else json.dumps(body)
        answer = Client().post(
            f"/api/v1/{path}", text, content_type="application/json",
            headers={**self.headers, "Idempotency-Key": key or f"k{self.keys}"},
        )  # fmt: skip
        return answer.status_code, answer.json()

    def get(self, path: str) -> tuple[int, dict[str, Any]]:
        """Read."""
        answer = Client().get(f"/api/v1/{path}", headers=self.headers)
        return answer.status_code, answer.json()


def codes(found: dict[str, Any]) -> list[str]:
    return [one["code"] for one in found["problems"]]


def test_submitted_once_by_key_decided_and_read_back() -> None:
    lending.put_in_force()
    shop = Program()
    status, made = shop.send(lending.told(), key="one")
    assert (status, made["outcome"], made["limit"], made["state"]) == (201, "approve", "60000.00", "machine")
    assert made["told"]["en"] == ["The application was approved", "The limit is what was asked for"]
    assert lending.NUMBER not in json.dumps(made)
    assert shop.send(lending.told(), key="one") == (201, made)
    assert shop.send(lending.told(income="1"), key="one")[0] == 422
    status, again = shop.send(lending.told())
    assert (status, codes(again)) == (422, ["application.reference"])
    assert Application.objects.count() == CreditDecision.objects.count() == Borrower.objects.count() == 1
    assert shop.get(f"applications/{made['id']}") == (200, made)


def test_decided_later_referred_with_a_clock_and_listed_by_pages() -> None:
    lending.put_in_force()
    shop = Program()
    for at in range(3):
        body = lending.told(reference=f"A-{at}", who={"identity_number": "", "mobile": f"1370000000{at}"})
        status, made = shop.send({**body, "decide": False})
        assert (status, made["outcome"], made["state"], made["score"]) == (
            201,
            "undecided",
            "undecided",
            None,
        )
    path = f"applications/{made['id']}/decide"
    status, decided = shop.send({}, path=path)
    assert (status, decided["outcome"], decided["state"]) == (201, "refer", "waits")
    assert decided["reasons"][0]["code"] == "check:identity_number"
    assert decided["reviews"][0]["answer_by"] == "2026-12-09"
    status, twice = shop.send({}, path=path)
    assert (status, codes(twice)) == (422, ["application.decided"])
    first = shop.get("applications?limit=2")[1]
    second = shop.get(f"applications?limit=2&cursor={first['next']}")[1]
    assert [one["reference"] for one in first["items"] + second["items"]] == ["A-2", "A-1", "A-0"]
    assert second["next"] is None
    assert [one["reference"] for one in shop.get("applications?state=waits")[1]["items"]] == ["A-2"]


def test_a_program_sees_only_what_it_sent_itself() -> None:
    lending.put_in_force()
    shop, other = Program(), Program("other")
    _, made = shop.send({**lending.told(), "decide": False})
    assert other.get(f"applications/{made['id']}")[0] == 404
    assert other.send({}, path=f"applications/{made['id']}/decide")[0] == 404
    assert other.get("applications")[1]["items"] == []
    assert other.send(lending.told())[0] == 201, "references are of one program each"
    reader = Program("reader", "decisions")
    assert reader.get("applications")[0] == 401
    assert reader.send(lending.told())[0] == 401
    assert CreditDecision.objects.count() == 1


WRONG: tuple[tuple[Any, str], ...] = (
    (lending.told(income="-1"), "application.income"),
    (lending.told(income=20000), "request.input"),
    (lending.told(income="1e999999"), "application.income"),
    (lending.told(currency="XXX"), "application.currency"),
    (lending.told(currency="USD"), "application.currency"),
    (lending.told(reference=""), "request.input"),
    (lending.told(reference="a\u202eb\x00"), "application.reference"),
    (lending.told(who={"name": "\x00"}), "borrower.name"),
    (lending.told(who={"jurisdiction": "ZZ"}), "borrower.jurisdiction"),
    (lending.told(who={"birth_date": "2026-13-01"}), "borrower.birth_date"),
    (lending.told(row={"RISK": "x" * 201}), "application.row"),
    (lending.told(row={"RISK": 10**30}), "application.row"),
    (lending.told(row={"RISK": 1.5}), "request.input"),
    (lending.told(row={f"C{at}": "1" for at in range(401)}), "request.input"),
    (lending.told(row={}), "score.column"),
    (lending.told(debts=[{"monthly": "1"}] * 61), "request.input"),
    (lending.told(debts=[{"monthly": "one"}]), "application.debts"),
    (lending.told(surprise=1), "request.input"),
    (lending.told(asked={"amount": "0"}), "application.asked"),
    (lending.told(household={"adults": 0}), "request.input"),
    (lending.told(consumer_report={"agency": "A", "address": "B", "telephone": "C", "score": 600}),
     "application.consumer_report"),
    ("[1, 2]", "request.input"),
    ("{", "request"),
    (b"\xff\xfe", "request"),
    ("[" * 5000, "request"),
)  # fmt: skip


def test_hostile_and_wrong_input_is_named_and_nothing_is_kept() -> None:
    lending.put_in_force()
    shop = Program()
    for body, code in WRONG:
        status, found = shop.send(body)
        assert status in (400, 422), body
        assert code in codes(found), body
    assert not Application.objects.exists()
    assert not Borrower.objects.exists()


def test_a_huge_body_is_refused_and_no_rule_in_force_is_told() -> None:
    shop = Program()
    status, found = shop.send(lending.told())
    assert (status, codes(found)) == (422, ["decide.policy", "decide.model"])
    answer = Client().post(
        "/api/v1/applications", "x" * 3_000_000, content_type="application/json",
        headers={**shop.headers, "Idempotency-Key": "k"},
    )  # fmt: skip
    assert answer.status_code in (400, 413)
    assert not Application.objects.exists()
