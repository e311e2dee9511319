"""A decision ready to be kept: the certificate, taken apart, the facts' text, and until when it holds.

Many people in the same situation differ in nothing but names. Such facts are decided once a shape: names are
taken out, the shape is decided, and names are put back, so that every text is what deciding alone would give.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, NamedTuple

from lenity.base import canonical
from lenity.domain.debt_collection import gate, kept
from lenity.domain.debt_collection.certificate import Certificate
from lenity.domain.debt_collection.contact import Facts, Past, Person, Point, Proposal, Standing
from lenity.law.reader import Rulebook

MESSAGE_LIFE = timedelta(hours=2)
PROBE = timedelta(minutes=15)
MARK = "~"
"""No id holds it, so a name that stands in for an id cannot be mistaken for one."""
_STAND_IN = re.compile(f"{MARK}([0-9]{{18}}){MARK}")


@dataclass(frozen=True, slots=True)
class Decided:
    """What the gate said of one contact, as it is kept. `open_until` is for an allowed message only."""

    certificate: Certificate
    kept: kept.Kept
    facts_text: str
    open_until: datetime | None


class _Shape(NamedTuple):
    """A shape's decision; `texts` are its facts' text between the names, `places` which name stands where."""

    decided: Decided
    texts: tuple[str, ...]
    places: tuple[int, ...]


Memory = dict[tuple[Any, ...], _Shape]
"""Shapes decided so far, kept for as long as a batch lasts."""


def decide(facts: Facts, rulebook: Rulebook, *, timed: bool, memory: Memory | None = None) -> Decided:
    """Decide on one contact; with a `memory`, by its shape. `timed` asks how long a message may wait."""
    if memory is None or _has_mark(facts):
        return _alone(facts, rulebook, timed=timed)
    names = _Names({"": 0})
    key = (rulebook.digest, timed, _key(facts, names))
    known = memory.get(key)
    if known is None:
        known = memory[key] = _cut(_alone(_shape(facts, names), rulebook, timed=timed))
    return _named(known, list(names)) or _alone(facts, rulebook, timed=timed)


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


class _Names(dict[str, int]):
    """Names in the order in which they were met, with their number; no name at all is the first."""

    def __missing__(self, real: str) -> int:
        self[real] = number = len(self)
        return number


def _named(known: _Shape, names: list[str]) -> Decided | None:
    """A shape's decision with the names put back; None where one was cut short or stands elsewhere."""
    shape, texts, places = known
    told = [texts[0]]
    for place, following in zip(places, texts[1:], strict=True):
        told += (canonical.quoted(names[place])[1:-1], following)
    facts_text = "".join(told)
    if MARK not in shape.kept.answers:
        return Decided(shape.certificate, shape.kept, facts_text, shape.open_until)

    def put_back(text: str) -> str:
        return _STAND_IN.sub(lambda found: names[int(found.group(1))], text)

    counts = tuple(
        count._replace(allowance=put_back(count.allowance)) for count in shape.certificate.counts_toward
    )
    certificate = replace(shape.certificate, counts_toward=counts)
    made = Decided(certificate, kept.keep(certificate), facts_text, shape.open_until)
    return None if MARK in made.kept.answers else made


def _cut(decided: Decided) -> _Shape:
    parts = _STAND_IN.split(decided.facts_text)
    return _Shape(decided, tuple(parts[::2]), tuple(map(int, parts[1::2])))


def _has_mark(facts: Facts) -> bool:
    """Whether a text of the facts could be mistaken for a stand-in."""
    proposal = facts.proposal
    if MARK in proposal.point.source or MARK in proposal.template:
        return True
    return any(MARK in part for one in facts.standings for pair in one.detail for part in pair)


NAMES = {
    Person: ("id",),
    Proposal: ("contact_id",),
    Point: ("id", "who"),
    Past: ("contact_id", "point_id", "who"),
    Standing: ("point_id",),
}
"""Which fields name somebody or something; `debts` do as well. All the others are the situation."""


def _rest(kind: type) -> Any:
    """Reads what is no name from a person, proposal, point, contact or standing wish."""
    return attrgetter(*(one.name for one in fields(kind) if one.name not in (*NAMES[kind], "debts", "point")))


_PERSON, _PROPOSAL, _POINT, _PAST, _STANDING = map(_rest, NAMES)


def _key(facts: Facts, names: _Names) -> tuple[Any, ...]:
    """The situation, with a number for each name."""
    person, proposal, point = facts.person, facts.proposal, facts.proposal.point
    return (
        *(_PERSON(person), names[person.id]),
        *(_PROPOSAL(proposal), names[proposal.contact_id], *[names[one] for one in proposal.debts]),
        *(_POINT(point), names[point.id], names[point.who]),
        *[
            (
                *(_PAST(one), names[one.contact_id], names[one.point_id], names[one.who]),
                *[names[debt] for debt in one.debts],
            )
            for one in facts.history
        ],
        None,
        *[
            (_STANDING(one), names[one.point_id], *[names[debt] for debt in one.debts])
            for one in facts.standings
        ],
    )


def _shape(facts: Facts, names: _Names) -> Facts:
    """The facts with a stand-in for each name."""

    def stand_in(one: Any) -> Any:
        changed: dict[str, Any] = {name: _stand_in(names[getattr(one, name)]) for name in NAMES[type(one)]}
        if hasattr(one, "debts"):
            changed["debts"] = tuple(_stand_in(names[debt]) for debt in one.debts)
        return replace(one, **changed)

    return Facts(
        stand_in(facts.person),
        replace(stand_in(facts.proposal), point=stand_in(facts.proposal.point)),
        tuple(map(stand_in, facts.history)),
        tuple(map(stand_in, facts.standings)),
    )


def _stand_in(number: int) -> str:
    return f"{MARK}{number:018d}{MARK}" if number else ""
