"""Each operation is one transaction that ends with one audit event of a kind that the page describes."""

from __future__ import annotations

import pytest

from lenity.operations import unit
from tests import events

NAMED_OTHERWISE = {
    "book_approved_change": ["operation"],
    "place_loans": ["place_loan"],
    "request_contacts": ["request_contact"],
    "send_agreed_contacts": ["request_contact"],
    "send_contacts": ["claim_messages", "settle_messages"],
    "send_webhooks": ["claim_webhooks", "settle_webhooks"],
}
"""Two steps with the outside between them, batch forms of one operation, and one that takes its name."""
NO_EVENT = {"restore_checkpoints", "seal_evidence"}
"""The seal gives events their places; were it one, it would never come to rest."""
OF_PARTS = {
    "ask_point_change",
    "book_bank_file",
    "close_day",
    "confirm_point_change",
    "decide_beyond_offer",
    "decide_suspense",
    "place_loan",
    "place_loans",
    "record_assignment",
    "request_contacts",
    "request_plan_code",
    "request_sign_in_code",
    "request_step_up_code",
    "request_stop_code",
    "send_agreed_contacts",
    "send_notices",
    "sign_plan",
}


@pytest.mark.parametrize("name", sorted(set(events.modules()) - NO_EVENT))
def test_an_operation_opens_its_own_transaction_and_records_in_it(name: str) -> None:
    tree = events.modules()[name]
    assert events.opens(tree) == NAMED_OTHERWISE.get(name, [name])
    kinds = [one for one in events.events() if one.operation == name]
    assert kinds, "no event is written"
    assert {one.parts for one in kinds} == {name in OF_PARTS}
    assert all(one.says for one in kinds)


def test_the_page_of_events_is_fresh() -> None:
    assert events.PAGE.read_text("utf-8") == events.page(), "run: python -m tests.events"


@pytest.mark.django_db
@pytest.mark.parametrize(("recorded", "of_parts"), [(0, False), (2, False), (0, True)])
def test_no_event_or_a_second_one_rolls_everything_back(recorded: int, of_parts: bool) -> None:
    with pytest.raises(RuntimeError, match="audit event"):
        _work(recorded, of_parts=of_parts)


def _work(recorded: int, *, of_parts: bool) -> None:
    with unit.of_work(operation="test", actor="test", of_parts=of_parts) as work:
        for at in range(recorded):
            work.record(subject_kind="thing", subject_id=f"T{at}", body={})
