"""A lender's existing book comes in from a file: all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from django.db import IntegrityError

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.ledger.chart import Leg
from lenity.domain.lending import book_mapping, imported_loan
from lenity.domain.lending.book_rows import ImportedLoan, RowReader
from lenity.domain.lending.book_totals import Totals
from lenity.gateways import book_file, ids
from lenity.law import reader as law
from lenity.operations import book_checking, contact_points, unit
from lenity.records.ledger import writes as ledger_writes
from lenity.records.lending import writes
from lenity.records.lending.models import ImportedBook
from lenity.records.people import writes as people_writes

CHUNK = 1000
PROBLEMS = 200


@dataclass(kw_only=True)
class Imported(Totals):
    """What came in."""

    book: ImportedBook


def import_book(
    *,
    file: Path,
    mapping: book_mapping.BookMapping,
    as_of: date,
    actor: str,
    expected: str = "",
    progress: Callable[[int], None] = lambda rows: None,
) -> Imported:
    """Import a book file by a mapping, as it stood at the end of `as_of` (a month's last day).

    The first pass reads and checks every row and changes nothing; the second books all loans in one
    transaction with one audit event. Raises `InputRefused` with lines and columns, and then nothing is
    stored. Each pass digests what it reads: a file that changes meanwhile is refused. `expected` is the digest
    of the file that somebody looked at: other bytes are refused.
    """
    digest = book_file.digest(file)
    if expected and digest != expected:
        says = "The file is not the one that was looked at."
        raise InputRefused([Problem("book.digest", says, "Look at it again, then import it.")])
    rows = _check(file, mapping, as_of)
    with unit.of_work(operation="import_book", actor=actor) as work:
        try:
            book = writes.add_book(
                public_id=ids.public_id(),
                file_digest=digest,
                mapping_digest=mapping.digest,
                as_of=as_of,
                loans=rows,
                imported_at=work.now,
            )
        except IntegrityError as error:
            raise InputRefused([Problem("book.duplicate", "Somebody is importing this file.")]) from error
        done = Imported(book=book)
        loans = _loans(file, mapping, as_of, digest)
        while chunk := list(islice(loans, CHUNK)):
            _store(chunk, mapping, done, work, as_of)
            progress(len(chunk))
        work.record(
            subject_kind="book",
            subject_id=book.public_id,
            body={
                "file": digest,
                "mapping": mapping.digest,
                "as_of": as_of.isoformat(),
                "loans": done.loans,
                "balance_minor": dict(sorted(done.balance_minor.items())),
            },
        )
        return done


def _check(file: Path, mapping: book_mapping.BookMapping, as_of: date) -> int:
    """The first pass: every row read, every account number once and new."""
    problems: list[Problem] = []

    def told(one: Problem) -> bool:
        problems.append(one)
        return len(problems) < PROBLEMS

    totals = book_checking.check(file, mapping, as_of, told)
    if problems:
        raise InputRefused(problems)
    return totals.loans


def _loans(file: Path, mapping: book_mapping.BookMapping, as_of: date, digest: str) -> Iterator[ImportedLoan]:
    row_reader = RowReader(mapping, as_of, law.places())
    for line, row in book_file.rows(file, mapping, digest):
        loan = None if isinstance(row, Problem) else row_reader.read(line, row)
        if loan is None:
            raise InputRefused([row] if isinstance(row, Problem) else row_reader.problems)
        yield loan


def _store(
    chunk: list[ImportedLoan],
    mapping: book_mapping.BookMapping,
    done: Imported,
    work: unit.Work,
    as_of: date,
) -> None:
    people = [_person(loan, mapping) for loan in chunk]
    borrowers = people_writes.add_borrowers(people, created_at=work.now)
    new = [
        writes.NewLoan(
            public_id=ids.public_id(),
            account_number=loan.account_number,
            borrower_id=borrowers[person.public_id],
            product=loan.product,
            portfolio_type=loan.portfolio_type,
            currency=loan.currency,
            opened_on=loan.opened_on,
            credit_limit_minor=loan.credit_limit_minor,
            items=tuple(
                imported_loan.open_items(loan.months, loan.balance_minor, loan.billing_day, mapping.minimum)
            ),
            months=loan.months,
        )
        for loan, person in zip(chunk, people, strict=True)
    ]
    loan_ids = writes.add_loans(new, book=done.book, made_on=as_of, reason="book import")
    entries = [
        _entry(loan, one, loan_ids[one.public_id], as_of)
        for loan, one in zip(chunk, new, strict=True)
        if loan.balance_minor
    ]
    ledger_writes.book_many(entries, recorded_at=work.now)
    work.keep_rows()
    for loan in chunk:
        done.add(loan, mapping.minimum)


def _entry(loan: ImportedLoan, new: writes.NewLoan, loan_id: int, as_of: date) -> ledger_writes.Entry:
    """What is owed is loan principal; what the lender owes is the client's credit balance."""
    code = "loan_principal" if loan.balance_minor > 0 else "customer_credit"
    legs = (
        Leg(code, loan.currency, loan.balance_minor, loan_id),
        Leg("book_import", loan.currency, -loan.balance_minor),
    )
    return ledger_writes.Entry("book_import", as_of, "book_import", new.public_id, legs)


def _person(loan: ImportedLoan, mapping: book_mapping.BookMapping) -> people_writes.NewBorrower:
    return people_writes.NewBorrower(
        public_id=ids.public_id(),
        jurisdiction=loan.jurisdiction,
        language=loan.language,
        name=loan.name,
        identity_number=loan.identity_number,
        birth_date=loan.birth_date,
        invented="name" in mapping.invented,
        points=tuple(contact_points.points(loan, loan.zones)),
    )
