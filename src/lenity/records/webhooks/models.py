"""Webhook endpoints with their keys; messages, each for one endpoint; every attempt, for good."""

from __future__ import annotations

from django.db import models


class Endpoint(models.Model):
    """An address of a program that hears of events. `kinds` empty: of all."""

    public_id = models.CharField(max_length=20, unique=True)
    url = models.CharField(max_length=500)
    kinds = models.JSONField(default=list)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=60, blank=True, default="")


class EndpointKey(models.Model):
    """A signing key of one endpoint. While two live, each message carries both signatures."""

    public_id = models.CharField(max_length=20, unique=True)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="keys")
    private_sealed = models.TextField()
    public = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)


class WebhookMessage(models.Model):
    """One event for one endpoint, written in the transaction of the event itself."""

    STATES = ("waiting", "leased", "delivered", "given_up", "ended")
    public_id = models.CharField(max_length=20, unique=True)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=40)
    body = models.TextField()
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="waiting")
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField()
    owner = models.CharField(max_length=20, blank=True, default="")
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "next_at"], name="webhook_message_due")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=("waiting", "leased", "delivered", "given_up", "ended")),
                name="webhook_message_state",
            ),
            models.CheckConstraint(condition=models.Q(attempts__gte=0), name="webhook_message_attempts"),
        ]


class WebhookAttempt(models.Model):
    """What one attempt met: the status that came back, or why none did."""

    message = models.ForeignKey(WebhookMessage, on_delete=models.PROTECT, related_name="tries")
    at = models.DateTimeField()
    status = models.IntegerField(default=0)
    note = models.CharField(max_length=120, blank=True, default="")
    milliseconds = models.IntegerField(default=0)
