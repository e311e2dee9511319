"""What the ledger says."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Sum

from lenity.records.ledger.models import LedgerTransaction, Posting

OWED = ("loan_principal", "interest_receivable", "fee_receivable")


def trial_balance() -> dict[str, dict[str, int]]:
    """Per currency the balance of each account code, in minor units; each currency sums to zero."""
    rows = Posting.objects.values("currency", "account__code").annotate(total=Sum("amount_minor"))
    balance: dict[str, dict[str, int]] = {}
    for row in rows.order_by("currency", "account__code"):
        balance.setdefault(row["currency"], {})[row["account__code"]] = int(row["total"])
    return balance


def is_balanced() -> bool:
    """Whether the postings of each currency sum to zero."""
    return all(sum(accounts.values()) == 0 for accounts in trial_balance().values())


def loan_balances(loan_ids: Sequence[int] | None = None) -> dict[int, dict[str, int]]:
    """Per loan the balance of each of its accounts, in minor units."""
    rows = Posting.objects.filter(account__loan_id__isnull=False)
    if loan_ids is not None:
        rows = rows.filter(account__loan_id__in=loan_ids)
    balances: dict[int, dict[str, int]] = {}
    for row in rows.values("account__loan_id", "account__code").annotate(total=Sum("amount_minor")):
        balances.setdefault(int(row["account__loan_id"] or 0), {})[row["account__code"]] = int(row["total"])
    return balances


def counts() -> dict[str, int]:
    """How many transactions and postings there are."""
    return {
        "transactions": LedgerTransaction.objects.count(),
        "postings": Posting.objects.aggregate(number=Count("id"))["number"],
    }
