"""The ageing rule on columns, written once as Narwhals expressions. `domain.delinquency.ageing` has one loan.

Two expressions that need thinking: what is left of an amount is amount - clamp(paid - cum_before, 0, amount);
days past due are the business day less the smallest due day of what is left.
"""

from __future__ import annotations

import narwhals as nw
import polars as pl


def left_minor() -> nw.Expr:
    """What is left of an amount when the payments have gone to the oldest amounts first."""
    applied = (nw.col("paid_minor") - nw.col("cum_before_minor")).clip(lower_bound=0)
    return nw.col("amount_minor") - nw.min_horizontal(applied, nw.col("amount_minor"))


def positions(
    loans: pl.DataFrame, instalments: pl.DataFrame, payments: pl.DataFrame, business_day: int
) -> pl.DataFrame:
    """Per loan: days past due, overdue, what is due next, balance. One row for each row of `loans`."""
    paid = nw.from_native(payments)
    dues = nw.from_native(instalments).join(paid, on="loan_id", how="left")
    dues = dues.with_columns(nw.col("paid_minor").fill_null(0))
    dues = dues.with_columns(left_minor=left_minor()).filter(nw.col("left_minor") > 0)
    late = dues.filter(nw.col("due_day") < business_day)
    overdue = late.group_by("loan_id").agg(
        oldest_unpaid_due_day=nw.col("due_day").min(), overdue_minor=nw.col("left_minor").sum()
    )
    ahead = dues.filter(nw.col("due_day") >= business_day)
    first = ahead.group_by("loan_id").agg(next_due_day=nw.col("due_day").min())
    following = (
        ahead.join(first, on="loan_id", how="left")
        .filter(nw.col("due_day") == nw.col("next_due_day"))
        .group_by("loan_id")
        .agg(next_due_day=nw.col("due_day").min(), next_due_minor=nw.col("left_minor").sum())
    )
    rows = nw.from_native(loans).join(overdue, on="loan_id", how="left")
    rows = rows.join(following, on="loan_id", how="left")
    return rows.with_columns(
        days_past_due=(business_day - nw.col("oldest_unpaid_due_day")).fill_null(0),
        overdue_minor=nw.col("overdue_minor").fill_null(0),
        next_due_minor=nw.col("next_due_minor").fill_null(0),
    ).to_native()


def stage(steps: list[tuple[str, int]]) -> nw.Expr:
    """The stage of `days_past_due` by steps (code, first day), lowest first."""
    code = nw.lit(steps[0][0])
    for name, first_day in steps[1:]:
        code = nw.when(nw.col("days_past_due") >= first_day).then(nw.lit(name)).otherwise(code)
    return code
