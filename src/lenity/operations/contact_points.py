"""What the operations that bring borrowers in share: how a number or an address is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import phonenumbers
from phonenumbers import timezone as phone_zones

from lenity.domain.debt_collection import contact
from lenity.gateways import ids
from lenity.records.people import point_queries
from lenity.records.people import writes as people_writes
from lenity.records.people.models import Borrower

CHANGE = "point_change"
"""What a code is good for that confirms a new number or address."""
HOME_ZONES = {"CN": ("Asia/Shanghai",), "HK": ("Asia/Hong_Kong",)}


class Reachable(Protocol):
    """Someone with contact data in clear."""

    @property
    def jurisdiction(self) -> str: ...
    @property
    def mobile(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def address(self) -> str: ...


def points(person: Reachable, zones: tuple[str, ...] = ()) -> Iterator[people_writes.NewPoint]:
    """Contact points with every zone the person may be in: home, and the number's area code."""
    home = zones or HOME_ZONES.get(person.jurisdiction, ())
    if person.mobile:
        yield point("mobile", person.mobile, person.jurisdiction, home)
    if person.email:
        yield point("email", person.email, person.jurisdiction, home)
    if person.address:
        mask = f"{person.address[:6]}***"
        yield people_writes.NewPoint(
            ids.public_id(), "address", person.address, mask, "contract", home, use="home"
        )


def point(
    kind: str,
    value: str,
    place: str,
    home: tuple[str, ...],
    source: str = "contract",
    role: str = "borrower",
) -> people_writes.NewPoint:
    """A number or an e-mail address, masked, with every zone in which it may be."""
    if kind == "mobile":
        mask = f"{value[:-8]}****{value[-4:]}"
        zones = tuple(sorted({*home, *_number_zones(value, place)}))
    else:
        box, _, domain = value.partition("@")
        mask, zones = f"{box[:1]}***@{domain}"[:60], home
    return people_writes.NewPoint(ids.public_id(), kind, value, mask, source, zones, role=role)


def replacement(borrower: Borrower, kind: str, value: str) -> people_writes.NewPoint:
    """A number or address that its borrower gave herself, not confirmed yet."""
    own = point_queries.own_points(borrower)
    known = tuple(sorted({zone for one in own for zone in one.candidate_zones}))
    home = HOME_ZONES.get(borrower.jurisdiction, known)
    return point(kind, value, borrower.jurisdiction, home, source="debtor_provided", role=contact.UNCONFIRMED)


def _number_zones(mobile: str, place: str) -> tuple[str, ...]:
    """Zones in which the number's area code may be; a mainland mobile number tells none of its own."""
    if place in HOME_ZONES:
        return ()
    zones = phone_zones.time_zones_for_number(phonenumbers.parse(mobile))
    return tuple(zone for zone in zones if zone != "Etc/Unknown")
