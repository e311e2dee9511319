"""How long a plan may run: by law on cards, by the house elsewhere; the last day allowed and the first beyond."""

from __future__ import annotations

from datetime import date

import pytest

from lenity.base.outcomes import InputRefused
from lenity.domain.servicing import longest
from lenity.domain.servicing.plan import Kind, Preview
from lenity.domain.servicing.schedule import Instalment
from lenity.law import reader

TODAY = date(2026, 11, 24)


def ending(new: date, old: date = date(2027, 1, 15), kind: Kind = Kind.RE_AMORTISE) -> Preview:
    rows = [(Instalment(1, day, 100, 0, 0, 0, 0),) for day in (old, new)]
    return Preview(kind, rows[0], rows[1], 0, 0, 0)


@pytest.mark.parametrize(
    ("place", "is_card", "provision"),
    [
        ("CN", True, "CN-XYK-70"),
        ("CN", False, "HOUSE-PLAN"),
        ("US", True, "HOUSE-PLAN"),
        ("HK", False, "HOUSE-PLAN"),
        ("UK", True, "HOUSE-PLAN"),
    ],
)
def test_the_law_where_it_is_law_and_the_house_elsewhere(place: str, is_card: bool, provision: str) -> None:
    limit = longest.of(reader.rulebook(place), is_card=is_card, on_date=TODAY)
    assert (limit.provision, limit.months) == (provision, 60)
    last, beyond = ending(date(2031, 11, 24)), ending(date(2031, 11, 25))
    assert longest.refuse_longer(last, limit) is last
    with pytest.raises(InputRefused, match=provision):
        longest.refuse_longer(beyond, limit)


def test_an_older_longer_plan_may_run_a_little_longer_but_never_on_a_card() -> None:
    old = date(2040, 5, 31)
    house = longest.of(reader.rulebook("CN"), is_card=False, on_date=TODAY)
    card = longest.of(reader.rulebook("CN"), is_card=True, on_date=TODAY)
    assert house.allows(ending(date(2041, 5, 31), old))
    assert not house.allows(ending(date(2041, 6, 1), old))
    assert not card.allows(ending(date(2031, 11, 25), old))


@pytest.mark.parametrize("kind", [Kind.PAYOFF, Kind.SHORTER_TERM, Kind.SMALLER_INSTALMENT])
def test_paying_ahead_is_always_free(kind: Kind) -> None:
    card = longest.of(reader.rulebook("CN"), is_card=True, on_date=TODAY)
    assert card.allows(ending(date(2040, 1, 1), date(2040, 1, 1), kind))


def test_no_house_limit_is_looser_than_the_law_for_cards() -> None:
    book = reader.rulebook("CN")
    assert book.value("HOUSE-PLAN", TODAY)["max_months"] <= book.value("CN-XYK-70", TODAY)["max_months"]
