"""Accesses of programs given before helpers were one fact become helpers with keys that open as before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.apps.registry import Apps
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from lenity.gateways import clock
from lenity.operations.read_as_helper import read_as_helper
from lenity.records import encrypted
from lenity.records.arrangements import helper_queries
from lenity.records.arrangements.models import Helper, HelperKey
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
BEFORE = [("arrangements", "0003_concern_notes"), ("intake", "0003_helper_access")]
UNTIL = date(2027, 1, 31)


@pytest.fixture
def before() -> Iterator[Apps]:
    """The tables as they were; afterwards as they are."""
    made = MigrationExecutor(connection)
    newest = made.loader.graph.leaf_nodes()
    try:
        yield made.migrate(BEFORE).apps
    finally:
        MigrationExecutor(connection).migrate(newest)


def given(apps: Apps, borrower_pk: int, key: str, name: str, scopes: list[str], ended: bool = False) -> str:
    """A row of the table that is no more, as its operation wrote it."""
    public_id = hashlib.sha256(key.encode()).hexdigest()[:20].upper()
    apps.get_model("intake", "HelperAccess").objects.create(
        public_id=public_id,
        borrower_id=borrower_pk,
        name_sealed=encrypted.seal(name, table="intake_helperaccess", column="name", row=public_id),
        token_digest=hashlib.sha256(key.encode()).hexdigest(),
        scopes=scopes,
        given_at=factories.MORNING - timedelta(days=9),
        until=UNTIL,
        ended_at=factories.MORNING - timedelta(days=1) if ended else None,
    )
    return public_id


def test_rows_of_before_are_helpers_with_their_keys(before: Apps) -> None:
    with clock.use(clock.ManualClock(factories.MORNING)):
        wang, other = factories.borrower(), factories.borrower(name="李雷")
        sees = given(before, wang.pk, "key-one", "法律援助中心", ["contacts", "statement"])
        talks = given(before, wang.pk, "key-two", "李律师", ["contacts", "plans"])
        ended = given(before, other.pk, "key-three", "Adviser", ["contacts"], ended=True)
        made = MigrationExecutor(connection)
        made.migrate(made.loader.graph.leaf_nodes())

        assert "intake_helperaccess" not in connection.introspection.table_names()
        found = {one.public_id: one for one in helper_queries.all_helpers(wang.public_id)}
        assert {(one.name, one.scope, one.until) for one in found.values()} == {
            ("法律援助中心", "see", UNTIL),
            ("李律师", "talk", UNTIL),
        }
        assert found[sees].parts == ("contacts", "statement")
        assert not found[talks].ended
        assert [one.ended for one in helper_queries.all_helpers(other.public_id)] == [True]
        opened = read_as_helper(key="key-one")
        assert opened is not None
        assert (opened.helper, opened.parts) == ("法律援助中心", ("contacts", "statement"))
        assert opened.plans == ()
        assert read_as_helper(key="key-three") is None, "what was ended stays ended"
        assert Helper.objects.get(public_id=ended).end.ended_at == factories.MORNING - timedelta(days=1)
        with pytest.raises(DatabaseError), transaction.atomic():
            HelperKey.objects.update(until=UNTIL + timedelta(days=1))
