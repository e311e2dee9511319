"""Plumbing of placements: what an agency may be given, and one loan placed with its audit event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from lenity.base.outcomes import Problem
from lenity.gateways import ids
from lenity.operations import unit
from lenity.records.debt_collection import writes
from lenity.records.debt_collection.models import Placement
from lenity.records.intake.models import ApiClient
from lenity.records.lending.models import Loan

CHANNELS = ("sms", "email", "call", "letter")


@dataclass(frozen=True)
class Within:
    """For which channels and hours, and up to which day, an agency may ask for contacts."""

    channels: tuple[str, ...]
    opens: time
    closes: time
    until: date

    def problems(self, agency: ApiClient, today: date) -> list[Problem]:
        """Why this agency cannot be given this."""
        found = []
        if "contacts" not in agency.scopes or agency.revoked_at is not None:
            found.append(Problem("placement.agency", "The agency has no scope contacts."))
        if not self.channels or set(self.channels) - set(CHANNELS):
            found.append(Problem("placement.channels", f"Channels are: {', '.join(CHANNELS)}."))
        if self.opens >= self.closes:
            found.append(Problem("placement.hours", "The hours end before they begin."))
        if self.until < today:
            found.append(Problem("placement.until", "The last day is in the past."))
        return found


def place(work: unit.Work, loan: Loan, agency: str, within: Within) -> Placement:
    """Place a loan, with its event."""
    placement = writes.add_placement(
        public_id=ids.public_id(),
        agency=agency,
        loan=loan,
        channels=within.channels,
        hours=(within.opens, within.closes),
        until=within.until,
        placed_at=work.now,
    )
    work.record(
        subject_kind="placement",
        subject_id=placement.public_id,
        borrower_id=loan.borrower.public_id,
        body={
            "agency": agency,
            "loan": loan.public_id,
            "channels": list(within.channels),
            "until": within.until.isoformat(),
        },
    )
    return placement
