"""What a borrower who is behind is offered without asking anyone: policy as data, at most three plans."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any

from lenity.base.outcomes import InputRefused
from lenity.domain.servicing import relief
from lenity.domain.servicing.account import Account
from lenity.domain.servicing.relief import Kind, Preview, Request
from lenity.domain.servicing.terms import Terms


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One plan on offer; amounts in minor units."""

    code: str
    asked: Request
    preview: Preview

    @property
    def largest_minor(self) -> int:
        """The largest instalment of the plan."""
        return max(row.total_minor for row in self.preview.new)


def of(state: Account, terms: Terms) -> tuple[Suggestion, ...]:
    """The plans on offer for an account, the cheapest in total first; none where nothing is overdue."""
    if not state.overdue_minor or state.charged_off:
        return ()
    found = []
    for offer in policy()["offers"]:
        asked = request(offer, terms)
        try:
            found.append(Suggestion(offer["code"], asked, relief.preview(state, terms, asked)))
        except InputRefused:
            continue
    now = {one.preview.new for one in found}
    distinct = [next(one for one in found if one.preview.new == new) for new in now]
    distinct.sort(key=lambda one: (one.preview.borrower_pays_more_minor, one.largest_minor, one.code))
    return tuple(distinct[: policy()["most"]])


def request(offer: dict[str, Any], terms: Terms) -> Request:
    """The request that an offer stands for, on terms."""
    kind = Kind(offer["kind"])
    share = offer.get("rate_share_percent")
    rate = None if share is None else terms.annual_rate * Fraction(share, 100)
    return Request(kind, int(offer.get("periods", 0)), rate)


def by_code(code: str, terms: Terms) -> Request | None:
    """The request of an offer by its code."""
    return next((request(offer, terms) for offer in policy()["offers"] if offer["code"] == code), None)


def grace_days() -> int:
    """Days after a due date of a plan before it counts as broken."""
    return int(policy()["grace_days"])


@cache
def policy() -> dict[str, Any]:
    """The offers as data."""
    text = resources.files("lenity.domain.servicing").joinpath("offers.toml").read_text("utf-8")
    return tomllib.loads(text)
