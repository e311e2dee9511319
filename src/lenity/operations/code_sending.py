"""Plumbing of one-time codes: the limits that all of them share, and a code to a borrower's own number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lenity.gateways import ids
from lenity.operations import gatekeeping, unit
from lenity.records import encrypted
from lenity.records.people import codes, queries, sign_in_queries, sign_in_writes
from lenity.records.people.models import Borrower, ContactPoint


@dataclass(frozen=True)
class Sent:
    """The request's id, whether it was within the limits, and whether a code left."""

    request_id: str
    within: bool
    left: bool


def within_limits(phone_index: str, from_index: str, now: datetime) -> bool:
    """Whether one more code may be made in this hour: for the phone, for the address it is asked from, in all."""
    since = now - codes.HOUR
    return (
        sign_in_queries.codes_since(since, phone_index=phone_index) < codes.AN_HOUR_A_PHONE
        and sign_in_queries.codes_since(since, from_address=from_index) < codes.AN_HOUR_AN_ADDRESS
        and sign_in_queries.codes_since(since) < codes.AN_HOUR
    )


def wish(borrower_id: str, point_id: str, template: str, code: str, channel: str = "sms") -> gatekeeping.Wish:
    """A code as a message that its borrower asked for."""
    return gatekeeping.Wish(
        borrower_id=borrower_id,
        channel=channel,
        purpose="sign_in",
        point_id=point_id,
        loan_ids=(),
        template=template,
        requested_by="borrower",
        initiated_by="borrower",
        values=(("one_time_code", code),),
    )


def to_own_number(
    work: unit.Work, borrower: Borrower, *, bound_to: str, purpose: str, template: str, address: str
) -> Sent:
    """Make a code that is good for one purpose and one thing, and send it to the borrower's own number."""
    point = queries.own_mobile(borrower)
    if point is None:
        return Sent(ids.token(), within=False, left=False)
    return to_point(
        work, borrower, point, bound_to=bound_to, purpose=purpose, template=template, address=address
    )


def to_point(
    work: unit.Work,
    borrower: Borrower,
    point: ContactPoint,
    *,
    bound_to: str,
    purpose: str,
    template: str,
    address: str,
    channel: str = "sms",
) -> Sent:
    """The same to one number or address."""
    request_id, code = ids.token(), ids.one_time_code()
    from_index = encrypted.blind_index(address, purpose="address")
    index = encrypted.blind_index(queries.contact_value(point), purpose="sign_in")
    if not within_limits(index, from_index, work.now):
        return Sent(request_id, within=False, left=False)
    keep(work, request_id, code, (index, from_index), bound_to=bound_to, purpose=purpose, borrower=borrower)
    asked = wish(borrower.public_id, point.public_id, template, code, channel)
    return Sent(request_id, within=True, left=gatekeeping.decide_one(work, asked).verdict == "allowed")


def keep(
    work: unit.Work,
    request_id: str,
    code: str,
    indexes: tuple[str, str],
    *,
    bound_to: str,
    purpose: str,
    borrower: Borrower | None,
) -> None:
    """Keep a code's hash, good for a short time; `indexes` are those of the phone and of the asking address."""
    phone_index, from_index = indexes
    sign_in_writes.add_code(
        request_id=request_id,
        phone_index=phone_index,
        code_hash=codes.keyed(f"{request_id}|{bound_to}", code),
        created_at=work.now,
        expires_at=work.now + codes.LIFE,
        from_address=from_index,
        purpose=purpose,
        borrower=borrower,
    )
