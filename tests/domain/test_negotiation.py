"""Whose turn it is follows from the turns."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lenity.base.outcomes import InputRefused
from lenity.domain.servicing import negotiation
from lenity.domain.servicing.negotiation import Turn
from lenity.domain.servicing.plan import Kind, Request

DAY = date(2026, 11, 25)


def turn(by: str, move: str, days: int = 14) -> Turn:
    return Turn(by, move, DAY + timedelta(days=days))


@pytest.mark.parametrize(
    ("turns", "borrower", "lender"),
    [
        ([], ("offer",), ("offer",)),
        ([turn("borrower", "offer")], ("counter", "withdraw"), ("accept", "counter", "decline")),
        (
            [turn("borrower", "offer"), turn("lender", "counter")],
            ("sign", "counter", "decline"),
            ("counter", "withdraw"),
        ),
        (
            [turn("borrower", "offer"), turn("lender", "accept")],
            ("sign", "counter", "decline"),
            ("counter", "withdraw"),
        ),
        ([turn("borrower", "offer"), turn("lender", "decline")], ("offer",), ("offer",)),
        ([turn("borrower", "offer", 0)], ("counter", "withdraw"), ("accept", "counter", "decline")),
        ([turn("borrower", "offer", -1)], ("offer",), ("offer",)),
    ],
)
def test_the_moves_of_each_side(
    turns: list[Turn], borrower: tuple[str, ...], lender: tuple[str, ...]
) -> None:
    assert negotiation.may(turns, "borrower", DAY) == borrower
    assert negotiation.may(turns, "lender", DAY) == lender
    assert negotiation.may(turns, "stranger", DAY) == ()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(negotiation.SIDES),
            st.sampled_from(["offer", "counter", "accept", "decline", "withdraw", "sign"]),
        )
    )
)
def test_no_side_ever_signs_or_accepts_its_own_offer(tries: list[tuple[str, str]]) -> None:
    turns: list[Turn] = []
    for by, move in tries:
        try:
            negotiation.check(turns, by, move, DAY)
        except InputRefused:
            continue
        if move in ("accept", "sign"):
            assert turns[-1].by != by
            assert (by, move) in (("lender", "accept"), ("borrower", "sign"))
        turns.append(turn(by, move))


@pytest.mark.parametrize(
    "asked",
    [
        Request(Kind.RE_AGE),
        Request(Kind.RATE_CUT, 0, Fraction(7, 100)),
        Request(Kind.RE_AMORTISE, 9, pay_day=5),
    ],
)
def test_a_request_survives_being_stored(asked: Request) -> None:
    assert negotiation.read_request(negotiation.request_text(asked)) == asked
