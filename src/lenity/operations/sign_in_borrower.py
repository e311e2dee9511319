"""A borrower signs in with the code and something that only she is likely to know."""

from __future__ import annotations

from lenity.operations import unit
from lenity.records import encrypted
from lenity.records.people import codes, queries, sign_in_writes
from lenity.records.people.models import Borrower


def sign_in_borrower(*, request_id: str, mobile: str, code: str, proof: str) -> Borrower | None:
    """The borrower, or None: five tries a code, five minutes, once, for this request and number only.

    The proof (last four of the identity number, or the birth date) is always asked, because numbers are
    recycled: whoever has the number now is not let into the former owner's account.
    """
    number = codes.normal(mobile)
    with unit.of_work(operation="sign_in_borrower", actor="borrower") as work:
        borrower = None
        row = sign_in_writes.take_try(request_id, now=work.now, most=codes.TRIES)
        index = encrypted.blind_index(number, purpose="sign_in")
        for_number = row is not None and codes.same(row.phone_index, index)
        if (
            row is not None
            and for_number
            and codes.same(row.code_hash, codes.keyed(request_id, code.strip()))
        ):
            for one in queries.find_by_mobile(number):
                expected = queries.proof_of(one)
                if expected and codes.same(expected, codes.proof(proof)):
                    borrower = one
                    break
        if borrower is not None and row is not None and not sign_in_writes.use_up(row, now=work.now):
            borrower = None
        work.record(
            subject_kind="sign_in",
            subject_id=borrower.public_id if borrower else "unknown",
            borrower_id=borrower.public_id if borrower else "",
            body={"signed_in": borrower is not None},
        )
        return borrower
