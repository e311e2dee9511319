"""An agency asks for a contact: its placement is checked, then the one gate decides as for an outside collector."""

from __future__ import annotations

from collections.abc import Mapping

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import clock
from lenity.operations import gatekeeping, unit
from lenity.records.debt_collection import placement_queries
from lenity.records.debt_collection.gate_queries import POINT_KINDS
from lenity.records.debt_collection.models import Contact, Placement
from lenity.records.people import sign_in_queries

TEMPLATES: Mapping[tuple[str, str], str] = {
    ("CN", "sms"): "cn-reminder-sms",
    ("CN", "email"): "cn-reminder-email",
    ("US", "sms"): "us-agency-reminder-sms",
    ("US", "email"): "us-agency-reminder-email",
}
"""In the United States the words say that a debt collector speaks (US-RF-18e)."""


def request_agency_contact(*, agency: str, loan_id: str, channel: str, staff_number: str = "") -> Contact:
    """Ask for one collection contact about a placed loan. The agency never learns a number or an address.

    Raises `InputRefused` outside the placement (loan, channel, hours, days); inside it the gate's verdict is
    stored and visible to the borrower like any other. With a staff number, the contact is that collector's, who
    must be registered for this agency and have authority today: a borrower who checks learns the name.
    """
    with unit.of_work(operation="request_agency_contact", actor=f"api:{agency}") as work:
        placement = placement_queries.live_placement(agency, loan_id)
        if placement is None:
            raise InputRefused([Problem("placement.none", "This loan is not placed with you.")])
        _check(placement, channel)
        collector = _collector(agency, staff_number, placement) if staff_number else ""
        point = placement_queries.point_for(placement, POINT_KINDS[channel])
        if point is None:
            raise InputRefused([Problem("placement.point", "The borrower has no such number or address.")])
        borrower = placement.loan.borrower
        wish = gatekeeping.Wish(
            borrower_id=borrower.public_id,
            channel=channel,
            purpose="collection",
            point_id=point.public_id,
            loan_ids=(loan_id,),
            template=TEMPLATES.get((borrower.jurisdiction, channel), ""),
            requested_by=collector or f"agency:{agency}"[:40],
            values=(("agency", agency),),
            profile="collector",
        )
        return gatekeeping.decide_one(work, wish)


def _check(placement: Placement, channel: str) -> None:
    here = clock.business_now(placement.loan.borrower.jurisdiction)
    problems = []
    if channel not in placement.channels or channel not in POINT_KINDS:
        allowed = ", ".join(placement.channels)
        problems.append(Problem("placement.channel", f"This placement is for: {allowed}."))
    if here.date() > placement.until:
        problems.append(Problem("placement.until", f"The placement ended on {placement.until}."))
    if not placement.opens <= here.time() < placement.closes:
        hours = f"{placement.opens:%H:%M} to {placement.closes:%H:%M}"
        problems.append(Problem("placement.hours", f"This placement is for {hours}."))
    if problems:
        raise InputRefused(problems)


def _collector(agency: str, staff_number: str, placement: Placement) -> str:
    """The public id of the agency's registered collector; a missing or expired authority is refused."""
    staff = sign_in_queries.staff_of(agency, staff_number)
    day = clock.business_day(placement.loan.borrower.jurisdiction)
    if staff is None or not sign_in_queries.may_work(staff, day):
        problem = Problem(
            "placement.collector", "No collector of yours with this number has authority today."
        )
        raise InputRefused([problem])
    return staff.public_id
