"""Double entry. Transactions, postings and seals are only ever added; the database refuses the rest.

A transaction becomes valid by its seal: the transaction points at the seal by a deferred foreign key, and
the seal's insert checks that the postings sum to zero in each currency. Without a seal COMMIT fails.
"""

from __future__ import annotations

from django.db import models


class LedgerAccount(models.Model):
    """One account of the chart, in one currency, for the whole lender or for one loan."""

    code = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    loan_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "currency", "loan_id"], name="ledger_account_of_loan"),
            models.UniqueConstraint(
                fields=["code", "currency"],
                condition=models.Q(loan_id__isnull=True),
                name="ledger_account_of_lender",
            ),
        ]


class Seal(models.Model):
    """The closing mark of a transaction; its insert checks the sums."""

    transaction_id = models.BigIntegerField(primary_key=True)


class LedgerTransaction(models.Model):
    """One event in money. `source` and `source_id` make it unique, so nothing is booked twice."""

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=40)
    value_date = models.DateField()
    recorded_at = models.DateTimeField()
    source = models.CharField(max_length=40)
    source_id = models.CharField(max_length=80)
    reverses = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    seal = models.OneToOneField(Seal, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "source_id"], name="ledger_transaction_source"),
            models.CheckConstraint(
                condition=models.Q(seal_id=models.F("id")), name="ledger_transaction_own_seal"
            ),
        ]


class Posting(models.Model):
    """One leg: positive is a debit, negative a credit, in minor units."""

    transaction = models.ForeignKey(LedgerTransaction, on_delete=models.PROTECT, related_name="postings")
    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="postings")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_minor__gte=-(10**15), amount_minor__lte=10**15)
                & ~models.Q(amount_minor=0),
                name="ledger_posting_bounds",
            )
        ]
