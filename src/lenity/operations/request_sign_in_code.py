"""A borrower asks for a one-time code. The answer is the same whether the number is known or not."""

from __future__ import annotations

from lenity.gateways import ids
from lenity.operations import code_sending, gatekeeping, unit
from lenity.records import encrypted
from lenity.records.people import codes, queries, sign_in_writes


def request_sign_in_code(*, mobile: str, address: str) -> str:
    """Make a code and send it through the gate; returns the request's id, which is bound to the browser.

    At most five codes an hour for a phone. Past a limit, or for an unknown number, a request id comes back
    all the same and no code leaves.
    """
    number = codes.normal(mobile)
    index = encrypted.blind_index(number, purpose="sign_in")
    from_index = encrypted.blind_index(address, purpose="address")
    request_id, code = ids.token(), ids.one_time_code()
    with unit.of_work(operation="request_sign_in_code", actor="borrower", of_parts=True) as work:
        within = code_sending.within_limits(index, from_index, work.now)
        borrowers = queries.find_by_mobile(number) if number else []
        sent = False
        if within:
            sign_in_writes.add_code(
                request_id=request_id,
                phone_index=index,
                code_hash=codes.keyed(request_id, code),
                created_at=work.now,
                expires_at=work.now + codes.LIFE,
                from_address=from_index,
            )
        if within and borrowers:
            newest = borrowers[0]
            point = queries.mobile_point(newest, number)
            wish = code_sending.wish(newest.public_id, point, "sign-in-code-sms", code)
            sent = gatekeeping.decide_one(work, wish).verdict == "allowed"
        work.record(
            subject_kind="sign_in", subject_id=index[:20], body={"within_limits": within, "sent": sent}
        )
    return request_id
