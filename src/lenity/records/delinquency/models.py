"""The nightly close and its result. Positions are a projection: dropped and rebuilt from facts at will."""

from __future__ import annotations

from django.db import models


class CloseRun(models.Model):
    """One close of one business day."""

    business_date = models.DateField(db_index=True)
    facts_digest = models.CharField(max_length=64)
    result_digest = models.CharField(max_length=64)
    loans = models.IntegerField()
    in_arrears = models.IntegerField()
    closed_at = models.DateTimeField()


class LoanPosition(models.Model):
    """Where a loan stood at the last close (projection)."""

    loan = models.OneToOneField(
        "lending.Loan", primary_key=True, on_delete=models.CASCADE, related_name="position"
    )
    on_date = models.DateField()
    days_past_due = models.IntegerField(db_index=True)
    stage = models.CharField(max_length=20, db_index=True)
    oldest_unpaid_due_date = models.DateField(null=True, blank=True)
    overdue_minor = models.BigIntegerField()
    next_due_date = models.DateField(null=True, blank=True)
    next_due_minor = models.BigIntegerField()
    balance_minor = models.BigIntegerField()


class MonthEnd(models.Model):
    """Where a loan stood at the close of the last day of a month (projection: that close made anew replaces it).

    Months of an imported book are `lending.LoanMonth`; these go on where they end.
    """

    loan = models.ForeignKey("lending.Loan", on_delete=models.CASCADE, related_name="month_ends")
    month_end = models.DateField(db_index=True)
    months_late = models.IntegerField()
    balance_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["loan", "month_end"], name="month_end_once"),
            models.CheckConstraint(condition=models.Q(months_late__gte=0), name="month_end_not_early"),
        ]
