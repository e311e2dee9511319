"""Every operation is heard by webhooks or silent by choice: one that is neither fails here."""

from __future__ import annotations

import re
from pathlib import Path

from lenity.base import webhooks

OPERATIONS = Path(__file__).resolve().parents[2] / "src" / "lenity" / "operations"
NAMED = re.compile(r'operation="([a-z_]+)"')
ALSO = {"agree_plan", "change_rate", "charge_off", "refund", "reverse_payment", "undo_fact", "waive"}
"""Names that an operation is handed by what was approved, or shares with another one."""
SILENT = {
    "signing in, and who may do what: never told outside": {
        "accept_invitation",
        "add_api_client",
        "add_staff",
        "ask_point_change",
        "change_staff",
        "confirm_point_change",
        "confirm_staff",
        "confirm_step_up",
        "end_staff_sessions",
        "invite_again",
        "invite_staff",
        "note_staff_session",
        "open_invitation",
        "request_plan_code",
        "request_sign_in_code",
        "request_step_up_code",
        "request_stop_code",
        "revoke_api_client",
        "rotate_api_token",
        "sign_in_borrower",
        "sign_in_staff",
        "stop_point_change",
        "take_point_change",
    },
    "webhooks themselves, keys and senders: the log tells of them": {
        "add_webhook_endpoint",
        "begin_key_rotation",
        "claim_messages",
        "answer_request",
        "claim_webhooks",
        "end_webhook_endpoint",
        "erase_expired",
        "record_receipts",
        "replay_webhook",
        "retire_keys",
        "rotate_keys",
        "rotate_webhook_key",
        "send_test_webhook",
        "settle_messages",
        "settle_webhooks",
    },
    "a collector at work, and what the lender looks into inside": {
        "check_contact",
        "confirm_person",
        "handle_impostor_report",
        "keep_candidate",
        "look_up_case",
        "next_case",
        "pass_on_concern",
        "plan_contacts",
        "put_back_case",
        "read_record",
        "record_outcomes",
        "record_score_report",
        "send_notices",
        "review_finding",
        "verify_evidence",
    },
    "two people inside the house: what they decide is heard when it is booked": {
        "approve_change",
        "decide_suspense",
        "propose_bulk_send",
        "propose_change",
        "refuse_change",
        "send_agreed_contacts",
    },
    "private to the borrower, or a step of something that is heard": {
        "add_borrower",
        "add_contact_note",
        "end_helper",
        "note_helper_reading",
        "read_as_helper",
        "set_reach",
        "lower_stress_budget",
        "name_helper",
        "receive_bank_file",
        "restart_limitation",
        "save_budget",
        "show_cost",
        "stage_book",
        "set_language",
    },
}


def _operations() -> set[str]:
    texts = [path.read_text("utf-8") for path in sorted(OPERATIONS.glob("*.py"))]
    return {name for text in texts for name in NAMED.findall(text)} | ALSO


def test_every_operation_is_heard_or_silent_by_choice() -> None:
    silent = set().union(*SILENT.values())
    heard = {key.partition("/")[0] for key in webhooks.KINDS}
    assert _operations() - silent - heard == set(), "name it in base/webhooks.py, or here with why not"
    assert heard - _operations() == set(), "no operation of this name is left"
    assert silent & heard == set()


def test_kinds_are_a_thing_and_what_happened_to_it() -> None:
    assert [kind for kind in webhooks.kinds() if not re.fullmatch(r"[a-z_]+\.[a-z_]+", kind)] == []
