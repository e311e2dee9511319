"""The demo's scores in use: measured on its real clients, cures of their late months, both models in force."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from lenity.base.outcomes import InputRefused
from lenity.domain.lending import decision
from lenity.domain.scoring import model as models
from lenity.gateways import ids
from lenity.interfaces.cli import score_watch
from lenity.interfaces.cli.demo_story import Story
from lenity.operations.approve_change import approve_change
from lenity.operations.propose_change import propose_change
from lenity.operations.record_score_report import record_score_report
from lenity.records.people import sign_in_queries
from lenity.training import cures, late_rows, spec, taiwan

ACTOR = "demo"
MONTHS = 4
DEALT = {
    "en": "The set has one month of applicants; here they are dealt out to four months by lot, so that nothing "
    "but chance moves. SEX is used for this test only; in the file 1 is a woman and 0 a man.",
    "zh": "数据集只有一个月的申请人，这里抽签分到四个月，所以变动只来自偶然。SEX 一列只用于本次公平检验；"
    "文件中 1 为女，0 为男。",
}
TREATED = {
    "en": "Six months of card clients of 2005, April to August: whom the bank contacted is not known. State 1 is "
    "nearly absent, so its row means nothing.",
    "zh": "2005 年 4 月至 8 月的信用卡客户：银行联系过谁无从得知。状态 1 几乎没有，那一行不说明问题。",
}
APPLICANTS = {"en": "the demo's applicants", "zh": "演示中的申请人"}
LATE_MONTHS = {"en": "late months of card clients", "zh": "信用卡客户的逾期月份"}


def measure(story: Story) -> None:
    """The score on the held-out clients, and the cures of late months; both kept as reports."""
    story.title("3b  The score in use, and who cures")
    found = _watched(story)
    record_score_report(kind="watch", content=found, model_text=story.model_text, actor=ACTOR)
    psi = max(one.get("psi_ppm", 0) for one in found["months"].values())
    story.say(f"stability index at most {psi / 1_000_000:.3f} over {MONTHS} months (0.10 would be looked at)")
    fairest = found.get("less_discriminatory", {}).get("alternatives", [])[-1:]
    for one in fairest:
        ratio, lost = one["impact_ratio_ppm"] / 1_000_000, one["auc_lost_ppm"] / 1_000_000
        story.say(
            f"the fairest alternative found: impact ratio {ratio:.3f} for {lost:.3f} of AUC, on unseen rows"
        )
    try:
        _cures(story)
    except InputRefused as refused:
        story.say(f"no model of cures: {refused}")


def _watched(story: Story) -> dict[str, Any]:
    chance = ids.seeded(story.seed + 3)
    now = pl.DataFrame(story.held_out).with_columns(
        pl.Series("month", [_month(story.business_date, chance.randint(1, MONTHS)) for _ in story.held_out])
    )
    return score_watch.run(
        models.read(story.model_text),
        pl.DataFrame(story.known),
        now,
        target=taiwan.TARGET,
        group="SEX",
        month="month",
        approve_at_most_ppm=decision.shipped().approve_at_most_ppm,
        source=APPLICANTS,
        note=DEALT,
    )


def _month(day: date, back: int) -> str:
    at = day.year * 12 + day.month - 1 - back
    return f"{at // 12}-{at % 12 + 1:02d}"


def _cures(story: Story) -> None:
    rows = late_rows.of_taiwan(pl.DataFrame(story.rows))
    learned = cures.learn(rows, spec.bundled("cure_months"), source=LATE_MONTHS["en"], seed=story.seed)
    story.cure_text = learned.text
    report = {"source": LATE_MONTHS, "note": TREATED, **cures.counted(rows, "taiwan")}
    report["judged"] = learned.report
    record_score_report(kind="cures", content=report, model_text=learned.text, actor=ACTOR)
    first, auc = report["hazard"][0], learned.report["auc_ppm"] / 1_000_000
    story.say(
        f"{rows.height:,} late months; cured in the first month late: {first['cures'] / first['loans']:.3f}; "
        f"model of cures: AUC {auc:.3f}"
    )


def bring_into_force(story: Story) -> None:
    """The model of cures, proposed by one and approved by another."""
    first, second = (sign_in_queries.staff_by_name(name) for name in ("zhou", "chen"))
    if first is None or second is None or not story.cure_text:
        return
    asked = propose_change(
        kind="model_activation",
        subject_id="",
        payload={"text": story.cure_text},
        reason="Measured on clients it has not seen; see its card.",
        actor=first.public_id,
    )
    approve_change(
        proposal_id=asked.public_id,
        digest=asked.digest,
        reason="Read the card and its limits.",
        actor=second.public_id,
    )
    story.say(
        "[dim]two people brought the model of cures into force; it only ranks: nobody was left by lot[/]"
    )
