"""What two people agree on before many borrowers are written to: each wish by itself, and what they come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

MOST = 5000
"""Wishes of one proposal; what is beyond is asked for in the next one."""

LIFE = timedelta(hours=24)
"""A choice is of one day: an approval that is older than this sends nothing."""


class Planned(Protocol):
    """A wish as a strategy makes it."""

    @property
    def borrower_id(self) -> str: ...
    @property
    def loan_ids(self) -> tuple[str, ...]: ...
    @property
    def channel(self) -> str: ...
    @property
    def point_id(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def template(self) -> str: ...


@dataclass(frozen=True)
class Wanted:
    """One wish as it was agreed on."""

    borrower_id: str
    channel: str
    purpose: str
    point_id: str
    template: str
    loan_ids: tuple[str, ...]


def content(wishes: Sequence[Planned], strategy: str, on_date: date) -> dict[str, object]:
    """The wishes as they are kept: ids and names of templates, no person's name or number."""
    return {
        "on_date": on_date.isoformat(),
        "strategy": strategy,
        "wishes": [
            [one.borrower_id, one.channel, one.purpose, one.point_id, one.template, list(one.loan_ids)]
            for one in wishes
        ],
    }


def wanted(payload: Mapping[str, Any]) -> list[Wanted]:
    """The inverse of `content`."""
    return [Wanted(one[0], one[1], one[2], one[3], one[4], tuple(one[5])) for one in payload["wishes"]]


@dataclass(frozen=True)
class Told:
    """What a second person sees of a bulk send before she judges it."""

    contacts: int
    borrowers: int
    kinds: tuple[tuple[str, str, str, int], ...]


def told(wishes: Sequence[Wanted]) -> Told:
    """How many contacts to how many people, by channel, purpose and template, the most first."""
    kinds = Counter((one.channel, one.purpose, one.template) for one in wishes)
    return Told(
        len(wishes),
        len({one.borrower_id for one in wishes}),
        tuple((*key, number) for key, number in kinds.most_common()),
    )
