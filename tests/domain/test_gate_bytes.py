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
    "quiet_hours": ("11f908b6cc7301b5", {"allowed": 1306, "deferred": 544, "refused": 150}),
    "own_quiet_hours": ("fe497b3037c106c3", {"allowed": 905, "deferred": 73, "refused": 22}),
    "closed_days": ("7b62dcb92f4f34d3", {"allowed": 424, "deferred": 1205, "refused": 1371}),
    "at_most_in_days": ("ee78b0eeb241f57e", {"allowed": 2532, "deferred": 468}),
    "wait_after": ("70a92156691a3cbc", {"allowed": 1592, "deferred": 408}),
    "points_budget": ("76729a72f3b18157", {"allowed": 250, "deferred": 439, "refused": 311}),
    "waits_for": ("468027a494fc33ad", {"allowed": 182, "deferred": 44, "refused": 774}),
    "stops": ("deee73d02faff34e", {"allowed": 1851, "refused": 149}),
    "needs": ("732523fea3512856", {"allowed": 73, "refused": 927}),
    "known_purpose": ("a2ffa17621a1e8cb", {"allowed": 737, "refused": 263}),
    "known_source": ("78558450f13a1b0b", {"allowed": 644, "refused": 356}),
    "enough_people": ("3b7e426c471ab8b2", {"allowed": 109, "refused": 891}),
    "old_enough": ("83701f306098ec2b", {"allowed": 755, "refused": 245}),
    "roles": ("06cc4521ceae2e82", {"allowed": 1338, "refused": 662}),
    "place": ("1a5d25e37d873631", {"allowed": 2972, "refused": 28}),
    "at_most_ever": ("44096fd69795cfba", {"allowed": 1556, "refused": 444}),
    "together": ("5698100e0edb9c4f", {"allowed": 10, "deferred": 731, "refused": 259}),
}


def test_every_kind_is_recorded() -> None:
    assert set(RECORDED) == set(every_rule.RULES) | {"together"}
    assert set(every_rule.RULES) == set(gate.KINDS), "a kind of rule without a row in every_rule"


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
