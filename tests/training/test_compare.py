"""The comparison: measures held against plain ones, a run that carries on, a model that is not installed."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score, roc_curve
from typer.testing import CliRunner

from lenity.base.outcomes import InputRefused
from lenity.interfaces.cli import score
from lenity.training import challengers, compare, paired, spec


def test_measures_are_those_of_the_library_and_differences_are_paired() -> None:
    rng = np.random.default_rng(3)
    y = rng.integers(0, 2, 400)
    good = np.clip(y * 0.2 + rng.random(400) * 0.8, 0, 1).round(2)
    worse = np.clip(good + rng.normal(0, 0.2, 400), 0, 1)
    fold = np.arange(400) % 2
    found = paired.measured(y, fold, {"a": good, "b": worse, "same": good})
    told = found["a"]["measures"]
    aucs = [roc_auc_score(y[fold == at], good[fold == at]) for at in (0, 1)]
    gaps = []
    for at in (0, 1):
        false, true, _ = roc_curve(y[fold == at], good[fold == at])
        gaps.append(np.max(true - false))
    assert told["auc"] == f"{np.mean(aucs):.4f}"
    assert told["ks"] == f"{np.mean(gaps):.4f}"
    assert told["brier"] == f"{brier_score_loss(y, good):.4f}"
    assert float(told["auc_low"]) < float(told["auc"]) < float(told["auc_high"])
    assert set(found["same"]["ours_less_it"].values()) == {"0.0000"}
    assert float(found["b"]["ours_less_it"]["auc_low"]) > 0 > float(found["b"]["ours_less_it"]["brier_high"])


def _heloc(folder: Path) -> None:
    rng = np.random.default_rng(5)
    width = len(spec.bundled("heloc").features)
    rows = [[-9] * width for _ in range(40)] + rng.integers(0, 90, (400, width)).tolist()
    lines = [" ".join(map(str, [int(rng.random() < 0.2 + row[0] / 150), *row])) for row in rows]
    (folder / "heloc.csv.gz").write_bytes(gzip.compress("\n".join(lines).encode()))


def test_a_run_carries_on_and_rows_of_nothing_can_be_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _heloc(tmp_path)
    kept = tmp_path / "kept"
    call = ["bench", "--data", str(tmp_path), "--set", "heloc", "--set", "heloc_without_empty", "--model"]
    call += ["logistic", "--folds", "2", "--no-speed", "--json", "--cache", str(kept)]
    first = CliRunner().invoke(score.app, call)
    assert first.exit_code == 0, first.output
    told = json.loads(first.stdout)
    assert [(one["name"], one["rows"]) for one in told["sets"]] == [
        ("heloc", 440),
        ("heloc_without_empty", 400),
    ]
    assert float(told["sets"][0]["models"][0]["auc"]) > 0.5
    assert len(list(kept.glob("*.npy"))) == 4

    def no_more(seed: int) -> challengers.Fit:
        def run(fold: challengers.Fold) -> compare.Array:
            raise AssertionError

        return run

    monkeypatch.setattr(challengers, "MODELS", {"logistic": no_more})
    assert CliRunner().invoke(score.app, call).stdout == first.stdout


def test_a_model_that_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _heloc(tmp_path)
    monkeypatch.setitem(__import__("sys").modules, "optbinning", None)
    call = ["bench", "--data", str(tmp_path), "--set", "heloc", "--folds", "2", "--no-speed"]
    call += ["--model", "logistic", "--model", "optbinning"]
    done = CliRunner().invoke(score.app, [*call, "--json"])
    [one] = json.loads(done.stdout)["sets"]
    assert [row["model"] for row in one["models"]] == ["logistic"]
    assert one["not_installed"] == ["optbinning"]
    assert "optbinning is not installed" in " ".join(CliRunner().invoke(score.app, call).stdout.split())


def test_an_unknown_set_or_model_is_named(tmp_path: Path) -> None:
    for option in ("--set", "--model"):
        done = CliRunner().invoke(score.app, ["bench", "--data", str(tmp_path), option, "guess"])
        assert isinstance(done.exception, InputRefused)
        assert "guess" in str(done.exception)
    done = CliRunner().invoke(score.app, ["bench", "--data", str(tmp_path), "--set", "heloc"])
    assert "There is no heloc.csv.gz" in str(done.exception)
