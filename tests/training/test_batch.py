"""Whole files and SQL give the points of the model on every row."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from lenity.base.outcomes import InputRefused
from lenity.domain.scoring import model as models
from lenity.domain.scoring import sql
from lenity.portfolio import score as batch

MODEL = models.read(
    json.dumps(
        {
            "format": models.FORMAT,
            "name": "small",
            "intercept": 500,
            "features": [
                {"name": "a", "operation": "column", "columns": ["A"]},
                {"name": "s", "operation": "sum", "columns": ["A", "B"]},
                {"name": "hi", "operation": "maximum", "columns": ["A", "B", "C"]},
                {"name": "lo", "operation": "minimum", "columns": ["B", "C"]},
                {"name": "n", "operation": "count_at_least", "columns": ["A", "B"], "value": 2},
                {"name": "d", "operation": "difference", "columns": ["B", "C"]},
                {"name": "r", "operation": "ratio_ppm", "columns": ["A", "B"], "over": ["C"]},
                {"name": "x", "operation": "scaled", "columns": ["X"], "by": 1000},
            ],
            "terms": [
                {"name": name, "features": [name], "cuts": [cuts], "points": [7, *range(0, 9 * len(cuts) + 9, 9)],
                 "reference": 20, "reason": reason}
                for name, cuts, reason in [
                    ("a", [-5, 0, 3], "one"), ("s", [0, 10], "one"), ("hi", [1, 2, 100_000], "two"),
                    ("lo", [-1], "two"), ("n", [1, 2], "three"), ("d", [], "three"),
                    ("r", [-500_000, 0, 250_000, 1_000_000], "four"), ("x", [-250, 0, 1500], "five"),
                ]
            ] + [
                {"name": "a x r", "features": ["a", "r"], "cuts": [[0], [0, 500_000]],
                 "points": [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]], "reference": 6, "reason": "hidden"}
            ],
            "reasons": {
                **{code: {"zh": code, "en": code} for code in ("one", "two", "three", "four", "five")},
                "hidden": {"zh": "x", "en": "x", "told": False},
            },
            "default": {"first_score": 450, "ppm": list(range(400_000, 0, -1000))},
        }
    )
)  # fmt: skip
WHOLE = st.one_of(st.none(), st.integers(-20, 20), st.integers(-(10**9), 10**9))
ROWS = st.lists(st.fixed_dictionaries(dict.fromkeys("ABC", WHOLE) | {"X": WHOLE}), min_size=1, max_size=30)
TYPES = dict.fromkeys("ABC", pl.Int64)


def _expected(rows: list[dict[str, object]]) -> list[tuple[int, list[str]]]:
    scored = [MODEL.score(dict(row)) for row in rows]
    return [(one.score, [reason.code for reason in one.reasons]) for one in scored]


@settings(max_examples=300, deadline=None)
@given(ROWS)
def test_a_file_has_the_scores_and_reasons_of_its_rows(rows: list[dict[str, int | None]]) -> None:
    texts = [
        {
            key: "" if value is None else (f"{value / 1000:.3f}" if key == "X" else str(value))
            for key, value in row.items()
        }
        for row in rows
    ]
    numbers = [{**row, "X": None if row["X"] is None else row["X"] / 1000} for row in rows]
    tables = batch.Tables(MODEL)
    for frame in (
        pl.DataFrame(texts, schema=dict.fromkeys(("A", "B", "C", "X"), pl.String)),
        pl.DataFrame(numbers, schema={**TYPES, "X": pl.Float64}),
    ):
        found = tables.score(frame)
        codes = [[tables.codes[at] for at in row if at >= 0] for row in found.reasons]
        assert list(zip(found.score.tolist(), codes, strict=True)) == _expected(texts)
        assert found.default_ppm.tolist() == [MODEL.default_of(score) for score in found.score.tolist()]


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_the_query_gives_the_same_points() -> None:
    rows = [
        {"A": a, "B": b, "C": c, "X": x}
        for a in (None, -6, -5, 0, 3, 40)
        for b in (None, -1, 0, 2)
        for c in (None, -3, 0, 7)
        for x in (None, -251, 0, 1499)
    ]
    texts = [
        {k: "" if v is None else (f"{v / 1000:.3f}" if k == "X" else str(v)) for k, v in row.items()}
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.execute('CREATE TABLE to_score ("K" integer, "A" bigint, "B" bigint, "C" bigint, "X" numeric)')
        cursor.executemany(
            "INSERT INTO to_score VALUES (%s, %s, %s, %s, %s)",
            [
                (at, row["A"], row["B"], row["C"], text["X"] or None)
                for at, (row, text) in enumerate(zip(rows, texts, strict=True))
            ],
        )
        cursor.execute(sql.query(MODEL, "to_score", connection.vendor, "K") + ' ORDER BY "K"')
        found = [int(row[1]) for row in cursor.fetchall()]
        cursor.execute("DROP TABLE to_score")
    assert found == [score for score, _ in _expected(texts)]


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (pl.DataFrame({"A": [1]}), "is missing"),
        (pl.DataFrame({"A": ["1", "x"], "B": [1, 1], "C": [1, 1], "X": [1, 1]}), "'x' is not a number"),
        (pl.DataFrame({"A": [True], "B": [1], "C": [1], "X": [1]}), "not a number"),
        (pl.DataFrame({"A": [10**17], "B": [1], "C": [1], "X": [1]}), "out of range"),
    ],
)
def test_an_unfit_file_is_refused_by_column(frame: pl.DataFrame, says: str) -> None:
    with pytest.raises(InputRefused, match=says):
        batch.Tables(MODEL).score(frame)


def test_every_dialect_is_written(tmp_path: Path) -> None:
    for dialect in sql.DIVIDE:
        text = sql.query(MODEL, "t", dialect)
        assert text.count("CASE") > 9
    with pytest.raises(InputRefused):
        sql.query(MODEL, "t", "oracle")


@pytest.mark.parametrize("text", ["7.96E-05", "1e3", "-2.5E+2", "0.0001"])
def test_scientific_notation_is_read_alike(text: str) -> None:
    row = {"A": "1", "B": "1", "C": "1", "X": text}
    found = batch.Tables(MODEL).score(pl.DataFrame([row]))
    assert found.score.tolist() == [MODEL.score(row).score]


@pytest.mark.parametrize("text", ["1e999", "e5", "1e", "--1", "1.2.3", "０"])
def test_what_is_no_number_is_refused_alike(text: str) -> None:
    row = {"A": "1", "B": "1", "C": "1", "X": text}
    for score in (MODEL.score, lambda one: batch.Tables(MODEL).score(pl.DataFrame([one]))):
        with pytest.raises(InputRefused, match="not a number"):
            score(row)
