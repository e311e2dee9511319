"""Checks, caps and limits: the last allowed and the first forbidden value, and what no input can break."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lenity.base import identity_numbers
from lenity.base.outcomes import InputRefused
from lenity.domain.lending import checks, decision, experiments, facts
from lenity.domain.lending.facts import Asked, Facts
from lenity.domain.scoring import model as models
from lenity.domain.servicing import schedule
from lenity.domain.underwriting import capacity, judging, request
from lenity.law import reader
from tests import lending_world as world

DAY = date(2026, 11, 24)
POLICY = decision.read(world.STANDARD)
MODEL = models.read(world.model_text())
GOOD = Facts(
    DAY, "CN", "CNY", identity="valid", birth_date_agrees=True, of_age=True, age_years=36, open_applications=0,
    days_since_decline=None, other_names=0, phone_people=0, mobile_known=True, income_minor=2_000_000,
    debts_minor=320_000, debts_verified=True, living_minor=120_000, asked=Asked(6_000_000, 12, 180_000),
)  # fmt: skip
EDGES = [
    ("identity_number", {"identity": "valid"}, "pass"),
    ("identity_number", {"identity": "check_digit"}, "refer"),
    ("identity_number", {"identity": "missing"}, "refer"),
    ("birth_date", {"birth_date_agrees": None}, "pass"),
    ("birth_date", {"birth_date_agrees": False}, "refer"),
    ("of_age", {"of_age": False}, "decline"),
    ("of_age", {"of_age": None}, "refer"),
    ("age_at_most", {"age_years": 70}, "pass"),
    ("age_at_most", {"age_years": 71}, "refer"),
    ("open_application", {"open_applications": 0}, "pass"),
    ("open_application", {"open_applications": 1}, "refer"),
    ("recent_decline", {"days_since_decline": 30}, "pass"),
    ("recent_decline", {"days_since_decline": 29}, "refer"),
    ("other_names", {"other_names": 1}, "refer"),
    ("shared_telephone", {"phone_people": 2}, "pass"),
    ("shared_telephone", {"phone_people": 3}, "refer"),
    ("likely_known", {"likely_known": 0}, "pass"),
    ("likely_known", {"likely_known": 1}, "refer"),
    ("likely_known", {"likely_known": None}, "pass"),
    ("known_telephone", {"mobile_known": False}, "refer"),
    ("known_telephone", {"mobile_known": None}, "pass"),
    ("income_plausible", {"income_minor": 30_000_099}, "pass"),
    ("income_plausible", {"income_minor": 30_000_100}, "refer"),
    ("debts_known", {"debts_minor": None}, "refer"),
    ("debts_known", {"debts_minor": None, "income_minor": None}, "pass"),
    ("capacity_known", {"income_minor": None}, "refer"),
    ("debt_to_income", {"debts_minor": 1_400_000, "living_minor": 0}, "pass"),
    ("debt_to_income", {"debts_minor": 1_400_001, "living_minor": 0}, "decline"),
    ("debt_to_income", {"income_minor": 0, "debts_minor": 1}, "decline"),
    ("debt_to_income", {"income_minor": 0, "debts_minor": 0}, "pass"),
    ("free_income", {"income_minor": 440_000}, "pass"),
    ("free_income", {"income_minor": 439_999}, "decline"),
    ("free_income", {"income_minor": None}, "pass"),
]


def judged(known: Facts = GOOD, risk: str = "5", policy: decision.Policy = POLICY) -> judging.Judged:
    return judging.judge({"RISK": risk}, known, MODEL, policy, "CNY")


@pytest.mark.parametrize(("check", "changes", "outcome"), EDGES)
def test_the_last_allowed_and_the_first_forbidden_value(
    check: str, changes: dict[str, Any], outcome: str
) -> None:
    results = {one.id: one for one in checks.run(POLICY.checks, replace(GOOD, **changes), False)}
    assert results[check].outcome == outcome


def test_every_shipped_check_has_an_edge() -> None:
    assert {one.id for one in POLICY.checks} == {check for check, _, _ in EDGES}
    assert checks.hardest(checks.run(POLICY.checks, GOOD, False)) == "pass"


def test_what_the_source_vouches_for_is_passed_and_said_to_be() -> None:
    known = replace(GOOD, identity="missing", vouched=("identity_valid",))
    first = checks.run(POLICY.checks, known, False)[0]
    assert (first.outcome, first.vouched, first.value) == ("pass", True, None)


def test_age_is_asked_only_where_it_may_be() -> None:
    """US-RB-6b2, US-MAJORITY, CN-CC-17-20."""
    china, america = reader.rulebook("CN"), reader.rulebook("US")
    for book in (china, america):
        assert facts.of_age(date(2008, 11, 24), DAY, book) is True
        assert facts.of_age(date(2008, 11, 25), DAY, book) is False
    assert facts.of_age(None, DAY, china) is None
    assert facts.of_age(date(1990, 1, 1), DAY, reader.rulebook("HK")) is None
    assert facts.age_years(date(1950, 1, 1), DAY, "CN") == 76
    assert facts.age_years(date(1950, 1, 1), DAY, "US") is None
    assert america.value("US-RB-6b2", DAY) == {"age_may_be_used": False}
    for places in ('places = ["US"]', 'places = ["CN", "US"]', ""):
        with pytest.raises(InputRefused, match="age"):
            decision.read(world.STANDARD.replace('places = ["CN"]', places))


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        (world.NUMBER, ""),
        (world.NUMBER.lower(), ""),
        (world.NUMBER[:-1] + "1", "check_digit"),
        ("99" + world.NUMBER[2:], "province"),
        (world.NUMBER[:10] + "13" + world.NUMBER[12:], "date"),
        (world.NUMBER[:-1], "length"),
    ],
)
def test_what_is_wrong_with_an_identity_number(number: str, fault: str) -> None:
    assert identity_numbers.fault(number, "CN") == fault
    read = request.read(world.told(who={"identity_number": number}), ("CN",), DAY)
    assert read.told["identity"] == (fault or "valid")
    assert read.person.identity_number == ("" if fault else number)


def test_a_decision_by_checks_alone_names_no_score() -> None:
    """US-RB-9b2: reasons are those that were used."""
    declined = judged(replace(GOOD, of_age=False, income_minor=100_000))
    assert declined.outcome == "decline"
    assert [one["code"] for one in json.loads(declined.reasons)] == [
        "check:of_age", "check:debt_to_income", "check:free_income",
    ]  # fmt: skip
    both = judged(replace(GOOD, of_age=False), risk="45")
    assert [one["code"] for one in json.loads(both.reasons)] == ["check:of_age", "risk"]
    by_score = judged(risk="45")
    assert [one["code"] for one in json.loads(by_score.reasons)] == ["risk"]
    referred = judged(replace(GOOD, income_minor=700_000))
    assert (referred.outcome, referred.binding_cap) == ("refer", "affordability")
    assert [one["code"] for one in json.loads(referred.reasons)] == ["cap:affordability"]
    six = replace(GOOD, identity="date", birth_date_agrees=False, open_applications=1, other_names=1,
                  phone_people=9, mobile_known=False)  # fmt: skip
    assert len(json.loads(judged(six).reasons)) == 4


amounts = st.integers(0, 5_000_000)
known_facts = st.builds(
    lambda income, debts, living, amount, number, rate: replace(
        GOOD,
        income_minor=income,
        debts_minor=debts,
        living_minor=living,
        asked=Asked(amount, number, rate) if amount else None,
    ),
    st.none() | amounts,
    st.none() | amounts,
    amounts,
    st.integers(0, 60_000_000),
    st.integers(1, 60),
    st.integers(0, 360_000),
)


@settings(max_examples=300, deadline=None)
@given(known=known_facts, risk=st.sampled_from(sorted(world.DEFAULTS)), explore=st.booleans())
def test_no_limit_is_above_any_cap(known: Facts, risk: str, explore: bool) -> None:
    policy = decision.read(world.STANDARD + EXPLORING) if explore else POLICY
    one = judging.judge({"RISK": risk}, known, MODEL, policy, "CNY", explore=explore)
    assert one == judging.judge(
        {"RISK": risk}, facts.read(known.text()), MODEL, policy, "CNY", explore=explore
    )
    caps = json.loads(one.caps)
    assert all(one.limit_minor <= cap * 100 for cap in caps.values())
    assert (one.limit_minor > 0) == (one.outcome == "approve")
    if one.outcome == "approve" and known.income_minor is not None and known.asked:
        owed = Asked(one.limit_minor, known.asked.instalments, known.asked.annual_rate_ppm)
        heaviest = capacity.instalment_minor(owed, "CNY", DAY)
        spare = capacity.spare_minor(known, policy)
        assert heaviest is not None
        assert spare is None or heaviest <= spare


@settings(max_examples=200, deadline=None)
@given(known=known_facts, more=st.integers(0, 3_000_000))
def test_more_income_never_lowers_the_limit(known: Facts, more: int) -> None:
    known = replace(known, income_minor=known.income_minor or 0, debts_minor=known.debts_minor or 0)
    richer = replace(known, income_minor=(known.income_minor or 0) + more)
    low, high = capacity.affordable(known, POLICY), capacity.affordable(richer, POLICY)
    assert low is not None
    assert high is not None
    assert low <= high
    if judged(richer).outcome == judged(known).outcome:
        assert judged(known).limit_minor <= judged(richer).limit_minor


def test_the_instalment_is_the_one_of_the_real_schedule() -> None:
    asked = Asked(6_000_000, 12, 180_000)
    heaviest = capacity.instalment_minor(asked, "CNY", DAY)
    rows = schedule.of(capacity._terms(asked, "CNY", DAY))
    assert heaviest == max(row.total_minor for row in rows) == 550_080
    assert capacity.instalment_minor(Asked(6_000_000, 0, 180_000), "CNY", DAY) is None
    spare = replace(GOOD, debts_minor=0, income_minor=1_100_160, living_minor=0)
    assert capacity.affordable(spare, POLICY) == 60_000
    assert capacity.affordable(replace(spare, income_minor=1_100_159), POLICY) == 59_000


EXPLORING = """
[exploration]
name = "explore"
seed = "s"
share_ppm = 500_000
up_to_ppm = 400_000
limit = 3_000
"""


def test_exploration_approves_small_and_never_past_a_check() -> None:
    policy = decision.read(world.STANDARD + EXPLORING)

    def explored(known: Facts, risk: str) -> judging.Judged:
        return judging.judge({"RISK": risk}, known, MODEL, policy, "CNY", explore=True)

    tried = explored(GOOD, "45")
    assert (tried.outcome, tried.limit_minor, tried.binding_cap) == ("approve", 300_000, "exploration")
    assert explored(GOOD, "").outcome == "decline", "its default is above up_to_ppm"
    assert explored(replace(GOOD, of_age=False), "45").outcome == "decline"
    assert explored(replace(GOOD, open_applications=1), "45").outcome == "decline"
    poor = replace(GOOD, income_minor=460_000)
    assert explored(poor, "45").limit_minor <= 200_000


def test_a_share_is_a_share_and_no_arm_follows_from_another() -> None:
    drawn = [experiments.draw("s", "a", f"APPLICATION{at}") for at in range(4000)]
    other = [experiments.draw("s", "b", f"APPLICATION{at}") for at in range(4000)]
    assert 340 < sum(one < 100_000 for one in drawn) < 460
    assert 20 < sum(one < 100_000 and two < 100_000 for one, two in zip(drawn, other, strict=True)) < 65


BROKEN = [
    ("[[check]]", "[check]"),
    ('measure = "of_age"', 'measure = "zodiac"'),
    ('otherwise = "decline"', 'otherwise = "pass"'),
    ('unknown = "refer"', 'unknown = "maybe"'),
    ("at_most = 70", ""),
    ("at_most = 70", "at_most = 70.5"),
    ('id = "other_names"', 'id = "of_age"'),
    ('en = "No identity number was given"', 'en = ""'),
    ("at_most = 70", "at_most = 70\nblacklist = true"),
    ("step = 1_000", "step = 1_000.5"),
    ("instalments = 12", "instalments = 121"),
    ('currency = "CNY"', 'currency = "yuan"'),
    ("version = 3", 'version = 3\nbanned = ["A"]'),
]  # fmt: skip


@pytest.mark.parametrize("change", BROKEN)
def test_a_broken_policy_names_its_fault(change: tuple[str, str]) -> None:
    assert change[0] in world.STANDARD
    with pytest.raises(InputRefused):
        decision.read(world.STANDARD.replace(*change, 1))


TRIAL = '[trial]\nname = "t"\nseed = "s"\nmode = "shadow"\npolicy = "' + "a" * 64 + '"\n'


@pytest.mark.parametrize(
    "change",
    [
        ('mode = "shadow"', 'mode = "share"'),
        ('mode = "shadow"', 'mode = "shadow"\nshare_ppm = 1'),
        ('mode = "shadow"', 'mode = "share"\nshare_ppm = 500_001'),
        ("a" * 64, "a" * 63),
        ('name = "t"', 'name = ""'),
        ('seed = "s"', ""),
        ('policy = "' + "a" * 64 + '"', ""),
        ('name = "t"', 'name = "t"\nuntil = 1'),
    ],
)
def test_a_broken_trial_names_its_fault(change: tuple[str, str]) -> None:
    assert decision.read(world.STANDARD + TRIAL).trial is not None
    with pytest.raises(InputRefused, match=r"trial|share_ppm|name|seed|mode|fingerprint|challenger"):
        decision.read(world.STANDARD + TRIAL.replace(*change, 1))


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"income": "-1"}, "income"),
    ({"income": 15000.5}, "income"),
    ({"income": True}, "income"),
    ({"income": "a lot"}, "income"),
    ({"income": "99999999999999999"}, "income"),
    ({"currency": "yuan"}, "currency"),
    ({"debts": {}}, "debts"),
    ({"debts": [{"monthly": "-3"}]}, "debts"),
    ({"debts": [{"monthly": "3", "verified": "yes"}]}, "debts"),
    ({"debts": [{"monthly": "1"}] * 61}, "debts"),
    ({"asked": {"amount": "0"}}, "asked"),
    ({"asked": {"amount": "100", "instalments": 0}}, "asked"),
    ({"asked": {"amount": "100", "instalments": 121}}, "asked"),
    ({"asked": {"amount": "100", "annual_rate_percent": "-1"}}, "asked"),
    ({"asked": {"amount": "100", "annual_rate_percent": "1001"}}, "asked"),
    ({"asked": "much"}, "asked"),
    ({"household": {"adults": 0}}, "household"),
    ({"household": {"adults": 1, "dogs": 1}}, "household"),
    ({"row": {"RISK": 1.5}}, "row"),
    ({"row": {"RISK": [1]}}, "row"),
    ({"row": {"RISK": "x" * 201}}, "row"),
    ({"row": {"RISK": "\ud800"}}, "row"),
    ({"row": {str(at): 1 for at in range(401)}}, "row"),
    ({"reference": ""}, "reference"),
    ({"reference": "x" * 61}, "reference"),
    ({"reference": "a\x00"}, "reference"),
    ({"who": {"name": ""}}, "name"),
    ({"who": {"jurisdiction": "XX"}}, "jurisdiction"),
    ({"who": {"birth_date": "1990-02-30"}}, "birth_date"),
    ({"applicant": []}, "applicant"),
    ({"blacklist": True}, "application"),
]


@pytest.mark.parametrize(("change", "field"), WRONG)
def test_a_wrong_field_is_named(change: dict[str, Any], field: str) -> None:
    with pytest.raises(InputRefused) as refused:
        request.read(
            {**world.told(), **change} if "who" not in change else world.told(**change), ("CN",), DAY
        )
    assert any(field in one.code for one in refused.value.problems), refused.value.problems


def test_what_is_not_told_is_unknown_and_an_empty_list_is_no_debt() -> None:
    bare = request.read({"reference": "A", "currency": "CNY",
                         "applicant": {"name": "王芳", "jurisdiction": "CN"}}, ("CN",), DAY)  # fmt: skip
    assert bare.told["income_minor"] is bare.told["debts_minor"] is bare.told["asked"] is None
    assert bare.told["identity"] == "missing"
    assert request.read(world.told(debts=[]), ("CN",), DAY).told["debts_minor"] == 0
    assert request.read(world.told(income="0"), ("CN",), DAY).told["income_minor"] == 0
    everything = {
        "reference": 1,
        "currency": 2,
        "asked": 3,
        "applicant": 4,
        "income": [],
        "debts": 5,
        "row": 6,
    }
    with pytest.raises(InputRefused) as refused:
        request.read(everything, ("CN",), DAY)
    assert len(refused.value.problems) >= 6
