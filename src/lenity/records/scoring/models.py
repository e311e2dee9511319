"""Immutable score models and decision policies, and which of them is in force since when."""

from __future__ import annotations

from django.db import models


class ScoreModel(models.Model):
    """One trained model: the JSON file as it was, found by its fingerprint (SHA-256 of its bytes)."""

    fingerprint = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=80)
    content = models.TextField()
    recorded_at = models.DateTimeField()


class DecisionPolicy(models.Model):
    """One policy file (cut-offs, caps) as it was, found by its fingerprint."""

    fingerprint = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=80)
    content = models.TextField()
    recorded_at = models.DateTimeField()


class ScoreReport(models.Model):
    """What was measured of a score on one day: canonical JSON, found by its digest. Never changed."""

    kind = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, unique=True)
    model = models.ForeignKey(ScoreModel, null=True, blank=True, on_delete=models.PROTECT)
    content = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=["watch", "cures"]), name="score_report_kind"),
            models.CheckConstraint(
                condition=models.Q(kind="cures") | models.Q(model__isnull=False), name="watch_has_a_model"
            ),
        ]


class Activation(models.Model):
    """A policy or a model came into force: only with the approval of two people for exactly its bytes."""

    kind = models.CharField(max_length=20)  # policy_activation | model_activation
    fingerprint = models.CharField(max_length=64)
    claim = models.OneToOneField("approvals.ChangeClaim", on_delete=models.PROTECT)
    activated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["policy_activation", "model_activation"]), name="activation_kind"
            )
        ]
