"""May negative information about a loan be furnished yet? The gate is asked, with all that was said and sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from lenity.domain.debt_collection import gate
from lenity.domain.debt_collection.certificate import Certificate
from lenity.domain.debt_collection.contact import Facts, Past, Point, Proposal, Standing
from lenity.law import reader
from lenity.records.debt_collection import gate_queries, gate_rows
from lenity.records.debt_collection.models import Contact, ContactOutcome, DeliveryReceipt, Hold
from lenity.records.furnishing.models import FurnishedRecord
from lenity.records.lending.models import Loan

PURPOSE = "negative_report"
ABOUT = Point("", "address")
"""The contact is with the bureau, about the borrower: what counts is what was said to her."""
TELLS = {"validation": "validation_notice", "collection": "debt_letter"}
"""Which messages about a debt are which notice."""
CAME_BACK = ("undelivered", "expired", "rejected")
CHUNK = 500


def certificates(loans: Sequence[Loan], at: datetime) -> dict[int, Certificate]:
    """By loan, the gate's decision on furnishing negative information about it at `at`.

    Conversations are read from the first day on: that a debt was talked about does not lapse (12 CFR
    1006.30(a)(1)(i)).
    """
    found: dict[int, Certificate] = {}
    for start in range(0, len(loans), CHUNK):
        part = loans[start : start + CHUNK]
        asked = [(loan.borrower, _proposal(loan, at)) for loan in part]
        owners = {loan.borrower_id for loan in part}
        talked, told = _conversations(owners, at), _told(owners)
        for loan, facts in zip(part, gate_queries.facts_of_many(asked), strict=True):
            whole = _whole(facts, talked[loan.borrower_id], told[loan.borrower_id])
            found[loan.pk] = gate.decide(whole, reader.rulebook(loan.borrower.jurisdiction))
    return found


def disputed(loan_ids: Sequence[int], at: datetime, kind: str = "dispute") -> set[int]:
    """Loans with a dispute (or another stop) that was open at `at`: on the loan, or on all of the borrower's."""
    owners = dict(Loan.objects.filter(pk__in=loan_ids).values_list("pk", "borrower_id"))
    holds = Hold.objects.filter(kind=kind, borrower_id__in=set(owners.values()), opened_at__lte=at)
    whole: set[int] = set()
    single: set[int] = set()
    for hold in holds.select_related("end"):
        end = getattr(hold, "end", None)
        if (end is not None and end.ended_at <= at) or (hold.ends_on and hold.ends_on < at.date()):
            continue
        if hold.loan_id:
            single.add(hold.loan_id)
        else:
            whole.add(hold.borrower_id)
    return {pk for pk, owner in owners.items() if pk in single or owner in whole}


def was_disputed(before: Mapping[int, FurnishedRecord]) -> set[int]:
    """Loans that the newest earlier file told as disputed, from when it was written."""
    files: dict[datetime, list[int]] = defaultdict(list)
    for pk, record in before.items():
        files[record.file.written_at].append(pk)
    return {pk for at, loans in files.items() for pk in disputed(loans, at)}


def _proposal(loan: Loan, at: datetime) -> Proposal:
    return Proposal("furnish", at, "report", PURPOSE, ABOUT, (loan.public_id,))


def _whole(facts: Facts, talked: Sequence[Past], told: Sequence[Standing]) -> Facts:
    known = {past.contact_id for past in facts.history}
    history = [*(past for past in talked if past.contact_id not in known), *facts.history]
    return replace(
        facts,
        history=tuple(sorted(history, key=lambda past: past.at)),
        standings=(*facts.standings, *told),
    )


def _conversations(borrowers: set[int], at: datetime) -> Mapping[int, list[Past]]:
    """All conversations with the borrowers themselves, however long ago."""
    found: dict[int, list[Past]] = defaultdict(list)
    old = at - timedelta(days=gate_rows.HISTORY_DAYS)
    rows = ContactOutcome.objects.filter(
        contact__borrower_id__in=borrowers,
        contact__verdict="allowed",
        contact__requested_at__lt=old,
        contact__contact_point__role="borrower",
    ).order_by("recorded_at", "id")
    last: dict[int, ContactOutcome] = {row.contact_id: row for row in rows.select_related("contact")}
    for row in last.values():
        contact = row.contact
        found[contact.borrower_id].append(
            Past(
                contact.public_id,
                contact.requested_at,
                contact.channel,
                contact.purpose,
                "",
                debts=tuple(contact.debts),
                outcome=row.outcome,
            )
        )
    return found


def _told(borrowers: set[int]) -> Mapping[int, list[Standing]]:
    """Messages about a debt that went out to the borrowers, and the news that one did not arrive."""
    found: dict[int, list[Standing]] = defaultdict(list)
    sent = Contact.objects.filter(
        borrower_id__in=borrowers,
        verdict="allowed",
        purpose__in=TELLS,
        channel__in=gate_queries.MESSAGE_CHANNELS,
        contact_point__role="borrower",
        outbox__handed_at__isnull=False,
    ).select_related("outbox")
    for contact in sent:
        handed = contact.outbox.handed_at or contact.requested_at
        found[contact.borrower_id].append(
            Standing(
                TELLS[contact.purpose],
                handed,
                debts=tuple(contact.debts),
                detail=(("message", contact.public_id),),
            )
        )
    for borrower_id, notice in _came_back(borrowers):
        found[borrower_id].append(notice)
    return found


def _came_back(borrowers: set[int]) -> Iterator[tuple[int, Standing]]:
    receipts = DeliveryReceipt.objects.filter(
        message__contact__borrower_id__in=borrowers,
        message__contact__purpose__in=TELLS,
        state__in=CAME_BACK,
    ).select_related("message__contact")
    for receipt in receipts:
        if receipt.message is not None:
            contact = receipt.message.contact
            yield (
                contact.borrower_id,
                Standing(
                    "undeliverable",
                    receipt.received_at,
                    debts=tuple(contact.debts),
                    detail=(("message", contact.public_id),),
                ),
            )
