"""From an application to a decision that replays: duplicates, trials, exploration, and what is refused."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction
from typer.testing import CliRunner

from lenity.base.outcomes import InputRefused
from lenity.domain.lending import adverse_action, decision, experiments
from lenity.gateways import clock
from lenity.interfaces.cli import main
from lenity.operations.answer_review import answer_review
from lenity.operations.decide_application import decide_application
from lenity.operations.decide_applications import decide_applications
from lenity.operations.keep_candidate import keep_candidate
from lenity.operations.propose_change import propose_change
from lenity.operations.record_outcomes import record_outcomes
from lenity.records.lending import (
    application_details,
    application_lists,
    application_queries,
    notice_queries,
    review_queries,
)
from lenity.records.lending.models import (
    Applicant,
    Application,
    CreditDecision,
    DecisionBasis,
    DecisionReview,
    ObservedOutcome,
    ShadowDecision,
)
from lenity.records.people.models import Borrower, ContactPoint
from tests import factories
from tests import lending_world as world

pytestmark = [pytest.mark.database, pytest.mark.django_db]
STRICTER = world.STANDARD.replace("approve_at_most_ppm = 150_000", "approve_at_most_ppm = 50_000")
SENDER = adverse_action.Sender("Lender", "1 Street", "CFPB, Washington")


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.use(clock.ManualClock(factories.MORNING)) as running:
        yield running


def decision_of(row: Application) -> CreditDecision:
    return CreditDecision.objects.select_related("basis", "policy", "model").get(application=row)


def reasons(row: Application) -> list[str]:
    return [one["code"] for one in json.loads(decision_of(row).reasons)]


def code_of(refused: pytest.ExceptionInfo[InputRefused]) -> str:
    return refused.value.problems[0].code


def test_it_comes_in_is_decided_and_replays_after_the_policy_has_changed(now: clock.ManualClock) -> None:
    world.put_in_force()
    row = world.receive(decide=False)
    assert application_lists.counts()["undecided"] == 1
    made = decide_application(application_id=row.public_id, actor="test")
    assert (made.outcome, made.limit_minor, made.score) == ("approve", 6_000_000, 50)
    assert made.binding_cap == "asked"
    assert "SEX" not in row.inputs
    assert world.NUMBER not in row.inputs + decision_of(row).basis.facts
    with pytest.raises(InputRefused) as refused:
        decide_application(application_id=row.public_id, actor="test")
    assert code_of(refused) == "application.decided"
    now.advance(timedelta(hours=1))
    world.put_in_force(STRICTER, world.model_text("other", (0, 40, 30, 20, 10, 0)))
    again = world.receive(reference="A-2", who={"identity_number": world.OTHER_NUMBER, "name": "李雷",
                                                 "mobile": "13900139000"})  # fmt: skip
    assert decision_of(again).outcome == "refer"
    assert [one.different for one in application_queries.replay()] == [(), ()]
    detail = application_details.application(row.public_id, now.now().date())
    assert detail is not None
    assert detail.made is not None
    assert detail.made.replayed is not None
    assert detail.made.replayed.equal
    assert detail.made.policy != decision_of(again).policy.fingerprint


def test_a_replay_finds_what_does_not_fit(now: clock.ManualClock) -> None:
    world.put_in_force()
    row = world.receive(decide=False)
    Application.objects.bulk_create(
        [Application(public_id="X" * 20, reference="X", source="x", currency="CNY", inputs=row.inputs,
                     applied_at=factories.MORNING)]
    )  # fmt: skip
    made = decision_of(world.receive(reference="A-2", who={"identity_number": "", "mobile": ""}, debts=[]))
    kept: dict[str, Any] = {"model": made.model, "policy": made.policy, "decided_at": made.decided_at}
    CreditDecision.objects.create(application=Application.objects.get(reference="X"), outcome="approve",
                                  score=49, limit_minor=0, reasons="[]", **kept)  # fmt: skip
    found = {one.reference: one.different for one in application_queries.replay()}
    assert found["A-2"] == ()
    assert {"score", "binding_cap"} <= set(found["X"])


@pytest.mark.parametrize("missing", ["policy", "model"])
def test_nothing_is_decided_without_a_rule_in_force(missing: str) -> None:
    with pytest.raises(InputRefused) as refused:
        world.receive()
    assert {one.code for one in refused.value.problems} == {"decide.policy", "decide.model"}
    assert not Application.objects.exists()


def test_a_duplicate_waits_for_a_person_and_a_decline_is_remembered(now: clock.ManualClock) -> None:
    world.put_in_force()
    waiting = world.receive(income=None)
    assert reasons(waiting) == ["check:capacity_known", "cap:affordability"]
    assert reasons(world.receive(reference="A-2")) == ["check:open_application"]
    assert Borrower.objects.count() == 1
    staff = factories.staff("risk")
    for review in DecisionReview.objects.all():
        answer_review(review_id=review.public_id, outcome="decline", reason="No income shown.", actor=staff)
    now.advance(timedelta(days=29))
    assert reasons(world.receive(reference="A-3")) == ["check:recent_decline"]
    answer_review(
        review_id=DecisionReview.objects.latest("id").public_id, outcome="approve", limit_minor=1,
        reason="Seen.", actor=staff,
    )  # fmt: skip
    now.advance(timedelta(days=1))
    assert decision_of(world.receive(reference="A-4")).outcome == "approve"
    assert Borrower.objects.count() == 1
    with pytest.raises(InputRefused) as refused:
        world.receive(reference="A-4")
    assert code_of(refused) == "application.reference"


def test_another_name_a_shared_and_a_new_telephone() -> None:
    world.put_in_force()
    world.receive()
    other = world.receive(reference="A-2", who={"name": "王 芬"})
    assert "check:other_names" in reasons(other)
    assert Borrower.objects.count() == 2, "a number with another name is linked to nobody"
    changed = world.receive(reference="A-3", who={"mobile": "13700137000"})
    assert "check:known_telephone" in reasons(changed)
    assert not ContactPoint.objects.filter(mask__endswith="7000").exists(), "no way to take an account over"
    for at, number in enumerate(("110105200811242839", world.OTHER_NUMBER), start=4):
        made = world.receive(reference=f"A-{at}", who={"identity_number": number, "name": f"人{at}"})
        assert "check:shared_telephone" not in reasons(made)
    last = world.receive(reference="A-9", who={"identity_number": "", "name": "人九"})
    assert "check:shared_telephone" in reasons(last)
    assert "check:identity_number" in reasons(last)


def test_a_minor_is_declined_on_the_last_day_and_not_on_the_birthday(now: clock.ManualClock) -> None:
    """CN-CC-17-20: born on 24 November 2008."""
    minor = {"identity_number": "110105200811242839", "name": "小明"}
    with clock.use(clock.ManualClock(factories.MORNING - timedelta(hours=11))):
        world.put_in_force()
        assert reasons(world.receive(who=minor)) == ["check:of_age"]
        explained = review_queries.decisions_of(Borrower.objects.get().public_id, date(2026, 11, 24))[0]
        assert explained.explained.en[0] == "The application was not approved"
    now.advance(timedelta(days=31))
    assert decision_of(world.receive(reference="A-2", who=minor)).outcome == "approve"


def test_another_currency_than_the_policys_and_a_row_without_its_column() -> None:
    world.put_in_force()
    with pytest.raises(InputRefused) as refused:
        world.receive(currency="USD")
    assert code_of(refused) == "application.currency"
    with pytest.raises(InputRefused) as missing:
        world.receive(row={})
    assert code_of(missing) == "score.column"
    assert not Application.objects.exists()
    row = world.receive(decide=False, row={"RISK": "many"})
    with pytest.raises(InputRefused):
        decide_application(application_id=row.public_id, actor="test")
    with pytest.raises(InputRefused):
        decide_applications(rows=[{"ID": "1", "RISK": "5"}], reference_column="ID", place="US",
                            currency="USD", source="s", actor="test")  # fmt: skip


def batch(number: int, **changes: Any) -> None:
    rows = [{"ID": str(at), "RISK": "35" if at % 2 else "45", "SEX": "1"} for at in range(number)]
    rows = [row | {f"PAY_AMT{month}": "9000" for month in range(1, 7)} for row in rows]
    decide_applications(rows=rows, reference_column="ID", place="CN", currency="CNY", source="s",
                        actor="test", **changes)  # fmt: skip


TRIAL = '\n[trial]\nname = "strict"\nseed = "x"\nmode = "{mode}"\n{share}\npolicy = "{policy}"\nmodel = "{model}"\n'


def test_a_challenger_decides_its_share_and_stands_in_the_shadow_of_the_rest() -> None:
    other = world.model_text("other", (0, 50, 50, 50, 50, 10))
    policy = keep_candidate(kind="policy", text=STRICTER, actor="test")
    model = keep_candidate(kind="model", text=other, actor="test")
    named = {"policy": policy, "model": model}
    world.put_in_force(world.STANDARD + TRIAL.format(mode="share", share="share_ppm = 250_000", **named))
    batch(200)
    arms = {arm: DecisionBasis.objects.filter(arm=arm).count() for arm in ("champion", "challenger", "")}
    assert arms[""] == 0
    assert 25 < arms["challenger"] < 75
    assert ShadowDecision.objects.count() == 200
    for basis in DecisionBasis.objects.select_related("decision__application", "decision__model"):
        row = basis.decision.application.public_id
        falls = experiments.draw("x", "strict", row) < 250_000
        assert basis.arm == ("challenger" if falls else "champion")
        assert basis.decision.model.fingerprint == (model if falls else basis.model_in_force.fingerprint)
    assert all(one.equal for one in application_queries.replay())
    world.put_in_force(STRICTER)
    assert all(one.equal for one in application_queries.replay())


def test_a_draft_is_tried_on_the_past_and_books_nothing(tmp_path: Path) -> None:
    world.put_in_force()
    rows = [{"ID": str(at), "RISK": "5" if at < 6 else "15"} for at in range(10)]
    rows = [row | {f"PAY_AMT{month}": "9000" for month in range(1, 7)} for row in rows]
    decide_applications(rows=rows, reference_column="ID", place="CN", currency="CNY", source="s",
                        actor="test")  # fmt: skip
    record_outcomes(outcomes={str(at): at == 9 for at in range(10)}, source="s",
                    observed_on=date(2026, 11, 24), told_by="t", actor="test")  # fmt: skip
    draft, groups = tmp_path / "draft.toml", tmp_path / "groups.csv"
    draft.write_text(STRICTER, "utf-8")
    groups.write_text("reference,group\n0,a\n9,b\n", "utf-8")
    answer = CliRunner().invoke(main.build(), ["policy", "try", str(draft), "--groups", str(groups)])
    found = json.loads(answer.stdout)
    everyone = found["groups"]["all"]
    assert (everyone["then"]["approve"], everyone["now"]["approve"], everyone["now"]["refer"]) == (10, 6, 4)
    assert everyone["swap_set"]["out"]["applications"] == 4
    assert everyone["swap_set"]["out"]["defaulted_ppm"][0] == 250_000
    assert everyone["swap_set"]["kept_in"]["defaulted_ppm"][0] == 0
    assert everyone["swap_set"]["in"] == {"applications": 0, "observed": 0, "defaulted_ppm": None}
    assert found["groups"]["group b"]["swap_set"]["out"]["applications"] == 1
    other = world.model_text().replace("RISK", "OTHER")
    model = tmp_path / "model.json"
    model.write_text(other, "utf-8")
    untried = CliRunner().invoke(main.build(), ["policy", "try", str(draft), "--model", str(model)])
    assert isinstance(untried.exception, InputRefused)
    kept = CliRunner().invoke(main.build(), ["policy", "keep", str(model), "--model"])
    assert len(json.loads(kept.stdout)["model"]) == 64
    assert CreditDecision.objects.count() == 10
    assert all(one.equal for one in application_queries.replay())


def test_in_the_shadow_nobody_is_decided_by_the_challenger() -> None:
    policy = keep_candidate(kind="policy", text=STRICTER, actor="test")
    text = world.STANDARD + TRIAL.format(mode="shadow", share="", policy=policy, model="")
    with pytest.raises(InputRefused) as refused:
        world.put_in_force(text.replace(policy, "0" * 64))
    assert code_of(refused) == "policy.trial"
    world.put_in_force(text)
    row = world.receive(row={"RISK": "15"})
    assert decision_of(row).outcome == "approve"
    assert ShadowDecision.objects.get().outcome == "refer"
    assert decision_of(row).basis.arm == "champion"


def test_an_exploration_is_flagged_small_and_replays() -> None:
    explore = (
        '\n[exploration]\nname = "e"\nseed = "s"\nshare_ppm = 300_000\nup_to_ppm = 400_000\nlimit = 3_000\n'
    )
    world.put_in_force(world.STANDARD + explore)
    batch(200)
    tried = DecisionBasis.objects.filter(arm="exploration")
    assert 15 < tried.count() < 50
    for basis in tried.select_related("decision__application"):
        assert basis.decision.limit_minor == 300_000
        assert experiments.draw("s", "e", basis.decision.application.public_id) < 300_000
    assert CreditDecision.objects.filter(outcome="decline").count() == 100 - tried.count()
    assert all(one.equal for one in application_queries.replay())


def test_the_database_takes_no_limit_above_a_cap_and_no_change() -> None:
    world.put_in_force()
    row = world.receive()
    basis = decision_of(row).basis
    free = world.receive(decide=False, reference="A-2", debts=[])
    kept: dict[str, Any] = {"model": basis.model_in_force, "policy": basis.policy_in_force}
    high = CreditDecision.objects.create(
        application=free, outcome="approve", score=1, limit_minor=101, reasons="[]",
        decided_at=factories.MORNING, **kept,
    )  # fmt: skip
    rest: dict[str, Any] = {"facts": "", "checks": "", "caps": "", "default_ppm": 1,
                            "policy_in_force": kept["policy"], "model_in_force": kept["model"]}  # fmt: skip
    for change in ({"lowest_cap_minor": 100}, {"lowest_cap_minor": 101, "arm": "champion"},
                   {"lowest_cap_minor": 101, "default_ppm": 1_000_001},
                   {"lowest_cap_minor": 101, "arm": "mine", "experiment": "e"}):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            DecisionBasis.objects.create(decision=high, **(rest | change))
    DecisionBasis.objects.create(decision=high, lowest_cap_minor=101, **rest)
    record_outcomes(outcomes={"A-1": True}, source="test", observed_on=date(2026, 11, 24), told_by="t",
                    actor="test")  # fmt: skip
    for model in (Applicant, DecisionBasis, ObservedOutcome):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all().delete()


def test_outcomes_are_told_once_all_or_none() -> None:
    world.put_in_force()
    batch(4)
    day = date(2026, 11, 24)
    tell: dict[str, Any] = {"source": "s", "observed_on": day, "told_by": "file", "actor": "test"}
    assert record_outcomes(outcomes={"0": True, "1": False}, **tell) == 2
    for outcomes, change, code in (
        ({"2": True, "nobody": True}, {}, "outcomes.reference"),
        ({"2": True, "0": True}, {}, "outcomes.reference"),
        ({}, {}, "outcomes.rows"),
        ({"2": True}, {"observed_on": day + timedelta(days=1)}, "outcomes.day"),
    ):
        with pytest.raises(InputRefused) as refused:
            record_outcomes(outcomes=outcomes, **(tell | change))
        assert code_of(refused) == code
    assert ObservedOutcome.objects.count() == 2


def test_a_notice_gives_the_checks_and_the_person_who_declined() -> None:
    """US-RB-9b2, US-RB-9a."""
    policy = world.STANDARD.replace('currency = "CNY"', 'currency = "USD"')
    world.put_in_force(policy)
    who = {
        "jurisdiction": "US",
        "identity_number": "536-90-4399",
        "name": "Ann Lee",
        "mobile": "+16175550105",
    }
    young = world.receive(currency="USD", who={**who, "birth_date": "2009-01-01"})
    notice = notice_queries.adverse_notice(young.public_id, SENDER, "en")
    assert notice is not None
    assert "1. The applicant is not yet of age to enter into a contract\n\n" in notice.text
    assert (
        "age_years" not in json.loads(decision_of(young).basis.facts)
        or not json.loads(decision_of(young).basis.facts)["age_years"]
    )
    chinese = notice_queries.adverse_notice(young.public_id, SENDER, "zh-hans")
    assert chinese is not None
    assert "1. 申请人未成年" in chinese.text
    referred = world.receive(reference="A-2", currency="USD", income=None,
                             who={**who, "birth_date": "1980-01-01", "identity_number": "536-90-4400"})  # fmt: skip
    assert decision_of(referred).outcome == "refer"
    assert notice_queries.adverse_notice(referred.public_id, SENDER, "en") is None
    review = DecisionReview.objects.get(decision__application=referred)
    assert review_queries.explained(referred.public_id, date(2026, 11, 24)).reviews[0].by_policy  # type: ignore[union-attr]
    answer_review(review_id=review.public_id, outcome="decline", reason="Income could not be verified.",
                  actor=factories.staff("risk"))  # fmt: skip
    told = notice_queries.adverse_notice(referred.public_id, SENDER, "en")
    assert told is not None
    assert "1. Income could not be verified." in told.text


def test_a_policy_that_is_only_kept_decides_nothing() -> None:
    world.put_in_force()
    keep_candidate(kind="policy", text=STRICTER, actor="test")
    assert decision_of(world.receive(row={"RISK": "15"})).outcome == "approve"
    for kind, text in (("policy", "x"), ("model", "{}"), ("horoscope", "x"), ("policy", "x" * 4_000_001)):
        with pytest.raises(InputRefused):
            keep_candidate(kind=kind, text=text, actor="test")
    with pytest.raises(InputRefused):
        propose_change(kind="policy_activation", subject_id="", payload={"text": world.STANDARD},
                       reason="Again.", actor=factories.staff("risk"))  # fmt: skip
    assert decision.shipped().trial is None


@pytest.mark.django_db(transaction=True)
def test_of_two_applications_at_once_the_second_sees_the_first() -> None:
    with clock.use(clock.ManualClock(factories.MORNING)):
        world.put_in_force()
        barrier = threading.Barrier(4)

        def worker(at: int) -> str:
            try:
                barrier.wait(timeout=60)
                return decision_of(world.receive(reference=f"R-{at}", income=None)).reasons
            finally:
                connections.close_all()

        with ThreadPoolExecutor(4) as pool:
            found = [one.result(timeout=120) for one in [pool.submit(worker, at) for at in range(4)]]
        assert sum("check:open_application" in one for one in found) == 3
        assert Borrower.objects.count() == 1
