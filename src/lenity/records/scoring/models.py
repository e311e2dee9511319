"""Immutable score models and decision policies."""

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
