"""A person looks at what a machine decided; the first decision stays, a second opinion is another's."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from django.db import DatabaseError, transaction
from typer.testing import CliRunner

from lenity.base.outcomes import InputRefused
from lenity.domain.lending import adverse_action, decision
from lenity.gateways import clock
from lenity.interfaces.cli import main
from lenity.law import reader
from lenity.operations.add_staff import add_staff
from lenity.operations.answer_review import answer_review
from lenity.operations.ask_review import ask_review
from lenity.records.lending import notice_queries, review_queries, review_writes
from lenity.records.lending.models import Application, CreditDecision
from lenity.records.people.models import Borrower
from lenity.records.scoring import writes as scoring
from tests import factories
from tests import lending_world as lending

pytestmark = [pytest.mark.database, pytest.mark.django_db]
TODAY = factories.MORNING.date()
REASONS = [{"code": "a", "points_lost": 40, "zh": "最近逾期", "en": "Recent lateness"}]
ALONE, HIGHEST = 250_000_00, 500_000_00
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.use(clock.ManualClock(factories.MORNING)) as running:
        yield running


def declined(owner: Borrower | None = None) -> str:
    policy = decision.shipped()
    at = {"recorded_at": factories.MORNING}
    application = Application.objects.create(
        public_id="APPLICATION000000001",
        reference="1",
        borrower=owner,
        source="test",
        currency="CNY",
        applied_at=factories.MORNING - timedelta(days=3),
        inputs=json.dumps({"row": {"RISK": "45"}, "told": lending.told()}),
    )
    CreditDecision.objects.create(
        application=application,
        outcome="decline",
        score=500,
        limit_minor=0,
        reasons=json.dumps(REASONS),
        model=scoring.keep_model(fingerprint="m", name="m", content=lending.model_text(), **at),
        policy=scoring.keep_policy(fingerprint="p", name="p", content=policy.text, **at),
        decided_at=factories.MORNING,
    )
    return application.public_id


def test_from_explanation_to_second_opinion() -> None:
    owner = factories.borrower()
    application = declined(owner)
    first, second = factories.staff("risk"), factories.staff("risk")
    before = review_queries.decisions_of(owner.public_id, TODAY)[0]
    assert before.explained.zh[1:] == ("最近逾期",)
    assert before.explained.en[1:] == ("Recent lateness",)
    assert before.can_ask
    ask: dict[str, Any] = {"application_id": application, "borrower_id": owner.public_id, "actor": "borrower"}
    asked = ask_review(words="工资涨了", **ask)
    assert asked.answer_by == TODAY + timedelta(days=15)
    assert ask_review(**ask) == asked
    assert [one.words for one in review_queries.waiting(TODAY)] == ["工资涨了"]
    answer_review(review_id=asked.public_id, outcome="decline", reason="Income not shown.", actor=first)
    again = ask_review(**ask)
    assert again.number == 2
    with pytest.raises(InputRefused) as refused:
        answer_review(review_id=again.public_id, outcome="approve", limit_minor=1, reason="x", actor=first)
    assert refused.value.problems[0].code == "review.same_person"
    answer_review(
        review_id=again.public_id,
        outcome="approve",
        limit_minor=ALONE,
        reason="Payslip seen.",
        actor=second,
    )
    with pytest.raises(InputRefused):
        ask_review(**ask)
    after = review_queries.explained(application, TODAY)
    assert after is not None
    assert after.outcome == "decline"
    assert [(one.outcome, one.limit_minor) for one in after.reviews] == [
        ("decline", 0),
        ("approve", ALONE),
    ]
    assert after.reviews[1].reason == "Payslip seen."
    assert not after.can_ask


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"limit_minor": 0}, "review.limit"),
        ({"limit_minor": HIGHEST + 1}, "review.limit"),
        ({"outcome": "decline"}, "review.limit"),
        ({"outcome": "maybe"}, "review.outcome"),
        ({"reason": "  "}, "review.reason"),
        ({"reason": "x" * 2001}, "review.reason"),
        ({"review_id": "NOBODY"}, "review.unknown"),
        ({"actor": "command line"}, "review.role"),
    ],
)
def test_an_answer_that_cannot_be_kept(change: dict[str, Any], code: str) -> None:
    asked = ask_review(application_id=declined(), actor="test")
    good = {"review_id": asked.public_id, "outcome": "approve", "limit_minor": 100, "reason": "Yes."}
    with pytest.raises(InputRefused) as refused:
        answer_review(**{"actor": factories.staff("risk"), **good, **change})
    assert refused.value.problems[0].code == code


def test_nobody_asks_about_the_decision_on_somebody_else() -> None:
    application = declined(factories.borrower())
    with pytest.raises(InputRefused):
        ask_review(application_id=application, borrower_id=factories.borrower().public_id, actor="x")
    with pytest.raises(InputRefused):
        ask_review(application_id=application, words="x" * 2001, actor="x")


def test_the_database_wants_another_person_for_the_second_opinion() -> None:
    application = declined()
    first = factories.staff("risk")
    asked = ask_review(application_id=application, actor="test")
    answer_review(review_id=asked.public_id, outcome="decline", reason="No.", actor=first)
    again = ask_review(application_id=application, actor="test")
    for change in ({"decided_by": first}, {"limit_minor": 5}, {"outcome": "refer"}):
        answer = {"outcome": "decline", "limit_minor": 0, "reason": "x", "decided_by": "other"} | change
        with pytest.raises(DatabaseError), transaction.atomic():
            review_writes.add_answer(again, at=factories.MORNING, **answer)  # type: ignore[arg-type]


def test_the_commands(tmp_path: Any, now: clock.ManualClock) -> None:
    run = CliRunner()
    application = declined()
    keys = {
        name: add_staff(
            username=name,
            display_name=name,
            staff_number=name,
            password=PASSWORD,
            roles=("risk",),
            role_reason="for the test",
            actor="test",
        ).totp_secret
        for name in ("one", "two")
    }
    one, two = keys

    def told(*words: str) -> Any:
        now.advance(timedelta(minutes=2))
        key = pyotp.TOTP(keys.get(words[-1], keys["one"])).at(int(clock.now().timestamp()))
        done = run.invoke(main.build(), words, input=f"{PASSWORD}\n{key}\n", catch_exceptions=False)
        return json.loads(done.stdout)

    with pytest.raises(InputRefused, match="password"):
        run.invoke(
            main.build(),
            ["policy", "approve", "X", "--digest", "d", "--reason", "r", "--staff", one],
            input="wrong\n123456\n",
            catch_exceptions=False,
        )

    assert told("application", "explain", application)["outcome"] == "decline"
    asked = told("application", "ask-review", application)
    assert told("application", "reviews")[0]["public_id"] == asked["review"]
    told("application", "review", asked["review"], "--outcome", "decline", "--reason", "No.", "--staff", one)
    file = tmp_path / "policy.toml"
    file.write_text(decision.shipped().text, "utf-8")
    made = told("policy", "propose", str(file), "--reason", "First.", "--staff", one)
    shown = run.invoke(main.build(), ["policy", "show", made["proposal"]])
    assert made["digest"] in shown.output
    judge = ("--digest", made["digest"], "--reason", "Read.", "--staff")
    with pytest.raises(InputRefused):
        told("policy", "approve", made["proposal"], *judge, one)
    assert told("policy", "approve", made["proposal"], *judge, two)["verdict"] == "approved"
    assert told("policy", "list")[0]["state"] == "done"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_notice_of_adverse_action_is_the_golden_one(language: str) -> None:
    words = ("--lender", "Sample Lending", "--address", "1 Main St, Springfield", "--language", language)
    agency = "Consumer Financial Protection Bureau, 1700 G Street NW, Washington, DC 20552"
    command = ["application", "notice", declined(), *words, "--agency", agency]
    done = CliRunner().invoke(main.build(), command, catch_exceptions=False)
    golden = Path(__file__).resolve().parents[1] / "golden" / f"us_adverse_action.{language}.txt"
    assert done.stdout == golden.read_text("utf-8")
    assert "2026-12-20" in done.stderr  # thirty days from the application, by the day in New York


def test_a_notice_gives_four_reasons_at_most_and_never_none() -> None:
    ask: dict[str, Any] = {
        "application": "A",
        "decided_on": TODAY,
        "sender": adverse_action.Sender("a", "b", "c"),
        "language": "en",
        "rulebook": reader.rulebook("US"),
    }
    five = json.dumps([{"en": f"reason {number}", "zh": ""} for number in range(1, 6)])
    told = adverse_action.text(reasons=five, **ask)
    assert "4. reason 4" in told
    assert "reason 5" not in told
    for change in (
        {"reasons": "[]"},
        {"language": "fr"},
        {"sender": adverse_action.Sender("a", "b", " ")},
    ):
        with pytest.raises(InputRefused):
            adverse_action.text(**{"reasons": five, **ask, **change})


def test_no_notice_once_a_person_approved() -> None:
    application = declined()
    sender = adverse_action.Sender("a", "b", "c")
    assert notice_queries.adverse_notice(application, sender, "en") is not None
    asked = ask_review(application_id=application, actor="test")
    answer_review(
        review_id=asked.public_id, outcome="approve", limit_minor=1, reason="x", actor=factories.staff("risk")
    )
    assert notice_queries.adverse_notice(application, sender, "en") is None
    assert notice_queries.adverse_notice("NOBODY", sender, "en") is None
