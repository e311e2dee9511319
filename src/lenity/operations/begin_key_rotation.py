"""A new field key is made, unless values still wait to be sealed under the one that was made last."""

from __future__ import annotations

from pathlib import Path

from lenity.gateways import key_files
from lenity.operations import unit
from lenity.records import encrypted
from lenity.records.keys import queries


def begin_key_rotation(*, folder: Path, actor: str) -> str:
    """The number of the key to seal under: a rotation that was stopped goes on, it does not begin again."""
    encrypted.read_keys()
    newest = encrypted.newest_key()
    if queries.remaining(newest):
        return newest
    with unit.of_work(operation="begin_key_rotation", actor=actor) as work:
        number = key_files.add_field_key(folder)
        work.record(subject_kind="field_key", subject_id=number, body={"after": newest})
    encrypted.read_keys()
    return number
