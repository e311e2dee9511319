"""The gate: may this contact be made, by which provisions, and if not now, when.

Pure and without a number or a country: a rulebook says which rules apply with which values. Doubt closes it.
Adding a provision never allows more, because every provision can only defer or refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from lenity.domain.debt_collection.certificate import Certificate, Count, Finding
from lenity.domain.debt_collection.contact import Facts
from lenity.domain.debt_collection.rules import counts, states, times
from lenity.domain.debt_collection.rules.view import ALLOWS, Answer, View, said
from lenity.law.reader import InForce, Provision, Rulebook

Rule = Callable[[View, Mapping[str, Any]], Answer]

KINDS: dict[str, Rule] = {
    "quiet_hours": times.quiet_hours,
    "own_quiet_hours": times.own_quiet_hours,
    "closed_days": times.closed_days,
    "at_most_in_days": counts.at_most_in_days,
    "wait_after": counts.wait_after,
    "points_budget": counts.points_budget,
    "waits_for": counts.waits_for,
    "stops": states.stops,
    "needs": states.needs,
    "known_purpose": states.known_purpose,
    "known_source": states.known_source,
    "enough_people": states.enough_people,
    "old_enough": states.old_enough,
    "roles": states.roles,
    "place": states.place,
    "at_most_ever": states.at_most_ever,
}

FAIL_CLOSED = "HOUSE-FAIL-CLOSED"
LOOK_AHEAD = 40
REPLY = "reply"
REPLY_THEN = "reply_then"
OWN_USE = "own_use"
NOTHING = states.NOTHING_STANDS
LIFTED = Answer(
    "allows", said("对方已同意不适用此限制。", "The person agreed that this limit need not apply.")
)


class _Asked(NamedTuple):
    """A provision that is asked of one kind of contact, with its value and rule of the day."""

    provision: Provision
    value: Any
    rule: Rule
    told: tuple[Any, ...]
    plain: Finding
    quiet: Finding


def decide(facts: Facts, rulebook: Rulebook) -> Certificate:
    """Decide on one proposed contact; every provision that looked at it is among the findings."""
    at = facts.proposal.at.astimezone(UTC)
    asked, answers = _look(facts, rulebook, at)
    if not asked:
        return _closed(rulebook, at)
    findings = tuple(
        [
            one.plain if answer is ALLOWS else one.quiet if answer is NOTHING else _finding(one, answer)
            for one, answer in zip(asked, answers, strict=True)
        ]
    )
    effects = {answer.effect for answer in answers}
    if "refuses" in effects:
        return Certificate("refused", findings, None, (), rulebook.digest, at)
    if "defers" in effects:
        earliest = _earliest(facts, rulebook, answers)
        return Certificate("deferred", findings, earliest, (), rulebook.digest, at)
    counted: tuple[Count, ...] = tuple([count for answer in answers for count in answer.counts])
    return Certificate("allowed", findings, None, counted, rulebook.digest, at)


def applies(provision: Provision, kind: tuple[str, str, str, str]) -> bool:
    """Whether a provision looks at contacts of this channel, purpose, role and profile."""
    tests = zip(("channels", "purposes", "roles", "profiles"), kind, strict=True)
    return all(value in provision.applies[key] for key, value in tests if key in provision.applies)


def _look(facts: Facts, rulebook: Rulebook, at: datetime) -> tuple[tuple[_Asked, ...], list[Answer]]:
    """The provisions that look at this contact, and the answer of each."""
    view, proposal = View(facts, at), facts.proposal
    kind = (proposal.channel, proposal.purpose, proposal.point.role, facts.person.profile)
    asked = _asked(rulebook, at.date(), kind)
    return asked, [
        LIFTED if one.provision.lifted_by and _is_lifted(one, view) else one.rule(view, one.value)
        for one in asked
    ]


@lru_cache(maxsize=8192)
def _asked(rulebook: Rulebook, day: date, kind: tuple[str, str, str, str]) -> tuple[_Asked, ...]:
    """The provisions of a day that look at a kind of contact: channel, purpose, role, profile."""
    return tuple(_prepared(one) for one in rulebook.on(day) if applies(one.provision, kind))


def _prepared(one: InForce) -> _Asked:
    """What does not depend on the facts, done once: the rule, and the findings of one that simply allows."""
    provision, value = one.provision, one.value
    rule = KINDS.get(provision.kind) or _unknown(provision.kind)
    told = (
        provision.id,
        provision.instrument,
        provision.article,
        provision.force,
        provision.confidence,
    )
    plain, quiet = (Finding(*told, one.effect, provision.says, one.facts) for one in (ALLOWS, NOTHING))
    return _Asked(provision, value, rule, told, plain, quiet)


def _unknown(kind: str) -> Rule:
    answer = Answer("refuses", said("没有此类规则。", f"No rule is called {kind}."))
    return lambda view, value: answer


def _is_lifted(one: _Asked, view: View) -> bool:
    """A consent lifts a provision, for so many days where the law says so.

    `reply` is an answer, once; `reply_then` one within the same closed hours in which the person wrote;
    `own_use` that the person used this very number or address herself.
    """
    lifted = one.provision.lifted_by
    if REPLY in lifted and view.unanswered() is not None:
        return True
    if REPLY_THEN in lifted and _same_hours(one, view):
        return True
    if OWN_USE in lifted and view.was_used():
        return True
    return bool(view.granted(lifted, one.value.get("excused_days", 0), one.value.get("consent_ended_by", ())))


def _same_hours(one: _Asked, view: View) -> bool:
    """Whether the person wrote in closed hours that have not ended since."""
    asked = view.unanswered()
    if asked is None:
        return False
    then = one.rule(View(view.facts, asked), one.value)
    return then.effect == "defers" and then.earliest is not None and then.earliest > view.at


def _earliest(facts: Facts, rulebook: Rulebook, answers: list[Answer]) -> datetime | None:
    """The first instant at which nothing defers any more, looked for step by step; None if not found."""
    at: datetime | None = None
    for _ in range(LOOK_AHEAD):
        opens = [answer.earliest for answer in answers if answer.effect == "defers"]
        if not opens:
            return at
        known = [instant for instant in opens if instant is not None]
        if len(known) < len(opens):
            return None
        at = max(known)
        _, answers = _look(facts, rulebook, at)
        if any(answer.effect == "refuses" for answer in answers):
            return None
    return None


def _finding(one: _Asked, answer: Answer) -> Finding:
    effect, facts, earliest, _ = answer
    return Finding._make((*one.told, effect, one.provision.says, facts, earliest))


def _closed(rulebook: Rulebook, at: datetime) -> Certificate:
    day = (rulebook.law_of or at.date()).isoformat()
    why = said(f"没有 {rulebook.place} 的规则。", f"There are no rules for {rulebook.place}.")
    if rulebook.provisions:
        why = said(
            f"{rulebook.place} 在 {day} 没有管到此类联系的规则。",
            f"No rule of {rulebook.place} that looks at such a contact was in force on {day}.",
        )
    finding = Finding(
        provision_id=FAIL_CLOSED,
        instrument={"zh": "宽行自律规则", "en": "Lenity house rules"},
        article="fail closed",
        force="house",
        confidence="P",
        effect="refuses",
        says={
            "zh": "没有适用的规则时，不联系。",
            "en": "Where no rulebook speaks, there is no contact.",
        },
        facts_used=why,
    )
    return Certificate("refused", (finding,), None, (), rulebook.digest, at)
