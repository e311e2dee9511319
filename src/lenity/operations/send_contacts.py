"""Hand queued messages over to their channel: claim, check again, hand over, write down.

Two units of work with the network between them. A collection contact leaves at most once: a message whose
dispatcher stopped, or whose provider did not answer, is `unknown`, counts in every limit, and is never sent
again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from lenity.domain.debt_collection import contact as contact_facts
from lenity.domain.debt_collection import gate, wording
from lenity.gateways import clock, delivery, ids
from lenity.law import reader
from lenity.operations import unit
from lenity.records import encrypted
from lenity.records.debt_collection import gate_queries, gate_rows, writes
from lenity.records.debt_collection.models import Contact, OutboxMessage

LEASE = timedelta(minutes=5)
PAID_ENDS = ("collection",)


class Channel(Protocol):
    """What a gateway offers to this operation."""

    def hand_over_many(
        self, messages: list[delivery.Message]
    ) -> Mapping[str, delivery.Accepted | delivery.RefusedByProvider | delivery.Unknown]: ...


@dataclass(frozen=True)
class Sent:
    """What became of one round."""

    claimed: int
    handed: int
    refused: int
    unknown: int
    cancelled: int


def send_contacts(*, channels: Mapping[str, Channel], actor: str, at_most: int = 500) -> Sent:
    """Send up to `at_most` queued messages; call again until `claimed` is 0."""
    if not gate_queries.has_queued(clock.now()):
        return Sent(0, 0, 0, 0, 0)
    owner = ids.public_id()
    with unit.of_work(operation="claim_messages", actor=actor) as work:
        writes.lapse_leases(now=work.now)
        claimed = writes.claim_messages(owner=owner, until=work.now + LEASE, at_most=at_most)
        stopped = _stopped(claimed, work.now)
        cancelled = writes.cancel_messages(stopped, owner=owner)
        _record(work, owner, {"claimed": len(claimed), "cancelled": cancelled})
        going = [message for message in claimed if message.contact_id not in stopped]
        ready = [(message.contact.channel, _message(message)) for message in going]
    outcomes, failed = _hand_over(channels, ready)
    with unit.of_work(operation="settle_messages", actor=actor) as work:
        settled = [message for message in going if message.contact.channel not in failed]
        results = [_result(message, outcomes.get(message.contact.public_id)) for message in settled]
        writes.settle_messages(results, owner=owner, now=work.now)
        states = [str(result["state"]) for result in results]
        counted = {name: states.count(name) for name in ("handed", "refused", "unknown")}
        _record(work, owner, counted)
    if failed:
        raise next(iter(failed.values()))
    return Sent(len(claimed), cancelled=cancelled, **counted)


Outcomes = dict[str, delivery.Accepted | delivery.RefusedByProvider | delivery.Unknown]


def _hand_over(
    channels: Mapping[str, Channel], ready: list[tuple[str, delivery.Message]]
) -> tuple[Outcomes, dict[str, Exception]]:
    """Answers by contact, and the channels that failed: their messages stay leased, and become unknown."""
    outcomes: Outcomes = {}
    failed: dict[str, Exception] = {}
    for channel in sorted({channel for channel, _ in ready}):
        batch = [message for name, message in ready if name == channel]
        try:
            outcomes |= channels[channel].hand_over_many(batch)
        except Exception as error:  # raised again when the other channels' answers are kept
            failed[channel] = error
    return outcomes, failed


def _stopped(claimed: list[OutboxMessage], now: datetime) -> dict[int, str]:
    """Messages that may not leave any more, with the reason: paid since, or the gate has closed."""
    stopped: dict[int, str] = {}
    overdue = _overdue([message.contact for message in claimed if message.contact.purpose in PAID_ENDS])
    for message in claimed:
        contact = message.contact
        if contact.loan_id in overdue and overdue[contact.loan_id] == 0:
            stopped[message.contact_id] = "Paid since it was allowed."
        elif message.not_after < now or not _still_allowed(message, now):
            stopped[message.contact_id] = "The gate has closed since it was allowed."
        elif said := _unlawful(message):
            stopped[message.contact_id] = said
    return stopped


def _overdue(contacts: list[Contact]) -> dict[int, int]:
    """What is overdue on the loans that these contacts are about, on the day of each borrower's place."""
    loans: dict[str, list[int]] = {}
    for contact in contacts:
        if contact.loan_id:
            loans.setdefault(contact.borrower.jurisdiction, []).append(contact.loan_id)
    found: dict[int, int] = {}
    for place, pks in loans.items():
        found |= gate_rows.overdue_minor(pks, clock.business_day(place))
    return found


def _unlawful(row: OutboxMessage) -> str:
    """What the final text may not say, quoted, whatever its template said; empty when it is clean."""
    final = _message(row)
    found = wording.lint(f"{final.subject}\n{final.body}")
    return f"The text holds {found[0].en}: {found[0].quote!r}"[:200] if found else ""


def _still_allowed(message: OutboxMessage, now: datetime) -> bool:
    """Ask the gate again with the facts of this instant, the contact itself left out of its history."""
    contact = message.contact
    if contact.contact_point is None or contact.contact_point.retired_at is not None:
        return False
    proposal = contact_facts.Proposal(
        contact_id=contact.public_id,
        at=now,
        channel=contact.channel,
        purpose=contact.purpose,
        point=gate_queries.point_of(contact.contact_point),
        debts=tuple(contact.debts),
        template=contact.template,
    )
    stored = json.loads(contact.decision.facts)["person"]["profile"]
    facts = gate_queries.facts_of_many([(contact.borrower, proposal)], {contact.borrower.pk: stored})[0]
    others = tuple(past for past in facts.history if past.contact_id != contact.public_id)
    rulebook = reader.rulebook(contact.borrower.jurisdiction)
    return gate.decide(replace(facts, history=others), rulebook).verdict == "allowed"


def _message(row: OutboxMessage) -> delivery.Message:
    place = {"table": "debt_collection_outboxmessage", "column": "body", "row": row.contact.public_id}
    plain = json.loads(encrypted.unseal(row.body_sealed, **place))
    return delivery.Message(
        contact_id=row.contact.public_id,
        channel=row.contact.channel,
        to=plain["to"],
        sender=plain["sender"],
        subject=plain["subject"],
        body=plain["body"],
        language=row.contact.language,
        not_after=row.not_after,
    )


def _result(
    row: OutboxMessage, said: delivery.Accepted | delivery.RefusedByProvider | delivery.Unknown | None
) -> Mapping[str, object]:
    if isinstance(said, delivery.Accepted):
        return {
            "contact_id": row.contact_id,
            "state": "handed",
            "provider": said.provider,
            "provider_id": said.provider_id,
        }
    if isinstance(said, delivery.RefusedByProvider):
        return {"contact_id": row.contact_id, "state": "refused", "note": f"{said.code} {said.says}"[:200]}
    note = said.says if said else "The channel gave no answer."
    return {"contact_id": row.contact_id, "state": "unknown", "note": note[:200]}


def _record(work: unit.Work, owner: str, counted: Mapping[str, object]) -> None:
    work.record(subject_kind="dispatch", subject_id=owner, body=counted)
