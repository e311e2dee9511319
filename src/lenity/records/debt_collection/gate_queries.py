"""What the gate has to know of one borrower, read in one go."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Prefetch, Sum

from lenity.base import canonical
from lenity.domain.debt_collection import contact as contact_facts
from lenity.domain.debt_collection import gate
from lenity.law import reader
from lenity.records import encrypted
from lenity.records.debt_collection.models import Contact, ContactOutcome, GateDecision, Hold, OutboxMessage
from lenity.records.lending.models import Instalment, Loan, LoanFact, Payment
from lenity.records.people.models import Borrower, ContactPoint, Preference

HISTORY_DAYS = 92
"""How far back contacts are read. No counting rule of any rulebook may look further (a test says so)."""

MESSAGE_CHANNELS = ("sms", "email", "im", "letter")
POINT_KINDS: Mapping[str, tuple[str, ...]] = {
    "sms": ("mobile",),
    "call": ("mobile", "landline"),
    "email": ("email",),
    "letter": ("address",),
    "visit": ("address",),
}


@dataclass(frozen=True)
class Light:
    """Whether one channel is open for a collection contact now, later, or closed, and by which provision."""

    channel: str
    state: str
    contact_point: str
    mask: str
    provision_id: str
    article: str
    says: Mapping[str, str]
    earliest: datetime | None


def facts_of(borrower: Borrower, proposal: contact_facts.Proposal) -> contact_facts.Facts:
    """Everything the gate may weigh for `proposal`, from the records as they stand."""
    return facts_of_many([(borrower, proposal)])[0]


def facts_of_many(
    asked: Sequence[tuple[Borrower, contact_facts.Proposal]],
    profiles: Mapping[int, str] | None = None,
) -> list[contact_facts.Facts]:
    """The same for many borrowers, with a handful of queries for all of them."""
    borrowers = {borrower.pk: borrower for borrower, _ in asked}
    now = max(proposal.at for _, proposal in asked)
    persons, history = persons_of(borrowers, profiles), histories_of(borrowers, now)
    standings = standings_of(borrowers, now)
    return [
        contact_facts.Facts(
            persons[borrower.pk], proposal, tuple(history[borrower.pk]), tuple(standings[borrower.pk])
        )
        for borrower, proposal in asked
    ]


def persons_of(
    borrowers: Mapping[int, Borrower], profiles: Mapping[int, str] | None = None
) -> dict[int, contact_facts.Person]:
    """The borrowers as the gate sees people: no name, no number. `profiles` says who contacts them."""
    zones: dict[int, set[str]] = {pk: set() for pk in borrowers}
    points = ContactPoint.objects.filter(borrower_id__in=borrowers, retired_at__isnull=True)
    for pk, candidates in points.values_list("borrower_id", "candidate_zones"):
        zones[pk].update(candidates)
    return {
        pk: contact_facts.Person(
            id=borrower.public_id,
            jurisdiction=borrower.jurisdiction,
            zones=tuple(sorted(zones[pk])),
            birth_date=_birth_date(borrower),
            profile=(profiles or {}).get(pk, "creditor"),
        )
        for pk, borrower in borrowers.items()
    }


def point_of(point: ContactPoint) -> contact_facts.Point:
    """A contact point as the gate sees it."""
    return contact_facts.Point(
        id=point.public_id,
        kind=point.kind,
        role=point.role,
        use=point.use,
        source=point.source,
        zones=tuple(sorted(point.candidate_zones)),
    )


def histories_of(borrowers: Iterable[int], at: datetime) -> dict[int, list[contact_facts.Past]]:
    """By borrower, contacts that were allowed and so happened or may happen, oldest first."""
    found: dict[int, list[contact_facts.Past]] = {pk: [] for pk in borrowers}
    rows = (
        Contact.objects.filter(
            borrower_id__in=found,
            verdict="allowed",
            requested_at__gte=at - timedelta(days=HISTORY_DAYS),
        )
        .select_related("contact_point", "outbox")
        .prefetch_related(Prefetch("outcomes", queryset=ContactOutcome.objects.order_by("recorded_at", "id")))
        .order_by("requested_at", "id")
    )
    for row in rows:
        past = _past(row)
        if past is not None:
            found[row.borrower_id].append(past)
    return found


def standings_of(borrowers: Iterable[int], at: datetime) -> dict[int, list[contact_facts.Standing]]:
    """By borrower, holds that have not ended and preferences that have not been revoked, oldest first."""
    found: dict[int, list[contact_facts.Standing]] = {pk: [] for pk in borrowers}
    for hold in Hold.objects.filter(borrower_id__in=found, end__isnull=True).select_related("loan"):
        found[hold.borrower_id].append(_hold_standing(hold))
    wishes = Preference.objects.filter(borrower_id__in=found, revoked_by__isnull=True, revokes__isnull=True)
    for row in wishes.select_related("contact_point"):
        found[row.borrower_id].append(_preference_standing(row, at))
    for borrower_id, notice in _notices(found, at):
        found[borrower_id].append(notice)
    for standings in found.values():
        standings.sort(key=lambda standing: (standing.since, standing.kind, standing.point_id))
    return found


NOTICES = ("outsourcing_notice", "assignment_notice", "negative_report_notice")


def _notices(borrowers: Iterable[int], at: datetime) -> Iterator[tuple[int, contact_facts.Standing]]:
    """Notices that went out and did not fail: the law asks for them before what they announce."""
    rows = Contact.objects.filter(
        borrower_id__in=list(borrowers), verdict="allowed", purpose__in=NOTICES, requested_at__lte=at
    ).select_related("outbox")
    for row in rows:
        outbox = getattr(row, "outbox", None)
        if outbox is not None and outbox.state in ("delivered", "handed", "accepted"):
            yield (
                row.borrower_id,
                contact_facts.Standing(
                    row.purpose, outbox.handed_at or row.requested_at, debts=tuple(row.debts)
                ),
            )


def lights(borrower_public_id: str, now: datetime) -> list[Light]:
    """The traffic light of each channel for a collection contact with the borrower at `now`."""
    borrower = Borrower.objects.get(public_id=borrower_public_id)
    debts = tuple(Loan.objects.filter(borrower=borrower).order_by("id").values_list("public_id", flat=True))
    one = {borrower.pk: borrower}
    person, history = persons_of(one)[borrower.pk], tuple(histories_of(one, now)[borrower.pk])
    standings = tuple(standings_of(one, now)[borrower.pk])
    found = []
    for channel, kinds in POINT_KINDS.items():
        for point in _live_points(borrower):
            if point.kind in kinds and point.role == "borrower":
                proposal = _preview(point, channel, debts, now)
                facts = contact_facts.Facts(person, proposal, history, standings)
                found.append(_light(facts, point))
    return found


def overdue_minor(loan_ids: Sequence[int], on_date: date) -> dict[int, int]:
    """What is overdue on each loan on `on_date`, from the facts: due instalments less what was paid."""
    latest = (
        Instalment.objects.filter(schedule__loan_id__in=loan_ids, due_date__lt=on_date)
        .filter(
            schedule__version=models.Subquery(
                Loan.objects.filter(pk=models.OuterRef("schedule__loan_id"))
                .annotate(latest=models.Max("schedules__version"))
                .values("latest")[:1]
            )
        )
        .values("schedule__loan_id")
        .annotate(due=Sum(models.F("principal_minor") + models.F("interest_minor") + models.F("fee_minor")))
    )
    due = {row["schedule__loan_id"]: int(row["due"]) for row in latest}
    paid = paid_minor(loan_ids, on_date)
    return {loan_id: max(due.get(loan_id, 0) - paid.get(loan_id, 0), 0) for loan_id in loan_ids}


def paid_minor(loan_ids: Sequence[int], on_date: date) -> dict[int, int]:
    """What was paid on each loan up to and including `on_date`, without reversed payments."""
    rows = (
        Payment.objects.filter(
            loan_id__in=loan_ids, value_date__lte=on_date, reverses__isnull=True, reversed_by__isnull=True
        )
        .values("loan_id")
        .annotate(paid=Sum("amount_minor"))
    )
    paid = {row["loan_id"]: int(row["paid"]) for row in rows}
    back = LoanFact.objects.filter(
        loan_id__in=loan_ids,
        kind="refund",
        on_date__lte=on_date,
        reverses__isnull=True,
        reversed_by__isnull=True,
    )
    for loan_id, total in back.values_list("loan_id").annotate(total=Sum("amount_minor")):
        paid[loan_id] = paid.get(loan_id, 0) - int(total)
    return paid


def has_queued(now: datetime) -> bool:
    """Whether a message waits to be handed over, or a lease has run out."""
    lapsed = models.Q(state="leased", leased_until__lt=now)
    return OutboxMessage.objects.filter(models.Q(state="queued") | lapsed).exists()


def verdicts(contacts: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """How many contacts were allowed, deferred or refused, and by which leading provision."""
    rows = Contact.objects.all() if contacts is None else Contact.objects.filter(public_id__in=contacts)
    counted = rows.values("verdict", "channel", "decision__leading_provision").annotate(
        contacts=models.Count("id")
    )
    return [
        {
            "verdict": row["verdict"],
            "channel": row["channel"],
            "provision": row["decision__leading_provision"],
            "contacts": row["contacts"],
        }
        for row in counted.order_by("verdict", "decision__leading_provision", "channel")
    ]


def _preview(
    point: ContactPoint, channel: str, debts: tuple[str, ...], now: datetime
) -> contact_facts.Proposal:
    return contact_facts.Proposal(
        contact_id="preview",
        at=now,
        channel=channel,
        purpose="collection",
        point=point_of(point),
        debts=debts,
        collectors=2 if channel == "visit" else 1,
    )


def _light(facts: contact_facts.Facts, point: ContactPoint) -> Light:
    certificate = gate.decide(facts, reader.rulebook(facts.person.jurisdiction))
    leading = certificate.leading
    return Light(
        channel=facts.proposal.channel,
        state={"allowed": "open", "deferred": "later"}.get(certificate.verdict, "closed"),
        contact_point=point.public_id,
        mask=point.mask,
        provision_id=leading.provision_id,
        article=leading.article,
        says=leading.says,
        earliest=certificate.earliest,
    )


def _live_points(borrower: Borrower) -> list[ContactPoint]:
    points = ContactPoint.objects.filter(borrower=borrower, retired_at__isnull=True)
    return list(points.order_by("id"))


def _birth_date(borrower: Borrower) -> date | None:
    if not borrower.birth_date_sealed:
        return None
    place = {"table": "people_borrower", "column": "birth_date", "row": borrower.public_id}
    return date.fromisoformat(encrypted.unseal(borrower.birth_date_sealed, **place))


def _past(row: Contact) -> contact_facts.Past | None:
    outcome = _outcome(row)
    if outcome is None or row.contact_point is None:
        return None
    return contact_facts.Past(
        contact_id=row.public_id,
        at=row.requested_at,
        channel=row.channel,
        purpose=row.purpose,
        point_id=row.contact_point.public_id,
        role=row.contact_point.role,
        debts=tuple(row.debts),
        outcome=outcome,
    )


def _outcome(row: Contact) -> str | None:
    """How the contact counts; None when it certainly never left (so it uses nothing up)."""
    said = list(row.outcomes.all())
    if said:
        return said[-1].outcome
    outbox = getattr(row, "outbox", None)
    if outbox is None:
        return "unknown"
    if outbox.state in ("cancelled", "expired"):
        return None
    return "unknown" if outbox.state == "unknown" else "handed"


def _hold_standing(hold: Hold) -> contact_facts.Standing:
    return contact_facts.Standing(
        kind=hold.kind,
        since=hold.opened_at,
        until=hold.ends_on,
        debts=(hold.loan.public_id,) if hold.loan else (),
        detail=_pairs(hold.detail),
    )


def _preference_standing(row: Preference, at: datetime) -> contact_facts.Standing:
    return contact_facts.Standing(
        kind=row.kind,
        since=row.recorded_at,
        until=row.ends_at.date() if row.ends_at else None,
        channel=row.channel,
        point_id=row.contact_point.public_id if row.contact_point else "",
        detail=_pairs(row.detail),
    )


def _pairs(detail: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key, str(value)) for key, value in detail.items()))


def replay() -> Iterator[tuple[str, bool | None]]:
    """Every stored contact decided again: its id and whether the certificate is equal, byte for byte.

    None where the contact was decided by a rulebook that is not the installed one.
    """
    rows = GateDecision.objects.select_related("contact__borrower").order_by("contact_id")
    for row in rows.iterator(chunk_size=500):
        rulebook = reader.rulebook(row.contact.borrower.jurisdiction)
        if rulebook.digest != row.rulebook_digest:
            yield row.contact.public_id, None
            continue
        facts = contact_facts.Facts.from_plain(json.loads(row.facts))
        again = canonical.text(gate.decide(facts, rulebook).to_plain())
        yield row.contact.public_id, again == row.certificate
