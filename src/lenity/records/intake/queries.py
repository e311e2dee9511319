"""Bank files by digest, money in suspense ready for a page, programs by token."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from lenity.records import encrypted
from lenity.records.intake.models import ApiClient, BankEntry, BankFile, IdempotentRequest
from lenity.records.intake.writes import DETAILS, RAW
from lenity.records.lending.models import Loan


@dataclass(frozen=True)
class InSuspense:
    """Money in suspense as a page shows it; `payer` and `texts` are personal data."""

    entry: str
    amount_minor: int
    currency: str
    booked_on: date
    value_date: date
    days: int
    reason: str
    payer: str
    texts: tuple[str, ...]


def file_by_digest(digest: str) -> BankFile | None:
    """The file with these bytes, with its booking if it has one."""
    return BankFile.objects.select_related("booking").filter(digest=digest).first()


def file_by_id(public_id: str) -> BankFile | None:
    """A file."""
    return BankFile.objects.select_related("booking").filter(public_id=public_id).first()


def raw_of(file: BankFile) -> bytes:
    """The bytes of a file as they came."""
    return base64.b64decode(encrypted.unseal(file.raw_sealed, row=file.public_id, **RAW))


def known_entries(source_ids: Iterable[str]) -> set[str]:
    """Which of these movements are kept already."""
    wanted = list(source_ids)
    known: set[str] = set()
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        known |= set(BankEntry.objects.filter(source_id__in=part).values_list("source_id", flat=True))
    return known


def entry_by_id(public_id: str) -> BankEntry | None:
    """A movement with what became of it."""
    return BankEntry.objects.select_related("outcome").filter(public_id=public_id).first()


def details_of(entry: BankEntry) -> dict[str, Any]:
    """Who paid, and the texts."""
    found: dict[str, Any] = json.loads(encrypted.unseal(entry.details_sealed, row=entry.public_id, **DETAILS))
    return found


def suspense(on_date: date, *, first: int = 0, most: int = 100) -> list[InSuspense]:
    """Money in suspense, oldest first."""
    rows = BankEntry.objects.filter(payment=None, outcome=None).order_by("booked_on", "id")
    return [_in_suspense(row, on_date) for row in rows[first : first + most]]


def suspense_total() -> dict[str, int]:
    """What the open entries in suspense come to, by currency; equals the ledger's account."""
    totals: dict[str, int] = {}
    for currency, minor in BankEntry.objects.filter(payment=None, outcome=None).values_list(
        "currency", "amount_minor"
    ):
        totals[currency] = totals.get(currency, 0) + minor
    return totals


def loans_by_reference(words: Iterable[str]) -> list[Loan]:
    """Loans whose account number or id is among these words."""
    wanted = list(words)
    by_number = Loan.objects.filter(account_number__in=wanted)
    return list((by_number | Loan.objects.filter(public_id__in=wanted)).distinct()[:3])


def loans_by_references(words: Iterable[str]) -> dict[str, list[Loan]]:
    """For each of many words the loans whose account number or id it is, in a few statements."""
    wanted = sorted(set(words))
    found: dict[str, list[Loan]] = {}
    for start in range(0, len(wanted), 400):
        part = wanted[start : start + 400]
        rows = Loan.objects.select_related("borrower")
        for loan in rows.filter(account_number__in=part).union(rows.filter(public_id__in=part)):
            for name in {loan.account_number, loan.public_id}.intersection(part):
                found.setdefault(name, []).append(loan)
    return found


def client_by_token(token_digest: str) -> ApiClient | None:
    """The program with this token, unless it was shut out."""
    return ApiClient.objects.filter(token_digest=token_digest, revoked_at=None).first()


def client_by_name(name: str) -> ApiClient | None:
    """A program."""
    return ApiClient.objects.filter(name=name).first()


def clients() -> list[ApiClient]:
    """All programs."""
    return list(ApiClient.objects.order_by("name"))


def request_by_key(client: ApiClient, key: str) -> IdempotentRequest | None:
    """A request by its key."""
    return IdempotentRequest.objects.filter(client=client, key=key).first()


def _in_suspense(row: BankEntry, on_date: date) -> InSuspense:
    details = details_of(row)
    return InSuspense(
        row.public_id,
        row.amount_minor,
        row.currency,
        row.booked_on,
        row.value_date,
        (on_date - row.booked_on).days,
        row.reason,
        str(details["payer"]),
        tuple(details["texts"]),
    )
