"""What the gate weighs: a proposed contact with its person, history and standing wishes, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lenity.base import dates

UNCONFIRMED = "unconfirmed"
"""The role of a number or address that its borrower gave and has not proved yet: it gets its code, nothing else."""


@dataclass(frozen=True, slots=True)
class Point:
    """A number or address: where it came from, whose it is, and the zones in which it may be.

    `who` tells several people of one role apart.
    """

    id: str
    kind: str  # mobile | landline | email | address | im
    role: str = "borrower"  # borrower | guarantor | contact_person
    use: str = "unknown"  # home | work | unknown
    source: str = ""
    zones: tuple[str, ...] = ()
    who: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """The person, without a name. `profile` says who contacts: creditor, collector or assignee."""

    id: str
    jurisdiction: str
    zones: tuple[str, ...] = ()
    birth_date: date | None = None
    profile: str = "creditor"


@dataclass(frozen=True, slots=True)
class Proposal:
    """The contact that somebody would like to make."""

    contact_id: str
    at: datetime
    channel: str  # call | sms | email | im | letter | visit
    purpose: str
    point: Point
    debts: tuple[str, ...] = ()
    collectors: int = 1
    template: str = ""
    initiated_by: str = "lender"


@dataclass(frozen=True, slots=True)
class Past:
    """A contact that happened, or may have."""

    contact_id: str
    at: datetime
    channel: str
    purpose: str
    point_id: str
    role: str = "borrower"
    debts: tuple[str, ...] = ()
    outcome: str = "unknown"
    initiated_by: str = "lender"
    who: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A hold, a wish, a consent or a notice given, with the time it began and the last day it holds."""

    kind: str
    since: datetime
    until: date | None = None
    channel: str = ""
    point_id: str = ""
    debts: tuple[str, ...] = ()
    detail: tuple[tuple[str, str], ...] = ()

    def value(self, key: str, default: str = "") -> str:
        """One entry of the detail."""
        return dict(self.detail).get(key, default)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a decision may depend on. Equal facts give equal decisions."""

    person: Person
    proposal: Proposal
    history: tuple[Past, ...] = ()
    standings: tuple[Standing, ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """Plain values for canonical JSON."""
        return {
            "person": _plain(self.person),
            "proposal": _plain(self.proposal),
            "history": [_plain(past) for past in self.history],
            "standings": [_plain(standing) for standing in self.standings],
        }

    @staticmethod
    def from_plain(plain: Mapping[str, Any]) -> Facts:
        """The inverse of `to_plain`."""
        person, proposal = dict(plain["person"]), dict(plain["proposal"])
        if person.get("birth_date"):
            person["birth_date"] = date.fromisoformat(person["birth_date"])
        person["zones"] = tuple(person.get("zones", ()))
        point = dict(proposal["point"])
        point["zones"] = tuple(point.get("zones", ()))
        proposal["point"] = Point(**point)
        return Facts(
            person=Person(**person),
            proposal=Proposal(**_read(proposal)),
            history=tuple(Past(**_read(past)) for past in plain.get("history", ())),
            standings=tuple(_standing(standing) for standing in plain.get("standings", ())),
        )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return dates.instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "__slots__"):
        return {name: _plain(getattr(value, name)) for name in value.__slots__}
    return value


def _read(plain: Mapping[str, Any]) -> dict[str, Any]:
    fields = dict(plain)
    fields["at"] = dates.parse_instant(fields["at"])
    fields["debts"] = tuple(fields.get("debts", ()))
    return fields


def _standing(plain: Mapping[str, Any]) -> Standing:
    fields = dict(plain)
    fields["since"] = dates.parse_instant(fields["since"])
    fields["until"] = date.fromisoformat(fields["until"]) if fields.get("until") else None
    fields["debts"] = tuple(fields.get("debts", ()))
    fields["detail"] = tuple((key, value) for key, value in fields.get("detail", ()))
    return Standing(**fields)
