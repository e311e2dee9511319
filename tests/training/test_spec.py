"""Specs of training runs, and the commands around a model file."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from lenity.base.outcomes import InputRefused
from lenity.domain.scoring import model as models
from lenity.interfaces.cli import score, score_file
from lenity.training import fit, spec, synthetic, taiwan
from tests.training import score_examples

SPEC = """
name = "t"
target = "y"
protected = ["sex"]
[[features]]
name = "a"
operation = "column"
columns = ["A"]
reason = "r"
monotone = 1
[reasons.r]
zh = "x"
en = "x"
"""


@pytest.mark.parametrize("name", spec.BUNDLED)
def test_the_specs_that_come_along_are_whole(name: str) -> None:
    assert spec.bundled(name).features


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('operation = "column"', 'operation = "guess"'), "operation is one of"),
        (('columns = ["A"]', 'columns = ["sex"]'), "protected or the target"),
        (('columns = ["A"]', 'columns = ["y"]'), "protected or the target"),
        (('reason = "r"', 'reason = "q"'), "no wording"),
        (('name = "t"', "name = "), "cannot be read"),
        (('target = "y"', ""), "cannot be read"),
    ],
)
def test_a_faulty_spec_is_named(change: tuple[str, str], says: str) -> None:
    with pytest.raises(InputRefused, match=says):
        spec.parse(SPEC.replace(*change), "t.toml")


def test_a_monotone_feature_is_monotone_in_points() -> None:
    read = spec.parse(SPEC, "t")
    rows = [
        {"A": str(at % 40), "y": str(int((at * 7919) % 40 < (at % 40) * 0.8 + 3)), "sex": "1"}
        for at in range(3000)
    ]
    fitted = fit.fit(
        rows, rows[:0] or rows[:300], name="t", target="y", features=read.features, reasons=read.reasons,
        protected=read.protected, source="t", monotone=read.monotone,
    )  # fmt: skip
    [term] = models.read(fitted.text).terms
    known = list(term.points[1:])
    assert known == sorted(known, reverse=True)


@pytest.mark.django_db
def test_train_batch_and_sql_from_the_command_line(tmp_path: Path) -> None:
    rows = synthetic.clients(1200, 5)
    data, model, out = tmp_path / "d.csv", tmp_path / "m.json", tmp_path / "o.parquet"
    with data.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    run = CliRunner()
    made = run.invoke(score.app, ["train", str(data), "--out", str(model), "--train-rows", "900", "--json"])
    assert made.exit_code == 0, made.output
    assert float(json.loads(made.stdout)["auc"]) > 0.6
    steps = [line.split("s  ")[1].split(" (")[0] for line in made.stderr.splitlines() if " s  " in line]
    assert steps[0] == "reading the file"
    assert steps[-1] == "measuring on the rows held out"
    # Without a number four rows of five are trained on, so that there are always figures.
    held = run.invoke(score.app, ["train", str(data), "--out", str(tmp_path / "h.json"), "--pairs", "0"])
    assert "on 240 rows held out:" in held.stdout
    assert models.read((tmp_path / "h.json").read_text("utf-8")).fingerprint in held.stdout
    every = run.invoke(
        score.app,
        ["train", str(data), "--out", str(tmp_path / "h.json"), "--train-rows", "1200", "--pairs", "0"],
    )
    assert "no row was held out" in every.stderr
    done = run.invoke(score.app, ["batch", str(model), str(data), str(out), "--rows", "1000"])
    assert done.exit_code == 0, repr(done.exception)
    assert json.loads(done.stdout)["rows"] == 1200
    scored = pl.read_parquet(out)
    read = models.read(model.read_text("utf-8"))
    expected = [read.score(row) for row in rows]
    assert scored.get_column("score").to_list() == [one.score for one in expected]
    first = [one.reasons[0].code if one.reasons else None for one in expected]
    assert scored.get_column("reason_1").to_list() == first
    told = tmp_path / "scores.CSV"
    assert run.invoke(score.app, ["batch", str(model), str(data), str(told)]).exit_code == 0
    texts = scored.cast({name: pl.String for name in scored.columns if name.startswith("reason")})
    assert pl.read_csv(told).to_dicts() == texts.to_dicts()
    assert not list(tmp_path.glob("*.parts"))
    assert "CASE WHEN" in run.invoke(score.app, ["export", str(model), "--table", "clients"]).output
    assert taiwan.TARGET in rows[0]


def _refused(model: Path, data: Path, text: str | bytes, says: str) -> None:
    data.write_bytes(text if isinstance(text, bytes) else text.encode())
    out = data.with_suffix(".out")
    with pytest.raises(InputRefused, match=says):
        score_file.run(models.read(model.read_text("utf-8")), data, out, key="", rows=1000)
    assert not out.exists()
    assert not list(data.parent.glob("*.parts"))


def test_a_file_that_cannot_be_scored_leaves_nothing_behind(tmp_path: Path) -> None:
    model = tmp_path / "m.json"
    model.write_text(json.dumps(score_examples.model().plain), "utf-8")
    head = "A,B,C,X,T\n"
    _refused(model, tmp_path / "a.csv", "", "is empty")
    _refused(model, tmp_path / "b.csv", head, "no rows")
    _refused(model, tmp_path / "c.csv", "A,B\n1,2\n", "column C: The column C is missing")
    _refused(
        model, tmp_path / "d.csv", head + "1,1,1,1,own\n" * 2500 + "1,x,1,1,own\n", "line 2502, column B"
    )
    _refused(model, tmp_path / "e.parquet", b"PAR1 but not really", "cannot be read")
    _refused(model, tmp_path / "f.csv", head.encode() + b"1,\xff\xfe,1,1,own\n", "not UTF-8")


def test_a_bare_spec_has_the_raw_columns_only_and_nothing_protected() -> None:
    for name in ("taiwan", "give_me_some_credit"):
        declared = spec.bundled(name)
        bare = spec.bare(declared)
        columns = [feature["columns"][0] for feature, _ in bare.features]
        used = {
            column
            for feature, _ in declared.features
            for column in (*feature["columns"], *feature.get("over", ()))
        }
        assert sorted(columns) == sorted(used)
        assert {feature["operation"] for feature, _ in bare.features} <= {"column", "scaled"}
        assert not used & set(declared.protected)
