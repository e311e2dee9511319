"""The same facts give the same bytes, from one version of Lenity to the next: certificates are replayed.

What each kind of rule says of a thousand random facts is recorded as a digest. A change that alters one
makes stored certificates differ on replay; only then, and said in the changelog, is a digest written anew.
"""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest

from lenity.base import canonical
from lenity.domain.debt_collection import gate
from tests.domain import every_rule

CASES = 1000
RECORDED = {
    "quiet_hours": ("dc38ff2775652a86", {"allowed": 1418, "deferred": 463, "refused": 119}),
    "own_quiet_hours": ("e20281e888660c29", {"allowed": 901, "deferred": 74, "refused": 25}),
    "closed_days": ("bcfe7f2d6cb3202a", {"allowed": 207, "deferred": 793, "refused": 1000}),
    "at_most_in_days": ("687acbbf7ac5096e", {"allowed": 2501, "deferred": 499}),
    "wait_after": ("260bc3ce3fe46e20", {"allowed": 1610, "deferred": 390}),
    "points_budget": ("56e38d2f35d9f11a", {"allowed": 246, "deferred": 437, "refused": 317}),
    "waits_for": ("e3ab7aab067fac1f", {"allowed": 173, "deferred": 51, "refused": 776}),
    "stops": ("803904aa90ce13c6", {"allowed": 945, "refused": 55}),
    "needs": ("be1cb8466be90ff5", {"allowed": 100, "refused": 900}),
    "known_purpose": ("4e0ed37826e913be", {"allowed": 735, "refused": 265}),
    "known_source": ("491500bbffdb8bdf", {"allowed": 660, "refused": 340}),
    "enough_people": ("be0db57b17ea2ba2", {"allowed": 96, "refused": 904}),
    "old_enough": ("f6419c61b9309712", {"allowed": 774, "refused": 226}),
    "roles": ("cbbbdeae145fac4d", {"allowed": 633, "refused": 367}),
    "place": ("2fc67b8565079097", {"allowed": 1978, "refused": 22}),
    "at_most_ever": ("85641e3124940c89", {"allowed": 891, "refused": 109}),
    "together": ("9ff25c3a4fe1b153", {"allowed": 20, "deferred": 731, "refused": 249}),
}


def test_every_kind_is_recorded() -> None:
    assert set(RECORDED) == set(every_rule.RULES) | {"together"}
    assert set(every_rule.RULES) <= set(gate.KINDS)


@pytest.mark.parametrize("kind", RECORDED)
def test_a_certificate_keeps_its_bytes(kind: str) -> None:
    books = [every_rule.together()] if kind == "together" else every_rule.alone(kind)
    sealed, verdicts = hashlib.sha256(), Counter[str]()
    for facts in every_rule.facts(kind, CASES):
        for book in books:
            decided = gate.decide(facts, book)
            verdicts[decided.verdict] += 1
            sealed.update(canonical.text(decided.to_plain()).encode())
            sealed.update(repr(decided.counts_toward).encode())
    assert (sealed.hexdigest()[:16], dict(sorted(verdicts.items()))) == RECORDED[kind]
