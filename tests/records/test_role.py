"""On PostgreSQL the application's role owns nothing: it cannot take the guards down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

SQL = Path(__file__).resolve().parents[2] / "docs" / "postgresql-role.sql"
pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only a server has roles"),
]
ATTACKS = [
    "ALTER TABLE ledger_posting DISABLE TRIGGER ALL",
    "SET session_replication_role = replica",
    "DROP TRIGGER ledger_posting_guard ON ledger_posting",
    "DROP TABLE ledger_posting",
    "TRUNCATE ledger_posting CASCADE",
    "UPDATE ledger_posting SET amount_minor = 1",
    "DELETE FROM audit_auditevent",
    "UPDATE debt_collection_contact SET verdict = 'allowed'",
    "DELETE FROM debt_collection_outboxmessage",
]


@pytest.fixture
def as_application() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'lenity_app'")
        if cursor.fetchone():
            cursor.execute("DROP OWNED BY lenity_app; DROP ROLE lenity_app")
        cursor.execute(SQL.read_text("utf-8"))
        cursor.execute("SET ROLE lenity_app")
        yield
        cursor.execute("RESET ROLE")
        cursor.execute("DROP OWNED BY lenity_app; DROP ROLE lenity_app")


@pytest.mark.parametrize("statement", ATTACKS)
def test_the_application_cannot(as_application: None, statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_application_can_do_its_work(as_application: None) -> None:
    from lenity.operations.request_contact import request_contact
    from tests import factories

    owner = factories.borrower()
    point = factories.contact_point(owner)
    contact = request_contact(
        borrower_id=owner.public_id,
        channel="sms",
        purpose="collection",
        point_id=point.public_id,
        loan_ids=(factories.late_loan(owner).public_id,),
        template="cn-reminder-sms",
        actor="test",
    )
    assert contact.verdict in ("allowed", "deferred")
