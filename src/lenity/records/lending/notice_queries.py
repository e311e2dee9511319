"""Notices of adverse action (US-RB-9a, US-FCRA-615a): their words, those that are due, those that were given.

A decline is one, and so is a counter-offer: less than was asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from lenity.base import canonical
from lenity.base.money import Money
from lenity.domain.lending import adverse_action, consumer_report, decision
from lenity.domain.lending.consumer_report import ConsumerReport
from lenity.law import reader
from lenity.records import encrypted
from lenity.records.lending.models import AdverseNotice, Application, CreditDecision, ReviewAnswer

PLACE = "US"
ZONE = ZoneInfo("America/New_York")
"""Where the lender's day runs there, as its clock has it: an evening there is not UTC's next day."""


@dataclass(frozen=True)
class Notice:
    """A notice of adverse action and the last day to give it."""

    text: str
    due_on: date


@dataclass(frozen=True)
class Due:
    """What an applicant was not told in writing yet; `days_left` below zero when it is late."""

    application: str
    reference: str
    due_on: date
    days_left: int
    with_report: bool
    is_offer: bool


@dataclass(frozen=True)
class _Adverse:
    """A decision that stands against an applicant: why, and what she was offered instead of what she asked for."""

    reasons: str
    offer: adverse_action.CounterOffer | None = None


def adverse_notice(application_id: str, sender: adverse_action.Sender, language: str) -> Notice | None:
    """The notice of a decline or a counter-offer; None when there is nothing to notify."""
    rows = CreditDecision.objects.select_related("application", "policy")
    row = rows.filter(application__public_id=application_id).first()
    found = _adverse(row) if row else None
    if row is None or found is None:
        return None
    rulebook, decided_on = reader.rulebook(PLACE), _day(row.decided_at)
    words = adverse_action.text(
        application=application_id,
        decided_on=decided_on,
        reasons=found.reasons,
        sender=sender,
        language=language,
        rulebook=rulebook,
        report=report_of(row.application),
        offer=found.offer,
    )
    return Notice(words, adverse_action.due_on(_day(row.application.applied_at), rulebook))


def report_of(row: Application) -> ConsumerReport | None:
    """The consumer report that came with an application, if one did."""
    told = _told(row)
    return consumer_report.of(told["report"]) if told.get("report") else None


def _told(row: Application) -> dict[str, Any]:
    plain = json.loads(row.inputs)
    return plain["told"] if isinstance(plain.get("told"), dict) else {}


def given(row: CreditDecision) -> Mapping[str, str]:
    """The words of the notice that was given, by language; empty where none was."""
    notice = AdverseNotice.objects.filter(decision=row).first()
    if notice is None:
        return {}
    place = {"table": "lending_adversenotice", "column": "words", "row": notice.public_id}
    found: dict[str, str] = json.loads(encrypted.unseal(notice.words_sealed, **place))
    return found


def due(on_date: date, *, most: int = 50) -> list[Due]:
    """Declines and counter-offers in the United States that were not told yet, the most urgent first."""
    rulebook = reader.rulebook(PLACE)
    rows = _candidates().select_related("application", "policy").order_by("application__applied_at", "id")
    standing = ((row, found) for row in rows.iterator(chunk_size=200) if (found := _adverse(row)))
    told = []
    for row, found in islice(standing, most):
        last = adverse_action.due_on(_day(row.application.applied_at), rulebook)
        told.append(
            Due(
                application=row.application.public_id,
                reference=row.application.reference,
                due_on=last,
                days_left=(last - on_date).days,
                with_report=report_of(row.application) is not None,
                is_offer=found.offer is not None,
            )
        )
    return told


def _day(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def _candidates() -> QuerySet[CreditDecision]:
    """Decisions that may be adverse: declines, and approvals of an application that asked for an amount."""
    declined = Q(outcome="decline") | Q(reviews__answer__outcome="decline")
    asked = Q(basis__caps__contains='"asked"') & (
        Q(outcome="approve") | Q(reviews__answer__outcome="approve")
    )
    rows = CreditDecision.objects.filter(declined | asked, application__borrower__jurisdiction=PLACE)
    return rows.filter(notice__isnull=True).distinct()


def _adverse(row: CreditDecision) -> _Adverse | None:
    """What stands against the applicant: the machine's decision, or that of whoever looked at it."""
    answers = list(ReviewAnswer.objects.filter(review__decision=row).select_related("review").order_by("id"))
    approved = [one for one in answers if one.outcome == "approve"]
    if approved:
        offer = _offer(row, approved[-1].limit_minor, "")
        return _Adverse(_words_of(approved[-1]), offer) if offer else None
    if row.outcome == "decline":
        return _Adverse(row.reasons)
    if answers:
        return _Adverse(_words_of(answers[-1]))
    offer = _offer(row, row.limit_minor, row.binding_cap)
    return _Adverse(_why_less(row), offer) if offer else None


def _offer(row: CreditDecision, limit_minor: int, cap: str) -> adverse_action.CounterOffer | None:
    asked: int | None = (_told(row.application).get("asked") or {}).get("amount_minor")
    currency = row.application.currency
    if asked is None or not adverse_action.is_counter_offer(asked, limit_minor, cap, currency):
        return None
    return adverse_action.CounterOffer(
        *(f"{currency} {Money(minor, currency).decimal_text()}" for minor in (asked, limit_minor))
    )


def _why_less(row: CreditDecision) -> str:
    """Of a limit that the risk set, what cost points; where nothing did, nobody gets more of this product."""
    by_risk = row.binding_cap in ("risk", "exploration")
    if by_risk and json.loads(row.reasons):
        return row.reasons
    cap = "product" if by_risk else row.binding_cap
    words = decision.read(row.policy.content).wording[cap]
    return canonical.text([{"code": f"cap:{cap}", "zh": words["zh"], "en": words["en"]}])


def _words_of(answer: ReviewAnswer) -> str:
    place = {"table": "lending_reviewanswer", "column": "reason", "row": answer.review.public_id}
    words = encrypted.unseal(answer.reason_sealed, **place)
    return canonical.text([{"code": "person", "zh": words, "en": words}])
