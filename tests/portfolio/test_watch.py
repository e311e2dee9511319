"""Watching a score: measures held against plain counting, months and groups, the search for a fairer one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lenity.domain.scoring import model as models
from lenity.interfaces.cli import score_watch
from lenity.portfolio import fairer, measures, watch
from lenity.training import fit, synthetic, taiwan

PAIRS = st.lists(st.tuples(st.integers(-5, 5), st.integers(0, 1)), min_size=2, max_size=40)


@pytest.fixture(scope="module")
def model() -> models.Model:
    rows = synthetic.clients(1500, 11)
    known, held_out = fit.split(rows, train=1000, seed=1)
    made = fit.fit(
        known,
        held_out,
        name="test",
        target=taiwan.TARGET,
        features=taiwan.features(),
        reasons=taiwan.REASONS,
        protected=taiwan.PROTECTED,
        source="test",
        most=6,
        seed=1,
    )
    return models.read(made.text)


@given(PAIRS)
@settings(max_examples=300, deadline=None)
def test_auc_and_ks_are_those_of_plain_counting(pairs: list[tuple[int, int]]) -> None:
    score, late = (np.array(column) for column in zip(*pairs, strict=True))
    lates = [one for one, yes in pairs if yes]
    others = [one for one, yes in pairs if not yes]
    if not lates or not others:
        assert measures.auc_ppm(score, late) is None
        assert measures.ks_ppm(score, late) is None
        return
    size = len(lates) * len(others)
    twice = sum(2 * (one < other) + (one == other) for one in lates for other in others)
    assert measures.auc_ppm(score, late) == twice * 1_000_000 // (2 * size)
    apart = max(
        abs(sum(x <= cut for x in lates) * len(others) - sum(x <= cut for x in others) * len(lates))
        for cut in range(-5, 6)
    )
    assert measures.ks_ppm(score, late) == apart * 1_000_000 // size


def test_stability_is_zero_where_nothing_moved_and_known_where_it_did() -> None:
    base = np.array([100, 100, 100])
    assert measures.stability_ppm(base, base) == 0
    # Shares by hand, with half a row added: 100.5/301.5 against 40.5, 100.5 and 160.5 of 301.5.
    expected = sum((now - 100.5) / 301.5 * np.log(now / 100.5) for now in (40.5, 100.5, 160.5))
    assert measures.stability_ppm(base, np.array([40, 100, 160])) == round(expected * 1_000_000)


def test_intervals_hold_against_published_values() -> None:
    share, low, high = measures.share_ppm(0, 10)
    assert (share, low) == (0, 0)
    assert abs(high - 277_533) < 20  # Wilson, 0 of 10
    ratio = measures.ratio_ppm(30, 100, 40, 100)
    assert ratio is not None
    assert ratio[0] == 750_000
    spread = 1.96 * (1 / 30 - 1 / 100 + 1 / 40 - 1 / 100) ** 0.5
    assert abs(ratio[1] - 750_000 * np.exp(-spread)) < 2
    assert measures.ratio_ppm(0, 100, 40, 100) is None


def frame(number: int, seed: int, **changed: Any) -> pl.DataFrame:
    return pl.DataFrame([row | changed for row in synthetic.clients(number, seed)])


def test_a_month_that_moved_is_seen_and_one_that_did_not_is_not(model: models.Model) -> None:
    base = watch.rows(model, frame(3000, 5))
    same = watch.report(model, base, watch.rows(model, frame(3000, 6)), 150_000)
    moved = watch.report(model, base, watch.rows(model, frame(3000, 6, PAY_0="3")), 150_000)
    assert same["psi_ppm"] < 25_000
    assert moved["psi_ppm"] > 250_000
    assert moved["mean_score_moved"] < 0
    assert next(iter(moved["csi_ppm"].values())) > max(same["csi_ppm"].values())


def test_outcomes_groups_and_months(model: models.Model) -> None:
    now = frame(4000, 7).with_columns(
        pl.Series("month", ["2026-01", "2026-02"] * 2000), pl.Series("tiny", ["x"] * 5 + ["y"] * 3995)
    )
    found = score_watch.run(
        model,
        frame(2000, 8),
        now,
        target=taiwan.TARGET,
        group="SEX",
        month="month",
        approve_at_most_ppm=200_000,
    )
    assert list(found["months"]) == ["2026-01", "2026-02"]
    for one in found["months"].values():
        assert one["auc_ppm"] > 650_000
        assert sum(part["rows"] for part in one["calibration"]) == 2000
        assert sum(part["within"] for part in one["calibration"]) >= len(one["calibration"]) // 2
        assert all(group["impact_ratio_ppm"][1] > 700_000 for group in one["groups"])
    few = score_watch.run(model, now, now, target="", group="tiny", month="", approve_at_most_ppm=200_000)[
        "months"
    ]["all"]
    assert "impact_ratio_ppm" not in next(one for one in few["groups"] if one["group"] == "x")
    assert "auc_ppm" not in few


@pytest.mark.parametrize("which", ["target", "group", "month"])
def test_a_missing_column_is_named(model: models.Model, which: str) -> None:
    asked = {"target": "", "group": "", "month": ""} | {which: "nowhere"}
    with pytest.raises(score_watch.InputRefused, match="nowhere"):
        score_watch.run(model, frame(50, 1), frame(50, 1), approve_at_most_ppm=1, **asked)


def test_no_rows_is_said_and_few_rows_are_not_compared(model: models.Model) -> None:
    ask: dict[str, Any] = {"target": "", "group": "", "month": "", "approve_at_most_ppm": 1}
    with pytest.raises(score_watch.InputRefused, match="no rows"):
        score_watch.run(model, frame(50, 1), frame(50, 1).head(0), **ask)
    found = score_watch.run(model, frame(50, 1), frame(29, 1), **ask)
    assert found["months"]["all"] == {"rows": 29, "too_few": 30}
    assert "psi_ppm" in score_watch.run(model, frame(50, 1), frame(30, 1), **ask)["months"]["all"]


def test_the_search_finds_the_table_that_stands_for_the_group() -> None:
    draw = np.random.default_rng(3)
    number = 6000
    group = draw.integers(2, size=number)
    worth = draw.normal(size=number)
    late = (draw.normal(size=number) > worth + 1).astype(int)
    points = np.column_stack([np.rint(worth * 40), group * 40]).astype(np.int64)
    two = cast(Any, SimpleNamespace(terms=[SimpleNamespace(name="worth"), SimpleNamespace(name="proxy")]))
    seen = watch.Rows(
        points.sum(axis=1), np.where(points.sum(axis=1) > 20, 0, 900_000), points, late, list(map(str, group))
    )
    found = fairer.frontier(two, seen, 150_000)["alternatives"]
    assert found[0]["percent_of_table"] == {}
    assert found[0]["impact_ratio_ppm"] < 800_000
    assert found[-1]["percent_of_table"]["proxy"] == 0
    assert found[-1]["impact_ratio_ppm"] > 900_000
    assert found[-1]["auc_lost_ppm"] < 0


def test_without_outcomes_or_groups_the_search_says_why_not(model: models.Model) -> None:
    seen = watch.rows(model, frame(50, 1))
    assert "needed" in fairer.frontier(model, seen, 150_000)["why_not"]
    one = watch.rows(model, frame(50, 1), np.zeros(50, dtype=int), ["a"] * 50)
    assert "two groups" in fairer.frontier(model, one, 150_000)["why_not"]
