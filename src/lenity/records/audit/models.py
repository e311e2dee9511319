"""The audit trail and the evidence log over it. Rows are only ever added; triggers refuse the rest."""

from __future__ import annotations

from django.db import models


class AuditEvent(models.Model):
    """What one operation did: who, when, to whom, and a canonical body without personal data.

    `leaf_hash` is RFC 6962's hash of the canonical envelope, fixed when the event is written.
    """

    operation = models.CharField(max_length=60)
    actor = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40, db_index=True)
    borrower_id = models.CharField(max_length=40, db_index=True, blank=True, default="")
    happened_at = models.DateTimeField()
    salt = models.CharField(max_length=40)
    body = models.TextField()
    leaf_hash = models.CharField(max_length=64)


class EvidenceLeaf(models.Model):
    """The place of one audit event in the Merkle tree."""

    position = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="leaf")
    leaf_hash = models.CharField(max_length=64)


class Checkpoint(models.Model):
    """A signed head of the tree (Ed25519). The same bytes are written outside the database."""

    tree_size = models.BigIntegerField(unique=True)
    root_hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    key_id = models.CharField(max_length=16)
    signature = models.CharField(max_length=128)
