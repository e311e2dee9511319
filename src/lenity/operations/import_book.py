"""A lender's existing book comes in from a file: all of it or nothing."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.ledger.chart import Leg
from lenity.domain.lending import book_mapping, imported_loan
from lenity.domain.lending.book_rows import ImportedLoan, RowReader
from lenity.gateways import ids
from lenity.law import reader as law
from lenity.operations import contact_points, unit
from lenity.records.ledger import writes as ledger_writes
from lenity.records.lending import queries, writes
from lenity.records.lending.models import ImportedBook
from lenity.records.people import writes as people_writes

CHUNK = 1000
LONGEST_LINE = 20_000
PROBLEMS = 200


@dataclass
class Imported:
    """What came in."""

    book: ImportedBook
    loans: int = 0
    in_arrears: int = 0
    late_but_owing_nothing: int = 0
    credit_balances: int = 0
    balance_minor: Counter[str] = field(default_factory=Counter)


def import_book(
    *,
    file: Path,
    mapping: book_mapping.BookMapping,
    as_of: date,
    actor: str,
    progress: Callable[[int], None] = lambda rows: None,
) -> Imported:
    """Import a book file by a mapping, as it stood at the end of `as_of` (a month's last day).

    The first pass reads and checks every row and changes nothing; the second books all loans in one
    transaction with one audit event. Raises `InputRefused` with lines and columns, and then nothing is
    stored.
    """
    digest = _digest(file)
    if before := queries.imported_before(digest, mapping.digest):
        says = f"This file was imported on {before.imported_at:%Y-%m-%d} already; nothing was changed."
        raise InputRefused([Problem("book.duplicate", says)])
    rows = _check(file, mapping, as_of)
    with unit.of_work(operation="import_book", actor=actor) as work:
        book = writes.add_book(
            public_id=ids.public_id(),
            file_digest=digest,
            mapping_digest=mapping.digest,
            as_of=as_of,
            loans=rows,
            imported_at=work.now,
        )
        done = Imported(book)
        loans = _loans(file, mapping, as_of)
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
    row_reader = RowReader(mapping, as_of, law.places(), PROBLEMS)
    seen: dict[str, int] = {}
    rows = 0
    for line, cells in _lines(file, mapping):
        rows += 1
        loan = row_reader.read(line, cells)
        if loan is not None:
            if first := seen.get(loan.account_number):
                _say_double(row_reader, mapping, line, f"stands on line {first} as well")
            seen.setdefault(loan.account_number, line)
        if row_reader.is_full:
            break
    for number in sorted(queries.known_account_numbers(seen), key=seen.__getitem__):
        _say_double(row_reader, mapping, seen[number], "is a loan already")
    if not rows and not row_reader.problems:
        row_reader.problems.append(Problem("book.empty", "The file has no rows."))
    if row_reader.problems:
        raise InputRefused(row_reader.problems)
    return rows


def _say_double(reader: RowReader, mapping: book_mapping.BookMapping, line: int, says: str) -> None:
    column = mapping.columns.get("account_number", "account_number")
    reader.problems.append(
        Problem("book.account_number", f"The account number {says}.", "Each loan comes once.", line, column)
    )


def _loans(file: Path, mapping: book_mapping.BookMapping, as_of: date) -> Iterator[ImportedLoan]:
    row_reader = RowReader(mapping, as_of, law.places())
    for line, cells in _lines(file, mapping):
        loan = row_reader.read(line, cells)
        if loan is None:
            raise InputRefused(row_reader.problems)
        yield loan


def _lines(file: Path, mapping: book_mapping.BookMapping) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Rows with their line numbers. Encoding, header and raggedness are checked here."""
    encoding = "utf-8-sig" if mapping.encoding.lower() in ("utf-8", "utf8") else mapping.encoding
    try:
        with file.open(encoding=encoding, newline="") as text:
            rows = csv.reader(text, delimiter=mapping.delimiter, strict=True)
            header = next(rows, None)
            if not header:
                raise InputRefused([Problem("book.empty", "The file is empty.", "Give a header and rows.")])
            _check_header(header, mapping)
            for row in rows:
                if not row:
                    continue
                _check_row(row, len(header), rows.line_num)
                yield rows.line_num, dict(zip(header, row, strict=True))
    except UnicodeDecodeError as error:
        line = _line_of(file, error)
        remedy = (
            f"Save the file as {mapping.encoding}, or set encoding (for instance gb18030) in the mapping."
        )
        says = f"The file is not {mapping.encoding}: byte {error.object[error.start]:#04x}."
        raise InputRefused([Problem("book.encoding", says, remedy, line)]) from error
    except LookupError as error:
        raise InputRefused([Problem("mapping", f"encoding {mapping.encoding!r} is not known.")]) from error
    except csv.Error as error:
        raise InputRefused([Problem("book.csv", f"The file cannot be read as CSV: {error}.")]) from error


def _check_header(header: list[str], mapping: book_mapping.BookMapping) -> None:
    missing = [column for column in mapping.needed_columns() if column not in header]
    doubled = [column for column, times in Counter(header).items() if times > 1]
    problems = [
        Problem("book.column", "The column is missing.", "Add it or change the mapping.", 1, column)
        for column in dict.fromkeys(missing)
    ]
    problems += [
        Problem("book.column", "The column stands twice.", "Rename one.", 1, name) for name in doubled
    ]
    if problems:
        raise InputRefused(problems)


def _check_row(row: list[str], width: int, line: int) -> None:
    if len(row) != width:
        says = f"The row has {len(row)} cells, the header {width}."
        raise InputRefused([Problem("book.ragged", says, "Check quotes and delimiters.", line)])
    if sum(map(len, row)) > LONGEST_LINE:
        raise InputRefused([Problem("book.long", f"The row has more than {LONGEST_LINE} signs.", "", line)])
    if any("\x00" in cell for cell in row):
        raise InputRefused([Problem("book.binary", "The row has a zero byte in it.", "Is this text?", line)])


def _line_of(file: Path, error: UnicodeDecodeError) -> int:
    """The line of the first byte that cannot be decoded; chunks are read again as plain bytes."""
    line = 1
    with file.open("rb") as raw:
        for number, content in enumerate(raw, start=1):
            line = number
            try:
                content.decode(error.encoding.removesuffix("-sig"))
            except UnicodeDecodeError:
                break
    return line


def _digest(file: Path) -> str:
    if not file.is_file():
        raise InputRefused([Problem("book.file", f"There is no file {file.name}.", "Check the path.")])
    digest = hashlib.sha256()
    with file.open("rb") as raw:
        while block := raw.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


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
    for loan, one in zip(chunk, new, strict=True):
        late = bool(loan.months) and loan.months[0].months_late > 0
        done.loans += 1
        done.in_arrears += late and bool(one.items)
        done.late_but_owing_nothing += late and not one.items
        done.credit_balances += loan.balance_minor < 0
        done.balance_minor[loan.currency] += loan.balance_minor


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
