"""A statement: to its borrower only, in both languages, as a page and as a PDF with its own font."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lenity.domain.servicing import account, schedule, statement, terms
from lenity.domain.servicing.account import Fact, Kind, Opening
from lenity.domain.servicing.allocation import Rule
from lenity.domain.servicing.rounding import half_even
from lenity.domain.servicing.terms import Terms
from lenity.interfaces.shared import conventions, statement_pdf

START = date(2026, 1, 15)
TERMS = Terms("CNY", 1_200_000, Fraction(18, 100), START, 12)


def basis(agreed: Terms = TERMS, *facts: Fact) -> statement.Basis:
    opening = Opening(tuple(schedule.of(agreed)), START)
    ceiling = statement.Ceiling("24", {"zh": "《指引》", "en": "Guidance"})
    return statement.Basis("A-1001", "王小明", "CNY", 2, opening, facts, Rule(), agreed, "18.00", ceiling)


FACTS = (
    Fact(2, Kind.PAYMENT, date(2026, 2, 15), 110_016),
    Fact(4, Kind.PAYMENT, date(2026, 3, 21), 50_000),
    Fact(6, Kind.PAYMENT, date(2026, 3, 22), 50_000, reverses=4),
    Fact(7, Kind.CHARGE, date(2026, 3, 25), 2_000),
)


def test_each_line_is_told_and_explained() -> None:
    one = statement.of(basis(TERMS, *FACTS), date(2026, 4, 20), "en")
    assert [(event.what, event.amount) for event in one.events] == [
        ("Paid out in full, no interest deducted", "12,000.00 CNY"),
        ("Payment", "-1,100.16 CNY"),
        ("Payment (reversed, not counted)", "-500.00 CNY"),
        ("Charged: fee", "20.00 CNY"),
    ]
    assert one.events[1].how == "Went to: interest 180.00 CNY, principal 920.16 CNY"
    assert one.rows[0].how == "12,000.00 CNY × 18% × 30 days ÷ 360 days = 180.00 CNY"
    assert ("What this contract costs", "18.00% a year, interest and fees, if paid in time") in one.head
    assert ("The most the law allows", "24% a year, all in (Guidance)") in one.head


def test_a_person_reads_amounts_and_days_in_her_conventions() -> None:
    for language, opened, owed in (
        ("zh-hans", "2026年1月15日", "¥12,000.00"),
        ("en", "January 15, 2026", "CN¥12,000.00"),
    ):
        one = statement.of(basis(), START, language, conventions.statement_style(language))
        told = dict(one.head)
        assert told[one.words["opened"]] == opened
        assert told[one.words["principal"]] == owed
        assert "2026-" not in str((one.head, one.foot, one.notes))
        assert "CNY" not in str((one.head, one.foot, [(row.how, row.parts) for row in one.rows]))


def test_after_a_new_plan_the_old_computation_is_not_claimed() -> None:
    plan = tuple(schedule.of(terms.replaced(TERMS, disbursed_on=date(2026, 4, 20))))
    agreed = Fact(9, Kind.RESCHEDULE, date(2026, 4, 20), 0, plan=plan)
    one = statement.of(basis(TERMS, agreed), date(2026, 4, 20), "en")
    assert {row.how for row in one.rows} == {"as agreed in the plan"}


def test_both_languages_have_the_same_words() -> None:
    words = statement._words()
    assert words["en"].keys() == words["zh-hans"].keys()
    assert words["en"]["component"].keys() == words["zh-hans"]["component"].keys()


@settings(max_examples=400, deadline=None)
@given(
    st.integers(1, 10**8),
    st.integers(0, 3600),
    st.integers(1, 48),
    st.sampled_from([0, 360, 364, 365]),
    st.sampled_from([0, 30]),
)
def test_an_explanation_is_never_wrong(minor: int, rate: int, count: int, year: int, month: int) -> None:
    agreed = terms.replaced(
        TERMS,
        principal_minor=minor,
        annual_rate=Fraction(rate, 10_000),
        instalments=count,
        days_in_year=year,
        days_in_month=month,
    )
    one = basis(agreed)
    balance = minor
    told = statement.of(one, START, "en").rows
    by_number = {row.number: row for row in told}
    for row in one.opening.instalments:
        how = by_number[row.number].how if row.number in by_number else ""
        if "÷" in how:
            days, each = (
                int(part) for part in how.replace(" days", "").split("× ")[2].split(" = ")[0].split(" ÷ ")
            )
            assert half_even(balance * days * rate, each * 10_000) == row.interest_minor
        balance -= row.principal_minor


@pytest.mark.parametrize("language", statement.LANGUAGES)
def test_a_pdf_carries_its_font(language: str) -> None:
    raw = statement_pdf.render(statement.of(basis(TERMS, *FACTS), date(2026, 4, 20), language), "样例小贷")
    assert raw.startswith(b"%PDF-")
    assert b"NotoSansSC" in raw
    assert b"/FontFile2" in raw
    assert account.replay(basis().opening, FACTS, Rule(), START).owed_minor
