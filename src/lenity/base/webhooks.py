"""Standard Webhooks, asymmetric form: what is signed, how keys and signatures are written, when to try again.

By the Standard Webhooks specification: the signed content is `id.timestamp.body`, a signature is
`v1a,` and base64 of Ed25519's, several are separated by a space, and keys carry `whsk_` and `whpk_`.
"""

from __future__ import annotations

from datetime import timedelta

from lenity.base import canonical

KINDS: dict[str, str] = {
    "take_payment": "payment.taken",
    "prepay": "payment.taken",
    "book_bank_file/payment": "payment.taken",
    "book_bank_file/bank_file": "bank_file.booked",
    "assign_suspense": "suspense.assigned",
    "return_suspense": "suspense.returned",
    "clear_suspense": "suspense.cleared",
    "reverse_payment": "payment.reversed",
    "refund": "payment.refunded",
    "disburse": "loan.disbursed",
    "charge": "loan.charged",
    "waive": "loan.waived",
    "undo_fact": "loan.fact_undone",
    "charge_off": "loan.charged_off",
    "change_rate": "loan.rate_changed",
    "import_book": "book.imported",
    "propose_plan": "plan.offered",
    "make_offer/talk": "plan.offered",
    "decide_beyond_offer/talk": "plan.offered",
    "answer_offer": "plan.answered",
    "agree_plan": "plan.agreed",
    "sign_plan/agreement": "plan.agreed",
    "record_promise": "promise.made",
    "request_contact": "contact.decided",
    "request_agency_contact": "contact.decided",
    "contact_from_case": "contact.decided",
    "record_outcome": "contact.outcome",
    "report_wrong_person": "contact_point.retired",
    "stop_number": "contact_point.retired",
    "switch_channel": "preference.changed",
    "set_quiet_hours": "preference.changed",
    "end_quiet_hours": "preference.changed",
    "set_wish": "preference.changed",
    "record_preference": "preference.changed",
    "take_reply": "reply.taken",
    "report_impostor": "impostor.reported",
    "confirm_cost": "cost.confirmed",
    "open_hold": "hold.opened",
    "record_assignment": "loan.assigned",
    "end_hold": "hold.ended",
    "raise_concern": "concern.raised",
    "answer_concern": "concern.answered",
    "request_data": "data_request.raised",
    "answer_data_request": "data_request.answered",
    "decide_applications": "application.decided",
    "decide_application": "application.decided",
    "receive_application": "application.received",
    "give_notice": "application.notice_given",
    "ask_review": "review.asked",
    "answer_review": "review.answered",
    "close_day": "day.closed",
    "furnish_month": "bureau_file.written",
    "place_loan": "placement.made",
    "recall_placement": "placement.recalled",
}
"""Operations that the outside may hear of, and the kind of event that it hears. Where an operation records
events about several kinds of subject, `operation/subject` names the one that is heard."""
SILENT = "took nothing for three days"
"""Why an endpoint ends: every attempt of a message failed, and of all that was sent since it was written."""
TEST = "endpoint.test"
MOST_BYTES = 20_000
WAITS = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""Waits before the second and each later attempt; after the last one a message is given up."""


def kinds() -> tuple[str, ...]:
    """Every kind an endpoint may ask for."""
    return tuple(sorted({*KINDS.values()}))


def kind_of(operation: str, subject_kind: str) -> str:
    """The kind of event that the outside hears; empty when it hears nothing.

    >>> kind_of("book_bank_file", "payment"), kind_of("sign_plan", "loan")
    ('payment.taken', '')
    """
    return KINDS.get(operation) or KINDS.get(f"{operation}/{subject_kind}", "")


def body(kind: str, happened_at: str, subject_kind: str, subject_id: str, borrower_id: str) -> str:
    """A thin payload: what happened to which id. The receiver asks the API for the rest, with its own rights.

    >>> body("payment.taken", "2026-11-24T02:12:00Z", "payment", "P", "B")
    '{"data":{"borrower":"B","id":"P","kind":"payment"},"timestamp":"2026-11-24T02:12:00Z","type":"payment.taken"}'
    """
    data = {"kind": subject_kind, "id": subject_id, "borrower": borrower_id}
    return canonical.text({"type": kind, "timestamp": happened_at, "data": data})


def signed_content(message_id: str, timestamp: int, text: str) -> bytes:
    """The bytes that a signature covers."""
    return f"{message_id}.{timestamp}.{text}".encode()


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts that failed; none when it is given up."""
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None
