"""A strategy wishes for few contacts, and says why when it cannot be read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lenity.base.outcomes import InputRefused
from lenity.domain.debt_collection import strategy

GENTLE = strategy.shipped()
DAY = date(2026, 11, 24)
CASE = strategy.Case("B1", "L1", "CN", 10, {"sms": "P1", "email": "P2"}, {})


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, []),
        (1, [("sms", "collection")]),
        (30, [("sms", "collection")]),
        (31, [("email", "collection"), ("email", "negative_report_notice")]),
        (60, [("email", "collection"), ("email", "negative_report_notice")]),
        (61, [("sms", "collection"), ("email", "negative_report_notice")]),
        (3650, [("sms", "collection"), ("email", "negative_report_notice")]),
        (3651, []),
    ],
)
def test_steps_by_days_past_due(days: int, expected: list[tuple[str, str]]) -> None:
    wishes = strategy.plan(GENTLE, replace(CASE, days_past_due=days), DAY)
    assert [(wish.channel, wish.purpose) for wish in wishes] == expected


def test_second_channel_when_the_first_is_missing() -> None:
    wishes = strategy.plan(GENTLE, replace(CASE, points={"email": "P2"}), DAY)
    assert [(wish.channel, wish.point_id) for wish in wishes] == [("email", "P2")]


@pytest.mark.parametrize(("ago", "wishes"), [(6, 0), (7, 1)])
def test_not_more_often_than_every_seven_days(ago: int, wishes: int) -> None:
    case = replace(CASE, last_wishes={"collection": DAY - timedelta(days=ago)})
    assert len(strategy.plan(GENTLE, case, DAY)) == wishes


@given(st.integers(0, 4000), st.text("ABC234", min_size=1, max_size=8))
def test_at_most_one_wish_a_purpose(days: int, borrower: str) -> None:
    wishes = strategy.plan(GENTLE, replace(CASE, days_past_due=days, borrower_id=borrower), DAY)
    assert len({wish.purpose for wish in wishes}) == len(wishes)


def test_the_hold_out_is_about_its_share_and_ends_on_its_day() -> None:
    cases = [replace(CASE, borrower_id=f"B{n}", days_past_due=5) for n in range(4000)]
    held = [case for case in cases if strategy.held_out(GENTLE, case)]
    assert 150 < len(held) < 250
    assert all(strategy.plan(GENTLE, case, DAY) == [] for case in held)
    assert all(strategy.plan(GENTLE, replace(case, days_past_due=6), DAY) for case in held)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name = ",
        "name='x'\nversion=1\n[hold_out]\nshare_ppm=1\nfirst_day=1\nlast_day=1",
        "[[step]]\nname='x'",
    ],
)
def test_a_broken_strategy_is_refused(text: str) -> None:
    with pytest.raises(InputRefused):
        strategy.read(text)


TEXT = resources.files("lenity.domain.debt_collection").joinpath("strategies/gentle.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("first_day = 31", 'first_day = "soon"'),
        ("version = 3", 'version = "three"'),
        ("share_ppm = 50_000", "share_ppm = 0.5"),
        ("share_ppm = 50_000", 'share_ppm = "many"'),
        ("last_day = 20", 'last_day = "20"'),
        ("worth_ppm = { sms = 20_000, email = 9_000 }", 'worth_ppm = { sms = "much" }'),
        ("worth_ppm = { sms = 20_000, email = 9_000 }", "worth_ppm = 5"),
        ('CN = { sms = "cn-reminder-sms"', 'CN = { sms = "cn-remainder-sms"'),
        ('CN = { sms = "cn-reminder-sms"', 'CN = { sms = "cn-reminder-email"'),
        ('CN = { sms = "cn-reminder-sms"', 'CN = { sms = "us-reminder-sms"'),
    ],
)
def test_a_strategy_that_could_not_be_followed_is_refused_when_it_is_read(old: str, new: str) -> None:
    """In words, and not when its first message is due."""
    assert old in TEXT
    with pytest.raises(InputRefused):
        strategy.read(TEXT.replace(old, new, 1))
