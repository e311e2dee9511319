"""The only place that adds contacts with their decisions, the places they take, and their messages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Model

from lenity.base import canonical
from lenity.domain.debt_collection import contact as contact_facts
from lenity.domain.debt_collection.decided import Decided
from lenity.law.reader import Rulebook
from lenity.records import encrypted, rows, witness
from lenity.records.debt_collection.gate_rows import BorrowerRow, LoanRow, PointRow
from lenity.records.debt_collection.models import Contact, GateDecision, OutboxMessage

CONTACT = (
    *("id", "public_id", "code", "borrower_id", "loan_id", "debts", "contact_point_id", "channel", "purpose"),
    *("template", "template_version", "language", "requested_by", "requested_at", "verdict", "earliest_at"),
    "retries_id",
)
WORDING = ("digest", "text")
RULEBOOK = ("digest", "place", "text")
DECISION = ("contact_id", "rulebook_digest", "facts", "wording_id", "certificate", "leading_provision")
SLOT = ("contact_id", "borrower_id", "allowance", "window", "place")
MESSAGE = (
    *("contact_id", "state", "body_sealed", "body_hash", "not_after"),
    *("lease_owner", "provider", "provider_id", "note"),
)


@dataclass(frozen=True, slots=True)
class NewMessage:
    """An allowed message, in clear, that waits to be sent until its decision closes.

    `digest` is what the evidence log keeps of it.
    """

    subject: str
    body: str
    to: str
    sender: str
    digest: str


def new_message(subject: str, body: str, *, to: str, sender: str) -> NewMessage:
    """A message with its digest."""
    return NewMessage(subject, body, to, sender, canonical.flat_digest({"subject": subject, "body": body}))


@dataclass(frozen=True, slots=True)
class NewContact:
    """A proposed contact with the decision on it, and its message if it was allowed and has one."""

    pk: int
    borrower: BorrowerRow
    loan: LoanRow | None
    point: PointRow
    proposal: contact_facts.Proposal
    decided: Decided
    code: str
    template: str
    template_version: str
    requested_by: str
    retries: int | None = None
    message: NewMessage | None = None

    @property
    def public_id(self) -> str:
        """The contact's id for everybody."""
        return self.proposal.contact_id

    @property
    def verdict(self) -> str:
        """`allowed`, `deferred` or `refused`."""
        return self.decided.certificate.verdict


def add_contacts(new: Sequence[NewContact], kept: Collection[str] = ()) -> None:
    """Store proposed contacts, decisions, the places they take in their allowances, and messages.

    `kept` are digests of wordings that were seen to be kept: those are not sent again.
    """
    wordings = {one.decided.kept.wording.digest: one.decided.kept.wording.text for one in new}
    missing = sorted(item for item in wordings.items() if item[0] not in kept)
    if missing:
        rows.insert_new("debt_collection_certificatewording", WORDING, missing)
    rows.insert(
        [
            ("debt_collection_contact", CONTACT, [_contact(one) for one in new]),
            ("debt_collection_gatedecision", DECISION, [_decision(one) for one in new]),
            ("debt_collection_contactslot", SLOT, [slot for one in new for slot in _places(one)]),
            (
                "debt_collection_outboxmessage",
                MESSAGE,
                [_message(one, one.message) for one in new if one.message],
            ),
        ]
    )


def keep_rulebooks(books: Iterable[Rulebook]) -> None:
    """Store rulebooks that decide for the first time, so that what they decided can be decided again."""
    found = [(one.digest, one.place, one.text) for one in books]
    rows.insert_new("debt_collection_keptrulebook", RULEBOOK, sorted(found))


def digests(one: NewContact) -> witness.Digests:
    """What the event of a contact answers for: the contact, its decision, its message."""
    pk = str(one.pk)
    found = {
        "debt_collection_contact": {pk: _witnessed(Contact, CONTACT, _contact(one))},
        "debt_collection_gatedecision": {pk: _witnessed(GateDecision, DECISION, _decision(one))},
    }
    if one.message:
        row = {"contact_id": one.pk, "body_hash": one.message.digest, "not_after": one.decided.open_until}
        found["debt_collection_outboxmessage"] = {pk: witness.one_row(OutboxMessage, row)}
    return found


def _witnessed(model: type[Model], names: tuple[str, ...], row: tuple[object, ...]) -> str:
    return witness.one_row(model, dict(zip(names, row, strict=True)))


def _contact(one: NewContact) -> tuple[object, ...]:
    proposal, certificate = one.proposal, one.decided.certificate
    return (
        one.pk,
        proposal.contact_id,
        one.code,
        one.borrower.pk,
        one.loan.pk if one.loan else None,
        canonical.text(list(proposal.debts)),
        one.point.pk,
        proposal.channel,
        proposal.purpose,
        one.template,
        one.template_version,
        one.borrower.language,
        one.requested_by,
        proposal.at,
        certificate.verdict,
        certificate.earliest,
        one.retries,
    )


def as_model(one: NewContact) -> Contact:
    """A contact that was added, as a model of its row."""
    values = dict(zip(CONTACT, _contact(one), strict=True)) | {"debts": list(one.proposal.debts)}
    return Contact.from_db("default", list(values), list(values.values()))


def _decision(one: NewContact) -> tuple[object, ...]:
    decided = one.decided
    return (
        one.pk,
        decided.certificate.rulebook_digest,
        decided.facts_text,
        decided.kept.wording.digest,
        decided.kept.answers,
        decided.certificate.leading.provision_id,
    )


def _places(one: NewContact) -> list[tuple[object, ...]]:
    if one.decided.certificate.verdict != "allowed":
        return []
    return [
        (one.pk, one.borrower.pk, count.allowance, count.window, count.used + 1)
        for count in one.decided.certificate.counts_toward
        if count.slot
    ]


def _message(one: NewContact, new: NewMessage) -> tuple[object, ...]:
    plain = canonical.flat({"subject": new.subject, "body": new.body, "to": new.to, "sender": new.sender})
    place = {"table": "debt_collection_outboxmessage", "column": "body", "row": one.proposal.contact_id}
    sealed = encrypted.seal(plain, **place)
    return (one.pk, "queued", sealed, new.digest, one.decided.open_until, "", "", "", "")
