"""Field keys are changed without a stop: in chunks, resumable, facts unchanged, the old key refused after."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from lenity.base.outcomes import InputRefused
from lenity.gateways import clock, key_files
from lenity.operations.begin_key_rotation import begin_key_rotation
from lenity.operations.retire_keys import retire_keys
from lenity.operations.rotate_keys import rotate_keys
from lenity.records import encrypted
from lenity.records.arrangements.models import BudgetDraft
from lenity.records.audit.models import AuditEvent
from lenity.records.debt_collection.models import Contact, ContactOutcome
from lenity.records.keys import queries, writes
from lenity.records.people import queries as people
from lenity.records.people.models import Borrower
from tests import factories, world

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """Keys of this test's own, read as the settings read them."""
    settings.LENITY_READ_FIELD_KEYS = lambda: key_files.field_keys(tmp_path)
    settings.LENITY_FIELD_KEYS = key_files.field_keys(tmp_path)
    with clock.use(clock.ManualClock(factories.MORNING)):
        yield tmp_path


def _opened() -> dict[tuple[str, str, Any], str]:
    """Every sealed value in clear."""
    return {
        (one.table, one.column, pk): encrypted.unseal(
            sealed, table=one.table, column=one.column, row=str(row)
        )
        for one in queries.columns()
        for pk, sealed, row in one.filled().values_list("pk", one.field, one.row)
    }


def _fill() -> Borrower:
    filled = world.build()
    world.as_staff("collector")
    contact = Contact.objects.filter(verdict="allowed").first()
    assert contact is not None
    place = {"table": "debt_collection_contactoutcome", "column": "note", "row": contact.public_id}
    ContactOutcome.objects.create(
        contact=contact,
        outcome="conversation",
        recorded_at=clock.now(),
        recorded_by="test",
        note_sealed=encrypted.seal("asked for time", **place),
    )
    place = {"table": "arrangements_budgetdraft", "column": "answers", "row": filled.wang.public_id}
    BudgetDraft.objects.create(
        borrower=filled.wang, answers_sealed=encrypted.seal("{}", **place), saved_at=clock.now()
    )
    return filled.wang


def _rotate_all() -> None:
    while rotate_keys(actor="test", rows=1000):
        pass


def test_every_sealed_column_is_found_by_its_name_and_can_name_its_row() -> None:
    named = {(one.table, one.field) for one in queries.columns()}
    there = {
        (model._meta.db_table, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.name.endswith("_sealed")
    }
    assert named == there
    for one in queries.columns():
        assert str(one.filled().values_list(one.row).query), (one.table, one.row)


def test_all_is_sealed_anew_in_chunks_and_the_old_key_opens_nothing(folder: Path) -> None:
    wang = _fill()
    before, sealed = _opened(), Borrower.objects.get(pk=wang.pk).name_sealed
    key = begin_key_rotation(folder=folder, actor="test")
    assert key == "2"
    with pytest.raises(InputRefused, match="older key"):
        retire_keys(folder=folder, actor="test")
    assert rotate_keys(actor="test", rows=1) == 1
    assert begin_key_rotation(folder=folder, actor="test") == key, "it goes on, it does not begin again"
    while rotate_keys(actor="test", rows=2):
        pass
    assert _opened() == before
    assert set(queries.by_key()) == {"2"}
    assert retire_keys(folder=folder, actor="test") == ["1"]
    assert people.name_of(Borrower.objects.get(pk=wang.pk)) == "王小明"
    with pytest.raises(ValueError, match="not installed"):
        encrypted.unseal(sealed, table="people_borrower", column="name", row=wang.public_id)
    assert (folder / "retired" / "field-1.key").stat().st_mode & 0o777 == 0o600
    assert key_files.add_field_key(folder) == "3", "a number is never used twice"
    assert AuditEvent.objects.filter(operation="rotate_keys").exists()


def test_guards_are_back_and_a_fault_undoes_its_chunk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fill()
    key = begin_key_rotation(folder=folder, actor="test")
    outcomes = next(one for one in queries.columns() if one.table == "debt_collection_contactoutcome")
    with transaction.atomic():
        assert writes.reseal(outcomes, key, at_most=10) == 1
        transaction.set_rollback(True)
    assert outcomes.older_than(key).count() == 1
    _rotate_all()
    for statement in (
        "UPDATE debt_collection_contactoutcome SET note_sealed = 'x'",
        "DELETE FROM debt_collection_contactoutcome",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_damaged_value_stops_its_chunk_and_loses_nothing(folder: Path) -> None:
    wang = _fill()
    whole = Borrower.objects.get(pk=wang.pk).name_sealed
    Borrower.objects.filter(pk=wang.pk).update(name_sealed=whole[:-8] + "AAAAAAA=")
    begin_key_rotation(folder=folder, actor="test")
    with pytest.raises(InvalidTag):
        _rotate_all()
    assert Borrower.objects.get(pk=wang.pk).name_sealed.startswith("1.1.")


def test_a_process_that_runs_learns_of_a_new_key(folder: Path, settings: Any) -> None:
    old = dict(settings.LENITY_FIELD_KEYS)
    key_files.add_field_key(folder)
    encrypted.read_keys()
    place = {"table": "t", "column": "c", "row": "r"}
    sealed = encrypted.seal("clear", **place)
    settings.LENITY_FIELD_KEYS = old
    assert sealed.startswith("1.2.")
    assert encrypted.unseal(sealed, **place) == "clear"
