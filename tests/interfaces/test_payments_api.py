"""The payments API: tokens, keys, and answers that do not change."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.test import Client

from lenity.base.outcomes import InputRefused
from lenity.domain.servicing import terms
from lenity.gateways import clock
from lenity.operations.add_api_client import add_api_client
from lenity.operations.revoke_api_client import revoke_api_client
from lenity.records.intake import writes as intake_writes
from lenity.records.intake.models import ApiClient
from lenity.records.lending.models import Loan, Payment
from tests import factories
from tests.factories import disburse

TODAY = factories.MORNING.date()
pytestmark = pytest.mark.database


def loan() -> Loan:
    return disburse(
        borrower_id=factories.borrower().public_id,
        account_number="A-1",
        product="loan",
        terms=terms.Terms("CNY", 1_200_000, Fraction(12, 100), TODAY, 12),
        actor="test",
    )


def post(token: str, body: object, key: str | None = "k1") -> tuple[int, dict[str, object], str | None]:
    headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
    response = Client().post(
        "/api/v1/payments", json.dumps(body), content_type="application/json", headers=headers
    )
    told = response.json() if response.content else {}
    return response.status_code, told, response.headers.get("Idempotent-Replayed")


def body_for(one: Loan, **changes: object) -> dict[str, object]:
    plain: dict[str, object] = {"loan": one.public_id, "amount": "150.00", "currency": "CNY"}
    return {**plain, "value_date": TODAY.isoformat(), **changes}


@pytest.mark.django_db
def test_the_same_key_gives_the_same_answer_and_another_body_is_refused() -> None:
    with clock.use(clock.ManualClock(factories.MORNING)):
        one, token = loan(), add_api_client(name="psp", scopes=("payments", "loans"), actor="test")
        first = post(token, body_for(one))
        again = post(token, body_for(one))
        assert (first[0], first[2]) == (201, None)
        assert again == (201, first[1], "true")
        assert post(token, body_for(one, amount="151.00"))[0] == 422
        assert Payment.objects.count() == 1
        state = Client().get(
            f"/api/v1/loans/{one.public_id}/account", headers={"Authorization": f"Bearer {token}"}
        )
        assert state.json()["payoff"] == "11850.00"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "key", "status"),
    [
        ({"amount": "0"}, "k", 422),
        ({"amount": "-1.00"}, "k", 422),
        ({"amount": "1.001"}, "k", 422),
        ({"amount": 150.0}, "k", 422),
        ({"amount": "abc"}, "k", 422),
        ({"currency": "USD"}, "k", 422),
        ({"currency": "ZZZ"}, "k", 422),
        ({"value_date": "2026-13-01"}, "k", 422),
        ({"value_date": "2030-01-01"}, "k", 422),
        ({"loan": "nobody"}, "k", 422),
        ({"more": 1}, "k", 422),
        ({}, None, 400),
        ({}, "x" * 256, 400),
    ],
)
def test_what_is_wrong_is_told_and_can_be_sent_again(
    changes: dict[str, object], key: str | None, status: int
) -> None:
    with clock.use(clock.ManualClock(factories.MORNING)):
        one, token = loan(), add_api_client(name="psp", scopes=("payments",), actor="test")
        code, told, _ = post(token, body_for(one, **changes), key)
        assert code == status
        assert told
        assert Payment.objects.count() == 0
        if key == "k":
            assert post(token, body_for(one), key)[0] == 201


@pytest.mark.django_db
def test_no_token_a_wrong_scope_or_a_revoked_token_is_let_in() -> None:
    with clock.use(clock.ManualClock(factories.MORNING)):
        one = loan()
        reader = add_api_client(name="reader", scopes=("loans",), actor="test")
        gone = add_api_client(name="gone", scopes=("payments",), actor="test")
        revoke_api_client(name="gone", actor="test")
        assert [post(token, body_for(one))[0] for token in ("", "guess", reader, gone)] == [401] * 4
        with pytest.raises(InputRefused):
            add_api_client(name="reader", scopes=("loans",), actor="test")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="on SQLite the second writer waits")
def test_a_request_in_flight_is_409() -> None:
    with clock.use(clock.ManualClock(factories.MORNING)), ThreadPoolExecutor(1) as pool:
        one, token = loan(), add_api_client(name="psp", scopes=("payments",), actor="test")

        def send() -> int:
            try:
                return post(token, body_for(one))[0]
            finally:
                connection.close()

        with transaction.atomic():
            assert intake_writes.hold_key(ApiClient.objects.get(), "k1")
            assert pool.submit(send).result() == 409
        assert pool.submit(send).result() == 201


@pytest.mark.django_db(transaction=True)
def test_eight_senders_of_one_request_pay_once() -> None:
    barrier = Barrier(8)
    with clock.use(clock.ManualClock(factories.MORNING)), ThreadPoolExecutor(8) as pool:
        one, token = loan(), add_api_client(name="psp", scopes=("payments",), actor="test")

        def send(_: int) -> int:
            barrier.wait()
            try:
                return post(token, body_for(one))[0]
            finally:
                connection.close()

        codes = set(pool.map(send, range(8)))
    assert codes <= {201, 409}
    assert 201 in codes
    assert Payment.objects.count() == 1


@pytest.mark.django_db
def test_the_gate_answers_programs_with_its_scope() -> None:
    asked = {
        "person": {"jurisdiction": "CN", "zones": ["Asia/Shanghai"]},
        "proposal": {"at": "2026-11-03T22:30", "channel": "sms"},
    }
    with clock.use(clock.ManualClock(factories.MORNING)):
        token = add_api_client(name="agency", scopes=("gate",), actor="test")
        other = add_api_client(name="psp", scopes=("payments",), actor="test")

    def send(body: object, bearer: str) -> tuple[int, dict[str, object]]:
        headers = {"Authorization": f"Bearer {bearer}"}
        response = Client().post(
            "/api/v1/gate/check", json.dumps(body), content_type="application/json", headers=headers
        )
        return response.status_code, response.json()

    status, answer = send(asked, token)
    assert (status, answer["verdict"]) == (200, "deferred")
    assert send(asked, other)[0] == 401
    assert send({**asked, "proposal": {"at": "x", "channel": "fax"}}, token)[0] == 422
    assert send({**asked, "person": {"jurisdiction": "CN", "zones": ["Mars"]}}, token)[0] == 422
