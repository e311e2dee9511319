"""Loans, what is due on them, and the books they came with."""

from __future__ import annotations

from collections.abc import Iterable

from lenity.records.lending.models import ImportedBook, Loan


def known_account_numbers(numbers: Iterable[str]) -> set[str]:
    """Which of these account numbers are loans already."""
    wanted = list(numbers)
    found: set[str] = set()
    for start in range(0, len(wanted), 500):
        chunk = wanted[start : start + 500]
        found |= set(Loan.objects.filter(account_number__in=chunk).values_list("account_number", flat=True))
    return found


def imported_before(file_digest: str, mapping_digest: str) -> ImportedBook | None:
    """The import of the same file by the same mapping, if there was one."""
    return ImportedBook.objects.filter(file_digest=file_digest, mapping_digest=mapping_digest).first()


def imported_books(most: int = 20) -> list[ImportedBook]:
    """Books that were imported, newest first."""
    return list(ImportedBook.objects.order_by("-id")[:most])


def has_loans() -> bool:
    """Whether there is a book at all."""
    return Loan.objects.exists()
