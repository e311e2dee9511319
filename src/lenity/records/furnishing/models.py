"""Files for credit bureaus and what they said of each loan."""

from __future__ import annotations

from django.db import models


class FurnishingFile(models.Model):
    """One month's file for one bureau format."""

    public_id = models.CharField(max_length=20, unique=True)
    format = models.CharField(max_length=20)
    month_end = models.DateField()
    file_name = models.CharField(max_length=80)
    file_digest = models.CharField(max_length=64)
    records = models.IntegerField()
    held_back = models.IntegerField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["format", "month_end", "file_digest"], name="furnishing_file_once"
            )
        ]


class FurnishedRecord(models.Model):
    """What one file said of one loan, so that next month's can be held against it."""

    file = models.ForeignKey(FurnishingFile, on_delete=models.PROTECT, related_name="lines")
    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="furnished")
    status = models.CharField(max_length=2)
    history = models.CharField(max_length=24)
    balance_minor = models.BigIntegerField()
    past_due_minor = models.BigIntegerField()
    first_delinquency_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "loan"], name="furnished_record_once")]
