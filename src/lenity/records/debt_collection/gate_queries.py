"""What the gate has to know of one borrower, read in one go."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import models

from lenity.base import canonical
from lenity.domain.debt_collection import contact as contact_facts
from lenity.domain.debt_collection import gate, kept
from lenity.law import reader
from lenity.records.debt_collection import gate_rows
from lenity.records.debt_collection.models import Contact, GateDecision, KeptRulebook, OutboxMessage
from lenity.records.lending.models import Loan
from lenity.records.people import queries as people
from lenity.records.people.models import Borrower, ContactPoint

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
    """The same for many borrowers, with one statement for all of them."""
    now = max(proposal.at for _, proposal in asked)
    known = gate_rows.read([borrower.pk for borrower, _ in asked], now)
    return [
        weighed(borrower, proposal, known[borrower.pk], (profiles or {}).get(borrower.pk, "creditor"))
        for borrower, proposal in asked
    ]


def weighed(
    borrower: Borrower | gate_rows.BorrowerRow,
    proposal: contact_facts.Proposal,
    known: gate_rows.Known,
    profile: str = "creditor",
) -> contact_facts.Facts:
    """A proposal with its person as the gate sees people: no name, no number. `profile` says who contacts."""
    person = contact_facts.Person(
        id=borrower.public_id,
        jurisdiction=borrower.jurisdiction,
        zones=known.zones,
        birth_date=people.birth_date_in_clear(borrower.public_id, borrower.birth_date_sealed),
        profile=profile,
    )
    return contact_facts.Facts(person, proposal, tuple(known.history), tuple(known.standings))


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


def lights(borrower_public_id: str, now: datetime) -> list[Light]:
    """The traffic light of each channel for a collection contact with the borrower at `now`."""
    borrower = Borrower.objects.get(public_id=borrower_public_id)
    debts = tuple(Loan.objects.filter(borrower=borrower).order_by("id").values_list("public_id", flat=True))
    known = gate_rows.read([borrower.pk], now)[borrower.pk]
    found = []
    for channel, kinds in POINT_KINDS.items():
        for point in _live_points(borrower):
            if point.kind in kinds and point.role == "borrower":
                proposal = _preview(point, channel, debts, now)
                found.append(_light(weighed(borrower, proposal, known), point))
    return found


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
    return list(points.exclude(role=contact_facts.UNCONFIRMED).order_by("id"))


def replay() -> Iterator[tuple[str, bool | None]]:
    """Every stored contact decided again by the rulebook that decided it: its id, and whether the certificate is
    equal, byte for byte. None where that rulebook was not kept.
    """
    books = cache(_kept_book)
    rows = GateDecision.objects.select_related("contact", "wording").order_by("contact_id")
    for row in rows.iterator(chunk_size=500):
        rulebook = books(row.rulebook_digest)
        if rulebook is None:
            yield row.contact.public_id, None
            continue
        facts = contact_facts.Facts.from_plain(json.loads(row.facts))
        again = canonical.text(gate.decide(facts, rulebook).to_plain())
        yield row.contact.public_id, again == canonical.text(certificate_of(row))


def _kept_book(digest: str) -> reader.Rulebook | None:
    row = KeptRulebook.objects.filter(digest=digest).first()
    return reader.read_back(row.text, digest) if row else None


def certificate_of(decision: GateDecision) -> dict[str, Any]:
    """The whole certificate of a stored decision, as plain values; a changed wording is refused."""
    wording = decision.wording
    if wording and hashlib.sha256(wording.text.encode()).hexdigest() != wording.digest:
        raise ValueError(f"the wording {wording.digest} of a certificate was changed")
    return kept.whole(decision.certificate, wording.text if wording else "")
