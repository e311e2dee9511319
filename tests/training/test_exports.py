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
EXPECTED = [MODEL.score_slowly(score_examples.as_texts(row)) for row in ROWS]
POINTS = [(one.score, *(one.points[term.name] for term in MODEL.terms)) for one in EXPECTED]


def test_duckdb() -> None:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        connection.execute(
            'CREATE TABLE raw ("K" INTEGER, "A" BIGINT, "B" BIGINT, "C" BIGINT, "X" DECIMAL(18, 3), "T" VARCHAR)'
        )
        connection.executemany(
            "INSERT INTO raw VALUES (?, ?, ?, ?, CAST(? AS DECIMAL(18, 3)), ?)",
            [
                (at, row["A"], row["B"], row["C"], score_examples.as_texts(row)["X"] or None, row["T"])
                for at, row in enumerate(ROWS)
            ],
        )
        found = connection.execute(sql.query(MODEL, "raw", "duckdb", "K") + ' ORDER BY "K"').fetchall()
    assert [tuple(map(int, row[1:])) for row in found] == POINTS


def test_spark_never_divides_beyond_64_bits() -> None:
    """Found by running it by hand: `div` wraps, so that every division stands behind its bounds."""
    text = sql.query(MODEL, "raw", "spark")
    parts = text.split(" div ")
    assert len(parts) > 10
    assert (
        text.count("THEN 100000000000000 WHEN") == text.count("THEN -100000000000000 ELSE") == len(parts) // 2
    )


def _doubles(name: str) -> list[list[float]]:
    scale = 1000 if name == "X" else 1
    return [[math.nan if row[name] is None else row[name] / scale] for row in ROWS]


def test_onnx() -> None:
    runtime = pytest.importorskip("onnxruntime")
    numpy = pytest.importorskip("numpy")
    pytest.importorskip("onnx")
    session = runtime.InferenceSession(onnx_file.document(MODEL), providers=["CPUExecutionProvider"])
    given: dict[str, Any] = {name: numpy.array(_doubles(name)) for name in "ABCX"}
    given["T"] = numpy.array([[row["T"] or ""] for row in ROWS], dtype=object)
    score, points = session.run(["score", "points"], given)
    found = [(int(one[0]), *map(int, parts)) for one, parts in zip(score, points, strict=True)]
    assert found == POINTS


@pytest.mark.slow
def test_pmml(tmp_path: Path) -> None:
    evaluator = pytest.importorskip("jpmml_evaluator")
    if not shutil.which("java"):
        pytest.skip("no Java")
    file = tmp_path / "model.pmml"
    file.write_text(pmml.document(MODEL), "utf-8")
    ready = evaluator.make_evaluator(str(file)).verify()
    for row, expected in zip(ROWS, EXPECTED, strict=True):
        given = {
            key: value if key == "T" else float(value) for key, value in row.items() if value is not None
        }
        if "X" in given:
            given["X"] = given["X"] / 1000
        assert int(ready.evaluate(given)["points"]) == expected.score


def test_a_name_is_data_and_never_code() -> None:
    hostile = json.loads(json.dumps(MODEL.plain).replace('"A"', '"A\\"); DROP TABLE x; --`\'<"'))
    model = models.read(json.dumps(hostile))
    row = {**score_examples.as_texts(ROWS[-1]), "A\"); DROP TABLE x; --`'<": "3"}
    assert model.score(row).score == model.score_slowly(row).score
    assert 'A""); DROP' in sql.query(model, "t", "postgresql")
    assert "--``" in sql.query(model, "t", "spark")
    assert "&lt;" in pmml.document(model)
