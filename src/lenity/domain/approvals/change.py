"""What two people have to agree on: the kinds, the digest that binds them to one content, the difference."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from lenity.base import canonical
from lenity.base.outcomes import Problem

LIFE = timedelta(days=7)
LONGEST_REASON = 500
LONGEST_PAYLOAD = 4_000_000


class Kind(StrEnum):
    """A kind of change that nobody makes alone."""

    POLICY_ACTIVATION = "policy_activation"
    MODEL_ACTIVATION = "model_activation"
    WRITE_OFF = "write_off"
    REFUND = "refund"
    RATE_CHANGE = "rate_change"
    BULK_SEND = "bulk_send"
    PAYMENT_REVERSAL = "payment_reversal"
    BEYOND_OFFER = "beyond_offer"
    FACT_UNDO = "fact_undo"
    WAIVER = "waiver"
    PLAN_AGREED = "plan_agreed"
    SUSPENSE_ASSIGN = "suspense_assign"
    SUSPENSE_RETURN = "suspense_return"
    SUSPENSE_CLEAR = "suspense_clear"
    SUSPENSE_REVERSE = "suspense_reverse"


SUSPENSE = (Kind.SUSPENSE_ASSIGN, Kind.SUSPENSE_RETURN, Kind.SUSPENSE_CLEAR, Kind.SUSPENSE_REVERSE)
"""What can become of money in suspense; judged and booked in one step."""


ROLES: Mapping[Kind, tuple[str, ...]] = {
    Kind.POLICY_ACTIVATION: ("risk",),
    Kind.MODEL_ACTIVATION: ("risk",),
    Kind.WRITE_OFF: ("operations",),
    Kind.REFUND: ("operations",),
    Kind.RATE_CHANGE: ("operations",),
    Kind.BULK_SEND: ("operations", "compliance"),
    Kind.PAYMENT_REVERSAL: ("operations",),
    Kind.BEYOND_OFFER: ("supervisor",),
    Kind.FACT_UNDO: ("operations",),
    Kind.WAIVER: ("operations",),
    Kind.PLAN_AGREED: ("operations",),
    **dict.fromkeys(SUSPENSE, ("operations",)),
}
"""Who may judge a change of a kind and, where `ASKED_BY` names nobody else, who may propose it."""

ASKED_BY: Mapping[Kind, tuple[str, ...]] = {Kind.BEYOND_OFFER: ("collector", "supervisor")}
BY_PROGRAM = frozenset({Kind.PAYMENT_REVERSAL, Kind.BEYOND_OFFER, *SUSPENSE})
"""What a program may ask for through the API. No program judges anything."""


def askers(kind: Kind) -> tuple[str, ...]:
    """The roles that may propose a change of a kind."""
    return ASKED_BY.get(kind, ROLES[kind])


def digest(kind: Kind, subject_id: str, payload: str) -> str:
    """What is approved, to the byte: an approval of one content is none of another.

    >>> digest(Kind.REFUND, "L1", "{}") == digest(Kind.REFUND, "L2", "{}")
    False
    """
    return canonical.digest([kind.value, subject_id, payload])


def reason_problems(reason: str) -> list[Problem]:
    """A reason is written, and can be read."""
    if not reason.strip():
        return [Problem("change.reason", "A reason is needed.", "Write why, in a sentence.")]
    if len(reason) > LONGEST_REASON:
        return [Problem("change.reason", f"A reason has at most {LONGEST_REASON} characters.")]
    return []


def verdict_problems(
    *,
    proposed_by: str,
    actor: str,
    bound: bool,
    kept_digest: str,
    seen_digest: str,
    expires_at: datetime,
    now: datetime,
) -> list[Problem]:
    """Why this person may not judge this proposal now; empty when she may.

    `bound`: the one who asks let the other in, or made the program's token, and could be both.
    """
    problems = []
    if actor == proposed_by:
        problems.append(
            Problem(
                "change.same_person",
                "You proposed this change yourself.",
                "Ask a second person with the same role to judge it.",
            )
        )
    elif bound:
        problems.append(
            Problem(
                "change.bound",
                "One of you gave the other her rights, her invitation or the program its token.",
                "Somebody else with the same role has to judge it.",
            )
        )
    if seen_digest != kept_digest:
        problems.append(
            Problem(
                "change.digest",
                "This is not the content that was proposed.",
                "Open the proposal again and judge what it shows.",
            )
        )
    if now >= expires_at:
        problems.append(Problem("change.expired", "This proposal has expired.", "Propose it again."))
    return problems


def readable(content: str) -> str:
    """A content as lines for a person: the text in it as it is, anything else as indented JSON."""
    if not content:
        return ""
    value = json.loads(content)
    if isinstance(value, dict) and list(value) == ["text"]:
        return str(value["text"])
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)


def difference(before: str, after: str) -> list[tuple[str, str]]:
    """The lines that change, with two lines around them: `("-" | "+" | " " | "@", text)`."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2)
    return [(line[:1], line[1:] if line[:1] != "@" else "") for line in list(lines)[2:]]
