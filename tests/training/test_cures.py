"""Models of cures: rows without foresight, counts held against plain ones, a truth that only lots find."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from lenity.base.outcomes import InputRefused
from lenity.domain.debt_collection import cure
from lenity.domain.scoring import model as models
from lenity.interfaces.cli import score
from lenity.portfolio import arrears
from lenity.training import cures, late_rows, late_town, spec, synthetic

HEAD = ["client", "month", "months_late", "billed", "paid", "limit"]


def history(late: list[int | None], client: str = "c") -> list[list[object]]:
    """A client's months from 2026-01 on; a month that is None is not there."""
    return [
        [client, f"2026-{at:02d}", months, 100 + at, 10 + at, 1000]
        for at, months in enumerate(late, 1)
        if months is not None
    ]


def frame(rows: list[list[object]]) -> pl.DataFrame:
    return pl.DataFrame([list(map(str, row)) for row in rows], schema=HEAD, orient="row")


def test_a_late_month_is_a_row_with_what_was_known_then() -> None:
    made = late_rows.of_months(frame(history([0, 1, 2, 0, 1])))
    assert made.select("late_0", "late_1", "late_2", "stays_late", "months_in_spell").rows() == [
        (1, 0, None, 1, 1),
        (2, 1, 0, 0, 2),
    ]
    assert made.get_column("billed_0").to_list() == [102, 103]


def test_a_beginning_that_was_not_seen_has_no_length_and_a_gap_ends_what_is_known() -> None:
    first = late_rows.of_months(frame(history([1, 2, 0])))
    assert first.get_column("months_in_spell").to_list() == [None, None]
    gap = late_rows.of_months(frame(history([0, 1, None, 1, 0])))
    assert gap.select("late_0", "late_1", "months_in_spell", "stays_late").rows() == [(1, None, None, 0)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.integers(-2, 4)), min_size=1, max_size=9), min_size=1, max_size=3
    )
)
def test_the_rows_of_columns_are_those_that_a_strategy_reads(clients: list[list[int | None]]) -> None:
    made = late_rows.of_months(
        frame([row for at, late in enumerate(clients) for row in history(late, f"c{at}")])
    )
    expected = []
    for late in clients:
        months = [
            None if one is None else cure.Month(one, 100 + at, 10 + at) for at, one in enumerate(late, 1)
        ]
        for at, now in enumerate(months[:-1]):
            following = months[at + 1]
            if now is None or now.months_late <= 0 or following is None:
                continue
            # What a gap hides is not known any more, however far back it lies.
            back = [months[at - step] if at >= step else None for step in range(cure.MONTHS)]
            expected.append({**cure.row(back, 1000), "stays_late": int(following.months_late > 0)})
    found = made.select([*cure.COLUMNS, "stays_late"]).to_dicts()
    assert [_known(row) for row in found] == [_known(row) for row in expected]


def _known(row: Any) -> dict[str, Any]:
    """Months as far as they follow on each other."""
    gone, kept = False, dict(row)
    for back in range(cure.MONTHS):
        gone = gone or row[f"late_{back}"] is None
        if gone:
            kept |= {f"{name}_{back}": None for name in ("late", "billed", "paid")}
    return kept


def test_no_row_holds_anything_of_its_next_month() -> None:
    plain = late_rows.of_months(frame(history([0, 2, 1])))
    changed = history([0, 2, 1])
    changed[-1][3:5] = [999, 999]
    assert late_rows.of_months(frame(changed)).equals(plain)


def test_taiwan_leaves_out_the_month_in_which_one_month_late_means_something_else() -> None:
    [client] = synthetic.clients(1, 3)
    client |= {"PAY_6": "2", "PAY_5": "2", "PAY_4": "0", "PAY_3": "-1", "PAY_2": "2", "PAY_0": "0"}
    made = late_rows.of_taiwan(pl.DataFrame([client]))
    assert made.select("late_0", "stays_late").rows() == [(2, 1), (2, 0)]
    assert made.get_column("paid_0").to_list() == [int(client["PAY_AMT6"]), int(client["PAY_AMT5"])]


def loan(client: str, due: str, repaid: str) -> dict[str, str]:
    return {
        "customerid": client, "firstduedate": f"{due} 00:00:00", "firstrepaiddate": f"{repaid} 11:00:00",
        "loanamount": "10000.0", "totaldue": "13000.0", "termdays": "30",
    }  # fmt: skip


def test_a_small_loan_is_a_row_a_week_and_knows_loans_repaid_by_then() -> None:
    loans = [
        loan("c", "2026-01-10", "2026-01-20"),
        loan("c", "2026-02-10", "2026-02-10"),
        loan("c", "2026-01-05", "2026-03-01"),
    ]
    made = late_rows.of_loans(pl.DataFrame(loans[:1]))
    assert made.select("weeks_late", "stays_late").rows() == [(0, 1), (1, 0)]
    made = late_rows.of_loans(pl.DataFrame([*loans, loan("d", "2026-02-01", "2026-02-02")]))
    of_last = made.filter(pl.col("stays_late") >= 0).filter(pl.col("client") == "c").tail(8)
    assert of_last.select("weeks_late", "earlier_loans", "earlier_late", "last_days_late").rows()[:6] == [
        (0, 0, 0, None),
        (1, 0, 0, None),
        (2, 0, 0, None),
        (3, 1, 1, 10),
        (4, 1, 1, 10),
        (5, 1, 1, 10),
    ]
    assert of_last.get_column("earlier_loans").to_list()[-2:] == [2, 2]
    assert made.filter(pl.col("client") == "d").get_column("earlier_loans").to_list() == [0]


def test_the_last_day_of_a_week_and_the_first_of_the_next() -> None:
    for days, weeks in ((7, 1), (8, 2), (14, 2), (15, 3)):
        made = late_rows.of_loans(pl.DataFrame([loan("c", "2026-01-01", f"2026-01-{days + 1:02d}")]))
        assert made.height == weeks


def test_clients_lie_on_one_side_of_a_split() -> None:
    rows = pl.DataFrame({"client": [at // 3 for at in range(300)], "x": range(300)})
    known, held_out = late_rows.split(rows, 700_000, 1)
    assert (known.height, held_out.height) == (210, 90)
    assert not set(known["client"]) & set(held_out["client"])


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (pl.DataFrame({"client": ["a"]}), "column month is missing"),
        (frame([["a", "January", 1, 1, 1, 1]]), "line 1, column month"),
        (frame([["a", "2026-01", "x", 1, 1, 1]]), "line 1, column months_late"),
        (frame([["a", "2026-01", 1, 1, 1, 1]] * 2), "one row for each month"),
    ],
)
def test_unfit_months_are_refused(rows: pl.DataFrame, says: str) -> None:
    with pytest.raises(InputRefused, match=says):
        late_rows.of_months(rows)


def test_counts_are_those_of_plain_counting() -> None:
    before, after = np.array([1] * 40 + [2] * 10), np.array([0] * 30 + [2] * 10 + [9] * 10)
    one = arrears.roll_rates(before, after)[1]
    assert (one["loans"], one["to"][0][0], one["to"][2][0]) == (40, 750_000, 250_000)
    assert arrears.roll_rates(before, after)[2]["to"] == [None] * 5  # ten loans are too few to tell
    step, cured = np.array([1] * 100 + [2] * 50), np.array([1] * 50 + [0] * 50 + [1] * 10 + [0] * 40)
    told = arrears.hazard(step, cured, 12)
    assert [(row["loans"], row["cures"], row["still_late_ppm"]) for row in told] == [
        (100, 50, 500_000),
        (50, 10, 400_000),
    ]


def test_lots_find_the_truth_and_choice_does_not() -> None:
    """The chance of a cure without contact is known here. Who was not called was chosen: it looks too good."""
    told = late_town.report(12_000, 5)
    by_lot, chosen = told["models"]["by_lot"], told["models"]["chosen"]
    assert abs(by_lot["too_high_ppm"]) < 25_000 < 45_000 < chosen["too_high_ppm"]
    assert by_lot["worst_tenth_ppm"] < 90_000 < chosen["worst_tenth_ppm"]
    few, *_, many = told["strategy"]["choices"]
    assert few["fewer_contacts_ppm"] < many["fewer_contacts_ppm"]
    assert all(one["cash_lost_ppm"] <= one["cash_lost_by_lot_ppm"] for one in told["strategy"]["choices"])
    assert many["cash_lost_ppm"] < many["cash_lost_by_lot_ppm"] * 2 // 3


def test_only_rows_left_alone_teach_what_happens_without_contact() -> None:
    town = late_town.people(6000, 2).rows.drop("contacted")
    declared = spec.bundled("cure_months")
    by_lot = models.read(cures.learn(town, declared, source="t", seed=1).text)
    treated = models.read(cures.learn(town.drop("left_alone"), declared, source="t", seed=1).text)
    assert (by_lot.use, by_lot.of_people_left_alone) == ("cure", True)
    assert (treated.use, treated.of_people_left_alone) == ("cure", False)
    assert by_lot.plain["training"]["rows"] < treated.plain["training"]["rows"] // 4


def _months(path: Path, left_alone: bool = False) -> Path:
    rng = np.random.default_rng(4)
    lines = [",".join([*HEAD, *(["left_alone"] if left_alone else [])])]
    for client in range(900):
        late = 0
        for month in range(1, 7):
            late = 0 if rng.random() < (0.7 if late < 2 else 0.3) else late + 1
            more = f",{int(rng.random() < 0.5)}" if left_alone else ""
            lines.append(
                f"{client},2026-{month:02d},{late},{500 + 50 * late},{50 - 10 * min(late, 4)},1000{more}"
            )
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_train_and_report_from_the_command_line(tmp_path: Path) -> None:
    data, model, run = _months(tmp_path / "m.csv"), tmp_path / "cure.json", CliRunner()
    made = run.invoke(score.app, ["collections", "rows", str(data), str(tmp_path / "rows.csv")])
    assert made.exit_code == 0, repr(made.exception)
    made = run.invoke(score.app, ["collections", "train", str(data), str(model), "--json"])
    assert made.exit_code == 0, repr(made.exception)
    assert json.loads(made.stdout)["contacts"] == cures.UNKNOWN
    call = ["collections", "report", str(data), "--model", str(model)]
    told = run.invoke(score.app, call)
    assert told.exit_code == 0, repr(told.exception)
    assert "Hazard of a cure" in told.stdout
    assert "Roll rates" in told.stdout
    found = json.loads(run.invoke(score.app, [*call, "--json"]).stdout)
    assert found["hazard"][0]["step"] == 1
    assert sum(one["within"] for one in found["judged"]["calibration"]) >= 7


def test_what_the_command_refuses(tmp_path: Path) -> None:
    data = _months(tmp_path / "m.csv")
    never = tmp_path / "never.csv"
    never.write_text(f"{','.join(HEAD)}\na,2026-01,0,1,1,1\na,2026-02,0,1,1,1\n", "utf-8")
    model = tmp_path / "m.json"
    town = late_town.people(4000, 2).rows.drop("contacted", "left_alone")
    model.write_text(cures.learn(town, spec.bundled("cure_months"), source="t", seed=1).text, "utf-8")
    asked = {
        "Forms are": ["report", str(data), "--form", "guess"],
        "No late loan": ["report", str(never)],
        "no file": ["report", str(tmp_path / "gone.csv")],
    }
    for says, call in asked.items():
        done = CliRunner().invoke(score.app, ["collections", *call])
        assert says in str(done.exception)
    plain = json.loads(model.read_text("utf-8")) | {"use": "guess"}
    with pytest.raises(InputRefused, match="Use is one of"):
        models.read(json.dumps(plain))
