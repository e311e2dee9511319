"""What a view counts and excuses: the first and the last instant of each condition."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lenity.domain.debt_collection.contact import Facts, Past, Person, Point, Proposal, Standing
from lenity.domain.debt_collection.rules.view import View

NOW = datetime(2026, 11, 3, 2, 12, tzinfo=UTC)
ZONE = "Asia/Shanghai"
LAW = {"excused_by": ["consent"], "excused_days": 2, "consent_ended_by": ["conversation"]}
GIVEN = NOW - timedelta(days=3)
LAST = datetime(2026, 11, 1, 16, 0, tzinfo=UTC) - timedelta(microseconds=1)
"""The end of the second day of the consent in Shanghai."""


def past(at: datetime, **changes: object) -> Past:
    values: dict[str, object] = {"channel": "call", "debts": ("A",), "outcome": "no_answer"}
    return Past("c", at, purpose="collection", point_id="P", **{**values, **changes})  # type: ignore[arg-type]


def consent(**changes: object) -> Standing:
    values: dict[str, object] = {"kind": "consent", "since": GIVEN, "debts": ("A",), "channel": "call"}
    return Standing(**{**values, **changes})  # type: ignore[arg-type]


def counted(history: list[Past], *standings: Standing, since: datetime | None = None) -> list[int]:
    point = Point("P", "mobile", zones=(ZONE,))
    proposal = Proposal("C", NOW, "call", "collection", point, ("A",))
    facts = Facts(Person("B", "US", (ZONE,)), proposal, tuple(history), standings)
    return View(facts, NOW).past(LAW, since=since)


@pytest.mark.parametrize(
    ("at", "given", "is_excused"),
    [
        (GIVEN, consent(), True),
        (GIVEN - timedelta(microseconds=1), consent(), False),
        (LAST, consent(), True),
        (LAST + timedelta(microseconds=1), consent(), False),
        (LAST, consent(kind="promise"), False),
        (LAST, consent(channel="sms"), False),
        (LAST, consent(channel=""), True),
        (LAST, consent(debts=("B",)), False),
        (LAST, consent(debts=()), True),
        (LAST, consent(detail=(("given", "indirectly"),)), False),
        (LAST, consent(detail=(("ended_at", LAST.isoformat()),)), False),
        (LAST, consent(detail=(("ended_at", (LAST + timedelta(microseconds=1)).isoformat()),)), True),
    ],
)
def test_a_contact_is_excused_by_a_direct_consent_of_its_days(
    at: datetime, given: Standing, is_excused: bool
) -> None:
    assert counted([past(at)], given) == ([] if is_excused else [0])


@pytest.mark.parametrize(
    ("talk", "counts"),
    [
        (past(GIVEN + timedelta(hours=1), outcome="conversation"), [1]),
        (past(GIVEN + timedelta(hours=1), outcome="no_answer"), []),
        (past(GIVEN, outcome="conversation"), []),
        (past(GIVEN + timedelta(hours=1), outcome="conversation", debts=("B",)), [0]),
        (past(GIVEN + timedelta(hours=1), outcome="conversation", role="guarantor"), []),
        (past(LAST, outcome="conversation"), []),
    ],
)
def test_a_consent_ends_after_the_talk_that_ends_it_and_that_talk_is_still_excused(
    talk: Past, counts: list[int]
) -> None:
    assert counted([talk, past(LAST)], consent()) == counts


def test_a_consent_among_others_is_found() -> None:
    assert counted([past(LAST)], consent(kind="promise"), consent(channel="sms"), consent()) == []


def test_what_is_counted_since_an_instant_in_whatever_order_it_stands() -> None:
    old, edge, new = (past(NOW - timedelta(days=back)) for back in (9, 8, 7))
    to_come = past(NOW + timedelta(microseconds=1))
    assert counted([old, edge, new, to_come], since=edge.at) == [1, 2]
    assert counted([to_come, new, edge, old], since=edge.at) == [1, 2]
    assert counted([new, old, edge], since=edge.at) == [0, 2]
    assert counted([edge, old], since=edge.at) == [0]
    assert counted([past(NOW)]) == [0]
    assert counted([], since=NOW) == []
