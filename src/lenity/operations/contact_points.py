"""What the operations that bring borrowers in share: how a number or an address is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import phonenumbers
from phonenumbers import timezone as phone_zones

from lenity.gateways import ids
from lenity.records.people import writes as people_writes

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
        every = tuple(sorted({*home, *_number_zones(person)}))
        mask = f"{person.mobile[:-8]}****{person.mobile[-4:]}"
        yield people_writes.NewPoint(ids.public_id(), "mobile", person.mobile, mask, "contract", every)
    if person.email:
        box, _, domain = person.email.partition("@")
        mask = f"{box[:1]}***@{domain}"[:60]
        yield people_writes.NewPoint(ids.public_id(), "email", person.email, mask, "contract", home)
    if person.address:
        mask = f"{person.address[:6]}***"
        yield people_writes.NewPoint(
            ids.public_id(), "address", person.address, mask, "contract", home, use="home"
        )


def _number_zones(person: Reachable) -> tuple[str, ...]:
    """Zones in which the number's area code may be; a mainland mobile number tells none of its own."""
    if person.jurisdiction in HOME_ZONES:
        return ()
    zones = phone_zones.time_zones_for_number(phonenumbers.parse(person.mobile))
    return tuple(zone for zone in zones if zone != "Etc/Unknown")
