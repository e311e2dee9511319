"""`lenity loan`: pay out a loan, take and reverse payments, show where it stands."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings

from lenity.base import money
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.delinquency import stages
from lenity.domain.servicing import relief, statement
from lenity.domain.servicing import terms as terms_room
from lenity.domain.servicing.allocation import Across, Advance, Rule
from lenity.domain.servicing.caps import Licence
from lenity.domain.servicing.texts import decimal_text
from lenity.gateways import clock
from lenity.interfaces.cli import json_input, loan_facts, person
from lenity.interfaces.shared import statement_pdf
from lenity.operations.confirm_cost import confirm_cost
from lenity.operations.disburse import disburse
from lenity.operations.show_cost import show_cost
from lenity.operations.take_payment import take_payment
from lenity.records.lending import change_queries, servicing_queries

app = typer.Typer(help="The life of a loan.", no_args_is_help=True)
app.add_typer(loan_facts.app)
ACTOR = "command line"


@app.command("disburse")
def disburse_(
    borrower: Annotated[str, typer.Argument(help="The borrower's id.")],
    account: Annotated[str, typer.Argument(help="The new loan's account number.")],
    file: Annotated[Path | None, typer.Argument(help="Terms as JSON; standard input without it.")] = None,
    product: Annotated[str, typer.Option(help="The product's name.")] = "instalment loan",
    licence: Annotated[Licence, typer.Option(help="The lender's licence.")] = Licence.MICROLOAN,
    late_rate: Annotated[str, typer.Option(help="Late interest in per cent a year.")] = "0",
    across: Annotated[Across, typer.Option(help="How due amounts are paid.")] = Across.HORIZONTAL,
    advance: Annotated[Advance, typer.Option(help="Where money ahead goes.")] = Advance.NEXT,
    cost: Annotated[
        str, typer.Option(help="The cost statement that the borrower confirmed (`lenity loan cost`).")
    ] = "",
) -> None:
    """Pay out a loan in full; refused above the ceiling on its annual cost, or before its cost was confirmed."""
    agreed = terms_room.read(json_input.read(file))
    rule = Rule(across=across, advance=advance, late_rate=_late_rate(late_rate))
    loan = disburse(
        borrower_id=borrower,
        account_number=account,
        product=product,
        terms=agreed,
        actor=ACTOR,
        rule=rule,
        licence=licence,
        cost=cost,
    )
    json_input.say({"loan": loan.public_id, "account_number": loan.account_number})


def _late_rate(text: str) -> Fraction:
    try:
        return Fraction(text) / 100
    except (ValueError, ZeroDivisionError) as error:
        raise InputRefused([Problem("terms.late_rate_percent", f"{text[:20]!r} is not a rate.")]) from error


@app.command("cost")
def cost(
    borrower: Annotated[str, typer.Argument(help="The borrower's id.")],
    file: Annotated[Path | None, typer.Argument(help="Terms as JSON; standard input without it.")] = None,
    licence: Annotated[Licence, typer.Option(help="The lender's licence.")] = Licence.MICROLOAN,
    late_rate: Annotated[str, typer.Option(help="Late interest in per cent a year.")] = "0",
    late_fee: Annotated[str, typer.Option(help="The most that a fee for lateness may be.")] = "",
    fee: Annotated[str, typer.Option(help="The most that another later fee may be.")] = "",
) -> None:
    """State what a loan will cost in all; the borrower reads and confirms it in the portal (CN-MSCB-2026)."""
    agreed = terms_room.read(json_input.read(file))
    try:
        most = {
            name: money.parse(text, agreed.currency).minor
            for name, text in (("late_fee", late_fee), ("fee", fee))
            if text
        }
    except ValueError as error:
        raise InputRefused([Problem("cost.contingent", f"{error}.")]) from error
    made = show_cost(
        borrower_id=borrower,
        terms=agreed,
        actor=ACTOR,
        rule=Rule(late_rate=_late_rate(late_rate)),
        licence=licence,
        contingent=most,
    )
    json_input.say({"cost": made.public_id, "digest": made.digest, "read_seconds": made.read_seconds})


@app.command("cost-signed")
def cost_signed(cost: Annotated[str, typer.Argument(help="The statement that was signed on paper.")]) -> None:
    """Record that the borrower signed the statement on paper."""
    confirm_cost(statement_id=cost, step="signed", actor=ACTOR)
    json_input.say({"cost": cost, "signed": True})


@app.command("pay")
def pay(
    loan: Annotated[str, typer.Argument(help="The loan's id.")],
    amount: Annotated[str, typer.Argument(help="A decimal amount in the loan's currency.")],
    on: Annotated[str, typer.Option(help="Value date, YYYY-MM-DD.")],
    key: Annotated[str, typer.Option(help="The payment's own id: taken once, however often it is sent.")],
    source: Annotated[str, typer.Option(help="Where the payment comes from.")] = "command line",
) -> None:
    """Take a payment."""
    found = loan_facts.found_loan(loan)
    try:
        paid, value_date = money.parse(amount, found.currency), date.fromisoformat(on)
    except ValueError as error:
        raise InputRefused([Problem("payment", f"{error}.")]) from error
    taken = take_payment(
        loan_id=loan,
        amount_minor=paid.minor,
        currency=found.currency,
        value_date=value_date,
        source=source,
        source_id=key,
        actor=ACTOR,
    )
    json_input.say({"payment": taken.public_id})


@app.command("reverse")
def reverse(
    payment: Annotated[str, typer.Argument(help="The payment's id.")],
    reason: loan_facts.Reason,
    staff: person.Staff,
) -> None:
    """Ask that a payment is reversed and what came after it allocated again; a second person approves it."""
    person.ask("payment_reversal", payment, change_queries.reversal(payment), reason, staff)


@app.command("show")
def show(
    loan: Annotated[str, typer.Argument(help="The loan's id.")],
    on: Annotated[str, typer.Option(help="A day, past or today, YYYY-MM-DD.")],
) -> None:
    """What is owed on a day, instalment by instalment, as it follows from the facts up to that day."""
    found = loan_facts.found_loan(loan)
    try:
        day = date.fromisoformat(on)
    except ValueError as error:
        raise InputRefused(
            [Problem("day", f"{on[:20]!r} is not a day.", "Write it as 2026-11-24.")]
        ) from error
    state = servicing_queries.account_on(found, day)
    digits = money.minor_digits(found.currency)
    json_input.say(
        {
            "loan": loan,
            "on_date": on,
            "currency": found.currency,
            "days_past_due": state.days_past_due,
            "stage": stages.standard().of(state.days_past_due).code,
            "accrued_interest": decimal_text(max(relief.accrued_minor(state), 0), digits),
            "overdue": decimal_text(state.overdue_minor, digits),
            "owed": decimal_text(state.owed_minor, digits),
            "credit": decimal_text(state.credit_minor, digits),
            "instalments": [
                {
                    "number": item.number,
                    "due_date": item.due_date.isoformat(),
                    "days_past_due": state.item_days_past_due(item),
                    "open": decimal_text(item.open_minor, digits),
                    "paid": decimal_text(sum(item.paid.values()), digits),
                }
                for item in state.items
            ],
        }
    )


@app.command("statement")
def statement_(
    loan: Annotated[str, typer.Argument(help="The loan's id.")],
    pdf: Annotated[Path, typer.Argument(help="The PDF to write.")],
    on: Annotated[str, typer.Option(help="A day, past or today; today without it.")] = "",
    language: Annotated[str, typer.Option(help="zh-hans or en; the borrower's without it.")] = "",
) -> None:
    """Write a borrower's statement: every line, the order of allocation, how interest was computed."""
    found = loan_facts.found_loan(loan)
    try:
        day = date.fromisoformat(on) if on else clock.business_day(found.borrower.jurisdiction)
    except ValueError as error:
        raise InputRefused([Problem("day", f"{on[:20]!r} is not a day.")]) from error
    wanted = language or found.borrower.language
    if wanted not in statement.LANGUAGES:
        raise InputRefused([Problem("language", f"It is one of: {', '.join(statement.LANGUAGES)}.")])
    made = statement.of(servicing_queries.statement_basis(found), day, wanted)
    pdf.write_bytes(statement_pdf.render(made, settings.LENITY_LENDER_NAMES[wanted]))
    json_input.say({"file": str(pdf), "language": wanted, "on_date": day.isoformat()})
