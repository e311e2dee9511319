"""A person looks at what a machine decided (CN-PIPL-24): the clock, what she may decide, plain words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lenity.base.outcomes import Problem
from lenity.law.reader import Rulebook

OUTCOMES = ("approve", "decline")
LONGEST_WORDS = 2_000
BY_POLICY = "policy"
"""Who asks for a review where the policy refers an application to a person."""

CAPS: Mapping[str, Mapping[str, str]] = {
    "risk": {"zh": "额度按风险水平确定", "en": "The limit follows from the level of risk"},
    "affordability": {"zh": "额度按还款能力确定", "en": "The limit follows from what can be repaid"},
    "product": {"zh": "额度为本产品的上限", "en": "The limit is the highest of this product"},
    "asked": {"zh": "额度为申请的金额", "en": "The limit is what was asked for"},
    "exploration": {
        "zh": "按试验授信的小额额度",
        "en": "A small limit, given within a declared trial",
    },
}

NOT_BY_SCORE: Mapping[str, str] = {"zh": "申请未获批准", "en": "The application was not approved"}
"""Where checks alone declined: the score had no part in it, so it is not named."""


def answer_by(on_date: date, rulebook: Rulebook) -> date:
    """The last day for the answer, by the house rule HOUSE-ANSWER; CN-PIPL-24 itself sets no days."""
    return on_date + timedelta(days=int(rulebook.value("HOUSE-ANSWER", on_date)["decision_review"]))


def alone_minor(highest_minor: int, on_date: date, rulebook: Rulebook) -> int:
    """HOUSE-REVIEW: what one person may approve alone, of the product's highest limit.

    >>> from lenity.law import reader
    >>> alone_minor(500_001, date(2026, 11, 25), reader.rulebook("CN"))
    250000
    """
    return highest_minor * int(rulebook.value("HOUSE-REVIEW", on_date)["alone_percent"]) // 100


def answer_problems(outcome: str, limit_minor: int, reason: str, highest_minor: int) -> list[Problem]:
    """What is wrong with a reviewer's answer; she stays within the product's highest limit."""
    problems = []
    if outcome not in OUTCOMES:
        problems.append(Problem("review.outcome", f"It is one of: {', '.join(OUTCOMES)}."))
    if outcome == "approve" and not 0 < limit_minor <= highest_minor:
        problems.append(
            Problem("review.limit", f"An approval needs a limit from 1 to {highest_minor} minor units.")
        )
    if outcome == "decline" and limit_minor:
        problems.append(Problem("review.limit", "A decline has no limit.", "Leave it at 0."))
    if not reason.strip() or len(reason) > LONGEST_WORDS:
        problems.append(
            Problem(
                "review.reason",
                f"A reason of 1 to {LONGEST_WORDS} characters is needed; the applicant reads it.",
            )
        )
    return problems


@dataclass(frozen=True)
class Explained:
    """A decision in plain words, one list a language: what was decided, then why."""

    zh: tuple[str, ...]
    en: tuple[str, ...]


def explain(
    outcome: str, binding_cap: str, reasons: str, wording: Mapping[str, Mapping[str, str]]
) -> Explained:
    """What the applicant is told: the outcome, the reasons actually used, the cap that set the limit."""
    used = json.loads(reasons)
    by_check = [one for one in used if str(one.get("code", "")).startswith("check:")]
    told = {
        "approve": {"zh": "申请已通过", "en": "The application was approved"},
        "refer": wording["referred"],
        "decline": NOT_BY_SCORE if by_check and len(by_check) == len(used) else wording["declined"],
    }[outcome]
    lines: list[Mapping[str, str]] = [told]
    if outcome != "approve":
        lines += used
    if binding_cap and f"cap:{binding_cap}" not in [one.get("code") for one in used]:
        lines.append(CAPS[binding_cap])
    return Explained(tuple(one["zh"] for one in lines), tuple(one["en"] for one in lines))
