"""Delivery receipts came back from the network."""

from __future__ import annotations

from collections.abc import Iterable

from lenity.gateways import delivery, ids
from lenity.operations import unit
from lenity.records.debt_collection import writes
from lenity.records.debt_collection.models import DeliveryReceipt


def record_receipts(*, receipts: Iterable[delivery.Receipt], actor: str) -> int:
    """Store receipts, whatever their order; doubles change nothing, early ones are matched later.

    Returns how many came.
    """
    with unit.of_work(operation="record_receipts", actor=actor) as work:
        rows = [
            DeliveryReceipt(
                provider=receipt.provider,
                provider_id=receipt.provider_id,
                state=receipt.state,
                received_at=receipt.at,
                raw=receipt.raw[:2000],
            )
            for receipt in receipts
        ]
        writes.add_receipts(rows)
        linked = writes.link_receipts()
        work.record(
            subject_kind="receipts", subject_id=ids.public_id(), body={"came": len(rows), "late": linked}
        )
        return len(rows)
