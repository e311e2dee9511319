"""A decision ready to be kept: the certificate, taken apart, the facts' text, and until when it holds.

Many people in the same situation differ in nothing but names. Such facts are decided once a shape: names are
taken out, the shape is decided, and names are put back, so that every text is what deciding alone would give.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lenity.base import canonical
from lenity.domain.debt_collection import gate, kept
from lenity.domain.debt_collection.certificate import Certificate
from lenity.domain.debt_collection.contact import Facts, Past, Person, Point, Proposal, Standing
from lenity.law.reader import Rulebook

MESSAGE_LIFE = timedelta(hours=2)
PROBE = timedelta(minutes=15)
MARK = "~"
"""No id holds it, so a name that stands in for an id cannot be mistaken for one."""
_STAND_IN = re.compile(f"{MARK}[0-9]{{18}}{MARK}")


@dataclass(frozen=True, slots=True)
class Decided:
    """What the gate said of one contact, as it is kept. `open_until` is for an allowed message only."""

    certificate: Certificate
    kept: kept.Kept
    facts_text: str
    open_until: datetime | None


Memory = dict[tuple[str, Facts, bool], Decided]
"""Shapes decided so far, kept for as long as a batch lasts."""


def decide(facts: Facts, rulebook: Rulebook, *, timed: bool, memory: Memory | None = None) -> Decided:
    """Decide on one contact; with a `memory`, by its shape. `timed` asks how long a message may wait."""
    if memory is None:
        return _alone(facts, rulebook, timed=timed)
    names: dict[str, str] = {}
    shape = _shape(facts, names)
    if shape is None:
        return _alone(facts, rulebook, timed=timed)
    key = (rulebook.digest, shape, timed)
    known = memory.get(key)
    if known is None:
        known = memory[key] = _alone(shape, rulebook, timed=timed)
    return _named(known, {stand_in: real for real, stand_in in names.items()}) or _alone(
        facts, rulebook, timed=timed
    )


def open_until(facts: Facts, rulebook: Rulebook) -> datetime:
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


def _alone(facts: Facts, rulebook: Rulebook, *, timed: bool) -> Decided:
    certificate = gate.decide(facts, rulebook)
    until = open_until(facts, rulebook) if timed and certificate.verdict == "allowed" else None
    return Decided(certificate, kept.keep(certificate), canonical.text(facts.to_plain()), until)


def _still_allowed(facts: Facts, rulebook: Rulebook, at: datetime) -> bool:
    later = replace(facts, proposal=replace(facts.proposal, at=at))
    return gate.decide(later, rulebook).verdict == "allowed"


def _named(known: Decided, names: dict[str, str]) -> Decided | None:
    """A shape's decision with the names put back; None where one was cut short or stands elsewhere."""

    def put_back(text: str) -> str:
        return _STAND_IN.sub(lambda found: names[found.group()], text)

    facts_text = put_back(known.facts_text)
    if MARK not in known.kept.answers:
        return replace(known, facts_text=facts_text)
    counts = tuple(
        count._replace(allowance=put_back(count.allowance)) for count in known.certificate.counts_toward
    )
    certificate = replace(known.certificate, counts_toward=counts)
    made = Decided(certificate, kept.keep(certificate), facts_text, known.open_until)
    return None if MARK in made.kept.answers else made


def _shape(facts: Facts, names: dict[str, str]) -> Facts | None:
    """The facts with a stand-in for each name; None where a text holds the mark of a stand-in."""
    person, proposal, point = facts.person, facts.proposal, facts.proposal.point
    texts = [
        point.source,
        proposal.template,
        *(part for one in facts.standings for pair in one.detail for part in pair),
    ]
    if any(MARK in text for text in texts):
        return None

    def name(real: str) -> str:
        if not real:
            return real
        known = names.get(real)
        if known is None:
            known = names[real] = f"{MARK}{len(names):018d}{MARK}"
        return known

    def many(reals: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name(one) for one in reals)

    return Facts(
        Person(name(person.id), person.jurisdiction, person.zones, person.birth_date, person.profile),
        Proposal(
            name(proposal.contact_id),
            proposal.at,
            proposal.channel,
            proposal.purpose,
            Point(
                name(point.id), point.kind, point.role, point.use, point.source, point.zones, name(point.who)
            ),
            many(proposal.debts),
            proposal.collectors,
            proposal.template,
            proposal.initiated_by,
        ),
        tuple(
            Past(
                name(one.contact_id),
                one.at,
                one.channel,
                one.purpose,
                name(one.point_id),
                one.role,
                many(one.debts),
                one.outcome,
                one.initiated_by,
                name(one.who),
            )
            for one in facts.history
        ),
        tuple(
            Standing(
                one.kind, one.since, one.until, one.channel, name(one.point_id), many(one.debts), one.detail
            )
            for one in facts.standings
        ),
    )
