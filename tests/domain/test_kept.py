"""A certificate taken apart and put together again is the same, byte for byte."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lenity.base import canonical
from lenity.domain.debt_collection import gate, kept
from lenity.domain.debt_collection.certificate import Certificate
from lenity.interfaces.shared import gate_input
from lenity.law import reader
from tests.domain import histories
from tests.domain.test_certificate import NOON, certificate, finding
from tests.domain.test_decided import QUESTION


def check(made: Certificate) -> kept.Kept:
    apart = kept.keep(made)
    text = canonical.text(made.to_plain())
    together = kept.whole(apart.answers, apart.wording.text)
    assert canonical.text(together) == text
    assert apart.digest == hashlib.sha256(text.encode()).hexdigest()
    assert apart.wording.digest == hashlib.sha256(apart.wording.text.encode()).hexdigest()
    assert canonical.text(json.loads(apart.answers)) == apart.answers
    assert kept.whole(text, "") == made.to_plain()
    return apart


@pytest.mark.parametrize("drawn", histories.DRAWN)
@settings(max_examples=100, deadline=None)
@given(chance=st.randoms(use_true_random=False))
def test_whole_again(drawn: str, chance: histories.Random) -> None:
    draw, place = histories.DRAWN[drawn]
    facts, rules = gate_input.read(draw(chance, place))
    book = reader.narrowed(reader.rulebook(facts.person.jurisdiction), house=rules.house)
    check(gate.decide(facts, book))


HOSTILE = '"},{"id":"x","说":"\\\n\u2028'


def test_texts_that_look_like_json_stay_texts() -> None:
    check(certificate("allowed", finding(HOSTILE, "allows", HOSTILE, NOON), finding("b", "refuses")))


def test_the_words_of_the_law_are_kept_once() -> None:
    facts, _ = gate_input.read({**QUESTION, "standings": []})
    later = replace(facts, proposal=replace(facts.proposal, at=facts.proposal.at + timedelta(hours=3)))
    book = reader.rulebook("CN")
    one, two = (check(gate.decide(each, book)) for each in (facts, later))
    assert one.wording == two.wording
    assert one.answers != two.answers
    assert len(one.answers) * 2 < len(one.wording.text)


def test_other_words_are_another_wording() -> None:
    first = finding("a", "allows")
    for other in (first._replace(article="b"), first._replace(says={**first.says, "en": "Other."})):
        assert check(certificate("allowed", first)).wording != check(certificate("allowed", other)).wording


def test_a_wording_of_other_provisions_does_not_fit() -> None:
    short, long = (check(certificate("allowed", *[finding("a", "allows")] * number)) for number in (1, 2))
    with pytest.raises(ValueError, match="zip"):
        kept.whole(long.answers, short.wording.text)
