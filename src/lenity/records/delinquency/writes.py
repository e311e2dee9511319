"""The only place that writes closes and positions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from lenity.records.delinquency.models import CloseRun, LoanPosition, MonthEnd


def replace_positions(positions: Iterable[LoanPosition]) -> int:
    """Put the result of a close in place of the one before (positions are a projection)."""
    LoanPosition.objects.all().delete()
    return len(LoanPosition.objects.bulk_create(positions, batch_size=1000))


def replace_month_end(ends: Iterable[MonthEnd], month_end: date) -> int:
    """Put where loans stood at the end of a month in place of what an earlier close of that day said."""
    MonthEnd.objects.filter(month_end=month_end).delete()
    return len(MonthEnd.objects.bulk_create(ends, batch_size=1000))


def refresh_position(loan_id: int, **now: object) -> None:
    """Bring one loan's position up to date after a payment; the next close makes all of them anew."""
    LoanPosition.objects.filter(loan_id=loan_id).update(**now)


def add_close(
    *,
    business_date: date,
    facts_digest: str,
    result_digest: str,
    loans: int,
    in_arrears: int,
    closed_at: datetime,
) -> CloseRun:
    """Note that a business day was closed."""
    return CloseRun.objects.create(
        business_date=business_date,
        facts_digest=facts_digest,
        result_digest=result_digest,
        loans=loans,
        in_arrears=in_arrears,
        closed_at=closed_at,
    )
