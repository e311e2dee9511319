"""Notices that a place asks for before others may collect: which, in which words, by when, and what follows.

An outside collector is announced first (CN-XB-2022), an assignment too (CN-CC-546-BOUGHT); in the United States
the debt is itemised within days of the first communication (US-RF-34a), and a period to dispute it begins
(US-RF-34b5).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from lenity.domain.debt_collection.contact import Standing
from lenity.domain.debt_collection.rules import states
from lenity.law.reader import Rulebook

OUTSOURCING, ASSIGNMENT, VALIDATION = "outsourcing_notice", "assignment_notice", "validation"
PURPOSES = (OUTSOURCING, ASSIGNMENT, VALIDATION)
VALIDATION_RULE, DISPUTE_RULE = "US-RF-34a", "US-RF-38"
TEMPLATES: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("CN", OUTSOURCING): {"sms": "cn-outsourcing-notice-sms", "email": "cn-outsourcing-notice-email"},
    ("CN", ASSIGNMENT): {"sms": "cn-assignment-notice-sms", "email": "cn-assignment-notice-email"},
    ("US", VALIDATION): {"email": "us-validation-notice-email"},
}
"""The words of each notice by channel, the one that is tried first named first."""


def of_placing(book: Rulebook, day: date) -> tuple[str, ...]:
    """The notices that placing a debt with a collector calls for in a place."""
    needed = [
        kind
        for one in book.on(day)
        if one.provision.kind == "needs" and "collector" in one.provision.applies.get("profiles", ())
        for kind in one.value["kinds"]
    ]
    if any(one.id == VALIDATION_RULE and one.on(day) for one in book.provisions):
        needed.append(VALIDATION)
    return tuple(dict.fromkeys(needed))


def of_assignment(book: Rulebook, day: date) -> tuple[str, ...]:
    """The notices without which nobody collects a claim that came by assignment."""
    stops = [one for one in book.on(day) if "assigned" in one.value.get("kinds", ())]
    return tuple(dict.fromkeys(kind for one in stops for kind in one.provision.lifted_by))


def validate_by(book: Rulebook, first: date) -> date:
    """The last day for the validation notice after the day of the first communication (US-RF-34a)."""
    return first + timedelta(days=int(book.value(VALIDATION_RULE, first)["days"]))


def dispute_by(book: Rulebook, sent_at: datetime, zones: tuple[str, ...]) -> date | None:
    """The last day of the period to dispute a debt, receipt being assumed (US-RF-34b5, counted by US-RF-38).

    None where no such period begins, or where the calendar of holidays does not reach so far.
    """
    for one in book.on(sent_at.date()):
        if one.provision.id == DISPUTE_RULE:
            return states.period_end(Standing("validation_notice", sent_at), zones, one.value)
    return None
