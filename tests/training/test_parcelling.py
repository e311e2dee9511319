"""Reject inference: a right assumption helps and a wrong one harms, in a town whose truth is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from lenity.base.outcomes import InputRefused
from lenity.domain.scoring import card
from lenity.domain.scoring import model as models
from lenity.interfaces.cli import main
from lenity.training import fit, parcelling, spec
from tests.training import declined_town as town

DECLARED: dict[str, Any] = {"accepted": "got_credit", "factor": "3", "why": "Measured by an exploration."}
SPEC = (
    town.SPEC + '\n[parcelling]\naccepted = "got_credit"\nfactor = 3\nwhy = "Measured by an exploration."\n'
)


def options() -> dict[str, Any]:
    read = spec.parse(town.SPEC, "town")
    return {"name": "town", "features": read.features, "reasons": read.reasons, "protected": (),
            "source": "town", "pairs": 0, "target": "y", "seed": 1}  # fmt: skip


def parcelled(frame: pl.DataFrame, factor: str) -> str:
    declared = parcelling.read({**DECLARED, "factor": factor})
    return parcelling.fit(frame, frame[:0], declared=declared, **options()).text


@pytest.mark.parametrize(("hidden", "right", "wrong"), [(1.0, "5", "1"), (0.0, "1", "5")])
def test_a_right_factor_helps_and_a_wrong_one_harms(hidden: float, right: str, wrong: str) -> None:
    """Brier over everybody, declined too. By hidden grounds: .176 without, .155 with 5. By columns: .156, .184."""
    frame, _ = town.people(6_000, hidden=hidden, seed=3)
    everybody, truth = town.people(20_000, hidden=hidden, seed=4)
    accepted = frame.filter(pl.col("got_credit") == "1")
    plain = fit.fit(accepted, frame[:0], **options()).text
    factor = town.true_factor(plain, everybody, truth)
    assert (factor > 3) == (right == "5")
    without = town.measured(plain, everybody, truth)
    good = town.measured(parcelled(frame, right), everybody, truth)
    harmed = town.measured(parcelled(frame, wrong), everybody, truth)
    assert good["brier"] < without["brier"] + 0.002
    assert abs(good["off"]) < 0.13
    if hidden:
        assert without["brier"] - good["brier"] > 0.015, "declined by what no column holds: it helps"
        assert abs(harmed["brier"] - without["brier"]) < 0.003, "a factor of 1 adds nothing"
        assert without["off"] < -0.25, "the model of the accepted takes the declined for far too safe"
    else:
        assert harmed["brier"] - without["brier"] > 0.02, "declined by the columns alone: it harms"
        assert harmed["off"] > 0.2


def test_the_outcomes_of_accepted_rows_stay_and_those_of_declined_have_the_declared_odds() -> None:
    frame, _ = town.people(2_000, hidden=0.0, seed=5)
    known = frame.get_column("got_credit") == "1"
    base = models.read(fit.fit(frame.filter(known), frame[:0], **options()).text)
    declared = parcelling.read({**DECLARED, "bands": 8})
    whole, told = parcelling.inferred(frame, known, base, declared, target="y", seed=7)
    assert whole.filter(known).equals(frame.filter(known))
    assert set(whole.filter(~known).get_column("y")) == {"0", "1"}
    expected, assumed = told["expected_ppm"] / 1e6, told["assumed_ppm"] / 1e6
    assert assumed > expected
    assert assumed / (1 - assumed) < 3.2 * expected / (1 - expected)
    assert told["accepted_rows"] + told["declined_rows"] == 2_000
    again, _ = parcelling.inferred(frame, known, base, declared, target="y", seed=7)
    assert again.equals(whole)
    some = frame.filter(known | (pl.int_range(frame.height) < 60))
    with pytest.raises(InputRefused, match="too few to parcel"):
        parcelling.inferred(some, some.get_column("got_credit") == "1", base, declared, target="y", seed=7)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"factor": 0}, "factor"),
        ({"factor": "0.09"}, "factor"),
        ({"factor": "20.1"}, "factor"),
        ({"factor": True}, "factor"),
        ({"factor": "NaN"}, "factor"),
        ({"factor": None}, "factor"),
        ({"bands": 0}, "bands"),
        ({"bands": 51}, "bands"),
        ({"why": "x"}, "ground"),
        ({"accepted": 1}, "accepted"),
        ({"more": 1}, "keys"),
    ],
)
def test_an_assumption_is_declared_whole(change: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parcelling.read({**DECLARED, **change})
    assert parcelling.read({**DECLARED, "factor": "20"}).bands == 10


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("factor = 3", "factor = 99"), "factor"),
        (('columns = ["A"]', 'columns = ["got_credit"]'), "tells who got credit"),
    ],
)
def test_a_spec_with_a_faulty_assumption_is_named(change: tuple[str, str], says: str) -> None:
    with pytest.raises(InputRefused, match=says):
        spec.parse(SPEC.replace(*change), "town")


def test_the_command_trains_with_it_and_the_card_says_so(tmp_path: Path) -> None:
    frame, _ = town.people(1_500, hidden=0.0, seed=6)
    data, declared, out = tmp_path / "d.csv", tmp_path / "s.toml", tmp_path / "m.json"
    frame.write_csv(data)
    declared.write_text(SPEC, "utf-8")
    run = ["score", "train", str(data), "--out", str(out), "--spec", str(declared), "--train-rows", "1200",
           "--pairs", "0", "--json"]  # fmt: skip
    told = CliRunner().invoke(main.build(), run)
    assert told.exit_code == 0, told.output
    model = models.read(out.read_text("utf-8"))
    kept = model.plain["parcelling"]
    assert (kept["factor"], kept["assumption"]) == ("3", "Measured by an exploration.")
    held_out = int(json.loads(told.stdout)["rows"])
    assert held_out < 300, "only accepted rows are measured"
    text = card.markdown(model)
    assert "Assumed of the declined" in text
    assert "not a measurement" in text
    lines = data.read_text("utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.endswith(",1,0"))
    data.write_text("\n".join([*lines[:at], lines[at][:-1] + "2", *lines[at + 1 :]]) + "\n", "utf-8")
    wrong = CliRunner().invoke(main.build(), run)
    assert isinstance(wrong.exception, InputRefused)
    assert (wrong.exception.problems[0].code, wrong.exception.problems[0].line) == ("train.target", at + 1)
    data.write_text("\n".join(lines).replace("got_credit", "x"), "utf-8")
    refused = CliRunner().invoke(main.build(), run)
    assert isinstance(refused.exception, InputRefused)
    assert refused.exception.problems[0].code == "parcelling.accepted"
