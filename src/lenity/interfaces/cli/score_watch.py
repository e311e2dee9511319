"""What `lenity score watch` reads and tells."""

from __future__ import annotations

from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.scoring.model import Model
from lenity.portfolio import fairer, watch
from lenity.training import fit

Said = str | dict[str, str]
"""A text, or the text in both languages (`zh`, `en`)."""
MOST_MONTHS, MOST_GROUPS = 120, 50


def run(
    model: Model,
    then: pl.DataFrame,
    frame: pl.DataFrame,
    *,
    target: str,
    group: str,
    month: str,
    approve_at_most_ppm: int,
    source: Said = "",
    note: Said = "",
) -> dict[str, Any]:
    """Hold each month of `frame` against `then`; search for a less discriminatory score over all of it."""
    for column in (target, group, month):
        if column and column not in frame.columns:
            raise InputRefused([Problem("watch.column", f"The column {column} is missing.")])
    if not then.height or not frame.height:
        raise InputRefused([Problem("watch.rows", "A file has no rows.", "Give rows to compare.")])
    late = fit.targets(frame, target) if target else None
    names = _texts(frame, group) if group else None
    seen, of_base = watch.rows(model, frame, late, names), watch.rows(model, then)
    _few(frame, month, MOST_MONTHS, "months")
    _few(frame, group, MOST_GROUPS, "groups")
    months = pl.Series(_texts(frame, month) if month else ["all"] * frame.height)
    found: dict[str, Any] = {
        "model": model.fingerprint,
        "source": source,
        "note": note,
        "group": group,
        "approve_at_most_ppm": approve_at_most_ppm,
        "base_rows": then.height,
        "months": {
            one: watch.report(model, of_base, seen.only((months == one).to_numpy()), approve_at_most_ppm)
            for one in sorted(months.unique())
        },
    }
    if target and group:
        found["less_discriminatory"] = fairer.frontier(model, seen, approve_at_most_ppm)
    return found


def _few(frame: pl.DataFrame, column: str, most: int, what: str) -> None:
    if column and (found := frame.get_column(column).n_unique()) > most:
        says = f"The column {column} has {found:,} {what}; at most {most} are compared."
        raise InputRefused([Problem("watch.column", says, "Is it the right column?", None, column)])


def both(english: str, chinese: str) -> Said:
    """A note in one language, or in both where both are given."""
    return {"en": english, "zh": chinese} if english and chinese else english or chinese


def tell(found: dict[str, Any]) -> None:
    """As tables."""
    console = Console()
    table = Table("month", "rows", "PSI", "score moved", "most moved table", "approved", "AUC", "KS")
    for name, one in found["months"].items():
        if "too_few" in one:
            table.add_row(name, f"{one['rows']:,}", "too few rows")
            continue
        first, csi = next(iter(one["csi_ppm"].items()))
        table.add_row(
            name,
            f"{one['rows']:,}",
            _decimal(one["psi_ppm"]),
            str(one["mean_score_moved"]),
            f"{first} {_decimal(csi)}",
            _decimal(one["approved_ppm"][0]),
            _decimal(one.get("auc_ppm")),
            _decimal(one.get("ks_ppm")),
        )
    console.print(table)
    for name, one in found["months"].items():
        for group in one.get("groups", []):
            ratio = group.get("impact_ratio_ppm")
            told = (
                " [".join((_decimal(ratio[0]), f"{_decimal(ratio[1])}, {_decimal(ratio[2])}]"))
                if ratio
                else "-"
            )
            console.print(
                f"{name} group {group['group']}: {group['rows']:,} rows, impact ratio {told}", markup=False
            )
    for one in found.get("less_discriminatory", {}).get("alternatives", []):
        weights = one["percent_of_table"].items()
        changed = ", ".join(f"{name} {part} %" if part else f"{name} left out" for name, part in weights)
        ratio, auc = _decimal(one["impact_ratio_ppm"]), _decimal(one["auc_ppm"])
        console.print(f"impact ratio {ratio}, AUC {auc}: {changed or 'as it is'}", markup=False)


def _decimal(ppm: int | None) -> str:
    return "-" if ppm is None else f"{ppm / 1_000_000:.3f}"


def _texts(frame: pl.DataFrame, column: str) -> list[str]:
    return frame.get_column(column).cast(pl.String).fill_null("missing").to_list()
