"""A bank file that was received is booked, whole: each movement to its loan, or to suspense with a reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from lenity.domain.banking import formats
from lenity.domain.banking.statement import Entry
from lenity.domain.ledger.chart import Leg
from lenity.gateways import clock, ids
from lenity.operations import servicing, unit
from lenity.records.intake import bank_queries, queries, writes
from lenity.records.intake.bank_queries import Movement
from lenity.records.intake.models import BankFile
from lenity.records.ledger import writes as ledger_writes
from lenity.records.lending import writes as lending_writes
from lenity.records.lending.models import Loan, Payment

SOURCE = "bank"


@dataclass
class Booked:
    """What came of a file. `known_already` counts movements that an earlier file told, in whatever format."""

    file: str
    format: str
    applied: int = 0
    suspended: int = 0
    known_already: int = 0
    told_by_another_format: int = 0
    was_booked_before: bool = False
    reasons: Counter[str] = field(default_factory=Counter)


def book_bank_file(*, file_id: str, form: str = "", actor: str) -> Booked:
    """Book a file, all or nothing. A file that was booked changes nothing when it comes again.

    `form` is a format's name; found from the bytes without it. Raises `InputRefused` where the file cannot
    be read or opening + entries is not closing: then nothing of it is booked.
    """
    file = servicing.needed(queries.file_by_id(file_id), "bank file", file_id)
    if before := getattr(file, "booking", None):
        return Booked(
            file_id,
            before.format,
            before.applied,
            before.suspended,
            before.known_already,
            was_booked_before=True,
        )
    raw = queries.raw_of(file)
    name = form or formats.of(raw)
    statements = formats.read(raw, name)
    done = Booked(file_id, name)
    with unit.of_work(operation="book_bank_file", actor=actor, of_parts=True) as work:
        for one in bank_queries.movements(statements, name, clock.business_day):
            if one.state == "known":
                done.known_already += 1
            elif one.state == "told":
                done.known_already += 1
                done.told_by_another_format += 1
            else:
                _book(work, done, file, one)
        writes.add_booking(
            file,
            form=name,
            statements=len(statements),
            applied=done.applied,
            suspended=done.suspended,
            known_already=done.known_already,
            booked_at=work.now,
        )
        work.record(
            subject_kind="bank_file",
            subject_id=file_id,
            body={
                "format": name,
                "applied": done.applied,
                "suspended": done.suspended,
                "known_already": done.known_already,
                "told_by_another_format": done.told_by_another_format,
            },
        )
    return done


def _book(work: unit.Work, done: Booked, file: BankFile, one: Movement) -> None:
    entry, currency, reason = one.entry, one.currency, one.reason
    new = writes.NewEntry(
        ids.public_id(),
        one.source,
        currency,
        entry.amount_minor,
        entry.booked_on,
        entry.value_date,
        {"payer": entry.payer, "texts": list(entry.texts), "bank_reference": entry.bank_reference},
        one.likeness,
        one.sure_likeness,
        one.account_key,
    )
    if one.loan is None:
        done.suspended += 1
        done.reasons[reason] += 1
        writes.add_entry(new, file=file, payment=None, reason=reason)
        legs = (Leg("cash", currency, entry.amount_minor), Leg("suspense", currency, -entry.amount_minor))
        ledger_writes.book(
            ledger_writes.Entry("suspense", _ledger_day(entry), "bank_entry", new.public_id, legs),
            recorded_at=work.now,
        )
        return
    done.applied += 1
    payment = _pay(work, one.loan, entry, one.source)
    writes.add_entry(new, file=file, payment=payment, reason="")


def _ledger_day(entry: Entry) -> date:
    return min(entry.value_date, clock.home_day())


def _pay(work: unit.Work, loan: Loan, entry: Entry, source: str) -> Payment:
    base = servicing.ground(loan.public_id)
    new = lending_writes.NewPayment(ids.public_id(), entry.amount_minor, entry.value_date, SOURCE, source)
    payment, now = servicing.receive(work, base, new)
    work.record(
        subject_kind="payment",
        subject_id=new.public_id,
        borrower_id=base.loan.borrower.public_id,
        body={"loan": base.loan.public_id, "amount_minor": entry.amount_minor, "owed_minor": now.owed_minor},
    )
    return payment
