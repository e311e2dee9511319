"""Bank files as they came, their entries and where each went; programs that may call, and their requests."""

from __future__ import annotations

from django.db import models


class BankFile(models.Model):
    """A file exactly as it came (sealed), kept whether or not it could be booked."""

    public_id = models.CharField(max_length=20, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    raw_sealed = models.TextField()
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=60)


class BankBooking(models.Model):
    """That a file was booked, whole; opening + entries = closing held in each of its statements."""

    file = models.OneToOneField(BankFile, on_delete=models.PROTECT, related_name="booking")
    format = models.CharField(max_length=10)
    statements = models.IntegerField()
    entries = models.IntegerField()
    applied = models.IntegerField()
    suspended = models.IntegerField()
    known_already = models.IntegerField()
    booked_at = models.DateTimeField()


class BankEntry(models.Model):
    """One movement on the lender's account: applied to a loan, or in suspense with a reason."""

    public_id = models.CharField(max_length=20, unique=True)
    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="entries")
    source_id = models.CharField(max_length=80, unique=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    booked_on = models.DateField()
    value_date = models.DateField()
    details_sealed = models.TextField()
    payment = models.OneToOneField(
        "lending.Payment", null=True, blank=True, on_delete=models.PROTECT, related_name="bank_entry"
    )
    reason = models.CharField(max_length=20, blank=True, default="")
    likeness = models.CharField(max_length=64, blank=True, default="", db_index=True)
    sure_likeness = models.CharField(max_length=64, blank=True, default="", db_index=True)
    """Digests by which another format is recognised (`domain/banking/matching`); empty where there is none."""
    account_key = models.CharField(max_length=8, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(payment__isnull=False, reason="")
                | (models.Q(payment__isnull=True) & ~models.Q(reason="")),
                name="bank_entry_applied_or_in_suspense",
            )
        ]


class SuspenseOutcome(models.Model):
    """What became of money in suspense, once: assigned to a loan, returned to its sender, cleared, or a reversal.

    `payment` is the payment that it became, or the reversal of the payment that the bank took back.
    """

    entry = models.OneToOneField(BankEntry, on_delete=models.PROTECT, related_name="outcome")
    kind = models.CharField(max_length=10)
    payment = models.OneToOneField("lending.Payment", null=True, blank=True, on_delete=models.PROTECT)
    reason = models.CharField(max_length=60)
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["assigned", "reversed"], payment__isnull=False)
                | models.Q(kind__in=["returned", "cleared"], payment__isnull=True),
                name="suspense_outcome_kind",
            )
        ]


class ApiClient(models.Model):
    """A program that may call the HTTP API. Only a digest of its token is kept."""

    name = models.CharField(max_length=40, unique=True)
    token_digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField()
    added_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    token_by = models.CharField(max_length=80, blank=True, default="")
    """Who saw its token when it was made; she judges nothing that the program asks for (decision 0069)."""


class IdempotentRequest(models.Model):
    """A request by the key its sender chose, with its answer: written with what it did, never changed."""

    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT)
    key = models.CharField(max_length=255)
    route = models.CharField(max_length=60)
    body_digest = models.CharField(max_length=64)
    answered_at = models.DateTimeField()
    status = models.IntegerField()
    answer = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="idempotent_request_once")]
