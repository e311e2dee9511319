"""A borrower fills in when she may be reached on which channel; the gate keeps to it from this instant on."""

from __future__ import annotations

from collections.abc import Iterable

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.debt_collection import reach
from lenity.gateways import ids
from lenity.operations import unit
from lenity.records.debt_collection import writes as debt_writes
from lenity.records.people import queries, writes
from lenity.records.people.models import Borrower, Preference


def set_reach(*, borrower_id: str, open_cells: Iterable[str], actor: str) -> int:
    """Make the grid what she wants; returns how many wishes changed. Nothing is deleted, a wish is revoked.

    A channel without an open part is switched off; every other closed part is quiet hours of its channel.
    Quiet hours that she named by the clock stay as they are.
    """
    wanted = set(open_cells)
    if wanted - set(reach.cells()):
        raise InputRefused([Problem("reach", f"Cells are: {', '.join(reach.cells())}.")])
    with unit.of_work(operation="set_reach", actor=actor) as work:
        borrower = debt_writes.lock_borrower(borrower_id)
        slots = [one for one in queries.standing(borrower, "quiet_hours") if one.detail.get("part")]
        changed, shut = 0, reach.closed(wanted)
        for channel, parts in shut.items():
            off = len(parts) == len(reach.PARTS)
            mine = [one for one in slots if one.channel == channel]
            changed += _switch(work, borrower, channel, off)
            changed += _parts(work, borrower, channel, () if off else parts, mine)
        work.record(
            subject_kind="preference",
            subject_id=borrower_id,
            borrower_id=borrower_id,
            body={"closed": {channel: list(parts) for channel, parts in shut.items()}, "changed": changed},
        )
        return changed


def _switch(work: unit.Work, borrower: Borrower, channel: str, off: bool) -> int:
    standing = queries.opt_outs(borrower, channel)
    if bool(standing) == off:
        return 0
    if off:
        _add(work, borrower, "channel_opt_out", channel, {}, None)
    for revoked in standing:
        _add(work, borrower, "channel_opt_out", channel, {}, revoked)
    return 1


def _parts(
    work: unit.Work, borrower: Borrower, channel: str, parts: tuple[str, ...], standing: list[Preference]
) -> int:
    known = {one.detail["part"]: one for one in standing}
    ended = [one for part, one in known.items() if part not in parts]
    for one in ended:
        _add(work, borrower, "quiet_hours", channel, {}, one)
    new = [part for part in parts if part not in known]
    for part in new:
        start, end = reach.PARTS[part]
        detail = {"closed_from": start, "closed_until": end, "weekdays": "", "part": part}
        _add(work, borrower, "quiet_hours", channel, detail, None)
    return len(ended) + len(new)


def _add(
    work: unit.Work,
    borrower: Borrower,
    kind: str,
    channel: str,
    detail: dict[str, str],
    revokes: Preference | None,
) -> None:
    writes.add_preference(
        borrower,
        public_id=ids.public_id(),
        kind=kind,
        channel=channel,
        detail=detail,
        recorded_at=work.now,
        recorded_by=work.actor,
        revokes=revokes,
    )
