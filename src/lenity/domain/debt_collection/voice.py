"""What a borrower can say is wrong, which state it begins, and by when the lender answers.

The days come from the law of the place where it names them (complaints: CN-COMPLAIN, disputes about a report:
CN-ZX-25, US-FCRA-623b); elsewhere the house asks the same of itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

KINDS: Mapping[str, str] = {
    "not_mine": "dispute",
    "already_paid": "dispute",
    "wrong_amount": "dispute",
    "how_contacted": "complaint",
    "other_complaint": "complaint",
    "cannot_pay": "hardship_review",
}
"""What is said, and the hold that it begins."""
ANSWER_DAYS: Mapping[str, int] = {"dispute": 20, "complaint": 15, "hardship_review": 14}
"""House rule: days until the answer, never longer than the law of any place asks."""


def answer_by(about: str, on_date: date) -> date:
    """The last day for the answer."""
    return on_date + timedelta(days=ANSWER_DAYS[KINDS[about]])
