"""A score in use, month by month: has the population moved, does it still tell apart, whom does it cost.

Protected attributes come in for testing only. Numbers are parts per million; None where there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from lenity.domain.scoring.model import Model
from lenity.portfolio import measures, score
from lenity.portfolio.measures import Array

FEWEST = 30
"""Rows below which a group or a month is counted but not compared."""


@dataclass(frozen=True)
class Rows:
    """Scored rows: points by table, and what is known of each row."""

    score: Array
    default_ppm: Array
    points: Array
    late: Array | None = None
    group: Sequence[str] | None = None

    def only(self, chosen: Array) -> Rows:
        """Some of the rows."""
        group = None if self.group is None else [self.group[int(at)] for at in np.flatnonzero(chosen)]
        late = None if self.late is None else self.late[chosen]
        return Rows(self.score[chosen], self.default_ppm[chosen], self.points[chosen], late, group)


def rows(
    model: Model, frame: pl.DataFrame, late: Array | None = None, group: Sequence[str] | None = None
) -> Rows:
    """Score a frame; raises `InputRefused` that names the column and the row."""
    tables = score.Tables(model)
    done = tables.score(frame, reasons=False)
    values = tables.features(frame)
    points = np.column_stack([tables.points(table, values) for table in tables.tables]).astype(np.int64)
    return Rows(done.score, done.default_ppm, points, late, group)


def report(model: Model, base: Rows, now: Rows, approve_at_most_ppm: int) -> dict[str, Any]:
    """One month held against the base: stability, tables that moved, outcomes, groups."""
    found: dict[str, Any] = {"rows": len(now.score)}
    if len(now.score) < FEWEST:
        return found | {"too_few": FEWEST}
    at = measures.cuts(base.score)
    found["psi_ppm"] = measures.stability_ppm(measures.counts(base.score, at), measures.counts(now.score, at))
    found["mean_score"] = int(np.rint(now.score.mean()))
    found["mean_score_moved"] = found["mean_score"] - int(np.rint(base.score.mean()))
    moved = {
        term.name: _moved(base.points[:, place], now.points[:, place])
        for place, term in enumerate(model.terms)
    }
    found["csi_ppm"] = dict(sorted(moved.items(), key=lambda one: (-one[1], one[0])))
    found["approved_ppm"] = measures.share_ppm(
        int((now.default_ppm <= approve_at_most_ppm).sum()), len(now.score)
    )
    if now.late is not None:
        found["auc_ppm"] = measures.auc_ppm(now.score, now.late)
        found["ks_ppm"] = measures.ks_ppm(now.score, now.late)
        found["calibration"] = calibration(now)
    if now.group is not None:
        found["groups"] = groups(now, approve_at_most_ppm)
    return found


def _moved(base: Array, now: Array) -> int:
    values = np.union1d(base, now)
    counted = [
        np.bincount(np.searchsorted(values, one), minlength=len(values)).astype(np.int64)
        for one in (base, now)
    ]
    return measures.stability_ppm(counted[0], counted[1])


def calibration(now: Rows) -> list[dict[str, Any]]:
    """By tenth of the score, lowest first: what was expected, what happened, with its interval."""
    if now.late is None:
        return []
    at = np.searchsorted(measures.cuts(now.score), now.score, side="right")
    found = []
    for part in np.unique(at):
        chosen = at == part
        happened, low, high = measures.share_ppm(int(now.late[chosen].sum()), int(chosen.sum()))
        expected = int(np.rint(now.default_ppm[chosen].mean()))
        found.append(
            {
                "rows": int(chosen.sum()),
                "expected_ppm": expected,
                "happened_ppm": happened,
                "low_ppm": low,
                "high_ppm": high,
                "within": bool(low <= expected <= high),
            }
        )
    return found


def groups(now: Rows, approve_at_most_ppm: int) -> list[dict[str, Any]]:
    """Approval of each group over that of the group approved most (adverse impact ratio), and how far apart."""
    names = np.asarray(now.group)
    approved = now.default_ppm <= approve_at_most_ppm
    sizes = {str(name): int((names == name).sum()) for name in np.unique(names)}
    large = [name for name, size in sizes.items() if size >= FEWEST]
    most = max(large, key=lambda name: (approved[names == name].mean(), name), default="")
    found = []
    for name, size in sizes.items():
        one: dict[str, Any] = {"group": name, "rows": size}
        if name in large:
            yes, best = int(approved[names == name].sum()), int(approved[names == most].sum())
            one["approved_ppm"] = measures.share_ppm(yes, size)
            one["impact_ratio_ppm"] = measures.ratio_ppm(yes, size, best, sizes[most])
            one["difference_ppm"] = measures.difference_ppm(
                now.score[names == name], now.score[names == most]
            )
        found.append(one)
    return found
