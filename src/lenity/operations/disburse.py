"""A loan is paid out in full: interest is never deducted from it (Civil Code art. 670, CN-CC-670)."""

from __future__ import annotations

import json
from collections.abc import Sequence

from lenity.base import canonical, rates
from lenity.base.money import MINOR_DIGITS
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.ledger.chart import Leg
from lenity.domain.servicing import caps, cost_statement, offer, schedule
from lenity.domain.servicing.allocation import Rule
from lenity.domain.servicing.annual_cost import Method
from lenity.domain.servicing.caps import Cap, Licence
from lenity.domain.servicing.schedule import Instalment
from lenity.domain.servicing.terms import Terms, to_plain
from lenity.gateways import ids
from lenity.law import reader
from lenity.operations import servicing, unit
from lenity.records.ledger import writes as ledger_writes
from lenity.records.lending import cost_queries, servicing_queries, writes
from lenity.records.lending.models import CostStatement, Loan
from lenity.records.people import queries as people
from lenity.records.people.models import Borrower

CIVIL_CODE = Rule()


def disburse(
    *,
    borrower_id: str,
    account_number: str,
    product: str,
    terms: Terms,
    actor: str,
    rule: Rule = CIVIL_CODE,
    licence: Licence = Licence.MICROLOAN,
    cost: str = "",
) -> Loan:
    """Pay out a loan on its terms, today. The same account number again is refused.

    `rule` is how payments are allocated and what being late costs; `licence` is the lender's.

    Refused where the annual cost, fees included, is above the ceiling of the place: the message names it. Where
    the place asks for it (CN-MSCB-2026), `cost` is the statement of exactly these terms that she confirmed.
    """
    with unit.of_work(operation="disburse", actor=actor) as work:
        borrower = servicing.needed(people.find_borrower(borrower_id), "borrower", borrower_id)
        place = borrower.jurisdiction
        ceiling = caps.cap(reader.rulebook(place), place, licence, servicing.today(place))
        _check(terms, place, account_number)
        _check_ceiling(terms, rule, ceiling)
        statement = _confirmed(cost, borrower, terms, rule)
        rows = schedule.of(terms)
        loan = _loan(borrower, account_number, product, terms)
        writes.add_serviced_loan(
            loan,
            terms=canonical.text(to_plain(terms)),
            allocation=canonical.text(_plain(rule, licence)),
            rows=rows,
            agreed_on=terms.disbursed_on,
        )
        if statement is not None:
            writes.use_cost_statement(loan, statement)
        entry = ledger_writes.Entry(
            "disbursement", terms.disbursed_on, "disbursement", loan.public_id, _legs(loan, rows)
        )
        ledger_writes.book(entry, recorded_at=work.now)
        work.record(
            subject_kind="loan",
            subject_id=loan.public_id,
            borrower_id=borrower.public_id,
            body={
                "principal_minor": terms.principal_minor,
                "currency": loan.currency,
                "instalments": len(rows),
                "terms": canonical.digest(to_plain(terms)),
                "annual_cost_percent": offer.cost(terms, rows, Method.IRR).text(),
                "cost_statement": statement.digest if statement else "",
            },
        )
        return loan


def _loan(borrower: Borrower, account_number: str, product: str, terms: Terms) -> Loan:
    return Loan(
        public_id=ids.public_id(),
        account_number=account_number,
        borrower=borrower,
        product=product,
        portfolio_type="I",
        currency=terms.currency,
        opened_on=terms.disbursed_on,
        credit_limit_minor=terms.principal_minor,
    )


def _confirmed(cost: str, borrower: Borrower, terms: Terms, rule: Rule) -> CostStatement | None:
    """The statement that was confirmed for these terms; none where the place asks for none and none is named."""
    place = borrower.jurisdiction
    if not cost and not cost_statement.is_asked_for(reader.rulebook(place), servicing.today(place)):
        return None
    row = cost_queries.row_by_id(cost)
    if row is None or row.borrower_id != borrower.pk or not cost_queries.is_agreed(row):
        says = f"No cost statement was confirmed by the borrower ({cost_statement.PROVISION})."
        raise InputRefused([Problem("cost.unconfirmed", says, "Show it, and let her confirm it first.")])
    if json.loads(row.text)["terms"] != cost_statement.terms_digest(terms, rule) or hasattr(row, "loan_cost"):
        says = "The statement that was confirmed is for other terms, or another loan was paid out on it."
        raise InputRefused([Problem("cost.other_terms", says, "Show a statement of these terms.")])
    return row


def _plain(rule: Rule, licence: Licence) -> dict[str, object]:
    return {
        "order": [component.value for component in rule.order],
        "across": rule.across.value,
        "advance": rule.advance.value,
        "late_annual_rate": str(rule.late_rate),
        "licence": licence.value,
    }


def _legs(loan: Loan, rows: Sequence[Instalment]) -> tuple[Leg, ...]:
    principal = loan.credit_limit_minor
    fees = sum(row.fee_minor + row.late_fee_minor for row in rows)
    legs = [
        Leg("loan_principal", loan.currency, principal, loan.pk),
        Leg("cash", loan.currency, -principal),
    ]
    if fees:
        legs += [Leg("fee_receivable", loan.currency, fees, loan.pk), Leg("fee_income", loan.currency, -fees)]
    return tuple(legs)


def _check(terms: Terms, place: str, account_number: str) -> None:
    problems = []
    today = servicing.today(place)
    if terms.disbursed_on != today:
        says = f"disbursed_on is {terms.disbursed_on}, today is {today}."
        problems.append(Problem("terms.disbursed_on", says, "Money is paid out today."))
    if terms.decimals != MINOR_DIGITS[terms.currency]:
        problems.append(Problem("terms.currency_decimals", "The ledger keeps the currency's own decimals."))
    if not 0 < len(account_number) <= 30:
        problems.append(Problem("loan.account_number", "The account number has 1 to 30 signs."))
    elif servicing_queries.has_account(account_number):
        problems.append(Problem("loan.account_number", "The account number is a loan already."))
    if problems:
        raise InputRefused(problems)


def _check_ceiling(terms: Terms, rule: Rule, ceiling: Cap | None) -> None:
    if over := caps.above(terms, ceiling):
        raise InputRefused([Problem("terms.annual_rate_percent", str(over), "Lower the rate or the fees.")])
    if ceiling and rule.late_rate * 1_000_000 > ceiling.cap_ppm:
        says = f"The late rate is above the {rates.percent_text(ceiling.cap_ppm)} % of {ceiling.provision}."
        raise InputRefused([Problem("terms.late_rate_percent", says, "Lower the late rate.")])
