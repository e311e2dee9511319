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
from lenity.domain.servicing.longest import Longest
from lenity.domain.servicing.plan import LAST_PAY_DAY, MOST_PERIODS
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


def of(state: Account, terms: Terms, longest: Longest | None = None) -> tuple[Suggestion, ...]:
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
    if longest is not None:
        found = [one for one in found if longest.allows(one.preview)]
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


def own(
    state: Account, terms: Terms, most_minor: int, pay_day: int, longest: Longest | None = None
) -> Suggestion | None:
    """The shortest plan that asks no more than an own amount each time, on an own payday; none where it would
    run longer than a plan may. Shortest is also cheapest: interest runs for fewer days.
    """
    for periods in range(1, MOST_PERIODS + 1):
        asked = Request(Kind.RE_AMORTISE, periods, pay_day=pay_day)
        made = Suggestion("own", asked, relief.preview(state, terms, asked))
        if longest is not None and not longest.allows(made.preview):
            return None
        if made.largest_minor <= most_minor:
            return made
    return None


def chosen(choice: str, state: Account, terms: Terms, longest: Longest | None = None) -> Request | None:
    """The request behind a choice: the code of an offer, or `own-<amount>-<payday>` in minor units."""
    word, _, rest = choice.partition("-")
    if word != "own":
        return by_code(choice, terms)
    amount, _, pay_day = rest.partition("-")
    if not (amount.isascii() and amount.isdigit() and pay_day.isascii() and pay_day.isdigit()):
        return None
    if len(amount) > 15 or int(pay_day) > LAST_PAY_DAY:
        return None
    made = own(state, terms, int(amount), int(pay_day), longest)
    return made.asked if made else None


def needs_answer(asked: Request) -> bool:
    """Whether the lender has to agree first: beyond what it offers to everybody."""
    return asked.kind is Kind.RE_AMORTISE and asked.periods > int(policy()["own_at_most_periods"])


def grace_days() -> int:
    """Days after a due date of a plan before it counts as broken."""
    return int(policy()["grace_days"])


@cache
def policy() -> dict[str, Any]:
    """The offers as data."""
    text = resources.files("lenity.domain.servicing").joinpath("offers.toml").read_text("utf-8")
    return tomllib.loads(text)
