"""A borrower is about to change something sensitive: a fresh code goes to her own number (HOUSE-STEP-UP)."""

from __future__ import annotations

from lenity.gateways import ids
from lenity.operations import gatekeeping, unit
from lenity.records import encrypted
from lenity.records.debt_collection import writes
from lenity.records.people import codes, queries, sign_in_queries, sign_in_writes

PURPOSE = "step_up"


def request_step_up_code(*, borrower_id: str, address: str, actor: str) -> str:
    """Send a code; returns the request's id, empty where none could be sent.

    The limits are those of sign-in and signing, counted together with them.
    """
    request_id, code = ids.token(), ids.one_time_code()
    with unit.of_work(operation="request_step_up_code", actor=actor, of_parts=True) as work:
        borrower = writes.lock_borrower(borrower_id)
        point = queries.own_mobile(borrower)
        index = encrypted.blind_index(queries.contact_value(point), purpose="sign_in") if point else ""
        from_index, since = encrypted.blind_index(address, purpose="address"), work.now - codes.HOUR
        within = (
            bool(index)
            and sign_in_queries.codes_since(since, phone_index=index) < codes.AN_HOUR_A_PHONE
            and sign_in_queries.codes_since(since, from_address=from_index) < codes.AN_HOUR_AN_ADDRESS
            and sign_in_queries.codes_since(since) < codes.AN_HOUR
        )
        sent = False
        if within and point is not None:
            sign_in_writes.add_code(
                request_id=request_id,
                phone_index=index,
                code_hash=codes.keyed(f"{request_id}|{borrower_id}", code),
                created_at=work.now,
                expires_at=work.now + codes.LIFE,
                from_address=from_index,
                purpose=PURPOSE,
                borrower=borrower,
            )
            wish = gatekeeping.Wish(
                borrower_id=borrower_id,
                channel="sms",
                purpose="sign_in",
                point_id=point.public_id,
                loan_ids=(),
                template="step-up-code-sms",
                requested_by="borrower",
                initiated_by="borrower",
                values=(("one_time_code", code),),
            )
            sent = gatekeeping.decide_one(work, wish).verdict == "allowed"
        work.record(
            subject_kind="step_up",
            subject_id=borrower_id,
            borrower_id=borrower_id,
            body={"within_limits": within, "sent": sent},
        )
    return request_id if sent else ""
