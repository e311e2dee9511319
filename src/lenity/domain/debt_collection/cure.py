"""What is known of a late loan month by month: the row from which a model of cures reads.

A month is late when at least one payment is missed at its end; a loan is cured when at the end of the next month
none is. The row of a month holds that month and the three before it, never anything that came after.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MONTHS = 4
"""Months that a row knows, the present one with them."""


@dataclass(frozen=True)
class Month:
    """One month as the books had it at its end."""

    months_late: int
    billed_minor: int
    paid_minor: int


COLUMNS = (
    "limit",
    *(f"{name}_{back}" for name in ("late", "billed", "paid") for back in range(MONTHS)),
)


def row(newest_first: Sequence[Month | None], limit_minor: int) -> Mapping[str, int | None]:
    """The row of a loan whose months are these; a month that is not known is None.

    >>> row([Month(1, 500, 20), Month(0, 400, 40)], 1000)["late_1"]
    0
    >>> row([Month(1, 500, 20)], 1000)["late_1"] is None
    True
    """
    months = [*newest_first, *[None] * MONTHS][:MONTHS]
    found: dict[str, int | None] = {"limit": limit_minor}
    for back, month in enumerate(months):
        found[f"late_{back}"] = None if month is None else max(month.months_late, 0)
        found[f"billed_{back}"] = None if month is None else month.billed_minor
        found[f"paid_{back}"] = None if month is None else month.paid_minor
    return found
