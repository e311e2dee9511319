"""What a loan costs in all, as a borrower confirms it before she signs (CN-MSCB-2026).

Each item with how it is counted and to whom it goes, the cost of a year when all is paid in time, what lateness may
cost at most, and nothing else: what is not listed cannot be charged.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from lenity.base import canonical
from lenity.base.money import MAX_MINOR
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing import offer, schedule
from lenity.domain.servicing.allocation import Rule
from lenity.domain.servicing.annual_cost import Method
from lenity.domain.servicing.terms import Terms, to_plain
from lenity.law.reader import Rulebook

PROVISION, READING = "CN-MSCB-2026", "HOUSE-READING"
CONTINGENT = ("fee", "late_fee")


def is_asked_for(book: Rulebook, on_date: date) -> bool:
    """Whether a place asks for a confirmed statement before a loan is paid out on a day."""
    return any(one.id == PROVISION and one.on(on_date) is not None for one in book.provisions)


def seconds(book: Rulebook, on_date: date) -> int:
    """How long a statement is read before it can be confirmed, where a place asks for one; else not at all."""
    return int(book.value(READING, on_date)["seconds"]) if is_asked_for(book, on_date) else 0


def opens(opened_at: datetime, read_seconds: int) -> datetime:
    """The first instant at which it can be confirmed."""
    return opened_at + timedelta(seconds=read_seconds)


def terms_digest(terms: Terms, rule: Rule) -> str:
    """Names the terms and what lateness costs: a statement is for exactly these."""
    return canonical.digest({"terms": to_plain(terms), "late_annual_rate": str(rule.late_rate)})


def of(terms: Terms, rule: Rule, contingent: Mapping[str, int], payee: str) -> dict[str, Any]:
    """The statement as plain values, in minor units. `contingent` is the most of each charge that may come."""
    rows = schedule.of(terms)
    if set(contingent) - set(CONTINGENT) or not all(0 < one <= MAX_MINOR for one in contingent.values()):
        says = f"A charge that may come is one of {', '.join(CONTINGENT)}, with an amount above zero."
        raise InputRefused([Problem("cost.contingent", says)])
    return {
        "terms": terms_digest(terms, rule),
        "currency": terms.currency,
        "principal_minor": terms.principal_minor,
        "items": [
            {
                "kind": "interest",
                "annual_rate": str(terms.annual_rate),
                "payee": payee,
                "minor": sum(row.interest_minor for row in rows),
            },
            *_fees(terms, payee),
        ],
        "total_minor": sum(row.total_minor for row in rows),
        "annual_percent": offer.cost(terms, rows, Method.IRR).text(),
        "rows": [[row.due_date.isoformat(), row.total_minor] for row in rows],
        "late_annual_rate": str(rule.late_rate),
        "contingent": dict(sorted(contingent.items())),
    }


def _fees(terms: Terms, payee: str) -> list[dict[str, Any]]:
    """All planned charges by their names, with what they come to."""
    total = sum(row.fee_minor + row.late_fee_minor for row in schedule.of(terms))
    names = ", ".join(dict.fromkeys(one.name for one in terms.charges if one.name))
    return [{"kind": "fee", "name": names, "payee": payee, "minor": total}] if total else []


def not_stated(statement: Mapping[str, Any], component: str, amount_minor: int) -> str:
    """Why a charge may not be asked by a statement; empty where it is listed."""
    most = int(statement["contingent"].get(component, 0))
    if amount_minor <= most:
        return ""
    return f"The cost statement lists at most {most} minor units of {component} ({PROVISION})."
