"""Somebody is invited to work here: she gets a code once and sets her own password and second factor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pyotp

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import clock, ids
from lenity.operations import unit
from lenity.records.people import codes, sign_in_queries, staff_queries, staff_writes
from lenity.records.people.models import StaffMember

ROLES = ("collector", "supervisor", "compliance", "operations", "risk", "manager", "administrator")
LIFE = timedelta(days=3)


@dataclass(frozen=True)
class Invited:
    """Who was invited, and the code to hand over, shown this once."""

    staff: StaffMember
    code: str


def invite_staff(
    *,
    username: str,
    display_name: str,
    staff_number: str,
    roles: tuple[str, ...],
    reason: str,
    actor: str,
    agency: str = "",
    until: date | None = None,
) -> Invited:
    """Add a member of staff, of the lender or of an agency, who cannot sign in before she has used her code.

    Whoever invites never knows the password or the second factor. An agency's people have a last day.
    """
    names = (username.strip(), display_name.strip(), staff_number.strip(), agency.strip())
    _check(*names, roles, reason.strip(), until)
    code = ids.contact_code()
    with unit.of_work(operation="invite_staff", actor=actor) as work:
        staff = staff_writes.add_invited(
            public_id=ids.public_id(),
            username=names[0],
            display_name=names[1],
            staff_number=names[2],
            agency=names[3],
            roles=list(roles),
            role_reason=reason.strip(),
            authority_until=until,
            rights_by=actor,
        )
        public_id = ids.public_id()
        staff_writes.add_invitation(
            staff,
            public_id=public_id,
            code_hash=codes.keyed(public_id, code),
            totp_secret=pyotp.random_base32(),
            made_at=work.now,
            made_by=actor,
            expires_at=work.now + LIFE,
        )
        body = {"roles": list(roles), "reason": reason.strip(), "agency": names[3]}
        work.record(subject_kind="staff", subject_id=staff.public_id, body=body)
    return Invited(staff, code)


def _check(
    username: str,
    display_name: str,
    staff_number: str,
    agency: str,
    roles: tuple[str, ...],
    reason: str,
    until: date | None,
) -> None:
    problems = []
    if not (username.isascii() and username.isalnum() and len(username) <= 60):
        problems.append(Problem("invite.username", "A user name is Latin letters and digits."))
    elif sign_in_queries.staff_by_name(username):
        problems.append(Problem("invite.taken", "The user name is taken."))
    if not 1 <= len(display_name) <= 80 or not display_name.isprintable():
        problems.append(Problem("invite.name", "Give the name that borrowers see."))
    if not (staff_number.isascii() and staff_number.isalnum() and len(staff_number) <= 20):
        problems.append(Problem("invite.number", "A staff number is letters and digits, at most 20."))
    elif staff_queries.number_taken(staff_number):
        problems.append(Problem("invite.number_taken", "Somebody has this staff number."))
    if not roles or set(roles) - set(ROLES):
        problems.append(Problem("staff.roles", f"Name one role or more of: {', '.join(ROLES)}."))
    if not 5 <= len(reason) <= 200:
        problems.append(Problem("staff.reason", "Say in 5 to 200 signs why."))
    if agency and (len(agency) > 80 or set(roles) - {"collector"}):
        problems.append(Problem("invite.agency", "An agency's people are collectors and nothing else."))
    if agency and until is None:
        problems.append(Problem("invite.until", "An agency's people have a last day."))
    if until is not None and until < clock.business_day("CN"):
        problems.append(Problem("invite.past", "The last day is in the past."))
    if problems:
        raise InputRefused(problems)
