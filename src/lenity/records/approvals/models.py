"""Proposals, the one verdict on each, and the one use of each approval. Facts; never changed."""

from __future__ import annotations

from django.db import models

from lenity.domain.approvals.change import Kind

KINDS = [one.value for one in Kind]


class ChangeProposal(models.Model):
    """Someone wants a change: what exactly, instead of what, why, until when it can be approved.

    `payload` and `before` hold ids, amounts and texts of the lender, never a name or a number of a person.
    """

    public_id = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=80)
    payload = models.TextField()
    before = models.TextField(blank=True, default="")
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=500)
    proposed_by = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="change_kind"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="change_has_a_reason"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("proposed_at")), name="change_expires"
            ),
        ]


class ChangeVerdict(models.Model):
    """A second person's yes or no, once. The database compares person, digest and time with the proposal."""

    proposal = models.OneToOneField(ChangeProposal, on_delete=models.PROTECT, related_name="verdict")
    verdict = models.CharField(max_length=10)
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=500)
    decided_by = models.CharField(max_length=20)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verdict__in=["approved", "refused"]), name="change_verdict_known"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="change_verdict_has_a_reason"),
        ]


class ChangeClaim(models.Model):
    """The one use of an approval, in the transaction of the operation that made the change."""

    verdict = models.OneToOneField(ChangeVerdict, on_delete=models.PROTECT, related_name="claim")
    operation = models.CharField(max_length=40)
    claimed_at = models.DateTimeField()
