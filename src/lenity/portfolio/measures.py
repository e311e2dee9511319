"""How well scores tell apart and how far they moved, from counts: whole numbers in, parts per million out.

A higher score is a lower risk. Where a measure has no meaning (one outcome only, no rows) it is None.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
MILLION = 1_000_000
Z2 = np.divide(38_416, 10_000)
"""Square of the 97.5 % point of the normal distribution: intervals of 95 %."""


def _by_score(score: Array, late: Array) -> tuple[Array, Array]:
    """Counts of late and of other rows at each score, lowest score first."""
    _, at = np.unique(score, return_inverse=True)
    of_late = np.bincount(at, weights=late).astype(np.int64)
    return of_late, np.bincount(at).astype(np.int64) - of_late


def auc_ppm(score: Array, late: Array) -> int | None:
    """The chance that a late row has the lower score of a pair; ties count half. Exact."""
    of_late, others = _by_score(score, late)
    pairs = int(of_late.sum()) * int(others.sum())
    if not pairs:
        return None
    above = int(others.sum()) - np.cumsum(others)
    return int(np.sum(of_late * (2 * above + others))) * MILLION // (2 * pairs)


def ks_ppm(score: Array, late: Array) -> int | None:
    """The largest distance between the two distributions. Exact."""
    of_late, others = _by_score(score, late)
    first, second = int(of_late.sum()), int(others.sum())
    if not first * second:
        return None
    apart = np.abs(np.cumsum(of_late) * second - np.cumsum(others) * first)
    return int(apart.max()) * MILLION // (first * second)


def cuts(score: Array, parts: int = 10) -> Array:
    """Where a base distribution is cut into equal parts."""
    return np.unique(np.quantile(score, np.arange(1, parts) / parts))


def counts(score: Array, at: Array) -> Array:
    """Rows in each part."""
    return np.bincount(np.searchsorted(at, score, side="right"), minlength=len(at) + 1)


def stability_ppm(base: Array, now: Array) -> int:
    """The stability index (PSI, CSI) of two rows of counts; half a row is added to each, so none is zero."""
    size = len(base)
    then = (2 * base + 1) / (2 * int(base.sum()) + size)
    today = (2 * now + 1) / (2 * int(now.sum()) + size)
    return int(np.rint(np.sum((today - then) * np.log(today / then)) * MILLION))


def share_ppm(part: int, whole: int) -> tuple[int, int, int]:
    """A share with its Wilson interval of 95 %."""
    centre = (2 * part + Z2) / (2 * (whole + Z2))
    half = np.sqrt(Z2 * (part * (whole - part) / whole + Z2 / 4)) / (whole + Z2)
    low, high = max(centre - half, 0), min(centre + half, 1)
    return part * MILLION // whole, int(low * MILLION), int(np.ceil(high * MILLION))


def ratio_ppm(part: int, whole: int, base_part: int, base_whole: int) -> tuple[int, int, int] | None:
    """The ratio of two shares with its interval of 95 % (Katz); None where a share is zero."""
    if not part or not base_part:
        return None
    ratio = part * base_whole / (whole * base_part)
    spread = np.sqrt(Z2 * (1 / part - 1 / whole + 1 / base_part - 1 / base_whole))
    low, high = ratio * np.exp(-spread), ratio * np.exp(spread)
    return tuple(int(np.rint(one * MILLION)) for one in (ratio, low, high))  # type: ignore[return-value]


def difference_ppm(score: Array, base: Array) -> int | None:
    """The standardised mean difference of two groups' scores, by their pooled deviation."""
    pooled = np.sqrt((score.var() + base.var()) / 2)
    return int(np.rint((score.mean() - base.mean()) / pooled * MILLION)) if pooled else None
