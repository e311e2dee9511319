"""An administrator changes what a member of staff may do, with a reason and a last day; never for herself."""

from __future__ import annotations

from datetime import date

from lenity.base.outcomes import InputRefused, Problem
from lenity.operations import servicing, unit
from lenity.records.people import sign_in_queries, staff_writes
from lenity.records.people.models import StaffMember

ROLES = ("collector", "supervisor", "compliance", "operations", "risk", "manager", "administrator")


def change_staff(
    *, staff_id: str, roles: tuple[str, ...], reason: str, until: date | None, active: bool, actor: str
) -> StaffMember:
    """Set roles, reason, last day and whether she may sign in; it holds from her next request on."""
    problems = []
    if staff_id == actor:
        problems.append(Problem("staff.self", "Nobody changes her own rights."))
    if not roles or set(roles) - set(ROLES):
        problems.append(Problem("staff.roles", f"Name one role or more of: {', '.join(ROLES)}."))
    if not 5 <= len(reason.strip()) <= 200:
        problems.append(Problem("staff.reason", "Say in 5 to 200 signs why."))
    if problems:
        raise InputRefused(problems)
    with unit.of_work(operation="change_staff", actor=actor) as work:
        staff = servicing.needed(sign_in_queries.staff_by_id(staff_id), "staff", staff_id)
        before = {"roles": list(staff.roles), "active": staff.is_active}
        staff_writes.set_rights(
            staff, roles=list(roles), reason=reason.strip(), authority_until=until, active=active, by=actor
        )
        body = {"roles": list(roles), "reason": reason.strip(), "active": active, "before": before}
        work.record(subject_kind="staff", subject_id=staff_id, body=body)
        return staff
