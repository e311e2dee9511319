"""`lenity payments`: bank files in, and money in suspense."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from lenity.base import money
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.banking import formats
from lenity.domain.servicing.texts import decimal_text
from lenity.gateways import clock
from lenity.interfaces.cli import json_input, person
from lenity.operations.book_bank_file import book_bank_file
from lenity.operations.receive_bank_file import receive_bank_file
from lenity.records.intake import queries, suspense_queries
from lenity.records.lending import servicing_queries
from lenity.records.lending.servicing_queries import LoanRow

app = typer.Typer(help="Money that arrives through the bank.", no_args_is_help=True)
ACTOR = "command line"
Reason = Annotated[str, typer.Option(help="Why, for the record; no personal data.")]
EntryId = Annotated[str, typer.Argument(help="The bank entry's id, as `suspense` shows it.")]


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="camt.053, MT940 or CSV.")],
    form: Annotated[str, typer.Option("--format", help=f"{', '.join(formats.READERS)}; else found.")] = "",
) -> None:
    """Keep a bank file and book it whole; the same file again changes nothing."""
    if not file.is_file():
        raise InputRefused([Problem("bank.file", f"There is no file {file.name}.", "Check the path.")])
    if file.stat().st_size > formats.MOST_BYTES:
        raise InputRefused([Problem("bank.size", f"A bank file has 1 to {formats.MOST_BYTES} bytes.")])
    kept = receive_bank_file(raw=file.read_bytes(), name=file.name, actor=ACTOR)
    done = book_bank_file(file_id=kept.public_id, form=form, actor=ACTOR)
    json_input.say(
        {
            "file": done.file,
            "format": done.format,
            "applied": done.applied,
            "suspended": done.suspended,
            "known_already": done.known_already,
            "told_by_another_format": done.told_by_another_format,
            "was_booked_before": done.was_booked_before,
            "suspense_reasons": dict(done.reasons),
        }
    )


@app.command("suspense")
def suspense(
    first: Annotated[int, typer.Option(min=0, help="How many to pass over.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Money that no loan was found for, oldest first, a hundred at a time."""
    rows = queries.suspense(clock.home_day(), first=first)
    told = [
        {
            "entry": row.entry,
            "amount": decimal_text(row.amount_minor, money.minor_digits(row.currency)),
            "currency": row.currency,
            "booked_on": row.booked_on.isoformat(),
            "days": row.days,
            "reason": row.reason,
            "payer": row.payer,
            "texts": list(row.texts),
        }
        for row in rows
    ]
    if as_json:
        json_input.say(told)
        return
    table = Table("entry", "amount", "", "booked on", "days", "reason", "payer", "text")
    for one in told:
        cells = [str(value) for value in list(one.values())[:-1]]
        table.add_row(*cells, " | ".join(rows[len(table.rows)].texts)[:60])
    Console().print(table if told else "Nothing is in suspense.")


@app.command("assign")
def assign(
    entry: EntryId,
    loan: Annotated[str, typer.Argument(help="The loan's id.")],
    reason: Reason,
    staff: person.Staff,
) -> None:
    """Ask that money in suspense becomes a payment of a loan; a second person decides."""
    _ask(entry, "assign", servicing_queries.loan_by_id(loan), reason, staff)


@app.command("return")
def return_(entry: EntryId, reason: Reason, staff: person.Staff) -> None:
    """Ask that money of an unknown sender goes back to her; a second person decides."""
    _ask(entry, "return", None, reason, staff)


@app.command("clear")
def clear(entry: EntryId, reason: Reason, staff: person.Staff) -> None:
    """Ask that a movement is cleared against the bank's counter-movement; a second person decides."""
    _ask(entry, "clear", None, reason, staff)


@app.command("took-back")
def took_back(
    entry: EntryId,
    payment: Annotated[str, typer.Argument(help="The id of the payment that the bank took back.")],
    reason: Reason,
    staff: person.Staff,
) -> None:
    """Ask that money that went out is the reversal of its payment; a second person decides."""
    _ask(entry, "reverse", None, reason, staff, payment)


def _ask(entry: str, move: str, loan: LoanRow | None, reason: str, staff: str, payment: str = "") -> None:
    told = suspense_queries.content(entry, move, loan, clock.home_day(), payment_id=payment)
    person.ask(suspense_queries.MOVES[move].value, entry, told, reason, staff, place="/suspense/")
