"""Talking about a plan: offers, counter-offers, answers. Whose turn it is follows from the turns alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from lenity.base import canonical
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing.plan import Kind, Request

SIDES = ("borrower", "lender")
PROPOSALS = ("offer", "counter")
ENDS = ("decline", "withdraw", "sign")
REASONS = ("too_low", "too_long", "floor", "other_plan", "not_needed", "other")


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: who, what, and the last day on which it can be answered."""

    by: str
    move: str
    expires_on: date


MAY: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "new": {"borrower": ("offer",), "lender": ("offer",)},
    "waits_for_lender": {"borrower": ("counter", "withdraw"), "lender": ("accept", "counter", "decline")},
    "waits_for_borrower": {"borrower": ("sign", "counter", "decline"), "lender": ("counter", "withdraw")},
}


def state(turns: Sequence[Turn], on_date: date) -> str:
    """`new` where nothing stands, else who is to answer. An offer that ran out leaves nothing standing."""
    if not turns or turns[-1].move in ENDS or turns[-1].expires_on < on_date:
        return "new"
    return "waits_for_lender" if turns[-1].by == "borrower" else "waits_for_borrower"


def may(turns: Sequence[Turn], by: str, on_date: date) -> tuple[str, ...]:
    """The moves that a side has."""
    return MAY[state(turns, on_date)].get(by, ())


def check(turns: Sequence[Turn], by: str, move: str, on_date: date) -> None:
    """Refuse a move out of turn."""
    open_moves = may(turns, by, on_date)
    if move not in open_moves:
        known = ", ".join(open_moves) or "none"
        says = f"{by[:20]!r} may not {move[:20]!r} now."
        raise InputRefused([Problem("talk.move", says, f"Open moves: {known}.")])


def request_text(asked: Request) -> str:
    """A request as it is stored."""
    rate = asked.annual_rate
    return canonical.text(
        {
            "kind": asked.kind.value,
            "periods": asked.periods,
            "annual_rate": None if rate is None else [rate.numerator, rate.denominator],
            "amount_minor": asked.amount_minor,
            "pay_day": asked.pay_day,
        }
    )


def read_request(text: str) -> Request:
    """The inverse of `request_text`."""
    raw = json.loads(text)
    rate = raw["annual_rate"]
    return Request(
        Kind(raw["kind"]),
        raw["periods"],
        None if rate is None else Fraction(*rate),
        raw["amount_minor"],
        raw["pay_day"],
    )
