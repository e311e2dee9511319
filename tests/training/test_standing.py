"""A model that nobody approved says so before it scores or leaves; one for another use does neither."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from typer.testing import CliRunner

from lenity.base.outcomes import InputRefused
from lenity.gateways import clock
from lenity.interfaces.cli import main
from lenity.operations.keep_candidate import keep_candidate
from lenity.records.scoring import queries, standing_queries
from tests import factories
from tests import lending_world as lending

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.use(clock.ManualClock(factories.MORNING)):
        yield


def files(folder: Path, text: str) -> list[str]:
    model, data = folder / "m.json", folder / "d.csv"
    model.write_text(text, "utf-8")
    data.write_text("RISK\n5\n25\n", "utf-8")
    return ["score", "batch", str(model), str(data), str(folder / "o.parquet")]


def told(run: list[str]) -> tuple[dict[str, Any], str]:
    answer = CliRunner().invoke(main.build(), run)
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout), answer.stderr


def test_from_unknown_to_in_force_and_out_of_it(tmp_path: Path) -> None:
    text, other = lending.model_text(), lending.model_text("other")
    run = files(tmp_path, text)
    found, said = told(run)
    assert (found["standing"], found["rows"], found["use"]) == ("unknown", 2, "default")
    assert said.startswith("NOT APPROVED")
    keep_candidate(kind="model", text=text, actor="t")
    found, said = told(run)
    assert (found["standing"], said[:12]) == ("kept", "NOT APPROVED")
    for command in (run, ["score", "export", run[2]]):
        refused = CliRunner().invoke(main.build(), [*command, "--approved"])
        assert isinstance(refused.exception, InputRefused)
        assert refused.exception.problems[0].code == "score.approval"
    lending.put_in_force(model=text)
    found, said = told([*run, "--approved", "--for", "default"])
    assert (found["standing"], said) == ("in_force", "")
    lending.put_in_force(model=other)
    found, said = told([*run, "--approved"])
    assert (found["standing"], said[:12]) == ("was_in_force", "NOT IN FORCE")


def test_another_purpose_scores_nothing(tmp_path: Path) -> None:
    run = files(tmp_path, lending.model_text())
    for purpose in ("cure", "marketing"):
        for command in (run, ["score", "export", run[2]]):
            refused = CliRunner().invoke(main.build(), [*command, "--for", purpose])
            assert isinstance(refused.exception, InputRefused)
            assert refused.exception.problems[0].code == "score.purpose"
    assert not (tmp_path / "o.parquet").exists()


def test_without_a_database_nobody_can_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(use: str) -> None:
        raise DatabaseError("no such table")

    lending.put_in_force()
    kept = queries.model_in_force("default")
    assert kept is not None
    monkeypatch.setattr(queries, "model_in_force", broken)
    assert standing_queries.standing(kept.fingerprint, "default").state == "unread"
