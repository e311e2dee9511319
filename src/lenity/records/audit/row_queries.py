"""Whether rows still are what the events that wrote them say; what was changed, removed or slipped in, by id."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import models

from lenity.records import witness
from lenity.records.audit.models import AuditEvent

SLOW = timedelta(hours=1)
"""No piece of work takes longer between its instant and its commit."""
A_ROUND = 2000
MOST_TOLD = 20


class RowCheck:
    """Takes events one by one, reads the rows they name some thousand at a time, and tells what is not as it was.

    What was written before events named their rows is not judged: nothing below the first named id of a table.
    """

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.rows = 0
        self._waiting: dict[str, dict[str, tuple[str, AuditEvent]]] = {}
        self._held = 0
        self._named: dict[str, int] = {}
        self._first: dict[str, int] = {}

    def take(self, event: AuditEvent) -> None:
        """Note the rows that an event answers for."""
        for table, runs in _named_by(event):
            if witness.model_of(table) is None:
                self.faults.append(f"event {event.pk} names the table {table[:60]}, which is not witnessed")
                continue
            for run, digest in runs.items():
                try:
                    ids = witness.ids_of(run)
                except ValueError as error:
                    self.faults.append(f"event {event.pk}: {error}")
                    continue
                self._waiting.setdefault(table, {})[run] = (digest, event)
                self._held += len(ids)
                self._named[table] = self._named.get(table, 0) + len(ids)
                self._first[table] = min(self._first.get(table, ids[0]), ids[0])
        if self._held >= A_ROUND:
            self._compare()

    def finish(self) -> list[str]:
        """All faults: what is left is compared, and rows that no event names are looked for."""
        self._compare()
        for table in witness.tables():
            if table in self._first and table not in witness.NAMED_ONLY:
                self.faults += self._slipped_in(table)
        return self.faults

    def _compare(self) -> None:
        for table, runs in self._waiting.items():
            model = witness.model_of(table)
            assert model is not None
            rows = _rows(model, [pk for run in runs for pk in witness.ids_of(run)])
            texts = {pk: witness.text_of(model, row) for pk, row in rows.items()}
            self.rows += len(texts)
            for run, (digest, event) in runs.items():
                known = [pk for pk in witness.ids_of(run) if pk in rows]
                self._named[table] -= len(witness.ids_of(run)) - len(known)
                for pk in witness.changed(run, digest, texts)[:MOST_TOLD]:
                    what = "was changed" if pk in rows else "is gone"
                    self.faults.append(f"{table} {pk} {what} behind the back of event {event.pk}")
                if column := witness.WRITTEN_AT.get(table):
                    self.faults += [
                        f"{table} {pk} says {rows[pk][column]:%Y-%m-%d %H:%M}Z, but event {event.pk} wrote it "
                        f"at {event.happened_at:%Y-%m-%d %H:%M}Z: it is backdated"
                        for pk in known
                        if abs(rows[pk][column] - event.happened_at) > SLOW
                    ]
        self._waiting, self._held = {}, 0

    def _slipped_in(self, table: str) -> list[str]:
        """Rows that stand in a table and in no event; looked for one by one only where the numbers differ."""
        model = witness.model_of(table)
        assert model is not None
        rows = model._default_manager.filter(pk__gte=self._first[table])
        if rows.count() <= self._named[table]:
            return []
        named = {pk for event in AuditEvent.objects.iterator() for pk in _ids_in(event, table)}
        found: list[str] = []
        for pk in rows.order_by("pk").values_list("pk", flat=True).iterator():
            if pk not in named and len(found) < MOST_TOLD:
                found.append(f"{table} {pk} is in no event: it was slipped in")
        return found


def _named_by(event: AuditEvent) -> Iterator[tuple[str, dict[str, str]]]:
    if '"rows":{' in event.body:
        try:
            rows = json.loads(event.body)["rows"]
        except (ValueError, KeyError):
            return
        yield from rows.items()


def _ids_in(event: AuditEvent, table: str) -> Iterator[int]:
    for name, runs in _named_by(event):
        if name == table:
            for run in runs:
                yield from witness.ids_of(run)


def _rows(model: type[models.Model], ids: list[int]) -> dict[int, dict[str, Any]]:
    """The digested columns of rows by id."""
    names, key = witness.names_of(model), model._meta.pk.attname if model._meta.pk else "id"
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(ids), 500):
        rows: Any = model._default_manager.filter(pk__in=ids[start : start + 500])
        found |= {values[key]: values for values in rows.values(*names)}
    return found
