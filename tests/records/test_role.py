"""On PostgreSQL the application's role owns nothing: it cannot take the guards down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from lenity.gateways import clock
from lenity.operations.request_contact import request_contact
from tests import factories, world

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
    "UPDATE lending_loan SET credit_limit_minor = 1",
    "UPDATE intake_bankentry SET amount_minor = 1",
]
CHANGES = ("UPDATE", "DELETE")
GUARDED = """SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND t.tgname LIKE '%no_change'"""
MAY = """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r' AND has_table_privilege('lenity_app', c.oid, '{}')"""


@pytest.fixture
def as_application() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'lenity_app'")
        if cursor.fetchone():
            cursor.execute("DROP OWNED BY lenity_app; DROP ROLE lenity_app")
        cursor.execute(SQL.read_text("utf-8"))
        cursor.execute(SQL.read_text("utf-8"))  # it may be run again after each setup
        cursor.execute("SET ROLE lenity_app")
        yield
        cursor.execute("RESET ROLE")
        cursor.execute("DROP OWNED BY lenity_app; DROP ROLE lenity_app")


@pytest.mark.parametrize("statement", ATTACKS)
def test_the_application_cannot(as_application: None, statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


UNCHANGED = {
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "debt_collection_contactslot",
    "delinquency_closerun",
    "delinquency_monthend",
    "django_content_type",
    "django_migrations",
}
"""Tables without a guard that the application has no need to update."""


def test_facts_can_be_added_only_and_working_tables_changed(as_application: None) -> None:
    guarded, changed, removed = (_tables(sql) for sql in (GUARDED, *(MAY.format(one) for one in CHANGES)))
    assert guarded, "no guard was found"
    assert guarded & (changed | removed) == set(), "a fact could be rewritten"
    silent = set(connection.introspection.table_names()) - guarded - changed - UNCHANGED
    assert silent == set(), "say in docs/postgresql-role.sql whether these change"


def test_the_whole_world_is_built_as_the_application(as_application: None) -> None:
    with clock.use(clock.ManualClock(factories.MORNING)):
        filled = world.build()
        client = world.as_staff(*world.ROLES, name="all")
        for path in ("/work/", "/compliance/", "/operations/", "/management/", "/administration/", "/risk/"):
            assert client.get(path).status_code == 200, path
        assert client.post("/work/next/").status_code == 302
        borrower = world.as_borrower(filled.wang)
        for path in ("/", "/contacts/", "/data/", "/preferences/", "/budget/"):
            assert borrower.get(path).status_code == 200, path
        assert borrower.post("/preferences/", {"channel": "sms", "state": "off"}).status_code in (302, 422)


def _tables(sql: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.parametrize("table", ["people_borrower", "lending_loan", "intake_bankentry"])
def test_the_application_can_lock_what_it_decides_on(as_application: None, table: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} FOR UPDATE")
        assert cursor.fetchall() == []


def test_the_application_can_do_its_work(as_application: None) -> None:
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
