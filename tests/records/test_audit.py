"""Nobody rewrites the record: six kinds of tampering are found, each by name."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from typer.testing import CliRunner

from lenity.gateways import clock, ids
from lenity.interfaces.cli.audit import app
from lenity.operations.seal_evidence import seal_evidence
from lenity.operations.verify_evidence import verify_evidence
from lenity.records.audit import queries, writes
from lenity.records.audit.models import AuditEvent, Checkpoint
from tests.records.test_ledger_attacks import _without_guards

NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def _events(number: int, start: int = 0) -> None:
    writes.append_many(
        [
            {
                "operation": "test",
                "actor": "test",
                "subject_kind": "thing",
                "subject_id": f"T{at}",
                "borrower_id": "B1",
                "happened_at": NOW + timedelta(seconds=at),
                "salt": ids.token(),
                "body": {"number": at, "name": "王"},
            }
            for at in range(start, start + number)
        ]
    )


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    settings.LENITY_CHECKPOINT_DIR = tmp_path
    with clock.use(clock.ManualClock(NOW)):
        _events(5)
        seal_evidence(actor="test")
        _events(6, 5)
        seal_evidence(actor="test")
        yield tmp_path


def _sql(*statements: str) -> None:
    with _without_guards(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _ids() -> list[int]:
    return list(AuditEvent.objects.order_by("id").values_list("id", flat=True))


def test_an_untouched_log_holds(folder: Path) -> None:
    report = queries.verify(folder)
    assert (report.faults, report.size, report.checkpoints, report.files) == ([], 11, 2, 2)


def test_sealing_again_changes_nothing(folder: Path) -> None:
    head = queries.head()
    again = seal_evidence(actor="test")
    assert head is not None
    assert again is not None
    assert (again.root_hash, Checkpoint.objects.count()) == (head.root_hash, 2)


def test_the_tables_refuse_tampering_in_the_first_place(folder: Path) -> None:
    for statement in (
        "UPDATE audit_auditevent SET actor = 'x'",
        "DELETE FROM audit_evidenceleaf",
        "UPDATE audit_checkpoint SET root_hash = 'x'",
    ):
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_changed_event_is_found(folder: Path) -> None:
    _sql(f"UPDATE audit_auditevent SET actor = 'nobody' WHERE id = {_ids()[3]}")
    assert any(fault.startswith("position 3:") for fault in queries.verify(folder).faults)


def test_a_changed_event_with_its_hashes_put_right_is_found(folder: Path) -> None:
    from lenity.domain.evidence import merkle
    from lenity.records.audit import envelopes

    event = AuditEvent.objects.get(pk=_ids()[3])
    event.actor = "nobody"
    right = merkle.leaf_hash(envelopes.envelope(event)).hex()
    _sql(
        f"UPDATE audit_auditevent SET actor = 'nobody', leaf_hash = '{right}' WHERE id = {event.pk}",
        f"UPDATE audit_evidenceleaf SET leaf_hash = '{right}' WHERE position = 3",
    )
    assert any("do not give the root" in fault for fault in queries.verify(folder).faults)


def test_a_removed_event_is_found(folder: Path) -> None:
    _sql(
        "DELETE FROM audit_evidenceleaf WHERE position = 4",
        f"DELETE FROM audit_auditevent WHERE id = {_ids()[4]}",
    )
    assert any("position 4 is missing" in fault for fault in queries.verify(folder).faults)


def test_an_inserted_event_is_found(folder: Path) -> None:
    _events(1, 99)
    newest = AuditEvent.objects.latest("id")
    _sql(
        "UPDATE audit_evidenceleaf SET position = position + 1000 WHERE position >= 5",
        "INSERT INTO audit_evidenceleaf (position, event_id, leaf_hash)"
        f" VALUES (5, {newest.pk}, '{newest.leaf_hash}')",
        "UPDATE audit_evidenceleaf SET position = position - 999 WHERE position >= 1000",
    )
    assert any("do not give the root" in fault for fault in queries.verify(folder).faults)


def test_swapped_events_are_found(folder: Path) -> None:
    first, second = _ids()[1], _ids()[2]
    _sql(
        "UPDATE audit_evidenceleaf SET position = 900 WHERE position = 1",
        "UPDATE audit_evidenceleaf SET position = 1 WHERE position = 2",
        "UPDATE audit_evidenceleaf SET position = 2 WHERE position = 900",
    )
    assert first != second
    assert any("do not give the root" in fault for fault in queries.verify(folder).faults)


def test_a_truncated_tail_is_found_by_the_checkpoint_outside(folder: Path) -> None:
    _sql(
        "DELETE FROM audit_evidenceleaf WHERE position >= 5",
        "DELETE FROM audit_checkpoint WHERE tree_size > 5",
        f"DELETE FROM audit_auditevent WHERE id > {_ids()[4]}",
    )
    assert queries.verify(folder).faults == ["the log ends at 5, a signed checkpoint covers 11"]


def test_a_rewritten_chain_is_found_by_the_checkpoint_outside(folder: Path) -> None:
    _sql("DELETE FROM audit_evidenceleaf", "DELETE FROM audit_checkpoint", "DELETE FROM audit_auditevent")
    _events(11, 500)
    settings_folder = settings.LENITY_CHECKPOINT_DIR
    settings.LENITY_CHECKPOINT_DIR = settings_folder / "elsewhere"
    seal_evidence(actor="test")
    assert any("do not give the root" in fault for fault in queries.verify(folder).faults)


def test_a_forged_checkpoint_is_found(folder: Path) -> None:
    _sql("UPDATE audit_checkpoint SET root_hash = root_hash, signature = '00' WHERE tree_size = 5")
    assert "the checkpoint at 5 is not signed by our key" in queries.verify(folder).faults
    (folder / "000000000099.checkpoint").write_text("nonsense", "utf-8")
    assert "000000000099.checkpoint is not a checkpoint" in queries.verify(folder).faults


def test_a_receipt_verifies_offline_and_a_forged_one_does_not(folder: Path, tmp_path: Path) -> None:
    from lenity.domain.evidence import verifier

    program = Path(verifier.__file__)
    receipt = queries.receipt("T7")
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(receipt), "utf-8")
    forged = json.loads(json.dumps(receipt))
    forged["event"]["body"] = forged["event"]["body"].replace("7", "8")
    bad.write_text(json.dumps(forged), "utf-8")
    run = [sys.executable, "-I", "-S", str(program)]
    assert subprocess.run([*run, str(good)], check=False).returncode == 0
    assert subprocess.run([*run, str(bad)], check=False).returncode == 1
    resigned = json.loads(json.dumps(receipt))
    resigned["checkpoint"]["sealed_at"] = "2030-01-01T00:00:00.000000Z"
    bad.write_text(json.dumps(resigned), "utf-8")
    assert subprocess.run([*run, str(bad)], check=False).returncode == 1


@pytest.mark.parametrize(("old", "new"), [(5, 11), (5, 5), (5, None)])
def test_an_old_head_is_shown_to_be_a_beginning_of_a_new_one(folder: Path, old: int, new: int | None) -> None:
    from lenity.domain.evidence import verifier

    told = json.loads(json.dumps(queries.consistency(old, new)))
    key = bytes.fromhex(told["public_key"])
    assert verifier.check(told, key)
    for path, value in (("old", {"size": 4}), ("new", {"origin": "another"}), ("old", {"root": "00" * 32})):
        assert not verifier.check({**told, path: {**told[path], **value}}, key)
    assert not verifier.check({**told, "proof": [*told["proof"], "00" * 32]}, key)


@pytest.mark.parametrize(
    ("old", "new", "says"), [(4, None, "5, 11"), (5, 99, "no checkpoint at 99"), (11, 5, "first")]
)
def test_a_head_that_is_not_there_is_told(folder: Path, old: int, new: int | None, says: str) -> None:
    with pytest.raises(LookupError, match=says):
        queries.consistency(old, new)


def test_it_is_said_between_which_positions_the_log_differs(folder: Path) -> None:
    test_a_changed_event_with_its_hashes_put_right_is_found(folder)
    assert any("look at positions 0 to 4" in fault for fault in queries.verify(folder).faults)


def test_events_out_of_their_order_are_named(folder: Path) -> None:
    test_swapped_events_are_found(folder)
    assert any(
        fault.startswith("position 2:") and "moved" in fault for fault in queries.verify(folder).faults
    )


def test_a_changed_event_that_waits_for_its_seal_is_found(folder: Path) -> None:
    _events(1, 50)
    waiting = AuditEvent.objects.latest("id").pk
    _sql(f"UPDATE audit_auditevent SET actor = 'nobody' WHERE id = {waiting}")
    assert queries.verify(folder).faults == [f"event {waiting}, not sealed yet, was changed"]


def test_a_fork_is_found(folder: Path) -> None:
    """Two views of one log, both signed: another head of the same size is kept outside."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from lenity.domain.evidence import checkpoints

    key = Ed25519PrivateKey.from_private_bytes(settings.LENITY_CHECKPOINT_KEY)
    other = checkpoints.Head(settings.LENITY_LENDER, 11, "ab" * 32, NOW)
    note = other.note() + f"{key.sign(other.note()).hex()}\n".encode()
    (folder / "000000000011-other.checkpoint").write_bytes(note)
    faults = queries.verify(folder).faults
    assert "two different heads of 11 events are signed: the log was forked" in faults


def _backdated(hours: int, minutes: int = 0) -> int:
    """An event as somebody writes it by hand, with the instant at which he would like it to have happened."""
    with clock.use(clock.ManualClock(NOW + timedelta(days=2))):
        writes.append_many(
            [
                {
                    "operation": "record_preference",
                    "actor": "borrower",
                    "subject_kind": "preference",
                    "subject_id": "P1",
                    "borrower_id": "B1",
                    "happened_at": NOW - timedelta(hours=hours, minutes=minutes),
                    "salt": ids.token(),
                    "body": {},
                }
            ]
        )
    return AuditEvent.objects.latest("id").pk


@pytest.mark.parametrize("is_sealed", [False, True])
def test_a_backdated_event_is_flagged_before_and_after_its_seal(folder: Path, is_sealed: bool) -> None:
    """A consent of yesterday that is written today: the head sealed meanwhile does not hold it."""
    made = _backdated(1, 1)
    if is_sealed:
        with clock.use(clock.ManualClock(NOW + timedelta(days=2))):
            seal_evidence(actor="test")
    [fault] = queries.verify(folder).faults
    assert fault.startswith(f"event {made} says 2026-11-03 00:59Z, but the 11 events sealed")


def test_a_backdated_event_is_flagged_where_nothing_was_sealed_yet(tmp_path: Path) -> None:
    with clock.use(clock.ManualClock(NOW)):
        _events(2)
        made = _backdated(30)
    [fault] = queries.verify(tmp_path).faults
    assert (
        fault
        == f"event {made} says 2026-11-01 20:00Z, but an event before it says 2026-11-03 02:00Z: it is backdated"
    )


def test_a_piece_of_work_that_took_an_hour_is_not_backdated(folder: Path) -> None:
    _backdated(0, 59)
    assert queries.verify(folder).faults == []


def _lost(folder: Path) -> tuple[Path, bytes]:
    """The newest checkpoint, as if the process had died between its commit and the file."""
    file = max(folder.glob("*.checkpoint"))
    raw = file.read_bytes()
    file.unlink()
    return file, raw


def test_a_checkpoint_that_was_lost_is_written_again_by_the_next_seal(folder: Path) -> None:
    file, raw = _lost(folder)
    with clock.use(clock.ManualClock(NOW + timedelta(days=1))):
        seal_evidence(actor="test")
    assert file.read_bytes() == raw, "nothing new to seal, and the same bytes again"
    _lost(folder)
    with clock.use(clock.ManualClock(NOW + timedelta(days=1))):
        _events(1, 70)
        seal_evidence(actor="test")
    assert file.read_bytes() == raw
    assert len(list(folder.glob("*.checkpoint"))) == 3


def test_a_checkpoint_that_was_lost_is_written_again_when_the_log_is_verified(folder: Path) -> None:
    file, raw = _lost(folder)
    done = CliRunner().invoke(app, ["verify"])
    assert done.exit_code == 0, done.output
    assert f"{file.name} was missing" in done.output
    assert file.read_bytes() == raw
    assert "was missing" not in CliRunner().invoke(app, ["verify"]).output
    _lost(folder)
    verify_evidence(actor="test")
    assert file.read_bytes() == raw


def test_a_checkpoint_that_our_key_did_not_sign_is_not_written_outside(folder: Path) -> None:
    file, _ = _lost(folder)
    _sql("UPDATE audit_checkpoint SET root_hash = 'ab' WHERE tree_size = 11")
    assert CliRunner().invoke(app, ["verify"]).exit_code == 1
    assert not file.exists()


def test_a_checkpoint_outside_is_never_written_over(folder: Path) -> None:
    """What lies outside is the witness against the database, whatever it says."""
    file = max(folder.glob("*.checkpoint"))
    file.write_bytes(b"another")
    with clock.use(clock.ManualClock(NOW)):
        seal_evidence(actor="test")
    assert file.read_bytes() == b"another"
    assert CliRunner().invoke(app, ["verify"]).exit_code == 1
