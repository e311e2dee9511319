"""A borrower who is about to sign a plan asks for the one-time code that signs it."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import ids
from lenity.operations import gatekeeping, unit
from lenity.records import encrypted
from lenity.records.arrangements import queries as arrangements
from lenity.records.debt_collection import writes
from lenity.records.people import codes, queries, sign_in_queries, sign_in_writes


def request_plan_code(*, borrower_id: str, shown: str, address: str, actor: str) -> str:
    """Send a code to the borrower's own number; returns the request's id, empty where none could be sent.

    The code is bound to the digest of the plan that is shown: it signs that and nothing else. The limits are
    those of sign-in, counted together with it. No code is sent while nobody knows her month: the plan could
    not be judged by the floor.
    """
    request_id, code = ids.token(), ids.one_time_code()
    with unit.of_work(operation="request_plan_code", actor=actor, of_parts=True) as work:
        borrower = writes.lock_borrower(borrower_id)
        if not arrangements.answers_of(borrower_id):
            says = "Nobody knows the household's month, so the floor cannot be judged."
            raise InputRefused([Problem("plan.month", says, "Ask for the month first: one short page.")])
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
                code_hash=codes.keyed(f"{request_id}|{shown}", code),
                created_at=work.now,
                expires_at=work.now + codes.LIFE,
                from_address=from_index,
                purpose="agreement",
                borrower=borrower,
            )
            wish = gatekeeping.Wish(
                borrower_id=borrower_id,
                channel="sms",
                purpose="sign_in",
                point_id=point.public_id,
                loan_ids=(),
                template="plan-code-sms",
                requested_by="borrower",
                initiated_by="borrower",
                values=(("one_time_code", code),),
            )
            sent = gatekeeping.decide_one(work, wish).verdict == "allowed"
        work.record(
            subject_kind="agreement_code",
            subject_id=shown[:20],
            borrower_id=borrower_id,
            body={"within_limits": within, "sent": sent, "shown": shown},
        )
    return request_id if sent else ""
