"""Somebody starts to work for the lender or an agency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyotp

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import ids
from lenity.operations import unit
from lenity.records.people import sign_in_queries, staff_queries, staff_writes
from lenity.records.people.models import StaffMember

ROLES = ("collector", "supervisor", "compliance", "operations", "risk", "manager", "administrator")
LEAST_PASSWORD = 12


@dataclass(frozen=True)
class Added:
    """The member of staff, and the second factor's secret, shown this once."""

    staff: StaffMember
    totp_secret: str


def add_staff(
    *,
    username: str,
    display_name: str,
    staff_number: str,
    password: str,
    roles: tuple[str, ...],
    role_reason: str,
    actor: str,
    agency: str = "",
    authority_until: date | None = None,
) -> Added:
    """Add a member of staff with roles and the reason for them."""
    problems = []
    if not roles or set(roles) - set(ROLES):
        problems.append(Problem("roles", "Name one role or more.", f"Known: {', '.join(ROLES)}."))
    if len(role_reason.strip()) < 5:
        problems.append(Problem("role_reason", "Say in a few words why these roles are needed."))
    if len(password) < LEAST_PASSWORD:
        problems.append(Problem("password", f"A password has at least {LEAST_PASSWORD} signs."))
    if not username.isascii() or not username.isalnum():
        problems.append(Problem("username", "A user name is Latin letters and digits."))
    if sign_in_queries.staff_by_name(username):
        problems.append(Problem("username", f"{username} is there already."))
    if staff_queries.number_taken(staff_number):
        problems.append(Problem("invite.number_taken", "Somebody has this staff number."))
    if problems:
        raise InputRefused(problems)
    secret = pyotp.random_base32()
    with unit.of_work(operation="add_staff", actor=actor) as work:
        staff = staff_writes.add_staff(
            public_id=ids.public_id(),
            username=username,
            display_name=display_name,
            staff_number=staff_number,
            agency=agency,
            password=password,
            totp_secret=secret,
            roles=list(roles),
            role_reason=role_reason,
            authority_until=authority_until,
            rights_by=actor,
        )
        body = {"roles": list(roles), "reason": role_reason, "agency": agency}
        work.record(subject_kind="staff", subject_id=staff.public_id, body=body)
        return Added(staff, secret)
