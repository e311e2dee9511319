"""The search for a less discriminatory score: the same tables, some counted more, less or not at all.

At the same share of approvals, which of them narrows the gap between groups most for the least loss of AUC?
The search sees the even rows, what is reported comes from the odd rows, so that a lucky find does not count.
Protected attributes steer the search and never enter a score.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lenity.domain.scoring.model import Model
from lenity.portfolio import measures
from lenity.portfolio.measures import MILLION, Array
from lenity.portfolio.watch import FEWEST, Rows

FULL, MOST = 4, 6
"""Tables count in quarters: 4 as they are, 0 not at all, 6 one and a half times."""


@dataclass(frozen=True)
class Alternative:
    """A variant of the score and what it does on rows that the search did not see."""

    weights: tuple[int, ...]
    auc_ppm: int
    impact_ratio_ppm: int


def frontier(
    model: Model, seen: Rows, approve_at_most_ppm: int, *, steps: int = 16, most_lost_ppm: int = 10_000
) -> dict[str, Any]:
    """Alternatives that no other beats on both, with the score as it is first."""
    if seen.late is None or seen.group is None:
        return {"why_not": "outcomes and groups are needed"}
    even = np.arange(len(seen.score)) % 2 == 0
    known, unseen = seen.only(even), seen.only(~even)
    share = int((known.default_ppm <= approve_at_most_ppm).sum()) * MILLION // max(len(known.score), 1)
    begin = tuple([FULL] * len(model.terms))
    start = _judge(known, begin, share)
    if start is None or _judge(unseen, begin, share) is None:
        return {"why_not": f"two groups with {FEWEST} rows and both outcomes are needed"}
    path, here = [begin], start
    for _ in range(steps):
        better = _step(known, here, share, start.auc_ppm - most_lost_ppm)
        if better is None:
            break
        here = better
        path.append(here.weights)
    judged = [one for weights in path if (one := _judge(unseen, weights, share))]
    kept = [judged[0], *[one for one in judged[1:] if not any(_beats(other, one) for other in judged)]]
    return {
        "rows": len(unseen.score),
        "approved_ppm": share,
        "alternatives": [_told(model, one, judged[0]) for one in kept],
    }


def _step(known: Rows, here: Alternative, share: int, least_auc: int) -> Alternative | None:
    """The one table that, counted a quarter more, less or not at all, raises the ratio most."""
    found = []
    for place, weight in enumerate(here.weights):
        for changed in sorted({0, weight - 1, weight + 1} - {weight}):
            if not 0 <= changed <= MOST:
                continue
            weights = (*here.weights[:place], changed, *here.weights[place + 1 :])
            one = _judge(known, weights, share)
            if one and one.auc_ppm >= least_auc and one.impact_ratio_ppm > here.impact_ratio_ppm:
                found.append(one)
    return max(found, key=lambda one: (one.impact_ratio_ppm, one.auc_ppm), default=None)


def _judge(seen: Rows, weights: tuple[int, ...], share_ppm: int) -> Alternative | None:
    score = seen.points @ np.asarray(weights, dtype=np.int64)
    assert seen.late is not None
    auc, ratio = measures.auc_ppm(score, seen.late), _worst_ratio(score, np.asarray(seen.group), share_ppm)
    return None if auc is None or ratio is None else Alternative(weights, auc, ratio)


def _worst_ratio(score: Array, names: Array, share_ppm: int) -> int | None:
    """The least approved group over the most approved one, when this share of all rows is approved."""
    approved_rows = max(len(score) * share_ppm // MILLION, 1)
    approved = score >= np.sort(score)[-approved_rows]
    rates = [
        int(approved[names == name].sum()) * MILLION // int((names == name).sum())
        for name in np.unique(names)
        if (names == name).sum() >= FEWEST
    ]
    return min(rates) * MILLION // max(rates) if len(rates) > 1 and max(rates) else None


def _beats(one: Alternative, other: Alternative) -> bool:
    least = one.auc_ppm >= other.auc_ppm and one.impact_ratio_ppm >= other.impact_ratio_ppm
    return least and (one.auc_ppm, one.impact_ratio_ppm) != (other.auc_ppm, other.impact_ratio_ppm)


def _told(model: Model, one: Alternative, as_is: Alternative) -> dict[str, Any]:
    changed = {
        term.name: weight * 100 // FULL
        for term, weight in zip(model.terms, one.weights, strict=True)
        if weight != FULL
    }
    return {
        "percent_of_table": changed,
        "auc_ppm": one.auc_ppm,
        "auc_lost_ppm": as_is.auc_ppm - one.auc_ppm,
        "impact_ratio_ppm": one.impact_ratio_ppm,
    }
