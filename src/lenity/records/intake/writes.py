"""The only place that adds bank files, entries, outcomes, programs and their requests."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from lenity.records import encrypted
from lenity.records.intake.models import (
    ApiClient,
    BankBooking,
    BankEntry,
    BankFile,
    IdempotentRequest,
    SuspenseOutcome,
)
from lenity.records.lending.models import Payment

DETAILS = {"table": "intake_bankentry", "column": "details"}
RAW = {"table": "intake_bankfile", "column": "raw"}


def add_file(
    *, public_id: str, digest: str, name: str, raw: bytes, received_at: datetime, received_by: str
) -> BankFile:
    """Keep a file as it came."""
    sealed = encrypted.seal(base64.b64encode(raw).decode(), row=public_id, **RAW)
    return BankFile.objects.create(
        public_id=public_id,
        digest=digest,
        name=name,
        raw_sealed=sealed,
        received_at=received_at,
        received_by=received_by,
    )


def add_booking(
    file: BankFile,
    *,
    form: str,
    statements: int,
    applied: int,
    suspended: int,
    known_already: int,
    booked_at: datetime,
) -> BankBooking:
    """Note that a file was booked."""
    return BankBooking.objects.create(
        file=file,
        format=form,
        statements=statements,
        entries=applied + suspended + known_already,
        applied=applied,
        suspended=suspended,
        known_already=known_already,
        booked_at=booked_at,
    )


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A movement to be kept. `details` holds who paid and the texts, in clear."""

    public_id: str
    source_id: str
    currency: str
    amount_minor: int
    booked_on: date
    value_date: date
    details: Mapping[str, object]
    likeness: str = ""
    sure_likeness: str = ""
    account_key: str = ""


def add_entry(new: NewEntry, *, file: BankFile, payment: Payment | None, reason: str) -> BankEntry:
    """Keep a movement: applied, or in suspense for a reason."""
    details = json.dumps(new.details, ensure_ascii=False)
    return BankEntry.objects.create(
        public_id=new.public_id,
        file=file,
        source_id=new.source_id,
        currency=new.currency,
        amount_minor=new.amount_minor,
        booked_on=new.booked_on,
        value_date=new.value_date,
        details_sealed=encrypted.seal(details, row=new.public_id, **DETAILS),
        payment=payment,
        reason=reason,
        likeness=new.likeness,
        sure_likeness=new.sure_likeness,
        account_key=new.account_key,
    )


def lock_entry(public_id: str) -> None:
    """Hold a movement until the end of the transaction, so that one decision on it sees the other."""
    BankEntry.objects.select_for_update().filter(public_id=public_id).first()


def add_outcome(
    entry: BankEntry,
    *,
    kind: str,
    payment: Payment | None,
    reason: str,
    decided_at: datetime,
    decided_by: str,
) -> SuspenseOutcome:
    """Note what became of money in suspense."""
    return SuspenseOutcome.objects.create(
        entry=entry,
        kind=kind,
        payment=payment,
        reason=reason,
        decided_at=decided_at,
        decided_by=decided_by,
    )


def add_client(
    *, name: str, token_digest: str, scopes: Sequence[str], added_at: datetime, by: str
) -> ApiClient:
    """Let a program in."""
    return ApiClient.objects.create(
        name=name, token_digest=token_digest, scopes=list(scopes), added_at=added_at, token_by=by
    )


def set_token(client: ApiClient, *, token_digest: str, by: str) -> None:
    """Give a program another token."""
    ApiClient.objects.filter(pk=client.pk, revoked_at=None).update(token_digest=token_digest, token_by=by)


def revoke_client(client: ApiClient, *, at: datetime) -> None:
    """Shut a program out."""
    ApiClient.objects.filter(pk=client.pk, revoked_at=None).update(revoked_at=at)


def hold_key(client: ApiClient, key: str) -> bool:
    """Hold a key to the end of the transaction; false where another one has it just now.

    On SQLite a transaction that writes has the database to itself.
    """
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        name = f"request {client.pk} {key}"
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        [(held,)] = cursor.fetchall()
    return bool(held)


def keep_answer(
    client: ApiClient, key: str, route: str, body_digest: str, *, status: int, text: str, at: datetime
) -> IdempotentRequest:
    """Keep the answer to a request for good."""
    return IdempotentRequest.objects.create(
        client=client,
        key=key,
        route=route,
        body_digest=body_digest,
        answered_at=at,
        status=status,
        answer=text,
    )
