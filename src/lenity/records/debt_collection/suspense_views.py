"""Money in suspense as the page shows it: each movement with what was asked for it, and who decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lenity.domain.approvals import change
from lenity.domain.banking import matching
from lenity.records.debt_collection import change_views
from lenity.records.debt_collection.change_views import Asked
from lenity.records.intake import queries as intake
from lenity.records.intake.queries import InSuspense
from lenity.records.lending.models import Loan

KINDS = tuple(one.value for one in change.SUSPENSE)
MOST_ASKED = 500
"""Of the newest proposals: they stand for seven days."""


@dataclass(frozen=True)
class Waiting:
    """A movement in suspense; `asked` where somebody has proposed what becomes of it.

    `account` is the one account that the texts of money that went out name, to look there for its payment.
    """

    entry: InSuspense
    asked: Asked | None
    account_ending: str
    account: str


@dataclass(frozen=True)
class Decided:
    """What was asked for a movement and how it ended."""

    asked: Asked
    currency: str
    amount_minor: int
    account_ending: str


def waiting(reader: str, now: datetime, on_date: date, *, first: int = 0, most: int = 50) -> list[Waiting]:
    """Movements in suspense, oldest first, each with the proposal that stands."""
    rows = intake.suspense(on_date, first=first, most=most)
    found, payloads = change_views.asked(reader, now, KINDS, most=MOST_ASKED)
    by_entry = {str(payloads[one.change]["entry"]): one for one in found if one.state == "waiting"}
    endings = _endings(payloads)
    accounts = _named(rows)
    return [
        Waiting(
            row,
            ask,
            endings.get(payloads[ask.change].get("loan", ""), "") if ask else "",
            accounts.get(row.entry, ""),
        )
        for row in rows
        for ask in [by_entry.get(row.entry)]
    ]


def _named(rows: list[InSuspense]) -> dict[str, str]:
    """For money that went out, the one account number among its texts."""
    words = {one.entry: set(matching.references(one.texts)) for one in rows if one.amount_minor < 0}
    wanted = set().union(*words.values())
    known = set(Loan.objects.filter(account_number__in=wanted).values_list("account_number", flat=True))
    found = {entry: said & known for entry, said in words.items()}
    return {entry: next(iter(said)) for entry, said in found.items() if len(said) == 1}


def decided(reader: str, now: datetime, most: int = 20) -> list[Decided]:
    """What was decided, newest first."""
    found, payloads = change_views.asked(reader, now, KINDS, most=most)
    endings = _endings(payloads)
    return [
        Decided(
            one,
            payloads[one.change]["currency"],
            int(payloads[one.change]["amount_minor"]),
            endings.get(payloads[one.change].get("loan", ""), ""),
        )
        for one in found
        if one.state != "waiting"
    ]


def _endings(payloads: dict[str, dict[str, str]]) -> dict[str, str]:
    wanted = {one["loan"] for one in payloads.values() if "loan" in one}
    rows = Loan.objects.filter(public_id__in=wanted).values_list("public_id", "account_number")
    return {public_id: number[-4:] for public_id, number in rows}
