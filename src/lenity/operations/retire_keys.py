"""Field keys that nothing is sealed under any more are moved aside; what they sealed is refused from then on."""

from __future__ import annotations

from pathlib import Path

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import key_files
from lenity.operations import unit
from lenity.records import encrypted
from lenity.records.keys import queries


def retire_keys(*, folder: Path, actor: str) -> list[str]:
    """Move every key but the newest aside; returns their numbers. Refused while a value needs one of them.

    Backups need the old keys as long as they are kept: take them to the key store, then out of `retired`.
    """
    encrypted.read_keys()
    newest = encrypted.newest_key()
    if left := queries.remaining(newest):
        says = f"{left} values lie under an older key still."
        raise InputRefused([Problem("keys.used", says, "Run `lenity keys rotate` to its end first.")])
    with unit.of_work(operation="retire_keys", actor=actor) as work:
        retired = key_files.retire_field_keys(folder, newest)
        work.record(subject_kind="field_key", subject_id=newest, body={"retired": retired})
    encrypted.read_keys()
    return retired
