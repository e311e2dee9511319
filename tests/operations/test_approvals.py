"""Changes that take two people: the operations refuse with words, the database refuses without them."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from lenity.base.outcomes import InputRefused
from lenity.domain.approvals.change import LIFE, Kind
from lenity.domain.lending import decision
from lenity.gateways import clock
from lenity.operations import approving, unit
from lenity.operations.approve_change import approve_change
from lenity.operations.propose_change import propose_change
from lenity.operations.refuse_change import refuse_change
from lenity.records.approvals import queries, writes
from lenity.records.approvals.models import ChangeClaim, ChangeProposal, ChangeVerdict
from lenity.records.scoring import queries as scoring
from lenity.records.scoring.models import Activation
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db]
PAYLOAD = {"loan": "L1", "amount_minor": 12_345, "currency": "CNY"}


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.use(clock.ManualClock(factories.MORNING)) as running:
        yield running


@pytest.fixture
def people() -> tuple[str, str]:
    return factories.staff("operations"), factories.staff("operations")


def proposed(by: str, **changes: Any) -> ChangeProposal:
    asked: dict[str, Any] = {
        "kind": "refund",
        "subject_id": "L1",
        "payload": PAYLOAD,
        "reason": "Paid twice.",
        "actor": by,
    }
    return propose_change(**(asked | changes))


def code_of(refused: pytest.ExceptionInfo[InputRefused]) -> str:
    return refused.value.problems[0].code


def use(proposal: ChangeProposal, payload: dict[str, Any] = PAYLOAD, kind: Kind = Kind.REFUND) -> ChangeClaim:
    with unit.of_work(operation="refund", actor="test") as work:
        made = approving.claim(
            work, approval_id=proposal.public_id, kind=kind, subject_id="L1", payload=payload
        )
        work.record(subject_kind="change", subject_id=proposal.public_id, body={})
        return made


def claim_and_fail(proposal: ChangeProposal) -> None:
    with unit.of_work(operation="refund", actor="test") as work:
        approving.claim(
            work, approval_id=proposal.public_id, kind=Kind.REFUND, subject_id="L1", payload=PAYLOAD
        )


def test_an_approval_is_used_once_for_exactly_its_content(people: tuple[str, str]) -> None:
    proposal = proposed(people[0])
    with pytest.raises(InputRefused):
        use(proposal)
    approve_change(proposal_id=proposal.public_id, digest=proposal.digest, reason="Checked.", actor=people[1])
    for other in ({**PAYLOAD, "amount_minor": 12_346}, {**PAYLOAD, "currency": "USD"}):
        with pytest.raises(InputRefused):
            use(proposal, other)
    with pytest.raises(InputRefused):
        use(proposal, kind=Kind.WRITE_OFF)
    use(proposal)
    with pytest.raises(InputRefused) as refused:
        use(proposal)
    assert code_of(refused) == "change.approval"
    assert [one.state for one in queries.changes(factories.MORNING)] == ["done"]


def test_a_failed_change_leaves_its_approval_unused(people: tuple[str, str]) -> None:
    proposal = proposed(people[0])
    approve_change(proposal_id=proposal.public_id, digest=proposal.digest, reason="Checked.", actor=people[1])
    with pytest.raises(RuntimeError, match="without its audit event"):
        claim_and_fail(proposal)
    use(proposal)


@pytest.mark.parametrize("judge", [approve_change, refuse_change])
def test_who_may_judge(judge: Any, people: tuple[str, str]) -> None:
    proposal = proposed(people[0])
    asked = {
        "proposal_id": proposal.public_id,
        "digest": proposal.digest,
        "reason": "Yes.",
        "actor": people[1],
    }
    wrong = {
        "change.same_person": {"actor": people[0]},
        "change.role": {"actor": factories.staff("risk")},
        "change.digest": {"digest": "0" * 64},
        "change.reason": {"reason": " "},
        "change.unknown": {"proposal_id": "NOBODY"},
    }
    for code, change in wrong.items():
        with pytest.raises(InputRefused) as refused:
            judge(**(asked | change))
        assert code_of(refused) == code
    with pytest.raises(InputRefused) as refused:
        judge(**(asked | {"actor": "command line"}))
    assert code_of(refused) == "change.role"
    judge(**asked)
    with pytest.raises(InputRefused) as refused:
        judge(**asked)
    assert code_of(refused) == "change.judged"


def test_the_last_moment_and_the_first_too_late(people: tuple[str, str], now: clock.ManualClock) -> None:
    first, second = proposed(people[0]), proposed(people[0])
    now.advance(LIFE - timedelta(microseconds=1))
    approve_change(proposal_id=first.public_id, digest=first.digest, reason="In time.", actor=people[1])
    now.advance(timedelta(microseconds=1))
    with pytest.raises(InputRefused) as refused:
        approve_change(proposal_id=second.public_id, digest=second.digest, reason="Late.", actor=people[1])
    assert code_of(refused) == "change.expired"
    with pytest.raises(InputRefused) as refused:
        use(first)
    assert code_of(refused) == "change.expired"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "dance"}, "change.kind"),
        ({"reason": ""}, "change.reason"),
        ({"reason": "x" * 501}, "change.reason"),
        ({"subject_id": ""}, "change.subject"),
        ({"payload": {"text": "x" * 4_000_001}}, "change.size"),
        ({"actor": "nobody"}, "change.role"),
        ({"kind": "policy_activation", "payload": {}}, "change.payload"),
        ({"kind": "policy_activation", "payload": {"text": "name = 3"}}, "policy"),
    ],
)
def test_a_proposal_that_cannot_be_kept(change: dict[str, Any], code: str, people: tuple[str, str]) -> None:
    with pytest.raises(InputRefused) as refused:
        proposed(people[0], **change)
    assert code_of(refused) == code
    assert not ChangeProposal.objects.exists()


def test_a_policy_is_in_force_when_a_second_person_approves_it() -> None:
    first, second = factories.staff("risk"), factories.staff("risk")
    text = decision.shipped().text
    ask = {"kind": "policy_activation", "subject_id": "", "reason": "First policy."}
    one = proposed(first, payload={"text": text}, **ask)
    assert scoring.policy_in_force() is None
    approve_change(proposal_id=one.public_id, digest=one.digest, reason="Read it.", actor=second)
    assert scoring.text_in_force("policy_activation") == text
    with pytest.raises(InputRefused) as refused:
        proposed(first, payload={"text": text}, **ask)
    assert code_of(refused) == "change.same"
    two = proposed(
        second, payload={"text": text.replace("months_of_repayment = 24", "months_of_repayment = 18")}, **ask
    )
    view = queries.change_by_id(two.public_id, factories.MORNING)
    assert view is not None
    assert ("-", "months_of_repayment = 24") in view.difference
    assert ("+", "months_of_repayment = 18") in view.difference
    refuse_change(proposal_id=two.public_id, digest=two.digest, reason="Too strict.", actor=first)
    assert scoring.text_in_force("policy_activation") == text


def test_the_database_refuses_what_the_rule_forbids(people: tuple[str, str]) -> None:
    proposal = proposed(people[0])
    good = {
        "verdict": "approved",
        "digest": proposal.digest,
        "reason": "x",
        "decided_by": people[1],
        "decided_at": factories.MORNING,
    }
    for change in (
        {"decided_by": people[0]},
        {"digest": "0" * 64},
        {"decided_at": factories.MORNING + LIFE},
        {"verdict": "maybe"},
        {"reason": ""},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            writes.add_verdict(proposal, **{**good, **change})  # type: ignore[arg-type]
    refused = writes.add_verdict(proposal, **{**good, "verdict": "refused"})  # type: ignore[arg-type]
    with pytest.raises(DatabaseError), transaction.atomic():
        writes.add_claim(refused, operation="refund", claimed_at=factories.MORNING)
    with pytest.raises(DatabaseError), transaction.atomic():
        ChangeVerdict.objects.update(verdict="approved")
    with pytest.raises(DatabaseError), transaction.atomic():
        ChangeProposal.objects.all().delete()


def test_nothing_comes_into_force_on_the_approval_of_something_else(people: tuple[str, str]) -> None:
    proposal = proposed(people[0])
    approve_change(proposal_id=proposal.public_id, digest=proposal.digest, reason="Checked.", actor=people[1])
    claim = use(proposal)
    with pytest.raises(DatabaseError), transaction.atomic():
        Activation.objects.create(
            kind="policy_activation", fingerprint="L1", claim=claim, activated_at=factories.MORNING
        )


@pytest.mark.django_db(transaction=True)
def test_of_many_who_use_one_approval_one_does(people: tuple[str, str]) -> None:
    proposal = proposed(people[0])
    approve_change(proposal_id=proposal.public_id, digest=proposal.digest, reason="Checked.", actor=people[1])
    start, won, lost = threading.Barrier(4), [], []

    def race() -> None:
        try:
            start.wait()
            won.append(use(proposal))
        except InputRefused as refused:
            lost.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=race) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(won) == 1
    assert len(lost) == 3
    assert ChangeClaim.objects.count() == 1
