"""A loan is placed with an agency: for some channels, hours and days, and no longer; the borrower is told."""

from __future__ import annotations

from datetime import date, time

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import clock
from lenity.operations import noticing, placing, servicing, unit
from lenity.records.debt_collection import placement_queries, transfer_queries
from lenity.records.debt_collection.models import Placement
from lenity.records.intake import queries as intake
from lenity.records.lending import servicing_queries
from lenity.records.lending import writes as lending
from lenity.records.lending.models import Loan


def place_loan(
    *,
    agency: str,
    loan_id: str,
    channels: tuple[str, ...],
    opens: time,
    closes: time,
    until: date,
    actor: str,
) -> Placement:
    """Let an agency (a program with scope `contacts`) ask for contacts about a loan, until it is recalled.

    It narrows only: each contact still goes through the gate, as an outside collector's. The gate is asked
    first whether this debt may be placed at all, and then for the notices that the placing calls for, in the
    same transaction.
    """
    with unit.of_work(operation="place_loan", actor=actor, of_parts=True) as work:
        loan = servicing.needed(lending.lock_loan(loan_id), "loan", loan_id)
        client = servicing.needed(intake.client_by_name(agency), "agency", agency)
        within = placing.Within(channels, opens, closes, until)
        problems = within.problems(client, clock.business_day(loan.borrower.jurisdiction))
        if placement_queries.placed(loan.pk):
            problems.append(Problem("placement.loan", "The loan is placed already.", "Recall it first."))
        problems += _transfer_problems(loan, work)
        if problems:
            raise InputRefused(problems)
        placement = placing.place(work, loan, agency, within)
        noticing.tell(work, [loan_id])
        return placement


def _transfer_problems(loan: Loan, work: unit.Work) -> list[Problem]:
    """Why a debt may not be placed: it was paid, discharged, or is nobody's own (US-RF-30b, HOUSE-TRANSFER)."""
    account = servicing_queries.account_on(loan, clock.business_day(loan.borrower.jurisdiction))
    settled = () if account.owed_minor else (loan.pk,)
    asked = transfer_queries.certificates([loan], settled, work.now)[loan.pk]
    if asked.verdict == "allowed":
        return []
    leading = asked.leading
    says = f"{leading.facts_used.get('en', '')} {leading.says['en']} ({leading.provision_id})".strip()
    return [Problem("placement.transfer", says, "It cannot be placed.")]
