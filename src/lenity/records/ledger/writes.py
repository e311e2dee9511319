"""The only place that books. Each entry ends with its seal, whose insert makes the database check it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Max

from lenity.domain.ledger.chart import Leg, check
from lenity.records import witness
from lenity.records.ledger.models import LedgerAccount, LedgerTransaction, Posting, Seal

BATCH = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One event in money, before it is booked. `source` and `source_id` name it once and for all."""

    kind: str
    value_date: date
    source: str
    source_id: str
    legs: tuple[Leg, ...]
    reverses: int | None = None


def book(entry: Entry, *, recorded_at: datetime, number: int | None = None) -> int:
    """Book one entry; returns the transaction's id. A second one with the same source is refused."""
    return book_many([entry], recorded_at=recorded_at, first=number)[0]


def next_number() -> int:
    """The number of the next transaction, for a fact that is stored before its entry."""
    return _reserve(1)


def book_many(entries: Sequence[Entry], *, recorded_at: datetime, first: int | None = None) -> list[int]:
    """Book many entries in the caller's transaction with a handful of statements; all or none.

    `first` is a number that `next_number` gave out in this transaction.
    """
    for entry in entries:
        check(entry.legs)
    with transaction.atomic(savepoint=False):
        first = _reserve(len(entries)) if first is None else first
        ids = list(range(first, first + len(entries)))
        accounts = _accounts(
            {(leg.code, leg.currency, leg.loan_id) for entry in entries for leg in entry.legs}
        )
        transactions = LedgerTransaction.objects.bulk_create(
            (
                LedgerTransaction(
                    id=number,
                    kind=entry.kind,
                    value_date=entry.value_date,
                    recorded_at=recorded_at,
                    source=entry.source,
                    source_id=entry.source_id,
                    reverses_id=entry.reverses,
                    seal_id=number,
                )
                for number, entry in zip(ids, entries, strict=True)
            ),
            batch_size=BATCH,
        )
        postings = Posting.objects.bulk_create(
            (
                Posting(
                    transaction_id=number,
                    account_id=accounts[(leg.code, leg.currency, leg.loan_id)],
                    amount_minor=leg.amount_minor,
                    currency=leg.currency,
                )
                for number, entry in zip(ids, entries, strict=True)
                for leg in entry.legs
            ),
            batch_size=BATCH,
        )
        witness.note_all(transactions)
        witness.note_all(postings)
        Seal.objects.bulk_create((Seal(transaction_id=number) for number in ids), batch_size=BATCH)
    return ids


def _reserve(count: int) -> int:
    """The first of `count` ids in a row: a sequence on PostgreSQL, the one writer's next on SQLite."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ledger_transaction_number'))")
            cursor.execute(
                "SELECT setval('ledger_transaction_number', nextval('ledger_transaction_number') + %s - 1)",
                [count],
            )
            return int(cursor.fetchone()[0]) - count + 1
    highest = LedgerTransaction.objects.aggregate(last=Max("id"))["last"] or 0
    return int(highest) + 1


def _accounts(wanted: set[tuple[str, str, int | None]]) -> dict[tuple[str, str, int | None], int]:
    """Ids of the accounts, making those that are missing."""
    codes = {code for code, _, _ in wanted}
    loans = [loan for _, _, loan in wanted if loan is not None]
    found: dict[tuple[str, str, int | None], int] = {}
    for chunk in _chunks(loans):
        found |= _known(LedgerAccount.objects.filter(code__in=codes, loan_id__in=chunk))
    found |= _known(LedgerAccount.objects.filter(code__in=codes, loan_id__isnull=True))
    missing = sorted(wanted - found.keys(), key=repr)
    LedgerAccount.objects.bulk_create(
        (LedgerAccount(code=code, currency=currency, loan_id=loan) for code, currency, loan in missing),
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    if missing:
        new_loans = [loan for _, _, loan in missing if loan is not None]
        for chunk in _chunks(new_loans):
            found |= _known(LedgerAccount.objects.filter(code__in=codes, loan_id__in=chunk))
        found |= _known(LedgerAccount.objects.filter(code__in=codes, loan_id__isnull=True))
        names = ("code", "currency", "loan_id")
        made = ({"id": found[one], **dict(zip(names, one, strict=True))} for one in missing)
        witness.note(LedgerAccount, made)
    return found


def _known(rows: Iterable[LedgerAccount]) -> dict[tuple[str, str, int | None], int]:
    return {(row.code, row.currency, row.loan_id): row.pk for row in rows}


def _chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    unique = sorted(set(ids))
    return (unique[start : start + BATCH] for start in range(0, len(unique), BATCH))
