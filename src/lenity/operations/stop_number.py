"""Whoever holds a number says that it is not the person's whom we look for: it is used no more, anywhere."""

from __future__ import annotations

from lenity.operations import unit
from lenity.records.debt_collection import desk_writes, writes
from lenity.records.people import codes, queries, sign_in_writes

PURPOSE = "stop_number"
REASON = "holder_says_not_hers"


def stop_number(*, request_id: str, code: str) -> bool:
    """Retire the number in every account and stop what waits for it: five tries, five minutes, once.

    Whether it was the right code; nothing else is answered. Compliance sees it among the wrong numbers.
    """
    with unit.of_work(operation="stop_number", actor="public") as work:
        row = sign_in_writes.take_try(request_id, now=work.now, most=codes.TRIES, purpose=PURPOSE)
        borrower = writes.lock_borrower(row.borrower.public_id) if row and row.borrower else None
        point = queries.point_by_sign_in_index(borrower, row.phone_index) if borrower and row else None
        right = (
            row is not None
            and point is not None
            and codes.same(row.code_hash, codes.keyed(f"{request_id}|{point.public_id}", code.strip()))
            and sign_in_writes.use_up(row, now=work.now)
        )
        accounts = desk_writes.quarantine(point, reason=REASON, now=work.now) if right and point else 0
        work.record(
            subject_kind="contact_point",
            subject_id=point.public_id if right and point else request_id[:20],
            borrower_id=borrower.public_id if right and borrower else "",
            body={"stopped": bool(right), "quarantined_in": accounts},
        )
        return bool(right)
