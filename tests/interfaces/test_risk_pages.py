"""Pages for risk staff: what was measured is shown whole, in both languages, with charts that can be read aloud."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

import numpy as np
import polars as pl
import pytest
from django.test import Client

from lenity.gateways import clock
from lenity.interfaces.cli import score_watch
from lenity.operations.record_score_report import record_score_report
from lenity.training import cures, late_rows
from tests import factories, world
from tests.training import score_examples

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def now() -> Iterator[clock.ManualClock]:
    with clock.use(clock.ManualClock(factories.MORNING)) as running:
        yield running


@pytest.fixture
def risk() -> Client:
    return world.as_staff("risk")


def watched() -> tuple[str, str]:
    model = score_examples.model()
    text = json.dumps(dict(model.plain))
    rows = pl.DataFrame([score_examples.as_texts(row) for row in score_examples.rows()])
    draw = np.random.default_rng(1)
    rows = rows.with_columns(
        pl.Series("late", [str(int(one)) for one in draw.integers(2, size=rows.height)]),
        pl.Series("sex", ["<b>" if one else "b" for one in draw.integers(2, size=rows.height)]),
        pl.Series("month", ["2026-09" if one else "2026-10" for one in draw.integers(2, size=rows.height)]),
    )
    found = score_watch.run(
        model,
        rows,
        rows,
        target="late",
        group="sex",
        month="month",
        approve_at_most_ppm=200_000,
        note="<i>n</i>",
    )
    record_score_report(kind="watch", content=found, model_text=text, actor="t")
    return hashlib.sha256(text.encode()).hexdigest(), text


def test_empty_pages_say_how_to_fill_them(risk: Client) -> None:
    for path, says in (
        ("/risk/watch/", "score watch"),
        ("/risk/collections/", "collections report"),
        ("/risk/models/", "score train"),
    ):
        answer = risk.get(path)
        assert (answer.status_code, says in answer.content.decode()) == (200, True)
    assert risk.get("/risk/models/nothere/").status_code == 404


@pytest.mark.parametrize(
    ("language", "says"), [("en", "A less discriminatory score"), ("zh-hans", "差别影响更小的评分")]
)
def test_a_watch_report_and_its_model_are_shown(risk: Client, language: str, says: str) -> None:
    fingerprint, _ = watched()
    risk.cookies["django_language"] = language
    text = risk.get("/risk/watch/").content.decode()
    assert says in text
    assert "2026-09" in text
    assert "<b>" not in text
    assert "<i>n</i>" not in text
    assert text.count('role="img"') == 4
    assert text.count("<title id=") == text.count("<desc id=") == 4
    card = risk.get(f"/risk/models/{fingerprint}/").content.decode()
    assert 'id="table-0-t"' in card
    assert fingerprint[:20] in card
    assert len(card) < 100_000


def test_a_report_of_cures_is_shown(risk: Client) -> None:
    rows = late_rows.of_months(
        pl.DataFrame(
            [
                [str(at), f"2026-0{month}", str(int(late)), "100", "10", "1000"]
                for at in range(80)
                for month, late in enumerate((False, True, at % 2 == 0, False), 1)
            ],
            schema=["client", "month", "months_late", "billed", "paid", "limit"],
            orient="row",
        )
    )
    content = {"source": "s", "note": "", **cures.counted(rows, "months")}
    record_score_report(kind="cures", content=content, model_text="", actor="t")
    risk.cookies["django_language"] = "en"
    text = risk.get("/risk/collections/").content.decode()
    assert "50.0%" in text
    assert "shade-" in text
