"""An invented book in the columns of the Taiwan set, for a demo without a network: a seeded known truth."""

from __future__ import annotations

import numpy as np

from lenity.training import taiwan


def clients(number: int, seed: int) -> list[dict[str, str]]:
    """`number` rows whose default depends on a hidden strain: use of the limit, lateness, small payments."""
    draw = np.random.default_rng(seed)
    rows = []
    for at in range(1, number + 1):
        strain = float(draw.normal())
        limit = int(draw.choice([20, 50, 80, 120, 200, 300, 500])) * 1000
        use = min(max(0.45 + 0.25 * strain + float(draw.normal(0, 0.15)), 0.0), 1.1)
        late = max(round(strain - 0.6 + float(draw.normal(0, 0.6))), 0)
        statuses = [min(late, 8) if late else int(draw.choice([-1, 0, 0, 0]))]
        statuses += [max(min(late - back, 8), 0) for back in range(1, 6)]
        bills = [int(limit * use * (1 - 0.04 * back)) for back in range(6)]
        paid = [int(bill * max(0.02, 0.12 - 0.05 * strain)) for bill in bills]
        chance = 1 / (1 + np.exp(-(-1.6 + 1.1 * strain + 0.5 * late)))
        row = {"ID": str(at), "LIMIT_BAL": str(limit), "SEX": str(int(draw.integers(2)))}
        row |= {name: str(value) for name, value in zip(taiwan.STATUS, statuses, strict=True)}
        row |= {name: str(value) for name, value in zip(taiwan.BILLS, bills, strict=True)}
        row |= {name: str(value) for name, value in zip(taiwan.PAID, paid, strict=True)}
        row[taiwan.TARGET] = str(int(float(draw.random()) < float(chance)))
        rows.append(row)
    return rows
