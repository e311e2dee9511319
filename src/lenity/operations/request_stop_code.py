"""Somebody got a message that was meant for another: a code goes to that number, to prove that it is hers."""

from __future__ import annotations

from datetime import timedelta

from lenity.gateways import ids
from lenity.operations import code_sending, gatekeeping, unit
from lenity.records import encrypted
from lenity.records.debt_collection import check_queries
from lenity.records.people import queries

PURPOSE = "stop_number"
TEMPLATE = "stop-number-code-sms"
CODE_LIFE = timedelta(days=30)
CODE_LENGTH = 10


def request_stop_code(*, code: str, address: str) -> str:
    """Send six digits to the number that a contact with this code went to; returns the request's id.

    The answer is the same whether the code is known or not, and whether the limits of one-time codes let it
    through. Nothing is said of whom the contact was for, or of a debt.
    """
    typed = "".join(code.split()).upper().replace("-", "")[:CODE_LENGTH]
    from_index = encrypted.blind_index(address, purpose="address")
    request_id, digits = ids.token(), ids.one_time_code()
    with unit.of_work(operation="request_stop_code", actor="public", of_parts=True) as work:
        contact = check_queries.genuine(typed, not_before=work.now - CODE_LIFE)
        point = contact.contact_point if contact else None
        is_number = point is not None and point.kind == "mobile" and point.retired_at is None
        number = queries.contact_value(point) if point is not None and is_number else ""
        index = encrypted.blind_index(number or f"none {typed}", purpose="sign_in")
        within = code_sending.within_limits(index, from_index, work.now)
        sent = False
        if within:
            code_sending.keep(
                work,
                request_id,
                digits,
                (index, from_index),
                bound_to=point.public_id if point else "",
                purpose=PURPOSE,
                borrower=contact.borrower if contact and is_number else None,
            )
        if within and contact is not None and point is not None and is_number:
            wish = code_sending.wish(contact.borrower.public_id, point.public_id, TEMPLATE, digits)
            sent = gatekeeping.decide_one(work, wish).verdict == "allowed"
        work.record(
            subject_kind="stop_number",
            subject_id=request_id[:20],
            borrower_id=contact.borrower.public_id if contact and is_number else "",
            body={"within_limits": within, "sent": sent},
        )
    return request_id
