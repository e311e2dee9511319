"""A borrower asks to change her number or e-mail address: a code goes to the new one (HOUSE-POINT).

It is behind a fresh code to the number that she has (HOUSE-STEP-UP), which the page asks for.
"""

from __future__ import annotations

from datetime import timedelta

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending import person
from lenity.gateways import ids
from lenity.law import reader
from lenity.operations import code_sending, contact_points, servicing, unit
from lenity.records.debt_collection import writes as debt_writes
from lenity.records.people import point_queries, point_writes, queries
from lenity.records.people.models import Borrower

DAY = timedelta(days=1)


def ask_point_change(*, borrower_id: str, kind: str, value: str, address: str, actor: str) -> str:
    """Send a code to the new number or address; returns the id of the change, empty where no code could be sent.

    A change of the same kind that is open is then replaced. `address` is where the caller asks from: codes for it,
    for the new point and in all are limited together with every other code.
    """
    with unit.of_work(operation="ask_point_change", actor=actor, of_parts=True) as work:
        borrower = debt_writes.lock_borrower(borrower_id)
        rule = reader.rulebook(borrower.jurisdiction).value(
            "HOUSE-POINT", servicing.today(borrower.jurisdiction)
        )
        plain = _checked(borrower, kind, value)
        if point_queries.asked_since(borrower, work.now - DAY) >= rule["asks_a_day"]:
            raise InputRefused([Problem("point.often", "It was asked for too often today.", "Try tomorrow.")])
        new = contact_points.replacement(borrower, kind, plain)
        point = point_writes.add_point(borrower, new, recorded_at=work.now)
        channel, change_id = point_queries.CHANNELS[kind], ids.public_id()
        sent = code_sending.to_point(
            work,
            borrower,
            point,
            bound_to=change_id,
            purpose=contact_points.CHANGE,
            template=f"point-code-{channel}",
            address=address,
            channel=channel,
        )
        before = point_queries.open_change(borrower, kind)
        if sent.left and before is not None:
            point_writes.end(before, "replaced", at=work.now)
        if sent.left:
            point_writes.add_change(
                borrower, point, public_id=change_id, request_id=sent.request_id, asked_at=work.now
            )
        else:
            point_writes.drop_point(point, at=work.now)
        work.record(
            subject_kind="point_change",
            subject_id=change_id,
            borrower_id=borrower_id,
            body={"kind": kind, "within_limits": sent.within, "sent": sent.left},
        )
        return change_id if sent.left else ""


def _checked(borrower: Borrower, kind: str, value: str) -> str:
    """The new number or address as it is stored; refused where it is none, or the one on file."""
    if kind not in point_queries.KINDS:
        known = ", ".join(point_queries.KINDS)
        raise InputRefused([Problem("point.kind", f"It is one of: {known}.")])
    typed = value.strip()
    if kind == "mobile":
        plain = person.mobile_number(typed, borrower.jurisdiction) or ""
    else:
        fits = len(typed) <= person.LONGEST["email"] and typed.isprintable() and person.is_email(typed)
        plain = typed if fits else ""
    if not plain:
        raise InputRefused([Problem(f"point.{kind}", "It cannot be one.", "Check what was typed.")])
    own = [one for one in point_queries.own_points(borrower) if one.kind == kind]
    if any(queries.contact_value(one) == plain for one in own):
        raise InputRefused([Problem("point.same", "This is the one on file already.")])
    return plain
