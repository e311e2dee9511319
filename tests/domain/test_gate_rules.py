"""Edges of single rules that no law in force happens to reach: each rule keeps them for the next one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lenity.domain.debt_collection import gate
from lenity.domain.debt_collection.contact import Facts, Past, Person, Point, Proposal, Standing
from lenity.domain.debt_collection.rules import counts, states, times
from lenity.domain.debt_collection.rules.view import View
from tests.domain import every_rule

SHANGHAI = "Asia/Shanghai"
NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)
"""Noon of a Tuesday in Shanghai."""
DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)


def facts(*standings: Standing, history: list[Past] | None = None, **changes: Any) -> Facts:
    point = Point("P", "mobile", changes.pop("role", "borrower"), zones=(SHANGHAI,))
    proposal = Proposal("C", changes.pop("at", NOON), "call", "collection", point, ("L",), **changes)
    return Facts(Person("B", "TEST", (SHANGHAI,)), proposal, tuple(history or ()), standings)


def view(*standings: Standing, **changes: Any) -> View:
    asked = facts(*standings, **changes)
    return View(asked, asked.proposal.at)


def call(ago: timedelta, outcome: str = "no_answer", channel: str = "call", **more: Any) -> Past:
    return Past("c", NOON - ago, channel, "collection", "P", debts=("L",), outcome=outcome, **more)


def unanswered(*days: int) -> list[Past]:
    return [call(day * DAY + timedelta(minutes=9)) for day in sorted(days, reverse=True)]


LOST = [
    ("two days in a row, yesterday the last", unanswered(2, 1), True),
    ("two days in a row, today the last", unanswered(1, 0), True),
    ("one day", unanswered(1), False),
    ("a day between", unanswered(2, 0), False),
    ("a day after the last", unanswered(3, 2), False),
    ("twice on one day", unanswered(1, 1), False),
    ("days before an answered call do not", [call(3 * DAY), call(2 * DAY, "conversation"), call(DAY)], False),
    ("days after a call that was answered do", [call(3 * DAY, "conversation"), call(2 * DAY), call(DAY)], True),
    ("a call that did not connect counts", [call(2 * DAY, "not_connected"), call(DAY)], True),
    ("a busy line does not", [call(2 * DAY), call(DAY, "busy")], False),
    ("calls to another person do not", [call(2 * DAY, role="guarantor"), call(DAY)], False),
    ("messages do not", [replace(call(2 * DAY), channel="sms"), call(DAY)], False),
    ("a number that is not in service counts", [call(2 * DAY, "not_in_service"), call(DAY)], True),
    ("not before she wrote herself", [call(2 * DAY), call(DAY, "", channel="sms", initiated_by="person")], False),
    ("not before a talk on a visit", [call(2 * DAY), call(DAY, "conversation", "visit"),
                                      call(timedelta())], False),
    ("her own call that nobody took ends it", [call(2 * DAY), call(DAY, initiated_by="person")], False),
    ("what comes later does not", [call(DAY), call(-DAY)], False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "history", "expected"), LOST, ids=[row[0] for row in LOST])
def test_lost_by_days_in_a_row(name: str, history: list[Past], expected: bool) -> None:
    lost = {"calls_in_a_row": 99, "days_in_a_row": 2, "zone": SHANGHAI}
    assert states.is_lost(view(history=history), lost) is expected


@pytest.mark.parametrize(
    ("number", "ago", "expected"), [(3, 1, True), (2, 1, False), (4, 1, True), (3, 0, False)]
)
def test_lost_by_calls_in_a_row_from_the_next_day(number: int, ago: int, expected: bool) -> None:
    lost = {"calls_in_a_row": 3, "days_in_a_row": 99, "zone": SHANGHAI}
    history = [call(9 * DAY, "conversation"), *unanswered(*[ago] * number)]
    assert states.is_lost(view(history=history), lost) is expected


def test_the_third_call_of_a_row_counts_and_not_the_newest() -> None:
    lost = {"calls_in_a_row": 3, "days_in_a_row": 99, "zone": SHANGHAI}
    assert states.is_lost(view(history=unanswered(1, 1, 1, 0)), lost)
    assert not states.is_lost(view(history=unanswered(1, 1, 0)), lost)


NOTICE = every_rule.RULES["waits_for"][0]
MIDNIGHT = datetime(2026, 3, 9, 16, tzinfo=UTC)
"""Four days after a notice of 6 March in Shanghai."""
SENT = MIDNIGHT - 4 * DAY + timedelta(hours=9)


def sent(at: datetime, message: str) -> Standing:
    return Standing("notice", at, detail=(("message", message),))


def back(at: datetime, message: str) -> Standing:
    return Standing("undeliverable", at, detail=(("message", message),))


WAITS = [
    ("no notice", [], "refuses"),
    ("the last instant of the days", [Standing("notice", SENT)], "defers"),
    ("came back in the same instant", [Standing("notice", SENT), Standing("undeliverable", SENT)], "refuses"),
    ("sent again a moment later",
     [Standing("notice", SENT), Standing("undeliverable", SENT - MOMENT)], "defers"),
    ("came back when the days were over: news too late",
     [Standing("notice", SENT - DAY), Standing("undeliverable", MIDNIGHT - DAY)], "allows"),
    ("came back a moment before they were",
     [Standing("notice", SENT - DAY), Standing("undeliverable", MIDNIGHT - DAY - MOMENT)], "refuses"),
    ("of two notices the first counts", [Standing("notice", SENT - DAY), Standing("notice", SENT)], "allows"),
    ("a later one that came back takes nothing from the first",
     [sent(SENT - DAY, "A"), sent(SENT, "B"), back(MIDNIGHT - DAY - MOMENT, "B")], "allows"),
    ("the first one came back itself", [sent(SENT - DAY, "A"), back(MIDNIGHT - DAY - MOMENT, "A")], "refuses"),
    ("the first one came back, the later one waits",
     [sent(SENT - DAY, "A"), sent(SENT, "B"), back(SENT, "A")], "defers"),
    ("news of no named message is of any", [sent(SENT - DAY, "A"), back(SENT, "")], "refuses"),
    ("news of another than the unnamed notice may be of it", [sent(SENT - DAY, ""), back(SENT, "B")], "refuses"),
    ("sent again after the days, news of the first too late: nothing begins anew",
     [sent(SENT - DAY, "A"), back(MIDNIGHT - DAY, "A"), sent(MIDNIGHT - DAY + MOMENT, "B")], "allows"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "standings", "expected"), WAITS, ids=[row[0] for row in WAITS])
def test_a_notice_waits(name: str, standings: list[Standing], expected: str) -> None:
    before = MIDNIGHT - MOMENT
    answer = counts.waits_for(view(*standings, at=before), NOTICE)
    assert answer.effect == expected
    if expected == "defers":
        assert answer.earliest == MIDNIGHT
        assert counts.waits_for(view(*standings, at=MIDNIGHT), NOTICE).effect == "allows"


def test_a_rule_that_nobody_knows_refuses() -> None:
    (book,) = every_rule.alone("needs")
    strange = replace(book, provisions=(replace(book.provisions[0], kind="moonlight"),))
    decided = gate.decide(facts(), strange)
    assert decided.verdict == "refused"
    assert decided.leading.facts_used == {
        "zh": "没有此类规则。",
        "en": "No rule is called moonlight.",
    }


def test_a_place_without_law_is_closed_and_says_so() -> None:
    (book,) = every_rule.alone("needs")
    decided = gate.decide(facts(), replace(book, place="ZZ", provisions=()))
    plain = decided.to_plain()
    assert (decided.verdict, decided.decided_at, plain["rulebook"]) == ("refused", NOON, "test")
    assert plain["provisions"] == [
        {
            "id": "HOUSE-FAIL-CLOSED",
            "instrument": {"zh": "宽行自律规则", "en": "Lenity house rules"},
            "article": "fail closed",
            "force": "house",
            "confidence": "P",
            "effect": "refuses",
            "says": {
                "zh": "没有适用的规则时，不联系。",
                "en": "Where no rulebook speaks, there is no contact.",
            },
            "facts_used": {"zh": "没有 ZZ 的规则。", "en": "There are no rules for ZZ."},
            "earliest": None,
        }
    ]


def test_a_provision_looks_at_its_own_channels_purposes_roles_and_profiles() -> None:
    (book,) = every_rule.alone("needs")
    kind = ("call", "collection", "borrower", "creditor")
    keys = ("channels", "purposes", "roles", "profiles")
    assert gate.applies(replace(book.provisions[0], applies={}), kind)
    for key, value in zip(keys, kind, strict=True):
        assert gate.applies(replace(book.provisions[0], applies={key: (value, "x")}), kind)
        assert not gate.applies(replace(book.provisions[0], applies={key: ("x",)}), kind)


NEW_YORK = "America/New_York"
TWICE = datetime(2026, 11, 1, 6, 15, tzinfo=UTC)
"""A quarter past one in New York for the second time: the clocks went back."""


def in_new_york(*standings: Standing) -> View:
    asked = facts(*standings, at=TWICE)
    return View(replace(asked, person=replace(asked.person, zones=(NEW_YORK,))), TWICE)


def test_hours_that_come_twice_never_open_in_the_past() -> None:
    """Half past one has been already, and comes again: the gate is shut until then."""
    value = {"zone": NEW_YORK, "closed_from": "22:00", "closed_until": "01:30"}
    answer = times.quiet_hours(in_new_york(), value)
    assert (answer.effect, answer.earliest) == ("defers", TWICE + timedelta(minutes=15))
    wish = Standing("quiet_hours", NOON, detail=(("zone", NEW_YORK), *tuple(value.items())[1:]))
    own = times.own_quiet_hours(in_new_york(wish), {"kinds": ["quiet_hours"]})
    assert (own.effect, own.earliest) == ("defers", TWICE + timedelta(minutes=15))


@pytest.mark.parametrize(("last", "effect"), [(10, "allows"), (9, "refuses")])
def test_a_calendar_past_its_end(last: int, effect: str) -> None:
    answer = times.closed_days(view(), {"zone": SHANGHAI, "valid_until": date(2026, 3, last), "days": ()})
    assert answer.effect == effect
    if effect == "refuses":
        assert answer.facts == {
            "zh": "节假日日历只到 2026-03-09。",
            "en": "The holiday calendar ends on 2026-03-09.",
        }


def test_what_has_no_points_costs_none() -> None:
    spent = [replace(call(DAY), channel="letter"), call(DAY), call(DAY)]
    (value,) = every_rule.RULES["points_budget"]
    assert counts.points_budget(view(history=spent), value).facts["used"] == "6"


@pytest.mark.parametrize(("debts", "effect"), [(("L", "M"), "allows"), (("M",), "defers"), ((), "allows")])
def test_only_a_consent_about_the_debt_excuses_a_call(debts: tuple[str, ...], effect: str) -> None:
    consent = Standing("direct_consent", NOON - DAY, debts=debts)
    value = {**every_rule.RULES["at_most_in_days"][1], "at_most": 1}
    assert counts.at_most_in_days(view(consent, history=[call(DAY / 2)]), value).effect == effect


@pytest.mark.parametrize(("at", "holds"), [(MIDNIGHT - MOMENT, True), (MIDNIGHT, False)])
def test_the_last_instant_of_a_consent(at: datetime, holds: bool) -> None:
    consent = Standing("direct_consent", MIDNIGHT - 3 * DAY + timedelta(hours=9))
    assert bool(view(consent, at=at).granted(["direct_consent"], 3)) is holds
    value = {**every_rule.RULES["at_most_in_days"][1], "at_most": 1, "excused_days": 3}
    made = replace(call(DAY), at=at)
    counted = counts.at_most_in_days(view(consent, at=MIDNIGHT + DAY / 2, history=[made]), value)
    assert (counted.effect == "allows") is holds
