"""Attacks on the ledger, by SQL, as somebody with a connection would make them.

Each is refused by the database itself. Each is then run against the same tables without their guards and
seen to go through, so that the refusal is known to be the guard's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from lenity.domain.ledger.chart import Leg, UnbalancedEntry
from lenity.records.ledger import queries, writes

NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
NEW = 900_001
BOOKED = 1
pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def account() -> dict[str, int]:
    """One booked transaction of 100 CNY, and the ids of the accounts of both currencies."""
    entry = writes.Entry(
        "test", date(2026, 11, 3), "test", "1", (Leg("cash", "CNY", 100), Leg("suspense", "CNY", -100))
    )
    other = writes.Entry(
        "test", date(2026, 11, 3), "test", "2", (Leg("cash", "USD", 100), Leg("suspense", "USD", -100))
    )
    writes.book_many([entry, other], recorded_at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, currency, id FROM ledger_ledgeraccount")
        return {f"{code} {currency}": number for code, currency, number in cursor.fetchall()}


def _transaction(number: int) -> str:
    return (
        "INSERT INTO ledger_ledgertransaction (id, kind, value_date, recorded_at, source, source_id, seal_id)"
        f" VALUES ({number}, 'attack', '2026-11-03', '2026-11-03 02:00:00+00:00', 'attack', '{number}', {number})"
    )


def _posting(transaction_id: int, account_id: int, amount: object, currency: str = "CNY") -> str:
    return (
        "INSERT INTO ledger_posting (transaction_id, account_id, amount_minor, currency)"
        f" VALUES ({transaction_id}, {account_id}, {amount}, '{currency}')"
    )


def _seal(number: int) -> str:
    return f"INSERT INTO ledger_seal (transaction_id) VALUES ({number})"


def _booked(account: dict[str, int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM ledger_ledgertransaction WHERE source_id = '1'")
        return int(cursor.fetchone()[0])


def _attacks(account: dict[str, int]) -> dict[str, list[str]]:
    cash, suspense, dollars = account["cash CNY"], account["suspense CNY"], account["cash USD"]
    booked = _booked(account)
    attacks = {
        "one leg": [_transaction(NEW), _posting(NEW, cash, 100), _seal(NEW)],
        "unbalanced": [_transaction(NEW), _posting(NEW, cash, 100), _posting(NEW, suspense, -99), _seal(NEW)],
        "balanced only across currencies": [
            _transaction(NEW),
            _posting(NEW, cash, 100),
            _posting(NEW, dollars, -100, "USD"),
            _seal(NEW),
        ],
        "currency of another account": [
            _transaction(NEW),
            _posting(NEW, cash, 100),
            _posting(NEW, dollars, -100, "CNY"),
            _seal(NEW),
        ],
        "no legs": [_transaction(NEW), _seal(NEW)],
        "no seal": [_transaction(NEW), _posting(NEW, cash, 100), _posting(NEW, suspense, -100)],
        "late legs": [_posting(booked, cash, 5), _posting(booked, suspense, -5)],
        "update": [
            f"UPDATE ledger_posting SET amount_minor = amount_minor * 2 WHERE transaction_id = {booked}"
        ],
        "move legs": [
            f"UPDATE ledger_posting SET transaction_id = {booked + 1} WHERE transaction_id = {booked}"
        ],
        "delete": [f"DELETE FROM ledger_posting WHERE transaction_id = {booked}"],
        "delete the seal": [f"DELETE FROM ledger_seal WHERE transaction_id = {booked}"],
        "rename an account": [f"UPDATE ledger_ledgeraccount SET code = 'renamed' WHERE id = {cash}"],
        "change a transaction": [
            f"UPDATE ledger_ledgertransaction SET value_date = '2020-01-01' WHERE id = {booked}"
        ],
    }
    if connection.vendor == "postgresql":
        attacks["truncate"] = ["TRUNCATE ledger_posting"]
        attacks["upsert"] = [
            (
                f"INSERT INTO ledger_seal (transaction_id) VALUES ({booked})"
                " ON CONFLICT (transaction_id) DO UPDATE SET transaction_id = excluded.transaction_id + 5000"
            )
        ]
    else:
        attacks["float amount"] = [
            _transaction(NEW),
            _posting(NEW, cash, 100.5),
            _posting(NEW, suspense, -100.5),
            _seal(NEW),
        ]
        attacks["replace"] = [
            (
                "INSERT OR REPLACE INTO ledger_posting (id, transaction_id, account_id, amount_minor, currency)"
                " SELECT id, transaction_id, account_id, 7, currency FROM ledger_posting"
                f" WHERE transaction_id = {booked}"
            )
        ]
    return attacks


NAMES = [
    "one leg",
    "unbalanced",
    "balanced only across currencies",
    "currency of another account",
    "no legs",
    "no seal",
    "late legs",
    "update",
    "move legs",
    "delete",
    "delete the seal",
    "rename an account",
    "change a transaction",
    "truncate",
    "upsert",
    "float amount",
    "replace",
]


def _run(statements: list[str]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def _without_guards() -> Iterator[None]:
    """Take the guards down, as only the owner of the tables could, and put them back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            try:
                yield
            finally:
                cursor.execute("SET session_replication_role = DEFAULT")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers: list[tuple[str, str]] = cursor.fetchall()
        cursor.execute("PRAGMA foreign_keys = OFF")
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        try:
            yield
        finally:
            for _, sql in triggers:
                cursor.execute(sql)
            cursor.execute("PRAGMA foreign_keys = ON")


@pytest.mark.parametrize("name", NAMES)
def test_the_database_refuses_the_attack(name: str, account: dict[str, int]) -> None:
    statements = _attacks(account).get(name)
    if statements is None:
        pytest.skip(f"{name}: not a thing on {connection.vendor}")
    before = queries.trial_balance(), queries.counts()
    with pytest.raises(DatabaseError):
        _run(statements)
    assert (queries.trial_balance(), queries.counts()) == before
    with _without_guards():
        _run(statements)


def test_a_balanced_entry_goes_through_by_the_same_sql(account: dict[str, int]) -> None:
    cash, suspense = account["cash CNY"], account["suspense CNY"]
    _run([_transaction(NEW), _posting(NEW, cash, 100), _posting(NEW, suspense, -100), _seal(NEW)])
    assert queries.trial_balance()["CNY"] == {"cash": 200, "suspense": -200}


def test_nothing_is_booked_twice(account: dict[str, int]) -> None:
    entry = writes.Entry(
        "test", date(2026, 11, 3), "test", "1", (Leg("cash", "CNY", 1), Leg("suspense", "CNY", -1))
    )
    with pytest.raises(DatabaseError):
        writes.book(entry, recorded_at=NOW)
    assert queries.counts()["transactions"] == 2


@pytest.mark.parametrize(
    "legs",
    [
        (),
        (Leg("cash", "CNY", 1),),
        (Leg("cash", "CNY", 1), Leg("suspense", "CNY", -2)),
        (Leg("cash", "CNY", 1), Leg("suspense", "USD", -1)),
        (Leg("cash", "CNY", 0), Leg("suspense", "CNY", 0)),
        (Leg("cash", "CNY", 10**15 + 1), Leg("suspense", "CNY", -(10**15) - 1)),
        (Leg("no such account", "CNY", 1), Leg("suspense", "CNY", -1)),
        (Leg("cash", "CNY", 1.0), Leg("suspense", "CNY", -1)),  # type: ignore[arg-type]
    ],
)
def test_the_rule_refuses_before_the_database_has_to(legs: tuple[Leg, ...]) -> None:
    with pytest.raises(UnbalancedEntry):
        writes.book(writes.Entry("test", date(2026, 11, 3), "test", "9", legs), recorded_at=NOW)


def test_last_allowed_amount(account: dict[str, int]) -> None:
    legs = (Leg("cash", "CNY", 10**15), Leg("suspense", "CNY", -(10**15)))
    writes.book(writes.Entry("test", date(2026, 11, 3), "test", "9", legs), recorded_at=NOW)
    assert queries.trial_balance()["CNY"]["cash"] == 10**15 + 100


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only a server has other sessions")
def test_another_session_cannot_add_legs_to_a_transaction_that_is_being_booked(
    account: dict[str, int],
) -> None:
    other: Any = connection.copy()
    cash, suspense = account["cash CNY"], account["suspense CNY"]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_transaction(NEW))
            with pytest.raises(DatabaseError), other.cursor() as intruder:
                intruder.execute(_posting(NEW, cash, 1))
            for statement in (_posting(NEW, cash, 100), _posting(NEW, suspense, -100), _seal(NEW)):
                cursor.execute(statement)
        with pytest.raises(DatabaseError), other.cursor() as intruder:
            intruder.execute(_posting(NEW, cash, 1))
    finally:
        other.close()
    assert queries.is_balanced()
