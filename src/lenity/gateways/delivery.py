"""What every channel has in common: a message goes in, an answer comes out, receipts come later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Message:
    """A message on its way to one person. `contact_id` is the provider's idempotency key where it has one."""

    contact_id: str
    channel: str
    to: str
    sender: str
    subject: str
    body: str
    language: str
    not_after: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the message. Not yet: that it arrived; never: that it was read."""

    provider: str
    provider_id: str


@dataclass(frozen=True, slots=True)
class RefusedByProvider:
    """The provider said no; the message certainly did not leave."""

    code: str
    says: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The provider did not answer; the message may have left. It counts, and is never sent again."""

    says: str


Answer = Accepted | RefusedByProvider | Unknown


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the network said later. May come twice, in any order, or before the provider's answer."""

    provider: str
    provider_id: str
    state: str  # delivered | undelivered | expired | rejected | unknown | accepted
    at: datetime
    raw: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A text that somebody sent to us."""

    sender: str
    text: str
    at: datetime
