"""Rows that an event answers for: their digests go into the event that wrote them, and so into the evidence log.

Somebody who owns the database can change a row and leave every event as it is. So each row of the tables below is
digested when it is written, and `audit verify` digests it again. Sealed columns are left out, because a change of
keys writes them anew (their cipher tells any other change); so are the few columns that change in place.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.signals import post_save

from lenity.base import canonical, dates

WORKING: Mapping[str, frozenset[str]] = {
    "debt_collection_outboxmessage": frozenset(
        {"state", "lease_owner", "leased_until", "handed_at", "provider", "provider_id", "note"}
    ),
    "debt_collection_placement": frozenset({"recalled_at"}),
}
"""Columns that change in place."""

WITNESSED = (
    *("debt_collection.Contact", "debt_collection.GateDecision", "debt_collection.OutboxMessage"),
    *("debt_collection.ContactOutcome", "debt_collection.ContactNote", "debt_collection.Placement"),
    *("debt_collection.Hold", "debt_collection.HoldEnd", "debt_collection.ConcernStep"),
    *("people.Preference", "arrangements.ConcernNote", "arrangements.ConcernFile", "arrangements.NoteFile"),
    *("arrangements.ToldContact", "arrangements.DataRequest", "arrangements.DataAnswer"),
    *("arrangements.Budget", "arrangements.TalkTurn", "arrangements.Agreement", "arrangements.AgreementSeal"),
    *("arrangements.Helper", "arrangements.HelperEnd"),
    *("lending.Loan", "lending.LoanAgreement", "lending.LoanMonth", "lending.ScheduleVersion"),
    *("lending.Instalment", "lending.Payment", "lending.LoanFact"),
    *("lending.CostStatement", "lending.CostStep", "lending.LoanCost"),
    *("ledger.LedgerAccount", "ledger.LedgerTransaction", "ledger.Posting"),
    *("intake.BankFile", "intake.BankBooking", "intake.BankEntry", "intake.SuspenseOutcome"),
)
"""The tables of contacts, consents, complaints, plans and money."""

WRITTEN_AT: Mapping[str, str] = {
    "debt_collection_contact": "requested_at",
    "debt_collection_contactoutcome": "recorded_at",
    "debt_collection_contactnote": "noted_at",
    "debt_collection_placement": "placed_at",
    "debt_collection_hold": "opened_at",
    "debt_collection_holdend": "ended_at",
    "people_preference": "recorded_at",
    "arrangements_concernnote": "recorded_at",
    "arrangements_concernfile": "recorded_at",
    "arrangements_toldcontact": "recorded_at",
    "arrangements_talkturn": "recorded_at",
    "arrangements_agreement": "signed_at",
    "lending_payment": "received_at",
    "lending_coststatement": "made_at",
    "lending_coststep": "at",
    "lending_loanfact": "recorded_at",
    "ledger_ledgertransaction": "recorded_at",
    "intake_bankfile": "received_at",
}
"""The column that says when a row was written: the instant of its event, else the row is backdated."""

NAMED_ONLY = frozenset({"ledger_ledgeraccount"})
"""Tables whose rows may be named twice: two entries at once may both make an account."""

RUN, MANY, LONG_RUN = 100, 500, 1000
"""So many rows share a digest; of more than `MANY` at once (a book that is imported) many more do."""
FULL, SHORT = 32, 4
"""Hex signs of a digest, and of each row's own beside it."""

Digests = dict[str, dict[str, str]]
"""By table, then by a run of ids (`7` or `7-12`), the digest of those rows."""
_NOTED: ContextVar[dict[str, dict[int, str]] | None] = ContextVar("noted", default=None)


def text_of(model: type[models.Model], values: Mapping[str, Any]) -> str:
    """A row as it is digested: its columns by name, the same text from Python's values and from the database's."""
    return canonical.text([_plain(field, values[name]) for name, field in _columns(model)])


@cache
def _columns(model: type[models.Model]) -> tuple[tuple[str, models.Field[Any, Any]], ...]:
    working = WORKING.get(model._meta.db_table, frozenset())
    found = [
        (str(field.attname), field)
        for field in model._meta.local_fields
        if not field.name.endswith("_sealed") and field.name not in working
    ]
    return tuple(sorted(found, key=lambda one: one[0]))


def names_of(model: type[models.Model]) -> list[str]:
    """The columns of a table that are digested."""
    return [name for name, _ in _columns(model)]


def _plain(field: models.Field[Any, Any], value: Any) -> object:
    if isinstance(field, models.JSONField):
        return canonical.text(json.loads(value) if isinstance(value, str) else value)
    if isinstance(value, datetime):
        return dates.instant_text(value)
    return value.isoformat() if isinstance(value, (date, time)) else value


def note(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Digest rows that were just written, for the next event of the unit of work; outside of one, do nothing."""
    noted = _NOTED.get()
    if noted is not None:
        name = model._meta.pk.attname if model._meta.pk else "id"
        noted.setdefault(model._meta.db_table, {}).update((row[name], text_of(model, row)) for row in rows)


def note_all(written: Sequence[models.Model]) -> None:
    """The same for rows that were written in bulk, which no signal tells of."""
    if written:
        note(type(written[0]), (vars(one) for one in written))


def one_row(model: type[models.Model], values: Mapping[str, Any]) -> str:
    """The digest of one row, for an event that names it itself."""
    return _digest([text_of(model, values)])


@contextmanager
def noting() -> Iterator[None]:
    """Around a unit of work: what is written within is digested."""
    token = _NOTED.set({})
    try:
        yield
    finally:
        _NOTED.reset(token)


def taken() -> Digests:
    """The digests of what was written since this was last asked."""
    noted = _NOTED.get()
    if not noted:
        return {}
    found = {table: _runs(rows) for table, rows in sorted(noted.items()) if rows}
    noted.clear()
    return found


def _runs(rows: Mapping[int, str]) -> dict[str, str]:
    """Ids that follow each other share a digest, with a few signs of each row's own to find it by."""
    longest = LONG_RUN if len(rows) > MANY else RUN
    found: dict[str, str] = {}
    run: list[int] = []
    for pk in sorted(rows):
        if run and (pk != run[-1] + 1 or len(run) == longest):
            found[_run_name(run)] = _digest([rows[one] for one in run])
            run = []
        run.append(pk)
    if run:
        found[_run_name(run)] = _digest([rows[one] for one in run])
    return found


def _run_name(run: Sequence[int]) -> str:
    return str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}"


def ids_of(run: str) -> range:
    """The ids of a run by its name. Raises `ValueError` for what names none.

    >>> list(ids_of("7-9")), list(ids_of("4"))
    ([7, 8, 9], [4])
    """
    first, _, last = run.partition("-")
    found = range(int(first), int(last or first) + 1)
    if not 0 < len(found) <= LONG_RUN:
        raise ValueError(f"{run!r} names no run of rows")
    return found


def _digest(texts: Sequence[str]) -> str:
    whole = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:FULL]
    if len(texts) == 1 or len(texts) > RUN:
        return whole
    return whole + "".join(hashlib.sha256(text.encode()).hexdigest()[:SHORT] for text in texts)


def changed(run: str, digest: str, texts: Mapping[int, str]) -> list[int]:
    """Which rows of a run are not what was digested; all of it where the digest tells no single one."""
    ids = ids_of(run)
    if all(pk in texts for pk in ids) and _digest([texts[pk] for pk in ids]) == digest:
        return []
    signs = [digest[FULL + SHORT * at : FULL + SHORT * (at + 1)] for at in range(len(ids))]
    found = [
        pk
        for pk, sign in zip(ids, signs, strict=True)
        if pk not in texts or (sign and hashlib.sha256(texts[pk].encode()).hexdigest()[:SHORT] != sign)
    ]
    return found or list(ids)


def model_of(table: str) -> type[models.Model] | None:
    """The model of a witnessed table."""
    return _models().get(table)


def tables() -> Iterable[str]:
    """The witnessed tables, in their order."""
    return _models()


@cache
def _models() -> dict[str, type[models.Model]]:
    found = [apps.get_model(name) for name in WITNESSED]
    return {model._meta.db_table: model for model in found}


def connect() -> None:
    """Hear of every row that is written one by one. Called once, when the tables are known."""
    for model in _models().values():
        post_save.connect(_saved, sender=model, dispatch_uid=f"witness {model._meta.db_table}")


def _saved(sender: type[models.Model], instance: models.Model, created: bool, **_: Any) -> None:
    if created:
        note(sender, [vars(instance)])
