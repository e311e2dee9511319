"""Notices of adverse action (US-RB-9a, US-FCRA-615a): their words, those that are due, those that were given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from lenity.base import canonical
from lenity.domain.lending import adverse_action, consumer_report
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
    """A decline that its applicant was not told in writing yet; `days_left` below zero when it is late."""

    application: str
    reference: str
    due_on: date
    days_left: int
    with_report: bool


def adverse_notice(application_id: str, sender: adverse_action.Sender, language: str) -> Notice | None:
    """The notice for a declined application; None when there is nothing to notify."""
    rows = CreditDecision.objects.select_related("application", "policy")
    row = rows.filter(application__public_id=application_id).first()
    reasons = _declined_because(row) if row else ""
    if row is None or not reasons:
        return None
    rulebook, decided_on = reader.rulebook(PLACE), _day(row.decided_at)
    words = adverse_action.text(
        application=application_id,
        decided_on=decided_on,
        reasons=reasons,
        sender=sender,
        language=language,
        rulebook=rulebook,
        report=report_of(row.application),
    )
    return Notice(words, adverse_action.due_on(_day(row.application.applied_at), rulebook))


def report_of(row: Application) -> ConsumerReport | None:
    """The consumer report that came with an application, if one did."""
    plain = json.loads(row.inputs)
    told = plain.get("told") if isinstance(plain.get("told"), dict) else None
    return consumer_report.of(told["report"]) if told and told.get("report") else None


def given(row: CreditDecision) -> Mapping[str, str]:
    """The words of the notice that was given, by language; empty where none was."""
    notice = AdverseNotice.objects.filter(decision=row).first()
    if notice is None:
        return {}
    place = {"table": "lending_adversenotice", "column": "words", "row": notice.public_id}
    found: dict[str, str] = json.loads(encrypted.unseal(notice.words_sealed, **place))
    return found


def due(on_date: date, *, most: int = 50) -> list[Due]:
    """Declines in the United States whose notice was not given yet, the most urgent first."""
    rulebook = reader.rulebook(PLACE)
    found = []
    for row in _declined().select_related("application").order_by("application__applied_at", "id")[:most]:
        last = adverse_action.due_on(_day(row.application.applied_at), rulebook)
        told = report_of(row.application) is not None
        found.append(
            Due(row.application.public_id, row.application.reference, last, (last - on_date).days, told)
        )
    return found


def _day(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def _declined() -> QuerySet[CreditDecision]:
    declined = Q(outcome="decline") | Q(reviews__answer__outcome="decline")
    approved = ReviewAnswer.objects.filter(outcome="approve").values("review__decision")
    rows = CreditDecision.objects.filter(declined, application__borrower__jurisdiction=PLACE)
    return rows.filter(notice__isnull=True).exclude(pk__in=approved).distinct()


def _declined_because(row: CreditDecision) -> str:
    """The reasons of a decline that stands: the machine's, or of whoever declined what it had referred."""
    answers = list(ReviewAnswer.objects.filter(review__decision=row).select_related("review").order_by("id"))
    if any(one.outcome == "approve" for one in answers):
        return ""
    if row.outcome == "decline":
        return row.reasons
    if not answers:
        return ""
    place = {"table": "lending_reviewanswer", "column": "reason", "row": answers[-1].review.public_id}
    words = encrypted.unseal(answers[-1].reason_sealed, **place)
    return canonical.text([{"code": "person", "zh": words, "en": words}])
