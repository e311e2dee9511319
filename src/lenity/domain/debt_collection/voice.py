"""What a borrower can say is wrong, which state it begins, and by when the lender answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from lenity.law.reader import Rulebook

KINDS: Mapping[str, str] = {
    "not_mine": "dispute",
    "already_paid": "dispute",
    "wrong_amount": "dispute",
    "how_contacted": "complaint",
    "other_complaint": "complaint",
    "cannot_pay": "hardship_review",
}
"""What is said, and the hold that it begins."""


def answer_by(about: str, on_date: date, rulebook: Rulebook) -> date:
    """The last day for the answer, by the house rule HOUSE-ANSWER."""
    days = rulebook.value("HOUSE-ANSWER", on_date)
    return on_date + timedelta(days=int(days[KINDS[about]]))
