"""The same facts give the same bytes, from one version of Lenity to the next: certificates are replayed.

What each kind of rule says of a thousand random facts is recorded as a digest. A change that alters one
makes stored certificates differ on replay; only then, and said in the changelog, is a digest written anew.
"""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest

from lenity.base import canonical
from lenity.domain.debt_collection import certificate, gate
from tests.domain import every_rule

CASES = 1000
RECORDED = {
    "quiet_hours": ("c72d0b4fc11dd01e", {"allowed": 1418, "deferred": 463, "refused": 119}),
    "own_quiet_hours": ("c7bd1fdb6764ffb9", {"allowed": 901, "deferred": 74, "refused": 25}),
    "closed_days": ("37859ad04de42a64", {"allowed": 207, "deferred": 793, "refused": 1000}),
    "at_most_in_days": ("14268cbb91f322b8", {"allowed": 2501, "deferred": 499}),
    "wait_after": ("472f5c4d40ff0655", {"allowed": 1610, "deferred": 390}),
    "points_budget": ("af9bfac5d7f047b6", {"allowed": 246, "deferred": 437, "refused": 317}),
    "waits_for": ("bc9c7d90c0bdc68c", {"allowed": 173, "deferred": 51, "refused": 776}),
    "stops": ("4d5861920640c150", {"allowed": 945, "refused": 55}),
    "needs": ("8db80c95f5759b00", {"allowed": 100, "refused": 900}),
    "known_purpose": ("2d21ca0fb85946a7", {"allowed": 735, "refused": 265}),
    "known_source": ("d61c061743d25586", {"allowed": 660, "refused": 340}),
    "enough_people": ("16d4355a57fb8cf4", {"allowed": 96, "refused": 904}),
    "old_enough": ("cc0a09a1886b52e7", {"allowed": 774, "refused": 226}),
    "roles": ("90a1db4e3f612058", {"allowed": 633, "refused": 367}),
    "place": ("36d169baae9bf51d", {"allowed": 1978, "refused": 22}),
    "at_most_ever": ("22997da8c0ef8dfe", {"allowed": 891, "refused": 109}),
    "together": ("5caad55c93274597", {"allowed": 20, "deferred": 731, "refused": 249}),
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
            plain = decided.to_plain()
            sealed.update(canonical.text(plain).encode())
            sealed.update(repr([certificate.in_words(plain, one) for one in ("zh-hans", "en")]).encode())
            sealed.update(repr(decided.counts_toward).encode())
    assert (sealed.hexdigest()[:16], dict(sorted(verdicts.items()))) == RECORDED[kind]
