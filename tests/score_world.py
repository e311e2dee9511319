"""A score in use for walks over pages: a model with its card, a challenger, and what was measured of both."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import polars as pl

from lenity.domain.scoring import model as models
from lenity.interfaces.cli import score_watch
from lenity.operations.keep_candidate import keep_candidate
from lenity.operations.record_score_report import record_score_report
from lenity.training import cures, late_rows

ROWS, CLIENTS, SEED = 1200, 300, 11
NOTE = {
    "en": "Invented applicants of three months, the newest with less income.",
    "zh": "虚构的三个月申请人，最近一个月收入偏低。",
}
REASONS = {
    "use": {"zh": "已用额度占总额度的比例", "en": "Share of the credit limit in use"},
    "late": {"zh": "最近六个月逾期次数", "en": "Late payments in the last six months"},
    "income": {"zh": "月收入与每月还款额之比", "en": "Monthly income beside monthly repayments"},
    "hidden": {"zh": "申请渠道", "en": "Where the application came from", "told": False},
}
FEATURES = [
    {"name": "use", "operation": "ratio_ppm", "columns": ["BALANCE"], "over": ["LIMIT"]},
    {"name": "late", "operation": "column", "columns": ["LATE"]},
    {"name": "income", "operation": "ratio_ppm", "columns": ["INCOME"], "over": ["REPAYMENT"]},
    {
        "name": "channel",
        "operation": "category",
        "columns": ["CHANNEL"],
        "values": ["branch", "app", "partner"],
    },
]


def model_text(name: str = "small_loans", steeper: int = 1) -> str:
    """The model's file; a challenger counts lateness more."""
    terms = [
        _term("use", [100_000, 300_000, 500_000, 700_000, 900_000], [90, 120, 110, 100, 88, 74, 60], "use"),
        _term("late", [1, 2, 3], [80, 110, 110 - 25 * steeper, 85 - 25 * steeper, 60 - 25 * steeper], "late"),
        _term("income", [2_000_000, 4_000_000, 7_000_000], [70, 60, 80, 95, 105], "income"),
        _term("channel", [1, 2, 3], [50, 50, 56, 52, 45], "hidden"),
    ]
    plain = {
        "format": models.FORMAT, "name": name, "intercept": 210, "features": FEATURES, "terms": terms,
        "reasons": REASONS,
        "scaling": {"points_to_double_odds": 40, "base_score": 600, "base_odds": 20},
        "default": {"first_score": 380, "ppm": [round(1e6 / (1 + 1.0174 ** (at - 60))) for at in range(280)]},
        "importance": {"use": 1310, "late": 1874, "income": 1022, "channel": 260},
        "metrics": {"auc": "0.7421", "auc_low": "0.7164", "auc_high": "0.7678", "ks": "0.3708", "rows": "1200"},
        "training": {"rows": 4800, "held_out_rows": 1200, "source": "applicants-2026.parquet", "seed": 42,
                     "protected_left_out": ["sex"], "target": "defaulted",
                     "trainer": "additive tables learned from averaged boosted trees (interpret-core, LightGBM)"},
        "calibration": [
            {"from": 430 + 20 * at, "to": 449 + 20 * at, "rows": 120, "defaults": 48 - 5 * at + at % 3,
             "estimate_ppm": (47 - 5 * at + at % 2) * 1_000_000 // 120} for at in range(10)
        ],
    }  # fmt: skip
    return json.dumps(plain, ensure_ascii=False)


def _term(name: str, cuts: list[int], points: list[int], reason: str) -> dict[str, Any]:
    reference = sorted(points)[len(points) // 2]
    return {"name": name, "features": [name], "cuts": [cuts], "points": points, "reference": reference,
            "reason": reason}  # fmt: skip


def applicants(rows: int, month: str, poorer: int = 0) -> pl.DataFrame:
    """Invented applicants whose default depends on what the model reads."""
    draw = np.random.default_rng([SEED, int(month[-2:])])
    limit = draw.integers(5, 60, rows) * 1000
    balance = (limit * draw.beta(2, 2, rows)).astype(np.int64)
    late = np.minimum(draw.poisson(0.7, rows), 5)
    income = draw.integers(3, 25, rows) * 1000 - poorer
    odds = -2.6 + 2.2 * balance / limit + 0.7 * late - income / 15_000
    return pl.DataFrame(
        {
            "BALANCE": balance, "LIMIT": limit, "LATE": late, "INCOME": income,
            "REPAYMENT": draw.integers(1, 5, rows) * 1000,
            "CHANNEL": draw.choice(["branch", "app", "partner"], rows),
            "sex": draw.choice(["F", "M"], rows), "month": [month] * rows,
            "defaulted": (draw.random(rows) < 1 / (1 + np.exp(-odds))).astype(np.int64),
        }
    )  # fmt: skip


def late_months() -> pl.DataFrame:
    """Clients who are late, some for long, most cured in a month or two."""
    draw = np.random.default_rng(SEED)
    rows = []
    for client in range(CLIENTS):
        late = 0
        for month in range(9):
            if late == 0:
                late = int(draw.random() < 0.35)
            else:
                late = 0 if draw.random() < (0.55, 0.35, 0.25, 0.2)[min(late, 4) - 1] else late + 1
            rows.append([f"C{client}", f"2026-{month + 1:02d}", late, 9000 + 200 * late, 300, 20_000])
    names = ["client", "month", "months_late", "billed", "paid", "limit"]
    return pl.DataFrame(rows, schema=names, orient="row")


def cure_text() -> str:
    """A model of cures of one table."""
    plain = json.loads(model_text("cure_months"))
    plain["features"] = [{"name": "late_now", "operation": "column", "columns": ["late_0"]}]
    plain["terms"] = [_term("late_now", [2, 3, 4], [60, 100, 70, 50, 30], "late")]
    ppm = [round(1e6 / (1 + 1.02 ** (at - 55))) for at in range(101)]
    plain |= {
        "use": models.CURE,
        "default": {"first_score": 230, "ppm": ppm},
        "importance": {"late_now": 900},
    }
    plain["training"]["contacts"] = cures.UNKNOWN
    return json.dumps(plain, ensure_ascii=False)


def measure() -> str:
    """Keep a model, its challenger and both reports; gives the model's fingerprint."""
    text = model_text()
    model = models.read(text)
    keep_candidate(kind="model", text=model_text("small_loans_challenger", 2), actor="test")
    months = [applicants(ROWS // 3, "2026-08"), applicants(ROWS // 3, "2026-09"),
              applicants(ROWS // 3, "2026-10", 2000)]  # fmt: skip
    watched = score_watch.run(
        model, applicants(ROWS, "2026-07"), pl.concat(months), target="defaulted", group="sex", month="month",
        approve_at_most_ppm=200_000, source={"en": "applicants since August", "zh": "八月以来的申请人"}, note=NOTE,
    )  # fmt: skip
    record_score_report(kind="watch", content=watched, model_text=text, actor="test")
    rows, cure = late_rows.of_months(late_months()), cure_text()
    report = {
        "source": {"en": "our own book", "zh": "本行账簿"},
        "note": NOTE,
        **cures.counted(rows, "months"),
    }
    report["judged"] = cures.judged(models.read(cure), rows)
    record_score_report(kind="cures", content=report, model_text=cure, actor="test")
    return model.fingerprint
