"""Plumbing of the one door: decide on one contact under the borrower's lock, and store what follows.

`request_contact` (one) and `request_contacts` (many) both go through `decide_one`, so there is no second
way. Decision, places, message and audit event are written in the caller's transaction.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.conf import settings

from lenity.base.money import Money
from lenity.domain.debt_collection import contact as contact_facts
from lenity.domain.debt_collection import decided, messages
from lenity.gateways import clock, ids
from lenity.law import lines, reader
from lenity.operations import unit
from lenity.records.debt_collection import contact_writes, gate_queries, gate_rows
from lenity.records.debt_collection.models import Contact
from lenity.records.people import queries as people
from lenity.records.people.models import Borrower, ContactPoint

MOST_NAMED = 20
CHUNK = 1000
AMOUNT = "amount"


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
    return contact_writes.as_model(decide_many(work, [wish])[0])


def decide_many(
    work: unit.Work,
    wishes: Sequence[Wish],
    memory: decided.Memory | None = None,
) -> list[contact_writes.NewContact]:
    """The same for wishes of different borrowers, with a handful of statements for all of them.

    With a `memory` people in the same situation are decided once; the certificates are the same.
    """
    ground = _ground(work, wishes)
    new = [
        _decided(work, wish, ground, pk, memory) for wish, pk in zip(wishes, ground.contact_ids, strict=True)
    ]
    _keep(ground, new)
    contact_writes.add_contacts(new, ground.read.kept)
    for one in new:
        work.record(
            subject_kind="contact",
            subject_id=one.proposal.contact_id,
            borrower_id=one.borrower.public_id,
            body=_said(one),
        )
    return new


_met: deque[str] = deque(maxlen=32)
"""Digests of rulebooks and wordings by which this process decided: whether they are kept is read with the rest."""


def _keep(ground: _Ground, new: Sequence[contact_writes.NewContact]) -> None:
    """Keep each rulebook that decides here for the first time, and remember what to look for the next time."""
    books = {book.digest: book for book in (reader.rulebook(one.borrower.jurisdiction) for one in new)}
    if missing := [book for digest, book in books.items() if digest not in ground.read.kept]:
        contact_writes.keep_rulebooks(missing)
    used = {*books, *(one.decided.kept.wording.digest for one in new)}
    _met.extend(used.difference(_met))


Placed = tuple[int, Wish]
"""A wish with its place among all of them."""


def rounds(wishes: Sequence[Placed], most: int = CHUNK) -> Iterator[list[Placed]]:
    """Chunks in which no borrower comes twice; what a borrower wishes next comes in a later one.

    A transaction that takes several chunks gives `most` so that all its borrowers are in the first: they are
    locked in one order, and what two transactions both write is written in one order.
    """
    waiting = list(wishes)
    while waiting:
        chunk: list[Placed] = []
        later: list[Placed] = []
        seen: set[str] = set()
        for place, wish in waiting:
            if wish.borrower_id in seen or len(chunk) == most:
                later.append((place, wish))
            else:
                chunk.append((place, wish))
            seen.add(wish.borrower_id)
        yield chunk
        waiting = later


@dataclass(frozen=True)
class _Ground:
    """Locked borrowers with what is known of them; `shared` is what messages of one kind have in common."""

    read: gate_rows.Read
    retried: Mapping[str, int]
    shared: dict[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)

    @property
    def contact_ids(self) -> Sequence[int]:
        """A fresh id for each contact."""
        return self.read.contact_ids

    def borrower(self, wish: Wish) -> gate_rows.BorrowerRow:
        """The wish's borrower, locked."""
        return self.read.borrowers[wish.borrower_id]

    def known(self, wish: Wish) -> gate_rows.Known:
        """What is known of the borrower."""
        return self.read.known[self.borrower(wish).pk]

    def told(self, borrower: gate_rows.BorrowerRow) -> Mapping[str, str]:
        """What every message to the borrower's place says in the borrower's language."""
        kind = borrower.jurisdiction, borrower.language
        if kind not in self.shared:
            self.shared[kind] = _told_to_all(*kind)
        return self.shared[kind]

    def point(self, wish: Wish) -> gate_rows.PointRow:
        """The wish's contact point, its borrower's own and alive; an unconfirmed one gets its code only."""
        point = self.known(wish).points.get(wish.point_id)
        if point is None or (point.role == contact_facts.UNCONFIRMED and wish.purpose != "sign_in"):
            raise ContactPoint.DoesNotExist(wish.point_id)
        return point

    def loans(self, wish: Wish) -> list[gate_rows.LoanRow]:
        """The wish's loans, which are its borrower's own."""
        known = self.known(wish).loans
        if any(one not in known for one in wish.loan_ids):
            raise ValueError("a contact names loans of its own borrower only")
        return sorted((known[one] for one in set(wish.loan_ids)), key=lambda loan: loan.pk)


def _ground(work: unit.Work, wishes: Sequence[Wish]) -> _Ground:
    wanted = {wish.borrower_id for wish in wishes}
    if len(wanted) != len(wishes):
        raise ValueError("one wish of a borrower at a time, so that each sees the ones before it")
    loans = {loan for wish in wishes for loan in wish.loan_ids}
    read = gate_rows.lock_and_read(
        wanted,
        loans,
        work.now,
        len(wishes),
        clock.business_days(work.now),
        summed=any(map(_names_amount, wishes)),
        kept=_met,
    )
    work.listening = read.listening
    if missing := wanted - set(read.borrowers):
        raise Borrower.DoesNotExist(missing)
    retries = {wish.retries for wish in wishes if wish.retries}
    retried = (
        dict(Contact.objects.filter(public_id__in=retries).values_list("public_id", "id")) if retries else {}
    )
    return _Ground(read, retried)


def _decided(
    work: unit.Work, wish: Wish, ground: _Ground, pk: int, memory: decided.Memory | None
) -> contact_writes.NewContact:
    borrower, point, loans = ground.borrower(wish), ground.point(wish), ground.loans(wish)
    if any(one.kind == "neutral" for one in ground.known(wish).standings):
        wish = replace(wish, template=messages.NEUTRAL.get(wish.template, wish.template))
    proposal = _proposal(work.now, wish, point)
    facts = gate_queries.weighed(borrower, proposal, ground.known(wish), wish.profile)
    rulebook = reader.rulebook(borrower.jurisdiction)
    found = decided.decide(facts, rulebook, timed=bool(wish.template), memory=memory)
    code = ids.contact_code()
    rendered = _render(wish, borrower, loans, code, ground) if wish.template else None
    message = None
    if found.certificate.verdict == "allowed" and rendered is not None:
        to = people.value_in_clear(point.public_id, point.value_sealed)
        sender = settings.LENITY_SENDERS[wish.channel]
        message = contact_writes.new_message(rendered.subject, rendered.body, to=to, sender=sender)
    return contact_writes.NewContact(
        pk,
        borrower,
        loans[0] if loans else None,
        point,
        proposal,
        found,
        code,
        wish.template,
        rendered.version if rendered else "",
        wish.requested_by,
        ground.retried[wish.retries] if wish.retries else None,
        message,
    )


def _proposal(now: datetime, wish: Wish, point: gate_rows.PointRow) -> contact_facts.Proposal:
    return contact_facts.Proposal(
        contact_id=ids.public_id(),
        at=now,
        channel=wish.channel,
        purpose=wish.purpose,
        point=contact_facts.Point(
            point.public_id, point.kind, point.role, point.use, point.source, point.zones
        ),
        debts=tuple(wish.loan_ids),
        collectors=wish.collectors,
        template=wish.template,
        initiated_by=wish.initiated_by,
    )


def _render(
    wish: Wish,
    borrower: gate_rows.BorrowerRow,
    loans: list[gate_rows.LoanRow],
    code: str,
    ground: _Ground,
) -> messages.Rendered:
    values = {"code": code, **ground.told(borrower)}
    needed = messages.places(wish.template, borrower.language)
    if "name" in needed:
        values["name"] = people.name_in_clear(borrower.public_id, borrower.name_sealed)
    if AMOUNT in needed:
        values[AMOUNT] = _amount(loans)
    if "account" in needed:
        values["account"] = ", ".join(loan.account_number[-4:] for loan in loans[:MOST_NAMED])
    values.update(wish.values)
    return messages.render(wish.template, borrower.language, values)


def _told_to_all(place: str, language: str) -> Mapping[str, str]:
    """What all messages to one place in one language say: who writes, how to check, where to complain.

    Where to complain goes by the rulebook of the place; it is our own page where that names nobody.
    """
    today, page = clock.business_day(place), settings.LENITY_VERIFY_PAGE
    return {
        "lender": settings.LENITY_LENDER_NAMES[language],
        "verify_page": page,
        "complain_at": lines.numbers(place, today) or page,
        "complain_where": lines.in_words(place, today, language) or page,
    }


def _names_amount(wish: Wish) -> bool:
    """Whether the wish's message, or the neutral one that may stand in for it, says how much is overdue."""
    templates = [one for one in (wish.template, messages.NEUTRAL.get(wish.template)) if one]
    return any(
        AMOUNT in messages.places(one, language) for one in templates for language in messages.LANGUAGES
    )


def _amount(loans: list[gate_rows.LoanRow]) -> str:
    """What is overdue, one amount for each currency: money of two currencies is never added."""
    totals: dict[str, int] = {}
    for loan in loans:
        totals[loan.currency] = totals.get(loan.currency, 0) + loan.overdue()
    return " + ".join(f"{code} {Money(minor, code).decimal_text()}" for code, minor in totals.items())


def _said(one: contact_writes.NewContact) -> Mapping[str, object]:
    certificate = one.decided.certificate
    return {
        "channel": one.proposal.channel,
        "purpose": one.proposal.purpose,
        "template": one.template,
        "template_version": one.template_version,
        "verdict": certificate.verdict,
        "provision": certificate.leading.provision_id,
        "rulebook": certificate.rulebook_digest,
        "certificate": one.decided.kept.digest,
        "message": one.message.digest if one.message else "",
        "rows": contact_writes.digests(one),
    }
