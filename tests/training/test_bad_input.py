"""What a stranger may hand to `lenity score`: a clear refusal, in both languages, or a known behaviour."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.scoring import model as models
from lenity.domain.scoring import model_shape
from lenity.interfaces.cli import problem_words, score
from lenity.interfaces.shared import problem_words as shared_words
from lenity.portfolio import score as batch
from tests.training import score_examples

pytestmark = pytest.mark.django_db  # whether a model may be used is asked of the book
MODEL = score_examples.model()
GOOD = "A,B,C,X,T\n1,2,3,1.5,own\n4,5,6,2.5,rent\n"
FOLDER = Path(score.__file__).parents[2]


def _said(call: Sequence[str]) -> tuple[str, str]:
    """The refusal of a command as it is printed, in English and Chinese."""
    done = CliRunner().invoke(score.app, list(call))
    assert isinstance(done.exception, InputRefused), (done.output, done.exception)
    problems = done.exception.problems
    english, chinese = ("\n".join(problem_words.told(one, zh) for one in problems) for zh in (False, True))
    return english, chinese


def _batch(folder: Path, data: Path, *more: str) -> list[str]:
    model = folder / "m.json"
    model.write_text(json.dumps(MODEL.plain), "utf-8")
    return ["batch", str(model), str(data), str(folder / "out.parquet"), *more]


def _head(columns: int) -> str:
    return ",".join(f"c{at}" for at in range(columns)) + "\n1\n"


FILES: list[tuple[str, str | bytes, str, str]] = [
    ("empty", "", "a.csv is empty", "文件读不了"),
    ("names only", "A,B,C,X,T\n", "no rows", "文件读不了"),
    ("missing column", "A,B\n1,2\n", "column C: The column C is missing.", "列 C：缺少需要的列"),
    ("semicolons", GOOD.replace(",", ";"), "The file has: A;B;C;X;T.", "缺少需要的列"),
    ("twice", "A,A,B,C,X,T\n1,9,2,3,1.5,own\n", "The column A comes twice", "列名有误"),
    ("a text", GOOD.replace("4,5", "4,five"), "line 3, column B: 'five' is not", "第 3 行，列 B：值的类型"),
    ("not a number", GOOD.replace("4,5", "4,nan"), "line 3, column B: 'nan' is not a number", "第 3 行"),
    ("infinity", GOOD.replace("4,5", "4,inf"), "line 3, column B: 'inf' is not a number", "第 3 行"),
    ("out of range", GOOD.replace("4,5", "4," + "9" * 16), "line 3, column B: A value is out", "数值超出范围"),
    ("a row cut off", GOOD + "1,2\n", "line 4: The row has 2 of 5 columns", "第 4 行：这一行的列数不够"),
    ("a blank line", GOOD + "\n1,2,3,4,own\n", "line 4: The row has 0 of 5 columns", "列数不够"),
    ("a row too long", GOOD + "1,2,3,4,own,6\n", "cannot be read", "文件读不了"),
    ("an open quote", GOOD + '"1,2,3,4,own\n', "row", "文件"),
    ("GB 18030", ("姓名," + GOOD).encode("gb18030"), "not UTF-8 text", "不是 UTF-8"),
    ("GB 18030 below", (GOOD + "1,2,3,4,自有\n").encode("gb18030"), "not UTF-8 text", "不是 UTF-8"),
    ("UTF-16", GOOD.encode("utf-16"), "is UTF-16", "不是 UTF-8"),
    ("a ZIP file", b"PK\x03\x04" + b"x" * 99, "a spreadsheet or a ZIP file", "不是 UTF-8"),
    ("zero bytes inside", GOOD.encode() + b"\0,1,2,3,x\n", "is not a number", "值的类型"),
    ("a million columns", _head(1_000_000), "more than 1,000,000 bytes", "列名有误"),
    ("many columns", _head(20_000), "20,000 columns", "列名有误"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "english", "chinese"), FILES, ids=[one[0] for one in FILES])
def test_a_csv_that_cannot_be_scored(
    tmp_path: Path, name: str, content: str | bytes, english: str, chinese: str
) -> None:
    data = tmp_path / "a.csv"
    data.write_bytes(content if isinstance(content, bytes) else content.encode())
    said = _said(_batch(tmp_path, data))
    assert english in said[0]
    assert chinese in said[1]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.csv", "m.json"]


PARQUET: list[tuple[str, Any, str]] = [
    ("infinity", float("inf"), "line 1, column A: A value is out of range"),
    ("a list", [1], "is not a number"),
    ("a day", date(2026, 1, 1), "'Date' is not a number"),
    ("true", True, "is not a number"),
]


@pytest.mark.parametrize(("name", "value", "says"), PARQUET, ids=[one[0] for one in PARQUET])
def test_a_parquet_column_of_another_kind(tmp_path: Path, name: str, value: Any, says: str) -> None:
    data = tmp_path / "a.parquet"
    pl.DataFrame({"A": [value], "B": [1], "C": [1], "X": [1.0], "T": ["own"]}).write_parquet(data)
    assert says in _said(_batch(tmp_path, data))[0]


def test_a_damaged_parquet_file(tmp_path: Path) -> None:
    data = tmp_path / "a.parquet"
    pl.DataFrame({"A": [1], "B": [1], "C": [1], "X": [1.0], "T": ["own"]}).write_parquet(data)
    whole = data.read_bytes()
    for content, says in (
        (b"", "is empty"),
        (b"PAR1hello", "Give a Parquet file that is whole"),
        (whole[: len(whole) // 2], "Give a Parquet file that is whole"),
        (whole[:30] + b"\xff" * 20 + whole[50:], "Give a Parquet file that is whole"),
    ):
        data.write_bytes(content)
        assert says in _said(_batch(tmp_path, data))[0]


def _scored(folder: Path, data: Path) -> list[int]:
    done = CliRunner().invoke(score.app, _batch(folder, data))
    assert done.exit_code == 0, done.exception
    found: list[int] = pl.read_parquet(folder / "out.parquet").get_column("score").to_list()
    return found


def test_what_is_scored_all_the_same(tmp_path: Path) -> None:
    data = tmp_path / "a.csv"
    data.write_text(GOOD)
    plain = _scored(tmp_path, data)
    for content in (
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        re.sub("^", "z,", GOOD, flags=re.M)[:-2],
        GOOD[:-1],
    ):
        data.write_text(content, "utf-8", newline="")
        assert _scored(tmp_path, data) == plain
    frame = tmp_path / "b.parquet"
    pl.DataFrame(
        {"A": [1, 4], "B": [2, 5], "C": [3, 6], "X": [Decimal("1.5"), Decimal("2.5")], "T": ["own", "rent"]}
    ).write_parquet(frame)
    assert _scored(tmp_path, frame) == plain
    pl.DataFrame({"A": [float("nan")], "B": [2], "C": [3], "X": [1.5], "T": ["castle"]}).write_parquet(frame)
    row = {"A": None, "B": 2, "C": 3, "X": "1.5", "T": "castle"}
    assert _scored(tmp_path, frame) == [MODEL.score(row).score]


def test_where_the_result_goes_and_what_it_is_called(tmp_path: Path) -> None:
    data = tmp_path / "a.csv"
    data.write_text(GOOD)
    call = _batch(tmp_path, data)
    for out in (data, tmp_path, tmp_path / "none" / "o.parquet"):
        assert "cannot be written" in _said([*call[:3], str(out)])[0]
    assert data.read_text() == GOOD
    assert "score is a column of the result" in _said([*call, "--key", "score"])[0]
    assert "column id" in _said([*call, "--key", "id"])[0]
    assert "There is no file" in _said([*call[:2], str(tmp_path), call[3]])[0]


def _changed(change: Callable[[dict[str, Any]], object]) -> str:
    plain = json.loads(json.dumps(MODEL.plain))
    change(plain)
    return json.dumps(plain)


def _term(**parts: Any) -> str:
    return _changed(lambda plain: plain["terms"][0].update(parts))


MODELS = [
    ("nothing", "", "not JSON"),
    ("cut off", json.dumps(MODEL.plain)[:900], "not JSON (line 1"),
    ("bytes", "\ufffd\ufffd\x00", "not JSON"),
    ("a list", "[]", "the model is not an object"),
    ("deep lists", "[" * 200_000, "nested too deeply"),
    ("deep objects", '{"a":' * 100_000, "nested too deeply"),
    ("NaN", json.dumps(MODEL.plain).replace("500,", "NaN,", 1), "NaN is not a whole number"),
    ("5,000 digits", json.dumps(MODEL.plain).replace("500,", "9" * 5000 + ",", 1), "5,000 digits"),
    ("a key twice", json.dumps(MODEL.plain)[:-1] + ', "intercept": 900}', "'intercept' comes twice"),
    ("a huge intercept", _changed(lambda plain: plain.update(intercept=10**12)), "intercept is not between"),
    ("huge points", _term(points=[10**9] * 5), "points, part 1 is not between"),
    ("points of yes", _term(points=[True] * 5), "'True' is not a whole number"),
    ("huge cuts", _term(cuts=[[10**17, 10**18, 10**19]]), "cuts, part 1, part 1 is not between"),
    ("a huge reference", _term(reference=10**12), "reference is not between"),
    ("points adding up", _changed(lambda plain: [one.update(points=[99_999] * len(one["points"]))
        for one in plain["terms"] if len(one["features"]) == 1]), "add up to more than"),
    ("no terms", _changed(lambda plain: plain.update(terms=[])), "terms is not a list of 1"),
    ("a term twice", _changed(lambda plain: plain["terms"].append(plain["terms"][0])), "have the same name"),
    ("features as texts", _changed(lambda plain: plain.update(features=["a"])), "part 1 is not an object"),
    ("columns as object", _changed(lambda plain: plain["features"][0].update(columns={"A": 1})), "a list of names"),
    ("a code of text", _changed(lambda plain: plain["features"][0].update(special=["x"])), "is not a whole number"),
    ("uneven table", _changed(lambda plain: plain["terms"][-1].update(points=[[1], [1, 2], [1]])), "do not match"),
    ("reasons of numbers", _changed(lambda plain: plain.update(reasons={"one": 1})), "is not an object"),
    ("a reason in English only", _changed(lambda plain: plain["reasons"]["one"].pop("zh")), "has no zh"),
    ("a name of two lines", _changed(lambda plain: plain.update(name="a\nb")), "printable"),
    ("a chance above one", _changed(lambda plain: plain["default"].update(ppm=[1_000_001])), "ppm, part 1 is not"),
    ("a far first score", _changed(lambda plain: plain["default"].update(first_score=10**12)), "first_score is"),
    ("metrics as list", _changed(lambda plain: plain.update(metrics=[1])), "metrics is not an object"),
    ("tenths of no rows", _changed(lambda plain: plain.update(calibration=[
        {"from": 1, "to": 2, "rows": 0, "defaults": 0, "estimate_ppm": 1}])), "rows is not between"),
    ("scaling of other names", _changed(lambda plain: plain.update(scaling={"a": 1})), "no points_to_double_odds"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "says"), MODELS, ids=[one[0] for one in MODELS])
def test_a_damaged_or_hostile_model_is_refused_by_every_command(
    tmp_path: Path, name: str, text: str, says: str
) -> None:
    model, data = tmp_path / "m.json", tmp_path / "a.csv"
    model.write_text(text, "utf-8")
    data.write_text(GOOD)
    export = ["export", str(model), "--out", str(tmp_path / "o"), "--format"]
    for call in (
        ["batch", str(model), str(data), str(tmp_path / "o.parquet")],
        ["explain", str(model), str(data)],
        ["card", str(model)],
        *([*export, form] for form in ("sql", "pmml", "onnx")),
        ["watch", str(model), str(data), str(data)],
    ):  # fmt: skip
        english, chinese = _said(call)
        assert says in english
        assert "模型文件有误" in chinese
    assert not (tmp_path / "o").exists()


def test_the_largest_points_still_add_up_in_columns() -> None:
    most = model_shape.MOST_SCORE // 3
    assert most > model_shape.MOST_POINTS
    high = model_shape.MOST_POINTS
    changed = json.loads(json.dumps(MODEL.plain))
    changed["terms"] = changed["terms"][:9]
    for term in changed["terms"]:
        term["points"], term["reference"] = [-high, *([high] * (len(term["points"]) - 1))], high
    model = models.read(json.dumps(changed))
    for row in score_examples.rows()[::50]:
        text = score_examples.as_texts(row)
        frame = pl.DataFrame([text])
        found = batch.Tables(model).score(frame)
        plain = model.score_slowly(text)
        assert found.score.tolist() == [plain.score]
        assert found.points_lost[0].tolist()[: len(plain.reasons)] == [
            one.points_lost for one in plain.reasons
        ]


def test_a_model_with_another_fingerprint_is_not_used(tmp_path: Path) -> None:
    data = tmp_path / "a.csv"
    data.write_text(GOOD)
    call = _batch(tmp_path, data)
    english, chinese = _said([*call, "--fingerprint", "0" * 64])
    assert MODEL.fingerprint in english
    assert "模型指纹不符" in chinese
    done = CliRunner().invoke(score.app, [*call, "--fingerprint", MODEL.fingerprint.upper()])
    assert done.exit_code == 0


SPEC = """
name = "t"
target = "y"
[[features]]
name = "a"
operation = "column"
columns = ["A"]
reason = "r"
[reasons.r]
zh = "甲"
en = "a"
"""
ROWS = [(at % 37, int(at * 7919 % 100 < 30)) for at in range(400)]


def _train(
    folder: Path, rows: Sequence[tuple[object, object]], spec: str | bytes = SPEC, head: str = "A,y"
) -> list[str]:
    data, declared = folder / "t.csv", folder / "s.toml"
    data.write_text(head + "\n" + "".join(f"{one},{other}\n" for one, other in rows))
    declared.write_bytes(spec if isinstance(spec, bytes) else spec.encode())
    return [
        "train",
        str(data),
        "--spec",
        str(declared),
        "--out",
        str(folder / "m.json"),
        "--train-rows",
        "300",
    ]


TRAINED: list[tuple[str, Sequence[tuple[object, object]], str, str]] = [
    ("ten rows", ROWS[:10], "10 rows are too few", "训练行数太少"),
    ("one class", [(one, 0) for one, _ in ROWS], "column y: The target must have both 0 and 1", "列 y：目标列有误"),
    ("hardly a default", [(one, int(at < 9)) for at, (one, _) in enumerate(ROWS)], "9 have 1", "目标列有误"),
    ("another target", [*ROWS[:5], (1, 2), *ROWS[5:]], "line 7, column y: The target is '2'", "第 7 行，列 y"),
    ("no such target", ROWS, "The target column y is missing. The file has: A, x", "目标列有误"),
    ("no target", [*ROWS[:5], (1, ""), *ROWS[5:]], "line 7, column y: The target is ''", "第 7 行，列 y"),
    ("a text", [*ROWS[:5], ("x", 1), *ROWS[5:]], "line 7, column A: 'x' is not a number", "第 7 行，列 A"),
    ("out of range", [*ROWS[:5], ("9" * 16, 1), *ROWS[5:]], "line 7, column A: A value is out of range", "第 7 行"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "rows", "english", "chinese"), TRAINED, ids=[one[0] for one in TRAINED])
def test_rows_that_nothing_can_be_learned_from(
    tmp_path: Path, name: str, rows: Sequence[tuple[object, object]], english: str, chinese: str
) -> None:
    said = _said(_train(tmp_path, rows, head="A,x" if name == "no such target" else "A,y"))
    assert english in said[0]
    assert chinese in said[1]
    assert not (tmp_path / "m.json").exists()


def test_a_leak_and_a_feature_that_tells_nothing_are_warned_of(tmp_path: Path) -> None:
    for rows, says in (
        ([(y, y) for _, y in ROWS], "does it leak the target?"),
        ([(1, y) for _, y in ROWS], "nothing to tell: a."),
    ):
        done = CliRunner().invoke(score.app, _train(tmp_path, rows))
        assert done.exit_code == 0
        assert says in done.stderr
    assert (
        "There is no file"
        in _said(["train", str(tmp_path / "none.csv"), "--out", str(tmp_path / "m.json")])[0]
    )
    assert "missing" in _said(_train(tmp_path, ROWS, head="B,y"))[0]
    assert "missing" in _said(_train(tmp_path, ROWS, head="A,z"))[0]
    call = _train(tmp_path, ROWS)
    assert "cannot be written" in _said([*call[:5], str(tmp_path / "none" / "m.json"), *call[6:]])[0]
    assert CliRunner().invoke(score.app, [*call[:-1], "-5"]).exit_code == 2


SPECS: list[tuple[str, str | bytes, str]] = [
    ("not UTF-8", b'name = "\xff"', "not UTF-8"),
    ("nothing", "", "has no name"),
    ("deep", "a = " + "[" * 100_000, "nested too deeply"),
    ("a slip", SPEC.replace("reason =", "monoton = 1\nreason ="), "'monoton', which is not known"),
    ("features of text", 'name = "t"\ntarget = "y"\nfeatures = "A"\n[reasons]\n', "is not a table"),
    ("both ways", SPEC.replace("reason =", "monotone = 5\nreason ="), "monotone is 1 or -1"),
    ("no Chinese", SPEC.replace('zh = "甲"', ""), "needs its wording as zh and en"),
    ("two lines", SPEC.replace('name = "a"', 'name = "a\\nb"'), "printable"),
    ("half a code", SPEC.replace("reason =", "special = [1.5]\nreason ="), "1.5 is not a whole number"),
    ("a scale of text", SPEC.replace("reason =", "by = 10.0\nreason ="), "power of ten"),
]


@pytest.mark.parametrize(("name", "spec", "says"), SPECS, ids=[one[0] for one in SPECS])
def test_a_spec_with_a_slip_is_refused_before_the_work(
    tmp_path: Path, name: str, spec: str | bytes, says: str
) -> None:
    assert says in _said(_train(tmp_path, ROWS, spec))[0]


def test_watch_and_explain_refuse_what_they_cannot_compare(tmp_path: Path) -> None:
    data, many = tmp_path / "a.csv", tmp_path / "b.csv"
    data.write_text(GOOD)
    many.write_text("A,B,C,X,T\n" + "".join(f"{at},2,3,1.5,own\n" for at in range(200)))
    model = _batch(tmp_path, data)[1]
    for more, says in (
        ((str(many), "--month", "A"), "200 months"),
        ((str(many), "--group", "A"), "200 groups"),
        ((str(data), "--target", "A"), "line 3, column A: The target is '4'"),
        ((str(data), "--group", "none"), "The column none is missing"),
    ):
        assert says in _said(["watch", model, str(data), *more])[0]
    assert "no row 3" in _said(["explain", model, str(data), "--row", "3"])[0]
    assert "'five'" in _said(["explain", model, str(_five(tmp_path))])[0]


def _five(folder: Path) -> Path:
    data = folder / "five.csv"
    data.write_text(GOOD.replace("1,2", "1,five"))
    return data


def test_a_row_is_explained_to_the_point(tmp_path: Path) -> None:
    data = tmp_path / "a.csv"
    data.write_text(GOOD)
    model = _batch(tmp_path, data)[1]
    done = CliRunner().invoke(score.app, ["explain", model, str(data), "--row", "2", "--json"])
    told = json.loads(done.output)
    assert told["score"] == told["intercept"] + sum(one["points"] for one in told["tables"])
    assert told["score"] == MODEL.score({"A": "4", "B": "5", "C": "6", "X": "2.5", "T": "rent"}).score
    assert {"zh", "en", "points_lost", "code"} == set(told["reasons"][0])
    said = CliRunner().invoke(score.app, ["explain", model, str(data), "--row", "2"])
    assert f"{told['score']} points" in said.output


def test_every_kind_of_fault_has_chinese_words() -> None:
    files = [
        *(FOLDER / "interfaces/cli").glob("score*.py"),
        *(FOLDER / "interfaces/cli").glob("table_file.py"),
        *(FOLDER / "training").glob("*.py"),
        *(FOLDER / "domain/scoring").glob("*.py"),
        *(FOLDER / "portfolio").glob("score*.py"),
    ]
    used = {code for one in files for code in re.findall(r'Problem\(\s*"([a-z_.]+)"', one.read_text("utf-8"))}
    assert used
    assert used <= set(shared_words.chinese())


def test_the_language_is_that_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in problem_words.NAMES:
        monkeypatch.delenv(name, raising=False)
    assert not problem_words.speaks_chinese()
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert problem_words.speaks_chinese()
    monkeypatch.setenv("LENITY_LANGUAGE", "en")
    assert not problem_words.speaks_chinese()
    other = Problem("elsewhere", "Something.", "Do it.", 3)
    assert problem_words.told(other, chinese=False) == str(other) == "line 3: Something. Do it."
    assert problem_words.told(other, chinese=True).startswith("第 3 行：")
