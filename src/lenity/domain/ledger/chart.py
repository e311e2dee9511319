"""The chart of accounts of a consumer lender, and what makes an entry balanced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lenity.base.money import MAX_MINOR, minor_digits


@dataclass(frozen=True)
class Account:
    """One account of the chart. `normal` is the side on which it usually stands: debit or credit."""

    code: str
    kind: str  # asset | liability | income | expense | equity
    normal: str
    zh: str
    en: str


CHART: Mapping[str, Account] = {
    account.code: account
    for account in (
        Account("loan_principal", "asset", "debit", "贷款本金", "Loan principal"),
        Account("interest_receivable", "asset", "debit", "应收利息", "Interest receivable"),
        Account("fee_receivable", "asset", "debit", "应收费用", "Fees receivable"),
        Account("cash", "asset", "debit", "现金", "Cash"),
        Account("customer_credit", "liability", "credit", "客户贷方余额", "Customer credit balances"),
        Account("suspense", "liability", "credit", "待查款项", "Suspense"),
        Account("interest_income", "income", "credit", "利息收入", "Interest income"),
        Account("fee_income", "income", "credit", "费用收入", "Fee income"),
        Account("charge_off", "expense", "debit", "核销损失", "Charge-offs"),
        Account("relief", "expense", "debit", "减免", "Relief granted"),
        Account("recovery_income", "income", "credit", "收回", "Recoveries"),
        Account("book_import", "equity", "credit", "账簿导入清算", "Book import clearing"),
    )
}


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of an entry: positive is a debit, negative a credit, in minor units."""

    code: str
    currency: str
    amount_minor: int
    loan_id: int | None = None


class UnbalancedEntry(ValueError):
    """An entry that may not be booked, and why."""


def check(legs: Iterable[Leg]) -> None:
    """Refuse an entry that is empty, one-legged, unbalanced in a currency, out of bounds or off the chart."""
    sums: dict[str, int] = {}
    number = 0
    for leg in legs:
        number += 1
        if leg.code not in CHART:
            raise UnbalancedEntry(f"{leg.code!r} is not an account of the chart")
        if type(leg.amount_minor) is not int or leg.amount_minor == 0 or abs(leg.amount_minor) > MAX_MINOR:
            raise UnbalancedEntry(f"{leg.amount_minor!r} is not an amount that can be posted")
        minor_digits(leg.currency)
        sums[leg.currency] = sums.get(leg.currency, 0) + leg.amount_minor
    if number < 2:
        raise UnbalancedEntry("an entry has at least two legs")
    open_sums = {currency: total for currency, total in sums.items() if total}
    if open_sums:
        raise UnbalancedEntry(f"the legs do not sum to zero: {open_sums}")
