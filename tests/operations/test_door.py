"""The one door and its database: what is refused leaves nothing, wordings are kept, statements are prepared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import (
    DatabaseError,
    IntegrityError,
    connection,
    transaction,
)

from lenity.domain.debt_collection import kept
from lenity.gateways import clock, ids
from lenity.law import reader
from lenity.operations.gatekeeping import Wish
from lenity.operations.request_contact import request_contact
from lenity.operations.request_contacts import request_contacts
from lenity.records import rows
from lenity.records.audit.models import AuditEvent
from lenity.records.debt_collection import contact_writes, gate_queries, gate_rows
from lenity.records.debt_collection.models import (
    CertificateWording,
    Contact,
    ContactSlot,
    GateDecision,
    KeptRulebook,
    OutboxMessage,
)
from lenity.records.people.models import Borrower
from lenity.records.webhooks.models import Endpoint, WebhookMessage
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def now() -> Iterator[clock.ManualClock]:
    with clock.use(clock.ManualClock(factories.MORNING)) as running:
        yield running


def owner() -> Borrower:
    made = factories.borrower()
    factories.contact_point(made)
    factories.late_loan(made)
    return made


def ask(who: Borrower) -> Contact:
    return request_contact(
        borrower_id=who.public_id,
        channel="sms",
        purpose="collection",
        point_id=who.contact_points.get().public_id,
        loan_ids=tuple(who.loans.values_list("public_id", flat=True)),
        template="cn-reminder-sms",
        actor="test",
    )


def stored() -> list[int]:
    tables = (Contact, GateDecision, ContactSlot, OutboxMessage, AuditEvent, CertificateWording)
    return [table.objects.count() for table in tables]


def test_what_the_database_refuses_at_the_end_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that is written travels with the commit: a code that exists already undoes the whole decision."""
    monkeypatch.setattr(ids, "contact_code", lambda: "SAMECODE22")
    first, second = owner(), owner()
    assert ask(first).verdict == "allowed"
    before = stored()
    with pytest.raises(IntegrityError):
        ask(second)
    assert stored() == before
    monkeypatch.undo()
    assert ask(second).verdict == "allowed"
    assert stored() == [2 * count for count in before[:-1]] + [1]


def test_an_unknown_point_leaves_the_connection_fit() -> None:
    who = owner()
    before = stored()
    with pytest.raises(Exception, match="NOBODY"):
        request_contact(
            borrower_id=who.public_id,
            channel="sms",
            purpose="collection",
            point_id="NOBODY",
            loan_ids=(),
            actor="test",
        )
    assert stored() == before
    assert ask(who).verdict == "allowed"


def test_inside_another_transaction_it_ends_with_that_one() -> None:
    who = owner()
    before = stored()
    with transaction.atomic():
        assert ask(who).verdict == "allowed"
        assert Contact.objects.count() == 1
        transaction.set_rollback(True)
    assert stored() == before


def test_the_whole_certificate_comes_back_and_its_digest_is_in_the_log() -> None:
    made = ask(owner())
    decision = GateDecision.objects.select_related("wording").get(contact_id=made.pk)
    assert decision.wording is not None
    assert gate_queries.certificate_of(decision)["verdict"] == "allowed"
    assert dict(gate_queries.replay()) == {made.public_id: True}
    assert (
        (kept.whole(decision.certificate, decision.wording.text)["provisions"][0]["says"]["en"])
        in decision.wording.text
    )


def test_a_wording_is_never_changed_and_a_changed_one_is_seen() -> None:
    made = ask(owner())
    with pytest.raises(DatabaseError), transaction.atomic():
        CertificateWording.objects.update(text="[]")
    with pytest.raises(DatabaseError), transaction.atomic():
        CertificateWording.objects.all().delete()
    decision = GateDecision.objects.select_related("wording").get(contact_id=made.pk)
    assert decision.wording is not None
    decision.wording.text = decision.wording.text.replace("not", "NOT")
    with pytest.raises(ValueError, match="was changed"):
        gate_queries.certificate_of(decision)


def test_a_decision_names_a_wording_that_is_kept() -> None:
    made = ask(owner())
    row = GateDecision.objects.get(contact_id=made.pk)
    stranger = Contact.objects.create(
        public_id="STRANGER", code="STRANGER22", borrower=owner(), verdict="refused", requested_at=clock.now()
    )
    with pytest.raises(DatabaseError, match="names a wording"), transaction.atomic():
        GateDecision.objects.create(
            contact=stranger,
            rulebook_digest=row.rulebook_digest,
            facts=row.facts,
            wording_id="0" * 64,
            certificate=row.certificate,
            leading_provision=row.leading_provision,
        )
    whole = GateDecision(
        contact=stranger,
        rulebook_digest=row.rulebook_digest,
        facts=row.facts,
        certificate='{"verdict":"refused"}',
        leading_provision="X",
    )
    whole.save(force_insert=True)
    assert gate_queries.certificate_of(whole) == {"verdict": "refused"}


def test_a_contact_is_decided_again_by_the_rules_of_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    made = ask(owner())
    installed = reader.rulebook("CN")
    now = [one for one in installed.provisions if one.kind != "quiet_hours"]
    other = reader.of("CN", now)
    monkeypatch.setattr(reader, "rulebook", lambda place: other)
    later = ask(owner())
    assert dict(gate_queries.replay()) == {made.public_id: True, later.public_id: True}
    used = GateDecision.objects.order_by("contact_id").values_list("rulebook_digest", flat=True)
    assert list(used) == [installed.digest, other.digest]
    assert set(KeptRulebook.objects.values_list("digest", flat=True)) == {installed.digest, other.digest}


def test_a_kept_rulebook_is_never_changed_and_a_changed_one_is_seen() -> None:
    ask(owner())
    with pytest.raises(DatabaseError), transaction.atomic():
        KeptRulebook.objects.update(text="{}")
    with pytest.raises(DatabaseError), transaction.atomic():
        KeptRulebook.objects.all().delete()
    kept_book = KeptRulebook.objects.get()
    with pytest.raises(ValueError, match="was changed"):
        reader.read_back(kept_book.text.replace("22:00", "23:00"), kept_book.digest)


def test_a_decision_names_a_rulebook_that_is_kept() -> None:
    made = ask(owner())
    row = GateDecision.objects.get(contact_id=made.pk)
    stranger = Contact.objects.create(
        public_id="STRANGER", code="STRANGER22", borrower=owner(), verdict="refused", requested_at=clock.now()
    )
    row.contact, row.rulebook_digest = stranger, "0" * 64
    with pytest.raises(DatabaseError, match="names a rulebook"), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(("kinds", "heard"), [([], 1), (["contact.decided"], 1), (["payment.taken"], 0)])
def test_who_listens_is_read_along(kinds: list[str], heard: int) -> None:
    Endpoint.objects.create(
        public_id="E1", url="https://h.example.com", kinds=kinds, added_at=clock.now(), added_by="t"
    )
    ask(owner())
    assert WebhookMessage.objects.count() == heard


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only a server prepares")
def test_the_server_plans_once() -> None:
    for _ in range(3):
        ask(owner())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE %s",
            ["%WITH b AS%"],
        )
        [(generic, custom)] = cursor.fetchall()
    assert generic >= 2
    assert custom == 0


def test_a_batch_tells_how_far_it_is_and_keeps_the_order() -> None:
    people = [owner() for _ in range(7)]
    wishes = [
        Wish(
            one.public_id,
            "sms",
            "collection",
            one.contact_points.get().public_id,
            tuple(one.loans.values_list("public_id", flat=True)),
            "cn-reminder-sms",
        )
        for one in people
    ]
    told: list[int] = []
    made = request_contacts(wishes=[*wishes, *wishes], actor="test", progress=told.append)
    assert [one.verdict for one in made] == ["allowed"] * 7 + ["deferred"] * 7
    assert [one.borrower.public_id for one in made] == [one.borrower_id for one in [*wishes, *wishes]]
    assert sorted(told) == told
    assert told[-1] == Contact.objects.count() == AuditEvent.objects.count() == 14
    assert {equal for _, equal in gate_queries.replay()} == {True}


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="a server keeps plans")
def test_what_is_known_is_looked_up_by_borrower_and_never_by_reading_all_contacts() -> None:
    statement = gate_rows._known("id", "ids")
    values = gate_rows._values({"ids": list(range(1000))}, clock.now())
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan on debt_collection_contact " not in plan
    assert "contact_history" in plan


def test_new_wordings_are_written_in_one_order_whatever_the_contacts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two transactions that both write them wait for one another in one direction only."""
    written: list[str] = []
    monkeypatch.setattr(rows, "insert", lambda batches: None)
    monkeypatch.setattr(rows, "insert_new", lambda table, columns, new: written.extend(one for one, _ in new))
    for part in ("_contact", "_decision", "_places"):
        monkeypatch.setattr(contact_writes, part, lambda one: ())
    for digests in ("ba", "ab", "aba"):
        contact_writes.add_contacts([saying(one) for one in digests])
    assert written == ["a", "b"] * 3


def saying(digest: str) -> Any:
    """A contact of which only the wording matters."""
    wording = kept.Wording(digest, f"[{digest!r}]", ())
    return SimpleNamespace(decided=SimpleNamespace(kept=SimpleNamespace(wording=wording)), message=None)


def test_what_was_not_summed_cannot_be_told() -> None:
    made = owner()
    loan = made.loans.get().public_id
    with transaction.atomic():
        read = gate_rows.lock_and_read(
            [made.public_id], [loan], clock.now(), 1, clock.business_days(clock.now()), summed=False
        )
    with pytest.raises(LookupError, match=loan):
        read.known[made.pk].loans[loan].overdue()


@pytest.mark.parametrize(
    ("place", "at", "overdue"),
    [
        ("US", datetime(2026, 11, 25, 1, 0, tzinfo=UTC), 0),
        ("US", datetime(2026, 11, 25, 4, 59, tzinfo=UTC), 0),
        ("US", datetime(2026, 11, 25, 5, 0, tzinfo=UTC), 50_000),
        ("CN", datetime(2026, 11, 24, 15, 59, tzinfo=UTC), 0),
        ("CN", datetime(2026, 11, 24, 16, 0, tzinfo=UTC), 50_000),
    ],
)
def test_a_debt_is_overdue_when_its_day_is_over_where_the_borrower_is(
    place: str, at: datetime, overdue: int
) -> None:
    made = factories.borrower(jurisdiction=place)
    loan = factories.late_loan(made, days_late=0)
    with transaction.atomic():
        read = gate_rows.lock_and_read(
            [made.public_id], [loan.public_id], at, 1, clock.business_days(at), summed=True
        )
    assert read.known[made.pk].loans[loan.public_id].overdue_minor == overdue
