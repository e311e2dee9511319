"""Plumbing of the one door: decide on one contact under the borrower's lock, and store what follows.

`request_contact` (one) and `request_contacts` (many) both go through `decide_one`, so there is no second
way. Decision, places, message and audit event are written in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings

from lenity.base import canonical
from lenity.base.money import Money
from lenity.domain.debt_collection import contact as contact_facts
from lenity.domain.debt_collection import gate, messages
from lenity.domain.debt_collection.certificate import Certificate
from lenity.gateways import ids
from lenity.law import reader
from lenity.operations import unit
from lenity.records.debt_collection import gate_queries, writes
from lenity.records.debt_collection.models import Contact
from lenity.records.lending.models import Loan
from lenity.records.people import queries as people
from lenity.records.people.models import Borrower, ContactPoint

MESSAGE_LIFE = timedelta(hours=2)
PROBE = timedelta(minutes=15)


@dataclass(frozen=True)
class Wish:
    """A contact that somebody would like to make. `template` is empty for calls and visits."""

    borrower_id: str
    channel: str
    purpose: str
    point_id: str
    loan_ids: tuple[str, ...]
    template: str = ""
    requested_by: str = "strategy"
    collectors: int = 1
    initiated_by: str = "lender"
    retries: str = ""
    values: tuple[tuple[str, str], ...] = ()


def decide_one(work: unit.Work, wish: Wish) -> Contact:
    """Lock the borrower, read the facts, ask the gate, store the answer; an allowed message is queued."""
    borrower = writes.lock_borrower(wish.borrower_id)
    point = ContactPoint.objects.get(public_id=wish.point_id, borrower=borrower, retired_at__isnull=True)
    loans = list(Loan.objects.filter(public_id__in=wish.loan_ids, borrower=borrower).order_by("id"))
    if len(loans) != len(set(wish.loan_ids)):
        raise ValueError("a contact names loans of its own borrower only")
    proposal = _proposal(work.now, wish, point)
    facts = gate_queries.facts_of(borrower, proposal)
    rulebook = reader.rulebook(borrower.jurisdiction)
    certificate = gate.decide(facts, rulebook)
    code = ids.contact_code()
    rendered = _render(wish, borrower, loans, code, work.now) if wish.template else None
    contact = writes.add_contact(
        borrower=borrower,
        loan=loans[0] if loans else None,
        point=point,
        facts=facts,
        certificate=certificate,
        code=code,
        template=wish.template,
        template_version=rendered.version if rendered else "",
        language=borrower.language,
        requested_by=wish.requested_by,
        retries=Contact.objects.get(public_id=wish.retries) if wish.retries else None,
    )
    body_hash = ""
    if certificate.verdict == "allowed" and rendered is not None:
        message = writes.add_message(
            contact,
            subject=rendered.subject,
            body=rendered.body,
            not_after=open_until(facts, rulebook),
            to=people.contact_value(point),
            sender=settings.LENITY_SENDERS[wish.channel],
        )
        body_hash = message.body_hash
    work.record(
        subject_kind="contact",
        subject_id=contact.public_id,
        borrower_id=borrower.public_id,
        body=_said(contact, certificate, body_hash),
    )
    return contact


def open_until(facts: contact_facts.Facts, rulebook: reader.Rulebook) -> datetime:
    """The last instant, in quarter hours and at most two hours on, at which the gate would still allow."""
    start, until = facts.proposal.at, facts.proposal.at
    while until - start < MESSAGE_LIFE:
        later = replace(facts, proposal=replace(facts.proposal, at=until + PROBE))
        if gate.decide(later, rulebook).verdict != "allowed":
            break
        until += PROBE
    return until


def _proposal(now: datetime, wish: Wish, point: ContactPoint) -> contact_facts.Proposal:
    return contact_facts.Proposal(
        contact_id=ids.public_id(),
        at=now,
        channel=wish.channel,
        purpose=wish.purpose,
        point=gate_queries.point_of(point),
        debts=tuple(wish.loan_ids),
        collectors=wish.collectors,
        template=wish.template,
        initiated_by=wish.initiated_by,
    )


def _render(wish: Wish, borrower: Borrower, loans: list[Loan], code: str, now: datetime) -> messages.Rendered:
    values = {
        "lender": settings.LENITY_LENDER_NAMES[borrower.language],
        "code": code,
        "verify_page": settings.LENITY_VERIFY_PAGE,
        "name": people.name_of(borrower),
        **_amounts(loans, now),
        **dict(wish.values),
    }
    return messages.render(wish.template, borrower.language, values)


def _amounts(loans: list[Loan], now: datetime) -> Mapping[str, str]:
    if not loans:
        return {}
    due = gate_queries.overdue_minor([loan.pk for loan in loans], now.date())
    total = Money(sum(due.values()), loans[0].currency)
    return {
        "amount": f"{total.currency} {total.decimal_text()}",
        "account": loans[0].account_number[-4:],
    }


def _said(contact: Contact, certificate: Certificate, body_hash: str) -> Mapping[str, object]:
    return {
        "channel": contact.channel,
        "purpose": contact.purpose,
        "template": contact.template,
        "template_version": contact.template_version,
        "verdict": certificate.verdict,
        "provision": certificate.leading.provision_id,
        "rulebook": certificate.rulebook_digest,
        "certificate": canonical.digest(certificate.to_plain()),
        "message": body_hash,
    }
