"""Plumbing of the one door: decide on one contact under the borrower's lock, and store what follows.

`request_contact` (one) and `request_contacts` (many) both go through `decide_one`, so there is no second
way. Decision, places, message and audit event are written in the caller's transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings

from lenity.base.money import Money
from lenity.domain.debt_collection import contact as contact_facts
from lenity.domain.debt_collection import gate, messages
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
MOST_NAMED = 20


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
    profile: str = "creditor"


def decide_one(work: unit.Work, wish: Wish) -> Contact:
    """Lock the borrower, read the facts, ask the gate, store the answer; an allowed message is queued."""
    return decide_many(work, [wish])[0]


def decide_many(work: unit.Work, wishes: Sequence[Wish]) -> list[Contact]:
    """The same for wishes of different borrowers, with a handful of statements for all of them."""
    ground = _ground(wishes)
    proposals = [_proposal(work.now, wish, ground.point(wish)) for wish in wishes]
    asked = [
        (ground.borrowers[wish.borrower_id], proposal)
        for wish, proposal in zip(wishes, proposals, strict=True)
    ]
    profiles = {ground.borrowers[wish.borrower_id].pk: wish.profile for wish in wishes}
    facts = gate_queries.facts_of_many(asked, profiles)
    told = [loan.pk for wish in wishes if wish.template for loan in ground.of(wish)]
    overdue = gate_queries.overdue_minor(told, work.now.date()) if told else {}
    new = [_decided(work, wish, one, ground, overdue) for wish, one in zip(wishes, facts, strict=True)]
    contacts = writes.add_contacts(new)
    for contact, one in zip(contacts, new, strict=True):
        work.record(
            subject_kind="contact",
            subject_id=contact.public_id,
            borrower_id=one.borrower.public_id,
            body=_said(contact, one),
        )
    return contacts


@dataclass(frozen=True)
class _Ground:
    """Locked borrowers, live contact points and loans, by public id."""

    borrowers: Mapping[str, Borrower]
    points: Mapping[str, ContactPoint]
    loans: Mapping[str, Loan]
    retried: Mapping[str, Contact]

    def point(self, wish: Wish) -> ContactPoint:
        """The wish's contact point, which is its borrower's own."""
        point = self.points.get(wish.point_id)
        if point is None or point.borrower_id != self.borrowers[wish.borrower_id].pk:
            raise ContactPoint.DoesNotExist(wish.point_id)
        return point

    def of(self, wish: Wish) -> list[Loan]:
        """The wish's loans, which are its borrower's own."""
        owner = self.borrowers[wish.borrower_id].pk
        loans = [self.loans[one] for one in dict.fromkeys(wish.loan_ids) if one in self.loans]
        if len(loans) != len(set(wish.loan_ids)) or any(loan.borrower_id != owner for loan in loans):
            raise ValueError("a contact names loans of its own borrower only")
        return sorted(loans, key=lambda loan: loan.pk)


def _ground(wishes: Sequence[Wish]) -> _Ground:
    wanted = {wish.borrower_id for wish in wishes}
    if len(wanted) != len(wishes):
        raise ValueError("one wish of a borrower at a time, so that each sees the ones before it")
    borrowers = writes.lock_borrowers(wanted)
    if missing := wanted - set(borrowers):
        raise Borrower.DoesNotExist(missing)
    points = ContactPoint.objects.filter(
        public_id__in={wish.point_id for wish in wishes}, retired_at__isnull=True
    )
    loans = Loan.objects.filter(public_id__in={loan for wish in wishes for loan in wish.loan_ids})
    retries = {wish.retries for wish in wishes if wish.retries}
    retried = Contact.objects.filter(public_id__in=retries) if retries else ()
    return _Ground(
        borrowers,
        {point.public_id: point for point in points},
        {loan.public_id: loan for loan in loans},
        {contact.public_id: contact for contact in retried},
    )


def _decided(
    work: unit.Work, wish: Wish, facts: contact_facts.Facts, ground: _Ground, overdue: Mapping[int, int]
) -> writes.NewContact:
    borrower, point, loans = ground.borrowers[wish.borrower_id], ground.point(wish), ground.of(wish)
    rulebook = reader.rulebook(borrower.jurisdiction)
    certificate = gate.decide(facts, rulebook)
    code = ids.contact_code()
    if any(one.kind == "neutral" for one in facts.standings):
        wish = replace(wish, template=messages.NEUTRAL.get(wish.template, wish.template))
    rendered = _render(wish, borrower, loans, code, overdue) if wish.template else None
    message = None
    if certificate.verdict == "allowed" and rendered is not None:
        message = writes.NewMessage(
            rendered.subject,
            rendered.body,
            open_until(facts, rulebook),
            people.contact_value(point),
            settings.LENITY_SENDERS[wish.channel],
        )
    return writes.NewContact(
        borrower,
        loans[0] if loans else None,
        point,
        facts,
        certificate,
        code,
        wish.template,
        rendered.version if rendered else "",
        wish.requested_by,
        ground.retried[wish.retries] if wish.retries else None,
        message,
    )


def open_until(facts: contact_facts.Facts, rulebook: reader.Rulebook) -> datetime:
    """The last instant, in quarter hours and at most two hours on, at which the gate would still allow.

    Where nothing stands, only hours and days of the law can close, and these stay closed for longer than two
    hours: then the far end speaks for all of them.
    """
    start, until = facts.proposal.at, facts.proposal.at
    if not facts.standings and _still_allowed(facts, rulebook, start + MESSAGE_LIFE):
        return start + MESSAGE_LIFE
    while until - start < MESSAGE_LIFE and _still_allowed(facts, rulebook, until + PROBE):
        until += PROBE
    return until


def _still_allowed(facts: contact_facts.Facts, rulebook: reader.Rulebook, at: datetime) -> bool:
    later = replace(facts, proposal=replace(facts.proposal, at=at))
    return gate.decide(later, rulebook).verdict == "allowed"


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


def _render(
    wish: Wish, borrower: Borrower, loans: list[Loan], code: str, overdue: Mapping[int, int]
) -> messages.Rendered:
    values = {
        "lender": settings.LENITY_LENDER_NAMES[borrower.language],
        "code": code,
        "verify_page": settings.LENITY_VERIFY_PAGE,
        "name": people.name_of(borrower),
        **_amounts(loans, overdue),
        **dict(wish.values),
    }
    return messages.render(wish.template, borrower.language, values)


def _amounts(loans: list[Loan], overdue: Mapping[int, int]) -> Mapping[str, str]:
    if not loans:
        return {}
    total = Money(sum(overdue[loan.pk] for loan in loans), loans[0].currency)
    return {
        "amount": f"{total.currency} {total.decimal_text()}",
        "account": ", ".join(loan.account_number[-4:] for loan in loans[:MOST_NAMED]),
    }


def _said(contact: Contact, one: writes.NewContact) -> Mapping[str, object]:
    return {
        "channel": contact.channel,
        "purpose": contact.purpose,
        "template": contact.template,
        "template_version": contact.template_version,
        "verdict": one.certificate.verdict,
        "provision": one.certificate.leading.provision_id,
        "rulebook": one.certificate.rulebook_digest,
        "certificate": hashlib.sha256(one.certificate_text.encode()).hexdigest(),
        "message": one.message.digest if one.message else "",
    }
