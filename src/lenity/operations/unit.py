"""The unit of work of every operation: one transaction, one instant, one audit event.

Leaving the block without having recorded the event, or with more than one, is a fault and rolls everything back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from lenity.gateways import clock, ids
from lenity.records import rows, witness
from lenity.records.audit import writes as audit_writes
from lenity.records.webhooks import writes as webhook_writes


@dataclass
class Work:
    """What an operation needs while it runs: who acts, when, and where to say what was done."""

    operation: str
    actor: str
    now: datetime
    events: list[dict[str, Any]] = field(default_factory=list)
    listening: Sequence[tuple[int, str]] | None = None
    """Who listens to events, where that was read along with something else (`webhook_writes.enqueue`)."""
    _rows: witness.Digests = field(default_factory=dict)

    def record(
        self,
        *,
        subject_kind: str,
        subject_id: str,
        body: Mapping[str, object],
        borrower_id: str = "",
        operation: str = "",
        actor: str = "",
    ) -> None:
        """Say what was done. The body holds ids, counts and digests, never personal data.

        `operation` names an event of the whole where the others are of its parts; `actor` who asked for this
        part, where parts were asked for by several. The rows written since the event before go into it as digests
        (`records.witness`), unless the body names its own.
        """
        self.events.append(
            {
                "operation": operation or self.operation,
                "actor": actor or self.actor,
                "subject_kind": subject_kind,
                "subject_id": subject_id,
                "borrower_id": borrower_id,
                "happened_at": self.now,
                "salt": ids.token(),
                "body": dict(body),
            }
        )
        if "rows" not in body:
            self.answer_for(witness.taken())

    def keep_rows(self) -> None:
        """Digest what was written so far, so that a long piece of work need not keep it till its event."""
        for table, runs in witness.taken().items():
            self._rows.setdefault(table, {}).update(runs)

    def answer_for(self, found: witness.Digests) -> None:
        """Put digests of rows into the newest event."""
        for table, runs in (*self._rows.items(), *found.items()):
            self.events[-1]["body"].setdefault("rows", {}).setdefault(table, {}).update(runs)
        self._rows = {}


@contextmanager
def of_work(
    *,
    operation: str,
    actor: str,
    now: datetime | None = None,
    of_parts: bool = False,
    travelling: bool = False,
) -> Iterator[Work]:
    """Run one operation in one database transaction that ends with its audit event.

    With `of_parts` (many decisions in one transaction, a bank file, a close) there is one for each part as well.
    With `travelling` writes wait for no answer and go to the server with the commit (`rows.travelling`).
    """
    together = rows.travelling() if travelling else nullcontext()
    with together, transaction.atomic(durable=False), witness.noting():
        work = Work(operation, actor, now or clock.now())
        yield work
        if not work.events:
            raise RuntimeError(f"operation {operation} ended without its audit event")
        if len(work.events) > 1 and not of_parts:
            raise RuntimeError(f"operation {operation} ended with {len(work.events)} audit events, not one")
        work.answer_for(witness.taken())
        audit_writes.append_many(work.events)
        webhook_writes.enqueue(work.events, ids.public_id, work.listening)
