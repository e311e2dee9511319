"""Deciding by shape gives, byte for byte, what deciding each alone gives."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lenity.domain.debt_collection import decided
from lenity.domain.debt_collection.contact import Facts
from lenity.interfaces.shared import gate_input
from lenity.law import reader
from tests.domain import histories


def renamed(facts: Facts, mark: str) -> Facts:
    """The same situation of somebody else: every name is another one."""

    def other(real: str) -> str:
        return f"{mark}{real}" if real else real

    proposal = facts.proposal
    return Facts(
        replace(facts.person, id=other(facts.person.id)),
        replace(
            proposal,
            contact_id=other(proposal.contact_id),
            debts=tuple(map(other, proposal.debts)),
            point=replace(proposal.point, id=other(proposal.point.id), who=other(proposal.point.who)),
        ),
        tuple(
            replace(
                one,
                contact_id=other(one.contact_id),
                point_id=other(one.point_id),
                debts=tuple(map(other, one.debts)),
                who=other(one.who),
            )
            for one in facts.history
        ),
        tuple(
            replace(one, point_id=other(one.point_id), debts=tuple(map(other, one.debts)))
            for one in facts.standings
        ),
    )


def check(question: dict[str, Any]) -> None:
    facts, rules = gate_input.read(question)
    book = reader.narrowed(reader.rulebook(facts.person.jurisdiction), house=rules.house)
    memory: decided.Memory = {}
    for one in (facts, renamed(facts, "N7"), renamed(facts, "LONGER-")):
        by_shape = decided.decide(one, book, timed=True, memory=memory)
        assert by_shape == decided.decide(one, book, timed=True)
    assert len(memory) == 1


@pytest.mark.parametrize("drawn", histories.DRAWN)
@settings(max_examples=150, deadline=None)
@given(chance=st.randoms(use_true_random=False))
def test_by_shape_as_alone(drawn: str, chance: histories.Random) -> None:
    draw, place = histories.DRAWN[drawn]
    check(draw(chance, place))


QUESTION = {
    "person": {"jurisdiction": "CN", "zones": ["Asia/Shanghai"]},
    "proposal": {"at": "2026-03-04T02:00:00Z", "channel": "sms", "point": {"id": "P"}, "debts": ["A"]},
    "standings": [{"kind": "promise", "since": "2026-03-01T02:00:00Z"}],
}


@pytest.mark.parametrize("text", ["~", "~000000000000000000~"])
def test_a_text_that_looks_like_a_stand_in_is_decided_alone(text: str) -> None:
    facts, _ = gate_input.read(QUESTION)
    standing = replace(facts.standings[0], detail=(("plan", text),))
    hostile = replace(facts, standings=(standing,))
    memory: decided.Memory = {}
    book = reader.rulebook("CN")
    assert decided.decide(hostile, book, timed=False, memory=memory) == decided.decide(
        hostile, book, timed=False
    )
    assert memory == {}


def test_two_shapes_are_not_mixed_up() -> None:
    facts, _ = gate_input.read({**QUESTION, "standings": []})
    own = {"kind": "channel_opt_out", "since": "2026-03-01T02:00:00Z", "point": "P"}
    others = {**own, "point": "Q"}
    memory: decided.Memory = {}
    book = reader.rulebook("CN")
    verdicts = [
        decided.decide(
            gate_input.read({**QUESTION, "standings": [wish]})[0], book, timed=False, memory=memory
        ).certificate.verdict
        for wish in (own, others)
    ]
    assert verdicts == ["refused", "allowed"]
    assert facts.history == ()
