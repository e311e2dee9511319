"""Champion and challenger: counted from both arms, the exploration beside them, promoted by two people."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from lenity.base.outcomes import InputRefused
from lenity.domain.lending import facts
from lenity.domain.underwriting import judging
from lenity.gateways import clock, ids
from lenity.interfaces.cli import main
from lenity.operations.decide_applications import decide_applications
from lenity.operations.keep_candidate import keep_candidate
from lenity.operations.record_outcomes import record_outcomes
from lenity.records.approvals.models import ChangeProposal
from lenity.records.lending import challenge_queries
from lenity.records.lending.models import CreditDecision
from lenity.records.scoring import rules
from tests import factories, world
from tests import lending_world as lending

pytestmark = [pytest.mark.database, pytest.mark.django_db]
STRICTER = lending.STANDARD.replace("approve_at_most_ppm = 150_000", "approve_at_most_ppm = 50_000")
ZONE = ZoneInfo("Asia/Shanghai")
TRIAL = '\n[trial]\nname = "t"\nseed = "x"\nmode = "{mode}"\n{share}\npolicy = "{policy}"\n'
EXPLORE = '\n[exploration]\nname = "e"\nseed = "s"\nshare_ppm = 400_000\nup_to_ppm = 400_000\nlimit = 3_000\n'


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.use(clock.ManualClock(factories.MORNING)) as running, ids.use(ids.SeededIds(7)):
        yield running


def batch(number: int, start: int = 0) -> None:
    """A tenth each of estimated default 0, 10, 20, 30 and 40 %, twice."""
    risks = ("5", "15", "25", "35", "45")
    rows = [{"ID": str(at), "RISK": risks[at % 5]} for at in range(start, start + number)]
    rows = [row | {f"PAY_AMT{month}": "9000" for month in range(1, 7)} for row in rows]
    decide_applications(rows=rows, reference_column="ID", place="CN", currency="CNY", source="s", actor="t")


def trial(mode: str = "shadow", share: str = "", more: str = "") -> str:
    policy = keep_candidate(kind="policy", text=STRICTER, actor="t")
    lending.put_in_force(lending.STANDARD + TRIAL.format(mode=mode, share=share, policy=policy) + more)
    return policy


def by_hand() -> dict[str, dict[str, int]]:
    """The matrix counted one decision at a time, by judging again: shares no code with the report."""
    found: dict[str, dict[str, int]] = {}
    for row in CreditDecision.objects.select_related("application", "basis"):
        model, policy = row.basis.model_in_force, row.basis.policy_in_force
        made = [
            judging.judge(
                judging.row_of(row.application.inputs), judging_facts(row), rules.model_of(model.content),
                rules.policy_of(text), "CNY",
            ).outcome
            for text in (policy.content, STRICTER)
        ]  # fmt: skip
        cell = found.setdefault(made[0], {})
        cell[made[1]] = cell.get(made[1], 0) + 1
    return found


def judging_facts(row: CreditDecision) -> Any:
    return facts.read(row.basis.facts)


@pytest.mark.parametrize(("mode", "share"), [("shadow", ""), ("share", "share_ppm = 300_000")])
def test_the_matrix_is_that_of_both_rules_on_every_application(mode: str, share: str) -> None:
    trial(mode, share, EXPLORE)
    batch(150)
    found = challenge_queries.report(ZONE)
    assert found is not None
    counted = {first: {k: v for k, v in cells.items() if v} for first, cells in found["matrix"].items()}
    assert {first: cells for first, cells in counted.items() if cells} == by_hand()
    assert found["rows"] == 150
    assert found["only_challenger"]["approved"] == 0
    assert found["only_champion"]["approved"] == 30
    assert found["difference_ppm"] == (-200_000, -264_012, -135_988)
    arms = found["by_arm"]
    assert sum(one["rows"] for one in arms.values()) == 150
    assert set(arms) == {"champion", "exploration"} | ({"challenger"} if mode == "share" else set())
    assert arms["exploration"]["approved_ppm"][0] == 1_000_000
    assert {code for code, _ in found["reasons"]["only_challenger"]} == {"risk"}


def test_defaults_are_told_where_known_and_the_exploration_beside_its_estimate() -> None:
    trial(more=EXPLORE)
    batch(150)
    approved = {row.application.reference: row for row in
                CreditDecision.objects.select_related("application").filter(outcome="approve")}  # fmt: skip
    outcomes = {ref: int(ref) % 2 == 0 and int(ref) % 5 == 1 for ref in approved}
    explored = [ref for ref, row in approved.items() if row.basis.arm == "exploration"]
    assert len(explored) == 5
    for ref in explored[::2]:
        outcomes[ref] = True
    record_outcomes(outcomes=outcomes, source="s", observed_on=date(2026, 11, 24), told_by="t", actor="t")
    found = challenge_queries.report(ZONE, "t")
    assert found is not None
    assert (found["champion"]["observed"], found["challenger"]["observed"]) == (60, 30)
    assert found["champion"]["defaulted_ppm"][0] == 250_000
    assert found["challenger"]["defaulted_ppm"][0] == 0
    assert found["only_champion"]["defaulted_ppm"][0] == 500_000
    learned = found["exploration"]
    assert (learned["rows"], learned["observed"]) == (len(explored), len(explored))
    assert learned["defaulted_ppm"][0] == -(-len(explored) // 2) * 1_000_000 // len(explored)
    assert 300_000 <= learned["expected_ppm"] <= 400_000
    assert learned["factor_ppm"][0] == 2_250_000, "3 of 5 where two fifths were expected"
    assert learned["defaulted_ppm"][1] < learned["defaulted_ppm"][0] < learned["defaulted_ppm"][2]


def test_by_month_of_the_lenders_day_and_by_name(now: clock.ManualClock) -> None:
    assert challenge_queries.report(ZONE) is None
    trial()
    batch(10)
    now.move_to(factories.MORNING.replace(month=11, day=30, hour=17))
    batch(10, start=10)
    found = challenge_queries.report(ZONE)
    assert found is not None
    assert {name: one["rows"] for name, one in found["months"].items()} == {"2026-11": 10, "2026-12": 10}
    assert challenge_queries.report(ZONE, "other") is None
    told = CliRunner().invoke(main.build(), ["score", "challenge", "--trial", "t"])
    assert json.loads(told.stdout)["agree_ppm"][0] == 800_000
    refused = CliRunner().invoke(main.build(), ["score", "challenge", "--trial", "other"])
    assert isinstance(refused.exception, InputRefused)


def test_the_difference_has_the_interval_of_paired_shares() -> None:
    assert challenge_queries._difference(30, 10, 1000) == (20_000, 7_667, 32_333)
    assert challenge_queries._difference(0, 0, 5) == (0, 0, 0)
    assert challenge_queries._difference(0, 0, 0) is None


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_shows_it_and_proposes_the_challenger(language: str, now: clock.ManualClock) -> None:
    client = world.as_staff("risk")
    client.cookies["django_language"] = language
    assert "lenity policy keep" in client.get("/risk/challenge/").content.decode()
    policy = trial(more=EXPLORE)
    batch(40)
    now.advance(timedelta(minutes=1))
    text = client.get("/risk/challenge/").content.decode()
    assert text.count('role="img"') == 1
    assert len(text) < 100_000
    form = {"trial": "t", "part": "policy", "fingerprint": policy, "reason": "Fewer defaults."}
    for wrong in ({"part": "x"}, {"fingerprint": "0" * 64}, {"reason": ""}):
        assert client.post("/risk/challenge/", {**form, **wrong}).status_code == 422
    assert client.post("/risk/challenge/", form)["Location"] == "/risk/"
    asked = ChangeProposal.objects.latest("id")
    assert (asked.kind, asked.subject_id, asked.reason) == ("policy_activation", policy, "Fewer defaults.")
