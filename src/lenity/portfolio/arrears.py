"""Roll rates and cures as counts with intervals: what became of late loans, step by step.

A cure is a hazard: of the loans that were still late at the start of a step, how many were not at its end. A loan
whose next step was not seen leaves the count there and is no failure. Shares are parts per million.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lenity.portfolio import measures
from lenity.portfolio.measures import MILLION, Array

FEWEST = 30
"""Loans below which a share is counted but not told."""


def roll_rates(before: Array, after: Array, most: int = 4) -> list[dict[str, Any]]:
    """Where loans stood one step on, by where they stood; `most` and later are one state."""
    start, end = np.clip(before, 0, most), np.clip(after, 0, most)
    found = []
    for state in range(most + 1):
        of = end[start == state]
        moved = [int((of == to).sum()) for to in range(most + 1)]
        found.append({"from": state, "loans": len(of), "to": [_share(one, len(of)) for one in moved]})
    return found


def hazard(step: Array, cured: Array, most: int) -> list[dict[str, Any]]:
    """The chance of a cure in each step of arrears, and the share that is still late after it."""
    found, still = [], MILLION
    for number in range(int(step.min()) if len(step) else 1, most + 1):
        inside = step == number
        loans, cures = int(inside.sum()), int(cured[inside].sum())
        if not loans:
            break
        still = still * (loans - cures) // loans
        found.append(
            {
                "step": number,
                "loans": loans,
                "cures": cures,
                "cure": _share(cures, loans),
                "still_late_ppm": still,
            }
        )
    return found


def calibration(stays_ppm: Array, stays: Array, parts: int = 10) -> list[dict[str, Any]]:
    """By tenth of the estimate, lowest first: cures expected and cures seen, with an interval."""
    order, found = np.argsort(stays_ppm, kind="stable")[::-1], []
    for part in np.array_split(order, parts):
        if len(part):
            cures = len(part) - int(stays[part].sum())
            share, low, high = measures.share_ppm(cures, len(part))
            expected = MILLION - int(np.rint(stays_ppm[part].mean()))
            found.append(
                {
                    "rows": len(part),
                    "expected_ppm": expected,
                    "happened_ppm": share,
                    "low_ppm": low,
                    "high_ppm": high,
                    "within": bool(low <= expected <= high),
                }
            )
    return found


def _share(part: int, whole: int) -> Sequence[int] | None:
    return list(measures.share_ppm(part, whole)) if whole >= FEWEST else None
