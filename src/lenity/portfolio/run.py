"""The close over the whole book, by Polars on one machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import polars as pl

from lenity.domain.delinquency.stages import Stages
from lenity.portfolio import age, snapshot


@dataclass(frozen=True)
class Closed:
    """The positions of all loans, with digests of what went in and what came out."""

    frame: pl.DataFrame
    facts_digest: str
    result_digest: str

    @property
    def positions(self) -> list[dict[str, Any]]:
        """The positions as rows."""
        return self.frame.to_dicts()


def close(facts: snapshot.Facts, business_day: int, stages: Stages) -> Closed:
    """Close the book on a day (its ordinal). The same facts give the same positions in any order of rows."""
    rows = age.positions(facts.loans, facts.instalments, facts.payments, business_day)
    steps = [(step.code, step.from_day) for step in stages.steps]
    frame = nw.from_native(rows).with_columns(stage=age.stage(steps)).sort("loan_id").to_native()
    columns = [
        "loan_id",
        "days_past_due",
        "stage",
        "oldest_unpaid_due_day",
        "overdue_minor",
        "next_due_day",
        "next_due_minor",
        "balance_minor",
    ]
    result = frame.select(columns)
    return Closed(result, facts.digest(), snapshot.frames_digest([result]))
