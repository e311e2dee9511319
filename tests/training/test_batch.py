"""Whole files and SQL give the points of the model on every row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from lenity.base.outcomes import InputRefused
from lenity.domain.scoring import sql
from lenity.portfolio import score as batch
from tests.training import score_examples

MODEL = score_examples.model()
TABLES = batch.Tables(MODEL)
WHOLE = st.one_of(st.none(), st.integers(-20, 20), st.integers(-(10**9), 10**9))
WIDE = st.one_of(WHOLE, st.integers(-(10**14), 10**14))
TEXT = st.sampled_from([None, "own", "rent", "boat", " own "])
ROWS = st.lists(
    st.fixed_dictionaries(dict.fromkeys("ABC", WIDE) | {"X": WHOLE, "T": TEXT}), min_size=1, max_size=30
)
TYPES = dict.fromkeys("ABC", pl.Int64)


def _expected(rows: list[dict[str, object]]) -> list[tuple[int, list[str]]]:
    scored = [MODEL.score(dict(row)) for row in rows]
    return [(one.score, [reason.code for reason in one.reasons]) for one in scored]


@settings(max_examples=300, deadline=None)
@given(ROWS)
def test_a_file_has_the_scores_and_reasons_of_its_rows(rows: list[dict[str, Any]]) -> None:
    texts = [score_examples.as_texts(row) for row in rows]
    numbers = [{**row, "X": None if row["X"] is None else row["X"] / 1000} for row in rows]
    for frame in (
        pl.DataFrame(texts, schema=dict.fromkeys(("A", "B", "C", "X", "T"), pl.String)),
        pl.DataFrame(numbers, schema={**TYPES, "X": pl.Float64, "T": pl.String}),
    ):
        found = TABLES.score(frame)
        codes = [[TABLES.codes[at] for at in row if at >= 0] for row in found.reasons]
        assert list(zip(found.score.tolist(), codes, strict=True)) == _expected(texts)
        assert found.default_ppm.tolist() == [MODEL.default_of(score) for score in found.score.tolist()]


@settings(max_examples=300, deadline=None)
@given(ROWS)
def test_the_quick_way_says_what_the_plain_way_says(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        given_row = {**row, "X": score_examples.as_texts(row)["X"]}
        quick, plain = MODEL.score(given_row), MODEL.score_slowly(given_row)
        assert quick == plain
        assert MODEL.reference - sum(MODEL.lost(quick.points).values()) == quick.score


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["bigint", "numeric", "double precision", "text"])
def test_the_query_gives_the_same_points(kind: str) -> None:
    if kind == "text" and connection.vendor != "sqlite":
        pytest.skip("SQLite alone reads a text as a number")
    rows = score_examples.rows() if kind == "bigint" else score_examples.decimal_rows()
    texts = [score_examples.as_texts(row) for row in rows]
    # An import of CSV into SQLite leaves an empty text where nothing was.
    nothing = "" if kind == "text" else None
    with connection.cursor() as cursor:
        cursor.execute(
            f'CREATE TABLE to_score ("K" integer, "A" {kind}, "B" {kind}, "C" {kind}, "X" numeric, "T" text)'
        )
        cursor.executemany(
            "INSERT INTO to_score VALUES (%s, %s, %s, %s, %s, %s)",
            [
                (at, *(text[name] or nothing for name in "ABC"), text["X"] or None, text["T"])
                for at, text in enumerate(texts)
            ],
        )
        cursor.execute(sql.query(MODEL, "to_score", connection.vendor, "K") + ' ORDER BY "K"')
        found = [tuple(map(int, row[1:])) for row in cursor.fetchall()]
        cursor.execute("DROP TABLE to_score")
    plain = [MODEL.score_slowly(text) for text in texts]
    assert found == [(one.score, *(one.points[term.name] for term in MODEL.terms)) for one in plain]


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (pl.DataFrame({"A": [1]}), "column B: The column B is missing"),
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
    row = {"A": "1", "B": "1", "C": "1", "X": text, "T": ""}
    found = batch.Tables(MODEL).score(pl.DataFrame([row]))
    assert found.score.tolist() == [MODEL.score(row).score]


@pytest.mark.parametrize("text", ["1e999", "e5", "1e", "--1", "1.2.3", "０"])
def test_what_is_no_number_is_refused_alike(text: str) -> None:
    row = {"A": "1", "B": "1", "C": "1", "X": text, "T": ""}
    for score in (MODEL.score, lambda one: batch.Tables(MODEL).score(pl.DataFrame([one]))):
        with pytest.raises(InputRefused, match="not a number"):
            score(row)
