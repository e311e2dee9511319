"""A borrower asks for a one-time code. The answer is the same whether the number is known or not."""

from __future__ import annotations

from lenity.gateways import ids
from lenity.operations import gatekeeping, unit
from lenity.records import encrypted
from lenity.records.people import codes, queries, sign_in_queries, sign_in_writes


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
        since = work.now - codes.HOUR
        within = (
            sign_in_queries.codes_since(since, phone_index=index) < codes.AN_HOUR_A_PHONE
            and sign_in_queries.codes_since(since, from_address=from_index) < codes.AN_HOUR_AN_ADDRESS
            and sign_in_queries.codes_since(since) < codes.AN_HOUR
        )
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
            wish = gatekeeping.Wish(
                borrower_id=newest.public_id,
                channel="sms",
                purpose="sign_in",
                point_id=point,
                loan_ids=(),
                template="sign-in-code-sms",
                requested_by="borrower",
                initiated_by="borrower",
                values=(("one_time_code", code),),
            )
            sent = gatekeeping.decide_one(work, wish).verdict == "allowed"
        work.record(
            subject_kind="sign_in", subject_id=index[:20], body={"within_limits": within, "sent": sent}
        )
    return request_id
