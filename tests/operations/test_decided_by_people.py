"""What goes on after the machine: two people, notices in writing, applicants known again, files."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from typer.testing import CliRunner

from lenity.base.outcomes import InputRefused
from lenity.domain.lending import adverse_action, consumer_report
from lenity.gateways import clock
from lenity.interfaces.cli import main
from lenity.operations.answer_review import answer_review
from lenity.operations.ask_review import ask_review
from lenity.operations.decide_applications import decide_applications
from lenity.operations.give_notice import give_notice
from lenity.records.lending import application_queries, notice_queries, review_queries, review_writes
from lenity.records.lending.models import (
    AdverseNotice,
    Application,
    CreditDecision,
    DecisionReview,
    ReviewAnswer,
    ReviewProposal,
)
from lenity.records.people.models import Borrower
from tests import factories
from tests import lending_world as world

pytestmark = [pytest.mark.database, pytest.mark.django_db]
TODAY = factories.MORNING.date()
HIGHEST, ALONE = 50_000_000, 25_000_000
SENDER = adverse_action.Sender("Lender", "1 Street", "CFPB, Washington")
DOLLARS = world.STANDARD.replace('currency = "CNY"', 'currency = "USD"')
ANN = {"jurisdiction": "US", "identity_number": "536-90-4399", "name": "Ann Lee", "mobile": "+16175550105"}
REPORT: dict[str, Any] = {
    "agency": "First Bureau", "address": "PO Box 1, Chester PA", "telephone": "1-800-555-0100", "score": 580,
    "lowest": 300, "highest": 850, "scored_on": "2026-11-20", "provider": "Scorer Inc.",
    "factors": ["Serious delinquency", "Proportion of balances to limits", "Length of history", "Many accounts",
                "Number of inquiries"], "inquiries": True,
}  # fmt: skip


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.use(clock.ManualClock(factories.MORNING)) as running:
        yield running


def code_of(refused: pytest.ExceptionInfo[InputRefused]) -> str:
    return refused.value.problems[0].code


def waiting() -> DecisionReview:
    world.put_in_force()
    return DecisionReview.objects.get(decision__application=world.receive(income=None))


def approve(review: DecisionReview, limit: int, actor: str) -> bool:
    return answer_review(
        review_id=review.public_id, outcome="approve", limit_minor=limit, reason=f"By {limit}.", actor=actor
    ).is_final


def test_one_person_approves_up_to_half_of_the_highest_and_two_more() -> None:
    """HOUSE-REVIEW: the last limit of one person, and the first that takes two."""
    review, first, second, third = waiting(), *(factories.staff("risk") for _ in range(3))
    assert not approve(review, ALONE + 1, first)
    assert not ReviewAnswer.objects.exists()
    with pytest.raises(InputRefused) as refused:
        approve(review, ALONE + 1, first)
    assert code_of(refused) == "review.second_person"
    assert not approve(review, HIGHEST, second), "another limit is another proposal"
    case = review_queries.queue(second, TODAY, lambda kind, one: True)[0]
    assert [(one.limit_minor, one.own) for one in case.proposals] == [(ALONE + 1, False), (HIGHEST, True)]
    assert (case.alone_minor, case.highest_minor) == (ALONE, HIGHEST)
    assert review_queries.queue(third, TODAY, lambda kind, one: False)[0].proposals == ()
    assert approve(review, HIGHEST, third)
    answer = ReviewAnswer.objects.get()
    assert (answer.limit_minor, answer.alone_minor, answer.decided_by) == (HIGHEST, ALONE, third)
    owner = review.decision.application.borrower
    assert owner is not None
    again = ask_review(
        application_id=review.decision.application.public_id, borrower_id=owner.public_id, actor="b"
    )
    for part in (first, second, third):
        with pytest.raises(InputRefused) as refused:
            approve(again, 1, part)
        assert code_of(refused) == "review.same_person", "who had a part gives no second opinion"
    assert approve(again, ALONE, factories.staff("risk"))


def test_the_database_wants_the_second_person_too() -> None:
    review = waiting()
    kept: dict[str, Any] = {"outcome": "approve", "alone_minor": 100, "reason": "r", "at": factories.MORNING}
    for by in ("", "A"):
        if by:
            review_writes.add_proposal(
                review, public_id="P1", limit_minor=101, reason="r", proposed_by=by, at=factories.MORNING
            )
        with pytest.raises(DatabaseError), transaction.atomic():
            review_writes.add_answer(review, limit_minor=101, decided_by="A", **kept)
    with pytest.raises(DatabaseError), transaction.atomic():
        review_writes.add_answer(review, limit_minor=102, decided_by="B", **kept)
    review_writes.add_answer(review, limit_minor=101, decided_by="B", **kept)
    with pytest.raises(DatabaseError), transaction.atomic():
        ReviewProposal.objects.all().delete()


def us(**changes: Any) -> Application:
    world.put_in_force(DOLLARS)
    return world.receive(currency="USD", who={**ANN, "birth_date": "2009-01-01"}, **changes)


def test_the_notice_tells_of_the_consumer_report_that_was_used() -> None:
    """US-FCRA-615a: score, range, date, provider, factors, agency, no part in it, free copy, dispute."""
    row = us(consumer_report=REPORT)
    notice = notice_queries.adverse_notice(row.public_id, SENDER, "en")
    assert notice is not None
    for told in ("Your credit score: 580", "low of 300 to a high of 850", "Date: 2026-11-20",
                 "Provided by: Scorer Inc.", "1. Serious delinquency", "5. Number of inquiries", "First Bureau",
                 "PO Box 1, Chester PA", "1-800-555-0100", "did not make the decision", "within 60 days",
                 "right to dispute", "Equal Credit Opportunity Act"):  # fmt: skip
        assert told in notice.text, told
    assert "{" not in notice.text
    assert "\n\n\n" not in notice.text
    chinese = notice_queries.adverse_notice(row.public_id, SENDER, "zh-hans")
    assert chinese is not None
    assert "您的信用评分：580" in chinese.text
    assert "60 日内" in chinese.text
    assert [one.different for one in application_queries.replay()] == [()]


def test_a_report_without_a_score_tells_no_score_and_a_half_score_is_refused() -> None:
    bare = {key: REPORT[key] for key in ("agency", "address", "telephone")}
    row = us(consumer_report=bare)
    notice = notice_queries.adverse_notice(row.public_id, SENDER, "en")
    assert notice is not None
    assert "First Bureau" in notice.text
    assert "credit score" not in notice.text
    for change in ({"score": 299}, {"score": 851}, {"lowest": 850}, {"scored_on": "2026-11-25"},
                   {"scored_on": None}, {"factors": []}, {"inquiries": False}, {"factors": "x"},
                   {"score": True}, {"agency": " "},
                   {"score": None}, {"more": 1}, {"provider": 5}, {"factors": ["\x00"]}):  # fmt: skip
        with pytest.raises(InputRefused):
            consumer_report.read({**REPORT, **change}, TODAY)
    read = consumer_report.read({**REPORT, "scored_on": TODAY.isoformat()}, TODAY)
    assert consumer_report.of(read.plain()) == read
    with pytest.raises(InputRefused):
        consumer_report.read("report", TODAY)


def test_a_notice_is_due_by_the_lenders_day_given_once_and_kept_word_for_word(
    now: clock.ManualClock,
) -> None:
    """US-RB-9a: received on the evening of 23 November in New York, when UTC says the 24th."""
    row = us(consumer_report=REPORT)
    world.receive(currency="USD", reference="good", who={**ANN, "identity_number": "536-90-4398",
                                                         "name": "Bo", "mobile": "+16175550106"})  # fmt: skip
    found = notice_queries.due(date(2026, 11, 23))
    assert [(one.application, one.due_on, one.days_left, one.with_report) for one in found] == [
        (row.public_id, date(2026, 12, 23), 30, True)
    ]
    assert str(notice_queries.ZONE) == clock.BUSINESS_ZONES[notice_queries.PLACE]
    with pytest.raises(InputRefused) as refused:
        give_notice(application_id=row.public_id, sender=adverse_action.Sender("L", "", "A"), actor="t")
    assert code_of(refused) == "notice.sender"
    given = give_notice(application_id=row.public_id, sender=SENDER, actor="t")
    assert given.due_on == date(2026, 12, 23)
    assert "580" not in given.words_sealed
    assert notice_queries.due(date(2026, 11, 23)) == []
    assert row.borrower is not None
    shown = review_queries.decisions_of(row.borrower.public_id, TODAY)[0].notice
    assert "Your credit score: 580" in shown["en"]
    assert "您的信用评分" in shown["zh-hans"]
    for application in (row.public_id, Application.objects.get(reference="good").public_id, "NOBODY"):
        with pytest.raises(InputRefused):
            give_notice(application_id=application, sender=SENDER, actor="t")
    with pytest.raises(DatabaseError), transaction.atomic():
        AdverseNotice.objects.all().delete()


def test_declined_by_a_person_is_due_approved_by_one_is_not() -> None:
    world.put_in_force(DOLLARS)
    row = world.receive(currency="USD", income=None, who=ANN)
    assert notice_queries.due(TODAY) == []
    staff = factories.staff("risk")
    review = DecisionReview.objects.get()
    answer_review(review_id=review.public_id, outcome="decline", reason="Nothing shown.", actor=staff)
    assert [one.application for one in notice_queries.due(TODAY)] == [row.public_id]
    again = ask_review(application_id=row.public_id, actor="b")
    answer_review(review_id=again.public_id, outcome="approve", limit_minor=6_000_000, reason="Shown.",
                  actor=factories.staff("risk"))  # fmt: skip
    assert notice_queries.due(TODAY) == []


def reasons(row: Application) -> list[str]:
    return [one["code"] for one in json.loads(CreditDecision.objects.get(application=row).reasons)]


def test_who_is_perhaps_known_already_goes_to_a_person_and_is_not_merged() -> None:
    world.put_in_force()
    first = world.receive(who={"birth_date": "1990-03-07", "email": "fang@example.com"})
    nameless = {"identity_number": "", "birth_date": "1990-03-07"}
    same = world.receive(reference="A-2", who=nameless)
    assert "check:likely_known" in reasons(same)
    assert first.borrower != same.borrower
    assert Borrower.objects.count() == 2
    unsaid = world.receive(reference="A-3", who={"identity_number": ""})
    assert "check:likely_known" in reasons(unsaid), "an unknown birth date does not clear her"
    by_mail = world.receive(
        reference="A-4", who={**nameless, "mobile": "13500135000", "email": "fang@example.com"}
    )
    assert "check:likely_known" in reasons(by_mail)
    numbered = world.receive(reference="A-5", who={"identity_number": world.OTHER_NUMBER})
    assert "check:likely_known" not in reasons(
        world.receive(reference="A-6", who={"identity_number": "", "name": "王芳二"})
    )
    born_later = world.receive(
        reference="A-7", who={"identity_number": "", "birth_date": "1988-01-02", "name": "王 芳",
                              "mobile": "13400134000"}
    )  # fmt: skip
    assert "check:likely_known" not in reasons(born_later), "another telephone"
    assert numbered.borrower != first.borrower
    assert [one.different for one in application_queries.replay() if not one.equal] == []


def rows_of(number: int) -> list[dict[str, str]]:
    made = [{"ID": str(at), "RISK": "15" if at % 2 else "25", "SEX": "1"} for at in range(number)]
    return [row | {f"PAY_AMT{month}": "9000" for month in range(1, 7)} for row in made]


def test_a_batch_sends_the_referred_to_people_and_tells_what_it_cannot_decide() -> None:
    world.put_in_force()
    rows = rows_of(6)
    rows[0]["ID"] = ""
    rows[1]["RISK"] = "many"
    rows[5]["ID"] = "2"
    done = decide_applications(rows=rows, reference_column="ID", place="CN", currency="CNY", source="s",
                               actor="t")  # fmt: skip
    assert [(one.at, one.problem.code) for one in done.refused] == [
        (0, "application.reference"), (1, "score.type"), (5, "application.reference")
    ]  # fmt: skip
    assert dict(done.outcomes) == {"approve": 1, "refer": 2}
    found = DecisionReview.objects.all()
    assert [(one.decision.outcome, one.asked_by, one.answer_by) for one in found] == [
        ("refer", "policy", TODAY + timedelta(days=15))
    ] * 2
    again = decide_applications(rows=rows, reference_column="ID", place="CN", currency="CNY", source="s",
                                actor="t")  # fmt: skip
    assert len(again.refused) == 6
    assert Application.objects.count() == 3
    owner = factories.borrower()
    asked = ask_review(application_id=world.receive(reference="hers").public_id, actor=owner.public_id)
    assert review_queries.queue("x", TODAY, lambda kind, one: False)[0].review.public_id == asked.public_id


def test_a_file_is_decided_in_parts_and_refused_rows_are_kept_beside_it(tmp_path: Path) -> None:
    world.put_in_force()
    file, rows = tmp_path / "clients.csv", rows_of(30)
    rows[3]["RISK"] = '=cmd|"x"'
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    run = ["application", "decide", "--file", str(file), "--key", "ID", "--source", "file"]
    told = CliRunner().invoke(main.build(), run)
    found = json.loads(told.stdout)
    assert (told.exit_code, found["rows"], found["refused"]) == (1, 30, 1)
    assert found["outcomes"] == {"approve": 14, "refer": 15}
    with (tmp_path / "clients.refused.csv").open(encoding="utf-8", newline="") as handle:
        kept = list(csv.DictReader(handle))
    assert [(one["ID"], one["refused_line"], one["refused_code"]) for one in kept] == [
        ("3", "5", "score.type")
    ]
    again = json.loads(CliRunner().invoke(main.build(), run).stdout)
    assert (again["refused"], again["outcomes"]) == (30, {})
    for text, says in ((b"A,B\n1,2\n", "file.column"), (b"ID,ID\n1,2\n", "file.column"),
                       (b"ID,RISK\n\xff,2\n", "file.encoding"), (b"ID,RISK\n", "file")):  # fmt: skip
        file.write_bytes(text)
        refused = CliRunner().invoke(main.build(), run)
        assert isinstance(refused.exception, InputRefused), text
        assert refused.exception.problems[0].code == says


@pytest.mark.parametrize(
    ("asked", "change", "offered", "why"),
    [
        ("300000", {"row": {"RISK": "15"}}, "", ""),
        ("300000.99", {"row": {"RISK": "15"}}, "", ""),
        ("300001", {"row": {"RISK": "15"}}, "USD 300000.00", "1. Recent repayment\n\n"),
        ("60999", {"row": {"RISK": "5"}}, "", ""),
        ("600000", {"row": {"RISK": "5"}}, "USD 500000.00", "1. The limit follows from the product's maximum\n"),
        ("60000", {"income": "8000"}, "USD 8000.00", "1. The limit follows from what can be afforded\n"),
    ],
)  # fmt: skip
def test_less_than_was_asked_for_is_a_counter_offer_and_is_told_as_one(
    asked: str, change: dict[str, Any], offered: str, why: str
) -> None:
    """US-RB-9a: the last amount that is given whole, and the first that is not."""
    world.put_in_force(DOLLARS)
    terms = {"amount": asked, "instalments": 12, "annual_rate_percent": "18"}
    grown = {**ANN, "birth_date": "1980-01-01"}
    row = world.receive(currency="USD", who=grown, asked=terms, **({"income": "190000"} | change))
    found = notice_queries.adverse_notice(row.public_id, SENDER, "en")
    due = notice_queries.due(TODAY)
    if not offered:
        assert (found, due) == (None, [])
        return
    assert found is not None
    assert [(one.application, one.is_offer) for one in due] == [(row.public_id, True)]
    assert f"cannot offer you that amount. We can offer you {offered} instead." in found.text
    assert "accept it by 2027-02-21" in found.text
    assert why in found.text
    assert "decided not to approve" not in found.text
    chinese = notice_queries.adverse_notice(row.public_id, SENDER, "zh-hans")
    assert chinese is not None
    assert f"但可以改为提供 {offered}" in chinese.text
    give_notice(application_id=row.public_id, sender=SENDER, actor="t")
    assert notice_queries.due(TODAY) == []
    assert [one.different for one in application_queries.replay()] == [()]


def test_a_person_who_gives_less_makes_a_counter_offer_with_her_words() -> None:
    review = waiting_in_dollars()
    answer_review(review_id=review.public_id, outcome="approve", limit_minor=5_999_999, reason="Pay slips seen.",
                  actor=factories.staff("risk"))  # fmt: skip
    application = review.decision.application.public_id
    found = notice_queries.adverse_notice(application, SENDER, "en")
    assert found is not None
    assert "We can offer you USD 59999.99 instead" in found.text
    assert "1. Pay slips seen." in found.text
    again = ask_review(application_id=application, actor="b")
    answer_review(review_id=again.public_id, outcome="approve", limit_minor=6_000_000, reason="All of it.",
                  actor=factories.staff("risk"))  # fmt: skip
    assert notice_queries.adverse_notice(application, SENDER, "en") is None


def waiting_in_dollars() -> DecisionReview:
    world.put_in_force(DOLLARS)
    return DecisionReview.objects.get(
        decision__application=world.receive(currency="USD", income=None, who=ANN)
    )
