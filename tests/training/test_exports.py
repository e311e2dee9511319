"""Every export gives the points of the model on every row."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from typing import Any

import pytest

from lenity.domain.scoring import model as models
from lenity.domain.scoring import pmml, sql
from lenity.training import onnx_file
from tests.training import score_examples

MODEL = score_examples.model()
ROWS = [*score_examples.rows(), *score_examples.huge_rows()]
DECIMALS = score_examples.decimal_rows()
EXPECTED = [MODEL.score_slowly(score_examples.as_texts(row)) for row in ROWS]


def _points(scored: list[models.Scored]) -> list[tuple[int, ...]]:
    return [(one.score, *(one.points[term.name] for term in MODEL.terms)) for one in scored]


POINTS = _points(EXPECTED)
DECIMAL_POINTS = _points([MODEL.score_slowly(score_examples.as_texts(row)) for row in DECIMALS])


@pytest.mark.parametrize("kind", ["BIGINT", "DECIMAL(18, 3)", "DOUBLE"])
def test_duckdb(kind: str) -> None:
    duckdb = pytest.importorskip("duckdb")
    rows, points = (ROWS, POINTS) if kind == "BIGINT" else (DECIMALS, DECIMAL_POINTS)
    other = "DOUBLE" if kind == "DOUBLE" else "DECIMAL(18, 3)"
    with duckdb.connect() as connection:
        connection.execute(
            f'CREATE TABLE raw ("K" INTEGER, "A" {kind}, "B" {kind}, "C" {kind}, "X" {other}, "T" VARCHAR)'
        )
        connection.executemany(
            f"INSERT INTO raw VALUES (?, ?, ?, ?, CAST(? AS {other}), ?)",
            [
                (at, row["A"], row["B"], row["C"], score_examples.as_texts(row)["X"] or None, row["T"])
                for at, row in enumerate(rows)
            ],
        )
        found = connection.execute(sql.query(MODEL, "raw", "duckdb", "K") + ' ORDER BY "K"').fetchall()
    assert [tuple(map(int, row[1:])) for row in found] == points


def test_what_is_no_number_in_a_double_column_is_missing() -> None:
    """As it is in a Parquet file that pandas wrote."""
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE raw AS SELECT CAST('NaN' AS DOUBLE) AS A, 1 AS B, 2 AS C, CAST('NaN' AS FLOAT) AS X, "
            "'\u3000own ' AS T"
        )
        found = connection.execute(sql.query(MODEL, "raw", "duckdb")).fetchall()
    scored = MODEL.score_slowly({"A": "", "B": "1", "C": "2", "X": "", "T": "own"})
    assert [tuple(map(int, row)) for row in found] == _points([scored])


def test_spark_never_divides_beyond_64_bits() -> None:
    """Found by running it by hand: `div` wraps, so that every division stands behind its bounds."""
    text = sql.query(MODEL, "raw", "spark")
    parts = text.split(" div ")
    assert len(parts) > 10
    assert (
        text.count("THEN 100000000000000 WHEN") == text.count("THEN -100000000000000 ELSE") == len(parts) // 2
    )


def _doubles(rows: list[dict[str, Any]], name: str) -> list[list[float]]:
    scale = 1000 if name == "X" else 1
    return [[math.nan if row[name] is None else float(row[name]) / scale] for row in rows]


@pytest.mark.parametrize(("rows", "points"), [(ROWS, POINTS), (DECIMALS, DECIMAL_POINTS)])
def test_onnx(rows: list[dict[str, Any]], points: list[tuple[int, ...]]) -> None:
    runtime = pytest.importorskip("onnxruntime")
    numpy = pytest.importorskip("numpy")
    pytest.importorskip("onnx")
    session = runtime.InferenceSession(onnx_file.document(MODEL), providers=["CPUExecutionProvider"])
    given: dict[str, Any] = {name: numpy.array(_doubles(rows, name)) for name in "ABCX"}
    given["T"] = numpy.array([[row["T"] or ""] for row in rows], dtype=object)
    score, told = session.run(["score", "points"], given)
    found = [(int(one[0]), *map(int, parts)) for one, parts in zip(score, told, strict=True)]
    assert found == points


@pytest.mark.slow
def test_pmml(tmp_path: Path) -> None:
    evaluator = pytest.importorskip("jpmml_evaluator")
    if not shutil.which("java"):
        pytest.skip("no Java")
    file = tmp_path / "model.pmml"
    file.write_text(pmml.document(MODEL), "utf-8")
    ready = evaluator.make_evaluator(str(file)).verify()
    for row, expected in zip([*ROWS, *DECIMALS], [*POINTS, *DECIMAL_POINTS], strict=True):
        given = {
            key: value if key == "T" else float(value) for key, value in row.items() if value is not None
        }
        if "X" in given:
            given["X"] = given["X"] / 1000
        assert int(ready.evaluate(given)["points"]) == expected[0]


def test_a_name_is_data_and_never_code() -> None:
    hostile = json.loads(json.dumps(MODEL.plain).replace('"A"', '"A\\"); DROP TABLE x; --`\'<"'))
    model = models.read(json.dumps(hostile))
    row = {**score_examples.as_texts(ROWS[-1]), "A\"); DROP TABLE x; --`'<": "3"}
    assert model.score(row).score == model.score_slowly(row).score
    assert 'A""); DROP' in sql.query(model, "t", "postgresql")
    assert "--``" in sql.query(model, "t", "spark")
    assert "&lt;" in pmml.document(model)
