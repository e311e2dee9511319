"""The facts a close starts from, as columns. Dates are whole day numbers, amounts whole minor units."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

LOANS = {"loan_id": pl.Int64, "balance_minor": pl.Int64}
INSTALMENTS = {
    "loan_id": pl.Int64,
    "due_day": pl.Int64,
    "amount_minor": pl.Int64,
    "cum_before_minor": pl.Int64,
}
PAYMENTS = {"loan_id": pl.Int64, "paid_minor": pl.Int64}


@dataclass(frozen=True)
class Facts:
    """Loans with their ledger balance, what falls due, and what was paid up to the day of the close."""

    loans: pl.DataFrame
    instalments: pl.DataFrame
    payments: pl.DataFrame

    def digest(self) -> str:
        """A digest that does not depend on the order of rows."""
        return frames_digest([self.loans, self.instalments, self.payments])


def of_rows(
    loans: Iterable[Sequence[int]], instalments: Iterable[Sequence[int]], payments: Iterable[Sequence[int]]
) -> Facts:
    """Facts from rows in the order of the columns."""
    return Facts(
        pl.DataFrame(list(loans), schema=LOANS, orient="row"),
        pl.DataFrame(list(instalments), schema=INSTALMENTS, orient="row"),
        pl.DataFrame(list(payments), schema=PAYMENTS, orient="row"),
    )


def frames_digest(frames: Sequence[pl.DataFrame]) -> str:
    """SHA-256 over the sorted rows of frames as CSV."""
    digest = hashlib.sha256()
    for frame in frames:
        digest.update(frame.sort(frame.columns).write_csv().encode())
    return digest.hexdigest()
