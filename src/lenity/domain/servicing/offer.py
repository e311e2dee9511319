"""What a borrower is told before signing: instalments, totals and the annual cost of the terms."""

from __future__ import annotations

from collections.abc import Sequence

from lenity.base.outcomes import InputRefused
from lenity.domain.servicing import annual_cost, schedule
from lenity.domain.servicing.annual_cost import AnnualCost, Flow, Kind, Method, UnitPeriod
from lenity.domain.servicing.schedule import Instalment
from lenity.domain.servicing.terms import Terms, Unit
from lenity.domain.servicing.texts import decimal_text

KINDS = {Unit.DAYS: Kind.DAY, Unit.WEEKS: Kind.WEEK, Unit.MONTHS: Kind.MONTH}


def unit_period(terms: Terms) -> UnitPeriod:
    """The unit-period of regular terms: the time between two instalments."""
    return UnitPeriod(KINDS[terms.unit], terms.every)


def cost(terms: Terms, rows: Sequence[Instalment], method: Method) -> AnnualCost:
    """The annual cost of terms: all that is paid, fees included, against what is disbursed."""
    paid = [Flow(row.due_date, row.total_minor) for row in rows if row.total_minor]
    return annual_cost.annual_cost(
        [Flow(terms.disbursed_on, terms.principal_minor)], paid, unit_period(terms), method
    )


def to_plain(terms: Terms) -> dict[str, object]:
    """The offer as JSON values; amounts are decimal texts."""
    rows = schedule.of(terms)

    def text(minor: int) -> str:
        return decimal_text(minor, terms.decimals)

    instalments = [
        {
            "number": row.number,
            "due_date": row.due_date.isoformat(),
            "principal": text(row.principal_minor),
            "interest": text(row.interest_minor),
            "fees": text(row.fee_minor),
            "late_fees": text(row.late_fee_minor),
            "total": text(row.total_minor),
            "balance": text(row.balance_minor),
        }
        for row in rows
    ]
    totals = {
        "principal": text(sum(row.principal_minor for row in rows)),
        "interest": text(sum(row.interest_minor for row in rows)),
        "fees": text(sum(row.fee_minor for row in rows)),
        "late_fees": text(sum(row.late_fee_minor for row in rows)),
        "total": text(sum(row.total_minor for row in rows)),
    }
    return {"instalments": instalments, "totals": totals, "annual_cost": _costs(terms, rows)}


def _costs(terms: Terms, rows: Sequence[Instalment]) -> dict[str, object]:
    try:
        us = cost(terms, rows, Method.US_ACTUARIAL)
        irr = cost(terms, rows, Method.IRR)
    except InputRefused as refused:
        return {"apr_percent": None, "irr_percent": None, "why": str(refused)}
    return {
        "apr_percent": us.text(),
        "irr_percent": irr.text(),
        "irr_effective_percent": annual_cost.rounded(irr.effective_percent, 2),
        "irr_annualised_by": "multiplication (CN-PBC-2021-3 not read: unconfirmed)",
    }
