"""What a book comes to: counts and sums that a lender compares with those of its own system."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from lenity.domain.lending import imported_loan
from lenity.domain.lending.book_rows import ImportedLoan
from lenity.domain.lending.imported_loan import MinimumPayment


@dataclass(kw_only=True)
class Totals:
    """Loans, and sums by currency in minor units; `balance_minor` is what is owed less credit balances."""

    loans: int = 0
    in_arrears: int = 0
    late_but_owing_nothing: int = 0
    credit_balances: int = 0
    balance_minor: Counter[str] = field(default_factory=Counter)
    owed_minor: Counter[str] = field(default_factory=Counter)
    credit_minor: Counter[str] = field(default_factory=Counter)
    limit_minor: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)

    def add(self, loan: ImportedLoan, rule: MinimumPayment) -> None:
        """Count one loan."""
        late = bool(loan.months) and loan.months[0].months_late > 0
        owes = late and bool(
            imported_loan.open_items(loan.months, loan.balance_minor, loan.billing_day, rule)
        )
        self.loans += 1
        self.in_arrears += owes
        self.late_but_owing_nothing += late and not owes
        self.credit_balances += loan.balance_minor < 0
        self.balance_minor[loan.currency] += loan.balance_minor
        self.owed_minor[loan.currency] += max(loan.balance_minor, 0)
        self.credit_minor[loan.currency] += max(-loan.balance_minor, 0)
        self.limit_minor[loan.currency] += loan.credit_limit_minor
        self.places[loan.jurisdiction] += 1

    def plain(self) -> dict[str, int | Mapping[str, int]]:
        """As JSON."""
        return {
            name: dict(sorted(value.items())) if isinstance(value, Counter) else value
            for name, value in vars(self).items()
            if name in Totals.__dataclass_fields__
        }
