"""Webhooks: endpoints, their keys, messages on their way, and what each attempt met."""
