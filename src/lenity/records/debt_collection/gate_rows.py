"""What the gate has to know of some borrowers, read by one statement under their locks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from django.db import connection

from lenity.domain.debt_collection.contact import Past, Standing
from lenity.records import rows

HISTORY_DAYS = 92
"""How far back contacts are read. No counting rule of any rulebook may look further (a test says so)."""


@dataclass(frozen=True, slots=True)
class PointRow:
    """A live contact point; its value is sealed."""

    pk: int
    public_id: str
    kind: str
    role: str
    use: str
    source: str
    zones: tuple[str, ...]
    value_sealed: str


@dataclass(frozen=True, slots=True)
class LoanRow:
    """A loan with what is overdue on it, in minor units, where that was asked for."""

    pk: int
    public_id: str
    account_number: str
    currency: str
    overdue_minor: int | None

    def overdue(self) -> int:
        """What is overdue; it must have been asked for."""
        if self.overdue_minor is None:
            raise LookupError(f"what is overdue on {self.public_id} was not read")
        return self.overdue_minor


@dataclass(slots=True)
class Known:
    """Everything known of one borrower that the gate may weigh."""

    points: dict[str, PointRow] = field(default_factory=dict)
    loans: dict[str, LoanRow] = field(default_factory=dict)
    history: list[Past] = field(default_factory=list)
    standings: list[Standing] = field(default_factory=list)

    @property
    def zones(self) -> tuple[str, ...]:
        """Every zone in which the person may be."""
        return tuple(sorted({zone for point in self.points.values() for zone in point.zones}))


@dataclass(frozen=True, slots=True)
class BorrowerRow:
    """A borrower, locked; personal data sealed."""

    pk: int
    public_id: str
    jurisdiction: str
    language: str
    name_sealed: str
    birth_date_sealed: str


@dataclass(frozen=True)
class Read:
    """Locked borrowers and what is known of each, with fresh ids for as many contacts."""

    borrowers: Mapping[str, BorrowerRow]
    known: Mapping[int, Known]
    contact_ids: Sequence[int]
    listening: Sequence[tuple[int, str]]
    """Webhook endpoints that hear of contacts: id and kinds."""
    kept: frozenset[str]
    """Which of the rulebooks and wordings asked about are kept."""


def lock_and_read(
    public_ids: Iterable[str],
    loan_ids: Iterable[str],
    at: datetime,
    contacts: int,
    days: Mapping[str, date],
    *,
    summed: bool,
    kept: Iterable[str] = (),
) -> Read:
    """Lock borrowers (in one order), then read what is known of them; one trip to a server.

    `days` are the lender's days by place: what is overdue on a loan (only if `summed`) goes by the day of its
    borrower's place, and by UTC's for a place that is not among them. The lock is a statement of its own, so
    that what is read was committed before the lock was had. `kept` are digests of
    rulebooks and wordings to look for.
    """
    wanted = sorted(public_ids)
    values = _values({"publics": wanted}, at) | {"loans": sorted(loan_ids), "number": contacts}
    values |= {"kept": list(kept)}
    values |= {"today": at.date()} | {f"today_{place}": day for place, day in days.items()}
    locked, found = rows.fetch_all(
        [(_lock(), {"publics": wanted}), (_door(tuple(sorted(days)) if summed else ()), values)]
    )
    borrowers = {row[1]: BorrowerRow(*row) for row in locked}
    known = {row.pk: Known() for row in borrowers.values()}
    beside = _sort_out(found, known)
    drawn = [int(row[2]) for row in beside if row[0] == "fresh"]
    listening = [(row[2], row[3]) for row in beside if row[0] == "listens"]
    return Read(borrowers, known, drawn, listening, frozenset(row[3] for row in beside if row[0] == "kept"))


def read(borrower_ids: Iterable[int], at: datetime) -> dict[int, Known]:
    """What is known of borrowers at `at`, without a lock and without loans."""
    known = {pk: Known() for pk in borrower_ids}
    values = _values({"ids": sorted(known)}, at)
    _sort_out(rows.fetch(_known("id", "ids"), values), known)
    return known


def overdue_minor(loan_ids: Sequence[int], on_date: date) -> dict[int, int]:
    """What is overdue on each loan on `on_date`, from the facts: due instalments less what was paid."""
    statement = f"SELECT l.id, {_OVERDUE} FROM lending_loan l WHERE l.id {rows.among('ids')}"
    found = rows.fetch(statement, {"ids": sorted(loan_ids), "today": on_date})
    return {int(pk): max(int(due) - int(paid) + int(back), 0) for pk, due, paid, back in found}


def _values(who: Mapping[str, object], at: datetime) -> dict[str, object]:
    return {"at": at, "since": at - timedelta(days=HISTORY_DAYS), **who}


@cache
def _lock() -> str:
    """SQLite's IMMEDIATE transactions already exclude each other; PostgreSQL locks the rows."""
    suffix = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    columns = "id, public_id, jurisdiction, language, name_sealed, birth_date_sealed"
    return (
        f"SELECT {columns} FROM people_borrower WHERE public_id {rows.among('publics')} ORDER BY id{suffix}"
    )


_DUE = """(SELECT coalesce(sum(i.principal_minor + i.interest_minor + i.fee_minor), 0)
 FROM lending_instalment i JOIN lending_scheduleversion s ON s.id = i.schedule_id
 WHERE s.loan_id = l.id AND i.due_date < %(today)s
  AND s.version = (SELECT max(v.version) FROM lending_scheduleversion v WHERE v.loan_id = l.id))"""
_PAID = """(SELECT coalesce(sum(p.amount_minor), 0) FROM lending_payment p
 WHERE p.loan_id = l.id AND p.value_date <= %(today)s AND p.reverses_id IS NULL
  AND NOT EXISTS (SELECT 1 FROM lending_payment q WHERE q.reverses_id = p.id))"""
_REFUNDED = """(SELECT coalesce(sum(f.amount_minor), 0) FROM lending_loanfact f
 WHERE f.loan_id = l.id AND f.kind = 'refund' AND f.on_date <= %(today)s AND f.reverses_id IS NULL
  AND NOT EXISTS (SELECT 1 FROM lending_loanfact g WHERE g.reverses_id = f.id))"""
_OVERDUE = ", ".join(f"CAST({part} AS text)" for part in (_DUE, _PAID, _REFUNDED))

_LOANS = """
UNION ALL SELECT 'loan', l.borrower_id, l.id, l.public_id, l.account_number, l.currency, {overdue}, ''
FROM lending_loan l JOIN people_borrower o ON o.id = l.borrower_id WHERE l.public_id """

_LISTENS = """
UNION ALL SELECT 'listens', 0, id, CAST(kinds AS text), '', '', '', '', '', ''
FROM webhooks_endpoint WHERE ended_at IS NULL"""

_KEPT = "\nUNION ALL SELECT 'kept', 0, 0, digest, '', '', '', '', '', '' FROM {table} WHERE digest {among}"
_KEPT_IN = ("debt_collection_keptrulebook", "debt_collection_certificatewording")

_KNOWN = """
WITH b AS (SELECT id FROM people_borrower WHERE {who})
SELECT 'point', p.borrower_id, p.id, p.public_id, p.kind, p.role, p."use", p.source,
 CAST(p.candidate_zones AS text), p.value_sealed
FROM b {points}
UNION ALL SELECT 'past', c.borrower_id, c.id, c.public_id, CAST(c.requested_at AS text), c.channel, c.purpose,
 p.public_id || ' ' || p.role, CAST(c.debts AS text),
 coalesce((SELECT 'said ' || r.outcome FROM debt_collection_contactoutcome r WHERE r.contact_id = c.id
           ORDER BY r.recorded_at DESC, r.id DESC LIMIT 1), x.state, '')
FROM b {contacts} JOIN people_contactpoint p ON p.id = c.contact_point_id
LEFT JOIN debt_collection_outboxmessage x ON x.contact_id = c.id
UNION ALL SELECT 'hold', h.borrower_id, h.id, h.kind, CAST(h.opened_at AS text),
 coalesce(CAST(h.ends_on AS text), ''), coalesce(l.public_id, ''), '', CAST(h.detail AS text), ''
FROM b {holds} LEFT JOIN lending_loan l ON l.id = h.loan_id
UNION ALL SELECT 'wish', w.borrower_id, w.id, w.kind, CAST(w.recorded_at AS text),
 coalesce(CAST(w.ends_at AS text), ''), w.channel, coalesce(p.public_id, ''), CAST(w.detail AS text), ''
FROM b {wishes} LEFT JOIN people_contactpoint p ON p.id = w.contact_point_id
UNION ALL SELECT 'notice', c.borrower_id, c.id,
 CASE c.purpose WHEN 'validation' THEN 'validation_notice' ELSE c.purpose END,
 CAST(coalesce(x.handed_at, c.requested_at) AS text), '', '', '', CAST(c.debts AS text), ''
FROM b {notices} JOIN debt_collection_outboxmessage x ON x.contact_id = c.id
WHERE x.state IN ('delivered', 'handed', 'accepted')"""
_NOTICES = "('outsourcing_notice', 'assignment_notice', 'negative_report_notice', 'validation')"
_OF_EACH = {
    "points": ("people_contactpoint", "p", "p.retired_at IS NULL"),
    "contacts": ("debt_collection_contact", "c", "c.verdict = 'allowed' AND c.requested_at >= %(since)s"),
    "holds": (
        "debt_collection_hold",
        "h",
        "NOT EXISTS (SELECT 1 FROM debt_collection_holdend e WHERE e.hold_id = h.id)",
    ),
    "wishes": (
        "people_preference",
        "w",
        "w.revokes_id IS NULL AND NOT EXISTS (SELECT 1 FROM people_preference v WHERE v.revokes_id = w.id)",
    ),
    "notices": (
        "debt_collection_contact",
        "c",
        f"c.verdict = 'allowed' AND c.requested_at <= %(at)s AND c.purpose IN {_NOTICES}",
    ),
}


def _known(column: str, name: str) -> str:
    """The one statement: points, contacts, holds, wishes and notices of borrowers."""
    each = {part: rows.of_each("b.id", "borrower_id", *what) for part, what in _OF_EACH.items()}
    return _KNOWN.format(who=f"{column} {rows.among(name)}", **each)


@cache
def _door(places: tuple[str, ...]) -> str:
    """The same for the door, with the loans named, fresh ids of contacts, and who listens to what is decided.

    What is overdue goes by the day in some `places`; it is not summed where none is given.
    """
    cases = " ".join(f"WHEN '{place}' THEN %(today_{place})s" for place in places)
    overdue = _OVERDUE.replace("%(today)s", f"(CASE o.jurisdiction {cases} ELSE %(today)s END)")
    loans = _LOANS.replace("{overdue}", overdue if places else "'', '', ''")
    fresh = rows.fresh_ids("debt_collection_contact")
    drawn = f"UNION ALL SELECT 'fresh', 0, f.id, '', '', '', '', '', '', '' FROM ({fresh}) AS f"
    kept = "".join(_KEPT.format(table=table, among=rows.among("kept")) for table in _KEPT_IN)
    beside = f"{drawn}{_LISTENS}{kept}"
    return f"{_known('public_id', 'publics')}{loans}{rows.among('loans')}\n{beside}"


def _sort_out(found: Sequence[tuple[Any, ...]], known: Mapping[int, Known]) -> list[tuple[Any, ...]]:
    """Give each borrower what is known of her; what is nobody's comes back."""
    beside: list[tuple[Any, ...]] = []
    pasts: list[tuple[datetime, int, int, Past]] = []
    stands: list[tuple[datetime, str, str, str, int, int, Standing]] = []
    for row in found:
        kind, borrower_id, pk = row[0], row[1], row[2]
        if kind == "point":
            _, _, _, public_id, point_kind, role, use, source, zones, sealed = row
            known[borrower_id].points[public_id] = PointRow(
                pk, public_id, point_kind, role, use, source, _zones(zones), sealed
            )
        elif kind == "past":
            past = _past(row)
            if past is not None:
                pasts.append((past.at, pk, borrower_id, past))
        elif kind == "loan":
            loan = LoanRow(pk, row[3], row[4], row[5], _overdue(*row[6:9]))
            if borrower_id in known:
                known[borrower_id].loans[loan.public_id] = loan
        elif kind in ("fresh", "listens", "kept"):
            beside.append(row)
        else:
            one = _standing(kind, row)
            stands.append((one.since, one.kind, one.point_id, kind, pk, borrower_id, one))
    for _, _, borrower_id, past in sorted(pasts, key=lambda item: item[:2]):
        known[borrower_id].history.append(past)
    for *_, borrower_id, one in sorted(stands, key=lambda item: item[:5]):
        known[borrower_id].standings.append(one)
    return beside


@lru_cache(maxsize=256)
def _zones(text: str) -> tuple[str, ...]:
    return tuple(sorted(json.loads(text)))


def _overdue(due: str, paid: str, back: str) -> int | None:
    return max(int(due) - int(paid) + int(back), 0) if due else None


def _past(row: tuple[Any, ...]) -> Past | None:
    """A contact that was allowed and so happened or may happen; None when it certainly never left."""
    _, _, _, public_id, at, channel, purpose, point, debts, state = row
    point_id, _, role = point.partition(" ")
    said = state.removeprefix("said ")
    if said == state:
        if state in ("cancelled", "expired"):
            return None
        said = "unknown" if state in ("", "unknown") else "handed"
    return Past(
        contact_id=public_id,
        at=rows.instant(at),
        channel=channel,
        purpose=purpose,
        point_id=point_id,
        role=role,
        debts=tuple(json.loads(debts)),
        outcome=said,
    )


def _standing(kind: str, row: tuple[Any, ...]) -> Standing:
    _, _, _, what, since, until, first, second, body, _ = row
    if kind == "notice":
        return Standing(what, rows.instant(since), debts=tuple(json.loads(body)))
    detail = tuple(sorted((key, str(value)) for key, value in json.loads(body).items()))
    if kind == "hold":
        last = date.fromisoformat(until) if until else None
        return Standing(what, rows.instant(since), last, debts=(first,) if first else (), detail=detail)
    end = rows.instant(until).date() if until else None
    return Standing(what, rows.instant(since), end, channel=first, point_id=second, detail=detail)
