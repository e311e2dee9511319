"""Cost statements as their readers see them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from lenity.base import rates
from lenity.domain.servicing import cost_statement
from lenity.records.lending.models import CostStatement, Loan

PPM = 1_000_000


@dataclass(frozen=True)
class Shown:
    """One statement: what it says, and how far its borrower is with it."""

    public_id: str
    statement: dict[str, Any]
    made_at: datetime
    opened_at: datetime | None
    confirmed_at: datetime | None
    opens_at: datetime | None
    is_used: bool

    @property
    def rows(self) -> list[tuple[date, int]]:
        """What is paid on which day."""
        return [(date.fromisoformat(day), minor) for day, minor in self.statement["rows"]]

    @property
    def rate_percent(self) -> str:
        """The yearly rate of interest."""
        return _percent(self.statement["items"][0]["annual_rate"])

    @property
    def late_percent(self) -> str:
        """The yearly rate on what is overdue; empty where there is none."""
        late = self.statement["late_annual_rate"]
        return _percent(late) if Fraction(late) else ""


def _percent(fraction: str) -> str:
    return rates.percent_text(int(Fraction(fraction) * PPM))


def statement_of(borrower_id: str, public_id: str) -> Shown | None:
    """A borrower's own statement; another's is not there."""
    rows = CostStatement.objects.filter(borrower__public_id=borrower_id, public_id=public_id)
    return next(map(_shown, rows.prefetch_related("steps").select_related("loan_cost")), None)


def statements_of(borrower_id: str) -> list[Shown]:
    """A borrower's statements, the newest first."""
    rows = CostStatement.objects.filter(borrower__public_id=borrower_id).order_by("-id")
    return [_shown(row) for row in rows.prefetch_related("steps").select_related("loan_cost")[:50]]


def waiting(borrower_id: str) -> list[str]:
    """The ids of a borrower's statements that wait to be confirmed."""
    rows = CostStatement.objects.filter(borrower__public_id=borrower_id)
    open_ = rows.exclude(steps__step__in=("confirmed", "signed")).order_by("-id")
    return list(open_.values_list("public_id", flat=True)[:5])


def row_by_id(public_id: str) -> CostStatement | None:
    """A statement with its borrower, its steps and the loan that was paid out on it."""
    rows = CostStatement.objects.select_related("borrower", "loan_cost").prefetch_related("steps")
    return rows.filter(public_id=public_id).first()


def is_agreed(row: CostStatement) -> bool:
    """Whether the borrower confirmed it, or signed it on paper."""
    return any(one.step in ("confirmed", "signed") for one in row.steps.all())


def stated(loan: Loan) -> dict[str, Any] | None:
    """The statement that a loan was paid out on; none for one that came before the law or with a book."""
    cost = getattr(loan, "cost", None)
    return dict(json.loads(cost.statement.text)) if cost is not None else None


def _shown(row: CostStatement) -> Shown:
    at = {one.step: one.at for one in row.steps.all()}
    opened = at.get("opened")
    return Shown(
        row.public_id,
        json.loads(row.text),
        row.made_at,
        opened,
        at.get("confirmed") or at.get("signed"),
        cost_statement.opens(opened, row.read_seconds) if opened else None,
        hasattr(row, "loan_cost"),
    )
