"""The gate on the last allowed and the first forbidden value of each number, as a table a lawyer can read."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lenity.base import canonical
from lenity.domain.debt_collection import certificate, gate
from lenity.domain.debt_collection.contact import Facts, Past, Person, Point, Proposal, Standing
from lenity.law import reader

SHANGHAI, NEW_YORK = "Asia/Shanghai", "America/New_York"
CN, US = reader.rulebook("CN"), reader.rulebook("US")


def at(text: str, zone: str = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def proposed(when: datetime, place: str = "CN", channel: str = "sms", **changes: Any) -> Facts:
    zones = changes.pop("zones", (SHANGHAI,) if place == "CN" else (NEW_YORK,))
    role = changes.pop("role", "borrower")
    source = changes.pop("source", "contract")
    use = changes.pop("use", "unknown")
    kinds = {"email": "email", "letter": "address", "visit": "address"}
    point = Point("P", kinds.get(channel, "mobile"), role, use, source, zones)
    fields = {"purpose": "collection", "debts": ("L",), "collectors": 1, **changes}
    history, standings = fields.pop("history", ()), fields.pop("standings", ())
    birth = fields.pop("birth_date", date(1990, 3, 7))
    profile = fields.pop("profile", "creditor")
    proposal = Proposal(contact_id="C", at=when, channel=channel, point=point, **fields)
    return Facts(Person("B", place, zones, birth, profile), proposal, tuple(history), tuple(standings))


def verdict(facts: Facts) -> tuple[str, str]:
    decided = gate.decide(facts, reader.rulebook(facts.person.jurisdiction))
    return decided.verdict, decided.leading.provision_id if decided.verdict != "allowed" else ""


def past(when: datetime, channel: str = "call", outcome: str = "no_answer", **more: Any) -> Past:
    return Past("x", when, channel, "collection", more.get("point", "P"), "borrower", ("L",), outcome)


TUESDAY = "2026-11-03"
HOURS = [
    ("CN", SHANGHAI, "07:59:59.999999", "deferred"),
    ("CN", SHANGHAI, "08:00:00", "allowed"),
    ("CN", SHANGHAI, "21:59:59.999999", "allowed"),
    ("CN", SHANGHAI, "22:00:00", "deferred"),
    ("US", NEW_YORK, "07:59:59.999999", "deferred"),
    ("US", NEW_YORK, "08:00:00", "allowed"),
    ("US", NEW_YORK, "20:59:59.999999", "allowed"),
    ("US", NEW_YORK, "21:00:00", "deferred"),
]


@pytest.mark.parametrize(("place", "zone", "clock", "expected"), HOURS)
def test_hours(place: str, zone: str, clock: str, expected: str) -> None:
    assert verdict(proposed(at(f"{TUESDAY}T{clock}", zone), place))[0] == expected


def test_the_earliest_instant_is_when_the_hours_open() -> None:
    decided = gate.decide(proposed(at(f"{TUESDAY}T22:00:00")), CN)
    assert decided.earliest == at("2026-11-04T08:00:00")
    assert verdict(proposed(decided.earliest))[0] == "allowed"


def test_in_china_consent_lifts_the_hours() -> None:
    consent = Standing("hours_consent", at("2026-11-01T12:00:00"))
    assert verdict(proposed(at(f"{TUESDAY}T22:30:00"), standings=[consent]))[0] == "allowed"


ZONES = [
    (("America/New_York", "America/Los_Angeles"), "2026-11-03T10:59:59", "deferred"),
    (("America/New_York", "America/Los_Angeles"), "2026-11-03T11:00:00", "allowed"),
    (("America/New_York", "America/Los_Angeles"), "2026-11-03T20:59:59", "allowed"),
    (("America/New_York", "America/Los_Angeles"), "2026-11-03T21:00:00", "deferred"),
    (("America/New_York", "Pacific/Honolulu"), "2026-11-03T13:00:00", "allowed"),
    (("America/New_York", "Pacific/Honolulu"), "2026-11-03T12:59:59", "deferred"),
]


@pytest.mark.parametrize(("zones", "clock", "expected"), ZONES)
def test_conflicting_places_every_zone_has_to_be_open(
    zones: tuple[str, ...], clock: str, expected: str
) -> None:
    assert verdict(proposed(at(clock, NEW_YORK), "US", zones=zones))[0] == expected


def test_an_unknown_zone_closes_the_gate() -> None:
    assert verdict(proposed(at(f"{TUESDAY}T12:00:00"), "US", zones=()))[0] == "refused"


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("2026-11-01T00:30:00", "deferred"),  # the night the clocks go back
        ("2026-11-01T08:00:00", "allowed"),
        ("2026-03-08T07:59:59", "deferred"),  # the night the clocks go forward
        ("2026-03-08T08:00:00", "allowed"),
    ],
)
def test_days_on_which_the_clocks_change(clock: str, expected: str) -> None:
    assert verdict(proposed(at(clock, NEW_YORK), "US"))[0] == expected


NOON = at(f"{TUESDAY}T12:00:00")
COUNTS = [
    ("1 call today: 10 of 12 points", [past(NOON - timedelta(hours=1))], ("allowed", "")),
    (
        "2 calls today: the stress budget of the week is lower than the law",
        [past(NOON - timedelta(hours=n)) for n in (1, 2)],
        ("deferred", "HOUSE-STRESS"),
    ),
]


@pytest.mark.parametrize(("name", "history", "expected"), COUNTS)
def test_calls_and_the_stress_budget(name: str, history: list[Past], expected: tuple[str, str]) -> None:
    assert verdict(proposed(NOON, channel="call", history=history)) == expected


def _only(provision_id: str) -> reader.Rulebook:
    chosen = tuple(
        one
        for place in reader.places()
        for one in reader.rulebook(place).provisions
        if one.id == provision_id
    )[:1]
    assert chosen, provision_id
    return reader.Rulebook("X", chosen, "test")


ALONE = [
    ("CN-GBT-FREQ", 2, "conversation", "allowed"),
    ("CN-GBT-FREQ", 3, "conversation", "deferred"),
    ("CN-GBT-FREQ", 9, "no_answer", "allowed"),
    ("CN-CBA-FREQ", 5, "no_answer", "allowed"),
    ("CN-CBA-FREQ", 6, "no_answer", "deferred"),
    ("US-RF-14b-7IN7", 6, "no_answer", "allowed"),
    ("US-RF-14b-7IN7", 7, "no_answer", "deferred"),
    ("US-RF-14b-7IN7", 9, "not_connected", "allowed"),
    ("HOUSE-CALL-DAY", 2, "no_answer", "allowed"),
    ("HOUSE-CALL-DAY", 3, "no_answer", "deferred"),
    ("HOUSE-CALL-WEEK", 6, "no_answer", "allowed"),
    ("HOUSE-CALL-WEEK", 7, "no_answer", "deferred"),
]


@pytest.mark.parametrize(("provision", "number", "outcome", "expected"), ALONE)
def test_each_number_alone(provision: str, number: int, outcome: str, expected: str) -> None:
    history = [past(NOON - timedelta(minutes=at_), outcome=outcome) for at_ in range(number, 0, -1)]
    facts = proposed(NOON, channel="call", history=history)
    assert gate.decide(facts, _only(provision)).verdict == expected


def test_six_attempts_are_counted_for_each_contact_point() -> None:
    history = [past(NOON - timedelta(minutes=n), point="another") for n in range(9)]
    assert (
        gate.decide(proposed(NOON, channel="call", history=history), _only("CN-CBA-FREQ")).verdict
        == "allowed"
    )


def test_seven_in_seven_days_counts_this_day_as_the_seventh() -> None:
    noon = at(f"{TUESDAY}T12:00:00", NEW_YORK)
    rule = _only("US-RF-14b-7IN7")
    for days, expected in ((6, "deferred"), (7, "allowed")):
        history = [past(noon - timedelta(days=days, minutes=n)) for n in range(7)]
        assert gate.decide(proposed(noon, "US", channel="call", history=history), rule).verdict == expected


def test_after_a_conversation_the_eighth_day_is_open() -> None:
    """Comment 14(b)(2)(i): the day of the conversation is day 1."""
    talk = past(at("2026-11-03T19:00:00", NEW_YORK), outcome="conversation")
    rule = _only("US-RF-14b-TALK")
    last = proposed(at("2026-11-09T20:00:00", NEW_YORK), "US", channel="call", history=[talk])
    first = proposed(at("2026-11-10T09:00:00", NEW_YORK), "US", channel="call", history=[talk])
    decided = gate.decide(last, rule)
    assert decided.verdict == "deferred"
    assert decided.earliest == at("2026-11-10T00:00:00", NEW_YORK)
    assert gate.decide(first, rule).verdict == "allowed"


def test_direct_consent_lifts_the_frequency() -> None:
    talk = past(at("2026-11-03T19:00:00", NEW_YORK), outcome="conversation")
    consent = Standing("direct_consent", at("2026-11-03T19:00:00", NEW_YORK), until=date(2026, 11, 10))
    now = at("2026-11-05T12:00:00", NEW_YORK)
    facts = proposed(now, "US", channel="call", history=[talk], standings=[consent])
    assert gate.decide(facts, _only("US-RF-14b-TALK")).verdict == "allowed"
    late = proposed(at("2026-11-11T12:00:00", NEW_YORK), "US", channel="call", standings=[consent])
    assert gate.decide(late, _only("US-RF-14b-TALK")).verdict == "allowed"


def test_a_consent_holds_only_where_it_surely_holds_and_a_stop_wherever_it_may() -> None:
    """With two possible zones a last day may have ended in one of them only."""
    zones = ("America/New_York", "Asia/Shanghai")
    now = at("2026-11-03T12:00:00", NEW_YORK)  # already 4 November in Shanghai
    until = date(2026, 11, 3)
    talk = past(at("2026-11-02T12:00:00", NEW_YORK), outcome="conversation")
    consent = Standing("direct_consent", at("2026-11-01T12:00:00", NEW_YORK), until=until)
    facts = proposed(now, "US", channel="call", zones=zones, history=[talk], standings=[consent])
    assert gate.decide(facts, _only("US-RF-14b-TALK")).verdict == "deferred"
    stop = Standing("promise", at("2026-11-01T12:00:00", NEW_YORK), until=until)
    stopped = proposed(now, "US", channel="call", zones=zones, standings=[stop])
    assert gate.decide(stopped, _only("HOUSE-HOLDS")).verdict == "refused"


def test_a_consent_for_one_debt_does_not_cover_another() -> None:
    talk = past(at("2026-11-03T19:00:00", NEW_YORK), outcome="conversation")
    now = at("2026-11-05T12:00:00", NEW_YORK)
    for debts, expected in ((("L",), "allowed"), (("M",), "deferred"), ((), "allowed")):
        consent = Standing("direct_consent", at("2026-11-03T19:00:00", NEW_YORK), debts=debts)
        facts = proposed(now, "US", channel="call", history=[talk], standings=[consent])
        assert gate.decide(facts, _only("US-RF-14b-TALK")).verdict == expected


HOUSE = [("sms", 0, "allowed"), ("sms", 1, "deferred"), ("email", 1, "deferred"), ("call", 1, "allowed")]


@pytest.mark.parametrize(("channel", "today", "expected"), HOUSE)
def test_house_caps_of_the_day(channel: str, today: int, expected: str) -> None:
    outcome = "no_answer" if channel == "call" else "handed"
    history = [past(NOON - timedelta(hours=n + 1), channel, outcome) for n in range(today)]
    assert verdict(proposed(NOON, channel=channel, history=history))[0] == expected


@pytest.mark.parametrize(("number", "expected"), [(2, "allowed"), (3, "deferred")])
def test_house_cap_of_the_week(number: int, expected: str) -> None:
    history = [past(NOON - timedelta(days=n + 1), "sms", "handed") for n in range(number)][::-1]
    assert verdict(proposed(NOON, history=history))[0] == expected


@pytest.mark.parametrize(("points", "expected"), [("", "allowed"), ("2", "allowed"), ("1", "refused")])
def test_the_borrower_may_lower_the_stress_budget_and_not_raise_it(points: str, expected: str) -> None:
    wish = (
        [Standing("stress_budget", NOON - timedelta(days=9), detail=(("points", points),))] if points else []
    )
    assert verdict(proposed(NOON, standings=wish))[0] == expected


STATES = [
    ("promise", "HOUSE-HOLDS"),
    ("plan", "CN-XYK-70"),
    ("dispute", "HOUSE-HOLDS"),
    ("complaint", "HOUSE-HOLDS"),
    ("hardship_review", "HOUSE-HOLDS"),
    ("deceased", "HOUSE-HOLDS"),
    ("cease", "HOUSE-CEASE"),
]


@pytest.mark.parametrize(("kind", "provision"), STATES)
def test_a_standing_state_stops_collection(kind: str, provision: str) -> None:
    standing = Standing(kind, NOON - timedelta(days=1))
    assert verdict(proposed(NOON, standings=[standing])) == ("refused", provision)


@pytest.mark.parametrize(
    ("until", "expected"), [(date(2026, 11, 3), "refused"), (date(2026, 11, 2), "allowed")]
)
def test_a_promise_holds_until_its_last_day(until: date, expected: str) -> None:
    promise = Standing("promise", NOON - timedelta(days=3), until=until)
    assert verdict(proposed(NOON, standings=[promise]))[0] == expected


def test_a_switched_off_channel_is_closed_and_another_is_not() -> None:
    off = Standing("channel_opt_out", NOON - timedelta(days=1), channel="sms")
    assert verdict(proposed(NOON, standings=[off]))[0] == "refused"
    assert verdict(proposed(NOON, channel="email", standings=[off]))[0] == "allowed"


def test_after_a_cease_notice_only_the_named_notices_pass() -> None:
    cease = Standing("cease", at("2026-11-02T12:00:00", NEW_YORK))
    now = at("2026-11-03T12:00:00", NEW_YORK)
    assert verdict(proposed(now, "US", standings=[cease]))[0] == "refused"
    named = proposed(now, "US", standings=[cease], template="us-end-of-efforts")
    assert verdict(named)[0] == "allowed"


WHO = [
    ("borrower", "collection", [], "allowed"),
    ("guarantor", "collection", [], "allowed"),
    ("contact_person", "collection", [], "refused"),
    ("contact_person", "locate", [], "refused"),
    ("neighbour", "locate", [], "refused"),
]


@pytest.mark.parametrize(("role", "purpose", "history", "expected"), WHO)
def test_who_may_be_contacted(role: str, purpose: str, history: list[Past], expected: str) -> None:
    assert verdict(proposed(NOON, role=role, purpose=purpose, history=history))[0] == expected


LOST = [
    ("2 calls in a row yesterday", 2, 1, "refused"),
    ("3 calls in a row yesterday", 3, 1, "allowed"),
    ("3 calls in a row today: from tomorrow", 3, 0, "refused"),
]


@pytest.mark.parametrize(("name", "number", "days", "expected"), LOST)
def test_lost_as_the_rule_defines_it(name: str, number: int, days: int, expected: str) -> None:
    history = [past(NOON - timedelta(days=days, minutes=9 - n)) for n in range(number)]
    facts = proposed(NOON, role="contact_person", purpose="locate", history=history)
    assert verdict(facts)[0] == expected
    refused = Standing("contact_person_refused", NOON - timedelta(hours=1))
    assert verdict(replace(facts, standings=(refused,)))[0] == "refused"


@pytest.mark.parametrize(("collectors", "expected"), [(1, "refused"), (2, "allowed")])
def test_visits_by_two(collectors: int, expected: str) -> None:
    assert verdict(proposed(NOON, channel="visit", collectors=collectors))[0] == expected


@pytest.mark.parametrize(
    ("born", "expected"), [(date(2008, 11, 4), "refused"), (date(2008, 11, 3), "allowed"), (None, "allowed")]
)
def test_minors(born: date | None, expected: str) -> None:
    assert verdict(proposed(NOON, birth_date=born))[0] == expected


@pytest.mark.parametrize(
    ("source", "expected"), [("contract", "allowed"), ("", "refused"), ("bought", "refused")]
)
def test_where_a_number_came_from(source: str, expected: str) -> None:
    assert verdict(proposed(NOON, source=source))[0] == expected


DAYS = [
    ("2026-09-30", "allowed"),
    ("2026-10-01", "deferred"),
    ("2026-12-31", "allowed"),
    ("2027-01-01", "refused"),
]


@pytest.mark.parametrize(("day", "expected"), DAYS)
def test_holidays_and_the_end_of_the_calendar(day: str, expected: str) -> None:
    assert verdict(proposed(at(f"{day}T12:00:00")))[0] == expected


def test_notice_before_an_outside_collector_and_before_a_negative_report() -> None:
    notice = Standing("outsourcing_notice", NOON - timedelta(days=3))
    assert verdict(proposed(NOON, profile="collector")) == ("refused", "CN-XB-2022")
    assert verdict(proposed(NOON, profile="collector", standings=[notice]))[0] == "allowed"
    told = Standing("negative_report_notice", NOON - timedelta(days=3))
    assert verdict(proposed(NOON, purpose="negative_report"))[0] == "refused"
    assert verdict(proposed(NOON, purpose="negative_report", standings=[told]))[0] == "allowed"


@pytest.mark.parametrize(("place", "purpose"), [("ZZ", "collection"), ("CN", "marketing"), ("CN", "")])
def test_doubt_closes_the_gate(place: str, purpose: str) -> None:
    facts = proposed(NOON, purpose=purpose)
    facts = replace(facts, person=replace(facts.person, jurisdiction=place))
    assert verdict(facts)[0] == "refused"


@pytest.mark.parametrize(("clock", "expected"), [("08:59:59", "deferred"), ("09:00:00", "allowed")])
def test_a_third_country_needs_no_code(clock: str, expected: str) -> None:
    zone = "Asia/Hong_Kong"
    facts = proposed(at(f"{TUESDAY}T{clock}", zone), zones=(zone,))
    facts = replace(facts, person=replace(facts.person, jurisdiction="HK"))
    assert verdict(facts)[0] == expected
    assert (
        verdict(replace(facts, proposal=replace(facts.proposal, point=Point("P", "mobile", "family"))))[0]
        == "refused"
    )


HISTORIES = st.lists(
    st.builds(
        past,
        st.integers(0, 20 * 24 * 60).map(lambda minutes: NOON - timedelta(minutes=minutes)),
        st.sampled_from(["call", "sms", "email"]),
        st.sampled_from(["no_answer", "conversation", "handed", "not_connected", "unknown"]),
    ),
    max_size=12,
).map(lambda found: sorted(found, key=lambda one: one.at))
KINDS = ["promise", "dispute", "channel_opt_out", "cease", "hours_consent", "direct_consent", "quiet_hours"]
STANDINGS = st.lists(
    st.builds(Standing, st.sampled_from(KINDS), st.just(NOON - timedelta(days=30))), max_size=2
)
CASES = int(os.environ.get("LENITY_CASES", "400"))
WHEN = st.integers(0, 48 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes))
ORDER = {"allowed": 0, "deferred": 1, "refused": 2}


@settings(max_examples=CASES, deadline=None)
@given(
    WHEN,
    HISTORIES,
    STANDINGS,
    st.sampled_from(["call", "sms", "email"]),
    st.sampled_from(["CN", "US"]),
    st.data(),
)
def test_properties(
    when: datetime,
    history: list[Past],
    standings: list[Standing],
    channel: str,
    place: str,
    data: st.DataObject,
) -> None:
    facts = proposed(when, place, channel=channel, history=history, standings=standings)
    book = reader.rulebook(place)
    whole = gate.decide(facts, book)
    rules = [at_ for at_, one in enumerate(book.provisions) if one.kind]  # a calendar is data, not a rule
    less = data.draw(st.sampled_from(rules))
    fewer = reader.Rulebook(place, book.provisions[:less] + book.provisions[less + 1 :], "fewer")
    assert ORDER[gate.decide(facts, fewer).verdict] <= ORDER[whole.verdict], "a provision allowed more"
    again = Facts.from_plain(facts.to_plain())
    assert again == facts
    assert canonical.text(gate.decide(again, book).to_plain()) == canonical.text(whole.to_plain())
    if whole.verdict == "deferred" and whole.earliest is not None:
        assert whole.earliest > when
        later = replace(facts, proposal=replace(facts.proposal, at=whole.earliest))
        assert gate.decide(later, book).verdict == "allowed"
    for language in ("zh-hans", "en"):
        assert len(certificate.in_words(whole.to_plain(), language)) >= 2


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("13:59:59", ("allowed", "")),
        ("14:00:00", ("deferred", "HOUSE-OWN-HOURS")),
        ("15:59:59", ("deferred", "HOUSE-OWN-HOURS")),
        ("16:00:00", ("allowed", "")),
    ],
)
def test_her_own_hours_are_kept_where_no_law_asks_for_it(clock: str, expected: tuple[str, str]) -> None:
    """HOUSE-OWN-HOURS."""
    hours = (("closed_from", "14:00"), ("closed_until", "16:00"))
    wish = Standing("quiet_hours", NOON - timedelta(days=3), detail=hours)
    asked = proposed(at(f"{TUESDAY}T{clock}"), standings=(wish,))
    assert verdict(asked) == expected


@pytest.mark.parametrize("place", ["CN", "US", "HK", "UK"])
def test_what_other_law_requires_to_be_sent_leaves_by_day(place: str) -> None:
    """HOUSE-PURPOSE, HOUSE-HOURS-NOTICE."""
    zones = (NEW_YORK,) if place == "US" else (SHANGHAI,)
    stopped = (Standing("cease", NOON - timedelta(days=9)), Standing("dispute", NOON - timedelta(days=9)))
    for clock, expected in (("12:00:00", "allowed"), ("21:00:00", "deferred"), ("07:59:59", "deferred")):
        when = at(f"{TUESDAY}T{clock}", zones[0])
        asked = proposed(when, place, "letter", purpose="legal_notice", zones=zones, standings=stopped)
        assert verdict(asked)[0] == expected, (place, clock, verdict(asked))
