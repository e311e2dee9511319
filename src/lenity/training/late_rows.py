"""Late loans as rows of a discrete-time hazard: one row for each month or week in which a loan was late.

A row holds what was known at that time and whether the loan was still late one step on (`stays_late`). Rows of
one client never lie on both sides of a split (`split`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.debt_collection import cure
from lenity.training import taiwan

TARGET, CLIENT, STEP = "stays_late", "client", "step"
MOST_WEEKS = 26
"""After half a year hardly a small loan is left to learn from."""
DAY = "%Y-%m-%d"


def of_months(frame: pl.DataFrame) -> pl.DataFrame:
    """From one row a client and month: `client`, `month` (YYYY-MM), `months_late`, `billed`, `paid`, `limit`.

    A further column `loan` tells several loans of a client apart, so that no client lies on both sides of a
    split; `left_alone` (1: nobody contacted her in that month, by lot) is kept.
    """
    _need(frame, ("client", "month", "months_late", "billed", "paid", "limit"))
    texts = frame.with_columns(pl.all().cast(pl.String).str.strip_chars())
    month = texts.get_column("month").str.extract_groups(r"^(\d{4})-(\d{2})")
    at = month.struct.field("1").cast(pl.Int64) * 12 + month.struct.field("2").cast(pl.Int64)
    _all_there(at, "month", "Write 2026-11.")
    names = [
        "months_late",
        "billed",
        "paid",
        "limit",
        *(["left_alone"] if "left_alone" in frame.columns else []),
    ]
    whole = {name: texts.get_column(name).cast(pl.Float64, strict=False).round(0) for name in names}
    for name, column in whole.items():
        _all_there(column, name, "Write a number.")
    keys = [CLIENT, "loan"] if "loan" in frame.columns else [CLIENT]
    long = texts.select(keys).with_columns(at.alias(STEP), *(one.cast(pl.Int64) for one in whole.values()))
    if long.select(*keys, STEP).is_duplicated().any():
        remedy = "Join such rows, or tell loans apart by a column loan."
        raise InputRefused([Problem("rows.month", "A client has one row for each month.", remedy)])
    return _person_months(long.sort(*keys, STEP), keys)


def of_taiwan(frame: pl.DataFrame) -> pl.DataFrame:
    """From the Taiwan card set: April to August of 2005.

    September is left out as an outcome: only there is one month late told apart (state 1), so that a cure means
    something else. States -2, -1 and 0 are all not late.
    """
    columns = [*taiwan.STATUS, *taiwan.BILLS, *taiwan.PAID, "LIMIT_BAL"]
    _need(frame, columns)
    numbers = frame.select(pl.col(columns).cast(pl.Float64).round(0).cast(pl.Int64)).with_row_index("client")
    months = []
    for place in range(1, 6):
        months.append(
            numbers.select(
                "client",
                pl.lit(2005 * 12 + 9 - place).cast(pl.Int64).alias(STEP),
                pl.col(taiwan.STATUS[place]).clip(0).alias("months_late"),
                pl.col(taiwan.BILLS[place]).alias("billed"),
                pl.col(taiwan.PAID[place]).alias("paid"),
                pl.col("LIMIT_BAL").alias("limit"),
            )
        )
    return _person_months(pl.concat(months).sort("client", STEP), [CLIENT])


def of_loans(frame: pl.DataFrame) -> pl.DataFrame:
    """From small loans that were repaid at last: `customerid`, `firstduedate`, `firstrepaiddate`, amounts, terms.

    Earlier loans count from the day on which they were repaid. Only closed loans are there, so that every loan
    is cured in the end: the hazard is that of loans which are repaid, too high for a book in which some never are.
    """
    _need(frame, ("customerid", "firstduedate", "firstrepaiddate", "loanamount", "totaldue", "termdays"))
    loans = frame.select(
        pl.col("customerid").alias(CLIENT),
        pl.col("firstduedate").str.slice(0, 10).str.to_date(DAY, strict=False).alias("due_on"),
        pl.col("firstrepaiddate").str.slice(0, 10).str.to_date(DAY, strict=False).alias("repaid_on"),
        pl.col("loanamount").cast(pl.Float64).cast(pl.Int64).alias("amount"),
        pl.col("totaldue").cast(pl.Float64).cast(pl.Int64).alias("due"),
        pl.col("termdays").cast(pl.Int64).alias("term_days"),
    )
    for name in ("due_on", "repaid_on"):
        _all_there(loans.get_column(name), name, "Write 2026-12-31.")
    loans = loans.with_row_index("loan").with_columns(
        days_late=(pl.col("repaid_on") - pl.col("due_on")).dt.total_days()
    )
    late = loans.filter(pl.col("days_late") > 0)
    weeks = late.with_columns(last_week=((pl.col("days_late") - 1) // 7).clip(0, MOST_WEEKS))
    weeks = weeks.with_columns(weeks_late=pl.int_ranges(0, pl.col("last_week") + 1)).explode("weeks_late")
    weeks = weeks.filter(pl.col("weeks_late") < MOST_WEEKS).with_columns(
        now_on=pl.col("due_on") + pl.duration(days=pl.col("weeks_late") * 7),
        stays_late=((pl.col("days_late") - 1) // 7 > pl.col("weeks_late")).cast(pl.Int64),
    )
    return _with_history(weeks, loans).with_columns(pl.col("weeks_late").alias(STEP))


FORMS: dict[str, tuple[Callable[[pl.DataFrame], pl.DataFrame], str]] = {
    "months": (of_months, "cure_months"),
    "taiwan": (of_taiwan, "cure_months"),
    "loans": (of_loans, "cure_weeks"),
}
"""How each form of data becomes rows, and the spec that learns from them."""


def split(rows: pl.DataFrame, share_ppm: int, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Whole clients: this share of them to learn from, the others held out."""
    clients = rows.get_column(CLIENT).unique().sort()
    order = np.random.default_rng(seed).permutation(len(clients))
    known = clients.gather(order[: len(clients) * share_ppm // 1_000_000].tolist())
    inside = rows.get_column(CLIENT).is_in(known.implode())
    return rows.filter(inside), rows.filter(~inside)


def _person_months(long: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Late months whose next month is known, each with the months before it as far as they follow on."""
    made = long.with_columns(
        (pl.col(STEP).shift(-1) == pl.col(STEP) + 1).over(keys).fill_null(False).alias("goes_on"),
        pl.col("months_late").shift(-1).over(keys).alias("next_late"),
    )
    for back in range(cure.MONTHS):
        follows = (pl.col(STEP).shift(back) == pl.col(STEP) - back).over(keys).fill_null(False)
        made = made.with_columns(
            pl.when(follows).then(pl.col(name).shift(back).over(keys)).alias(f"{short}_{back}")
            for name, short in (("months_late", "late"), ("billed", "billed"), ("paid", "paid"))
        )
    made = made.with_columns(pl.col(f"late_{back}").clip(0) for back in range(cure.MONTHS))
    made = made.with_columns(
        (pl.col("next_late") > 0).cast(pl.Int64).alias(TARGET), _spell(keys).alias("months_in_spell")
    )
    made = made.with_columns(pl.col("next_late").clip(0).alias("late_after"))
    kept = [CLIENT, STEP, TARGET, "late_after", "months_in_spell", *cure.COLUMNS]
    kept += ["left_alone"] if "left_alone" in long.columns else []
    return made.filter((pl.col("late_0") > 0) & pl.col("goes_on")).select(kept)


def _spell(keys: Sequence[str]) -> pl.Expr:
    """Which month in arrears this is; missing where the beginning was not seen."""
    late = pl.col("months_late") > 0
    follows = (pl.col(STEP).shift(1) == pl.col(STEP) - 1).over(keys).fill_null(False)
    starts = late & follows & ~(pl.col("months_late").shift(1).over(keys) > 0).fill_null(True)
    broken = ~late | ~follows
    last = pl.when(starts).then(pl.col(STEP)).when(broken).then(-1).forward_fill().over(keys)
    return pl.when(late & (last > 0)).then(pl.col(STEP) - last + 1)


def _with_history(weeks: pl.DataFrame, loans: pl.DataFrame) -> pl.DataFrame:
    """What the client's other loans, repaid by then, had shown."""
    others = loans.select(
        CLIENT,
        pl.col("loan").alias("other"),
        pl.col("repaid_on").alias("other_on"),
        pl.col("days_late").clip(0).alias("other_days"),
    )
    pairs = weeks.join(others, on=CLIENT).filter(
        (pl.col("other") != pl.col("loan")) & (pl.col("other_on") <= pl.col("now_on"))
    )
    known = (
        pairs.sort("other_on", "other")
        .group_by("loan", "weeks_late")
        .agg(
            pl.len().cast(pl.Int64).alias("earlier_loans"),
            (pl.col("other_days") > 0).sum().cast(pl.Int64).alias("earlier_late"),
            pl.col("other_days").sum().alias("earlier_days_late"),
            pl.col("other_days").last().alias("last_days_late"),
        )
    )
    joined = weeks.join(known, on=["loan", "weeks_late"], how="left").sort("loan", "weeks_late")
    counts = ["earlier_loans", "earlier_late", "earlier_days_late"]
    wanted = ["weeks_late", "term_days", "amount", "due", *counts, "last_days_late"]
    return joined.with_columns(pl.col(counts).fill_null(0)).select(CLIENT, TARGET, *wanted)


def _need(frame: pl.DataFrame, columns: Sequence[str]) -> None:
    if missing := [name for name in columns if name not in frame.columns]:
        says = f"The column {missing[0]} is missing."
        raise InputRefused([Problem("rows.column", says, f"Needed are: {', '.join(columns)}.")])


def _all_there(column: pl.Series, name: str, hint: str) -> None:
    if column.is_null().any():
        line = int(column.is_null().arg_max() or 0) + 1
        raise InputRefused([Problem("rows.value", "A value cannot be read.", hint, line, name)])
