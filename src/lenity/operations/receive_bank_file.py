"""A bank file is kept exactly as it came, before anyone tries to read it."""

from __future__ import annotations

import hashlib

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.banking import formats
from lenity.gateways import ids
from lenity.operations import unit
from lenity.records.intake import queries, writes
from lenity.records.intake.models import BankFile


def receive_bank_file(*, raw: bytes, name: str, actor: str) -> BankFile:
    """Keep a file, sealed. The same bytes again return the file that is there."""
    if not raw or len(raw) > formats.MOST_BYTES:
        raise InputRefused([Problem("bank.size", f"A bank file has 1 to {formats.MOST_BYTES} bytes.")])
    digest = hashlib.sha256(raw).hexdigest()
    if before := queries.file_by_digest(digest):
        return before
    with unit.of_work(operation="receive_bank_file", actor=actor) as work:
        file = writes.add_file(
            public_id=ids.public_id(),
            digest=digest,
            name=name[:120],
            raw=raw,
            received_at=work.now,
            received_by=actor[:60],
        )
        work.record(
            subject_kind="bank_file",
            subject_id=file.public_id,
            body={"digest": digest, "bytes": len(raw)},
        )
        return file
