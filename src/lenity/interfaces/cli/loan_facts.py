"""`lenity loan`: charges, waivers, refunds, charge-off, rate, plans, payoff, prepayment, undo, limitation."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Annotated

import typer

from lenity.base import money
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing import limitation, relief
from lenity.domain.servicing.account import Account
from lenity.domain.servicing.relief import Kind, Request
from lenity.domain.servicing.schedule import Instalment
from lenity.domain.servicing.texts import decimal_text
from lenity.gateways import clock
from lenity.interfaces.cli import json_input, person
from lenity.operations.charge import charge
from lenity.operations.prepay import prepay
from lenity.operations.record_assignment import record_assignment
from lenity.operations.restart_limitation import restart_limitation
from lenity.records.lending import change_queries, servicing_queries
from lenity.records.lending.servicing_queries import LoanRow

app = typer.Typer(no_args_is_help=True)
ACTOR = "command line"
LoanId = Annotated[str, typer.Argument(help="The loan's id.")]
Amount = Annotated[str, typer.Argument(help="A decimal amount in the loan's currency.")]
Key = Annotated[str, typer.Option(help="The entry's own key: it is taken once, however often it is sent.")]
Reason = Annotated[str, typer.Option(help="Why, for the record; no personal data.")]
Component = Annotated[str, typer.Argument(help="fee, late_fee, late_interest, interest or principal.")]
PlanKind = Annotated[Kind, typer.Argument(help="The kind of plan.")]
Periods = Annotated[int, typer.Option(help="Instalment periods: of an extension, a pause or a new plan.")]
Rate = Annotated[str, typer.Option(help="The new yearly rate in per cent, of a rate cut.")]
Reduction = Annotated[str, typer.Option(help="A decimal amount, of a reduction or a prepayment.")]


@app.command("charge")
def charge_(loan: LoanId, component: Component, amount: Amount, key: Key, reason: Reason) -> None:
    """Ask a fee; refused where the loan would cost more a year than it may."""
    found, minor = _minor(loan, amount)
    fact = charge(
        loan_id=loan,
        component=component,
        amount_minor=minor,
        currency=found.currency,
        key=key,
        reason=reason,
        actor=ACTOR,
    )
    json_input.say({"fact": fact.public_id})


@app.command("waive")
def waive_(loan: LoanId, component: Component, amount: Amount, reason: Reason, staff: person.Staff) -> None:
    """Ask that a part of what is owed is let go; a second person approves it, then it is booked."""
    found, minor = _minor(loan, amount)
    person.ask("waiver", loan, change_queries.waiver(found, component, minor, _day(found)), reason, staff)


@app.command("refund")
def refund_(loan: LoanId, amount: Amount, reason: Reason, staff: person.Staff) -> None:
    """Ask that what was paid too much is paid back; a second person approves it, then it is booked."""
    found, minor = _minor(loan, amount)
    person.ask("refund", loan, change_queries.content(found, "refund", minor, _day(found)), reason, staff)


@app.command("charge-off")
def charge_off_(loan: LoanId, reason: Reason, staff: person.Staff) -> None:
    """Ask that the loss is taken into the books; a second person approves it. The borrower's debt stays."""
    found = found_loan(loan)
    person.ask("write_off", loan, change_queries.content(found, "write_off", 0, _day(found)), reason, staff)


@app.command("rate")
def rate_(
    loan: LoanId,
    percent: Annotated[str, typer.Argument(help="The new yearly rate in per cent, below the loan's own.")],
    reason: Reason,
    staff: person.Staff,
) -> None:
    """Ask for a lower rate from today; a second person approves it. A higher one takes a signed plan."""
    found = found_loan(loan)
    share = _share(percent)
    person.ask("rate_change", loan, change_queries.rate(found, share, _day(found)), reason, staff)


@app.command("undo")
def undo(
    fact: Annotated[str, typer.Argument(help="The fact's id.")], reason: Reason, staff: person.Staff
) -> None:
    """Ask that a charge, waiver, refund, plan or charge-off is undone; a second person approves it."""
    person.ask("fact_undo", fact, change_queries.undoing(fact), reason, staff)


@app.command("assigned")
def assigned(
    loan: LoanId,
    former: Annotated[str, typer.Argument(help="Who held the claim before.")],
    on: Annotated[str, typer.Option(help="The day of the assignment, YYYY-MM-DD.")],
) -> None:
    """Record that the claim came by assignment; nobody collects it before the borrower was told (CN-CC-546)."""
    try:
        day = date.fromisoformat(on)
    except ValueError as error:
        says = f"{on[:20]!r} is not a day."
        raise InputRefused([Problem("assignment.on", says, "Write it as 2026-11-24.")]) from error
    hold = record_assignment(loan_id=loan, former=former, assigned_on=day, actor=ACTOR)
    json_input.say({"hold": hold.public_id})


@app.command("plan")
def plan(loan: LoanId, kind: PlanKind, periods: Periods = 0, rate: Rate = "", amount: Reduction = "") -> None:
    """Show a new plan beside the old one and what it costs each side; nothing is agreed yet."""
    found = found_loan(loan)
    asked = _asked(found, kind, periods, rate, amount)
    state = _today(found)
    made = servicing_queries.preview(found, state, asked)
    digits = money.minor_digits(found.currency)

    def text(minor: int) -> str:
        return decimal_text(minor, digits)

    json_input.say(
        {
            "loan": loan,
            "kind": kind.value,
            "shown": servicing_queries.plan_digest(made.new),
            "old": _rows(made.old, digits),
            "new": _rows(made.new, digits),
            "borrower_pays_more": text(made.borrower_pays_more_minor),
            "forgiven_principal": text(made.forgiven_principal_minor),
            "forgone_interest": text(made.forgone_interest_minor),
            "forgone_fees": text(made.forgone_fees_minor),
        }
    )


@app.command("agree")
def agree(
    loan: LoanId,
    kind: PlanKind,
    shown: Annotated[str, typer.Option(help="`shown` of the plan that the borrower saw.")],
    reason: Reason,
    staff: person.Staff,
    periods: Periods = 0,
    rate: Rate = "",
    amount: Reduction = "",
) -> None:
    """Ask that a plan is agreed exactly as it was shown; her month is known and a second person approves it."""
    found = found_loan(loan)
    asked = _asked(found, kind, periods, rate, amount)
    person.ask("plan_agreed", loan, change_queries.plan(found, asked, shown, _day(found)), reason, staff)


@app.command("payoff")
def payoff(loan: LoanId) -> None:
    """What settles the loan today: interest is asked for the days the money was used only."""
    found = found_loan(loan)
    state = _today(found)
    due = relief.payoff_minor(state)
    digits = money.minor_digits(found.currency)
    json_input.say({"loan": loan, "on_date": state.on_date.isoformat(), "payoff": decimal_text(due, digits)})


@app.command("prepay")
def prepay_(loan: LoanId, kind: PlanKind, amount: Amount, key: Key) -> None:
    """Pay more than is due: shorter_term, smaller_instalment or payoff."""
    found, minor = _minor(loan, amount)
    paid = prepay(loan_id=loan, kind=kind, amount_minor=minor, currency=found.currency, key=key, actor=ACTOR)
    json_input.say({"payment": paid.public_id})


@app.command("limitation")
def limitation_(
    loan: LoanId,
    by: Annotated[str, typer.Option(help="Note a demand, acknowledgement or suit of today.")] = "",
    key: Annotated[str, typer.Option(help="The note's own key.")] = "",
    reason: Annotated[str, typer.Option(help="Where the proof is.")] = "",
) -> None:
    """Until when the oldest open claim can be enforced, and what started the clock again."""
    if by:
        restart_limitation(loan_id=loan, by=by, key=key, reason=reason, actor=ACTOR)
    found = found_loan(loan)
    state = _today(found)
    oldest = min((item.due_date for item in state.items if item.open_minor), default=None)
    if oldest is None:
        raise InputRefused([Problem("limitation.settled", "Nothing is owed on the loan.")])
    place = found.borrower.jurisdiction
    rule = limitation.rule(place, state.on_date)
    if rule is None:
        says = f"The catalogue has no limitation period for {place}."
        raise InputRefused([Problem("limitation.law", says)])
    years = int(rule.value["years"])
    restarts = servicing_queries.limitation_restarts(found)
    clock_now = limitation.clock(oldest, restarts, years=years, on_date=state.on_date)
    json_input.say(
        {
            "loan": loan,
            "provision": rule.provision.id,
            "starts_on": clock_now.starts_on.isoformat(),
            "restarted_by": clock_now.restarted_by.value if clock_now.restarted_by else None,
            "ends_on": clock_now.ends_on.isoformat(),
            "has_run_out": clock_now.has_run_out(state.on_date),
        }
    )


def found_loan(loan: str) -> LoanRow:
    """The loan, or a refusal that names what was looked for."""
    found = servicing_queries.loan_by_id(loan)
    if found is None:
        raise InputRefused([Problem("loan.unknown", f"There is no loan {loan[:20]!r}.", "Check the id.")])
    return found


def _minor(loan: str, amount: str) -> tuple[LoanRow, int]:
    found = found_loan(loan)
    try:
        return found, money.parse(amount, found.currency).minor
    except ValueError as error:
        raise InputRefused([Problem("amount", f"{error}.")]) from error


def _day(loan: LoanRow) -> date:
    return clock.business_day(loan.borrower.jurisdiction)


def _today(loan: LoanRow) -> Account:
    return servicing_queries.account_on(loan, _day(loan))


def _share(percent: str) -> Fraction:
    try:
        return Fraction(percent) / 100
    except (ValueError, ZeroDivisionError) as error:
        raise InputRefused([Problem("relief.annual_rate", f"{percent[:20]!r} is not a rate.")]) from error


def _asked(loan: LoanRow, kind: Kind, periods: int, rate: str, amount: str) -> Request:
    share = _share(rate) if rate else None
    minor = money.parse(amount, loan.currency).minor if amount else 0
    return Request(kind, periods, share, minor)


def _rows(rows: tuple[Instalment, ...], digits: int) -> list[dict[str, object]]:
    return [
        {
            "number": row.number,
            "due_date": row.due_date.isoformat(),
            "principal": decimal_text(row.principal_minor, digits),
            "interest": decimal_text(row.interest_minor, digits),
            "fees": decimal_text(row.fee_minor + row.late_fee_minor, digits),
            "total": decimal_text(row.total_minor, digits),
        }
        for row in rows
    ]
