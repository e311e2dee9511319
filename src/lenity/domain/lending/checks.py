"""Checks before the score, as data of the policy: what is measured, its bounds, what follows, in whose words.

A check passes, or has the applicant referred or declined. There is no list of unwanted people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lenity.base import rates
from lenity.base.money import minor_digits
from lenity.base.outcomes import Problem
from lenity.domain.lending.facts import AGE_PROTECTED, Facts

OUTCOMES = ("pass", "refer", "decline")
"""From the mildest to the hardest."""
KEYS = ("id", "measure", "at_least", "at_most", "otherwise", "unknown", "right", "places", "failed", "unsure")
BEYOND = 10**12
"""Debts without an income: a ratio above every bound."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `otherwise` follows outside the bounds, `unknown` where the measure has no value."""

    id: str
    measure: str
    at_least: int | None
    at_most: int | None
    otherwise: str
    unknown: str
    right: str
    places: tuple[str, ...]
    failed: Mapping[str, str]
    unsure: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Result:
    """What a check came to. `value` is None where it is unknown; `vouched` where the source made the check."""

    id: str
    value: int | None
    outcome: str
    vouched: bool = False

    def plain(self) -> dict[str, object]:
        """As it is stored."""
        return {"id": self.id, "value": self.value, "outcome": self.outcome, "vouched": self.vouched}


def run(checks: Iterable[Check], known: Facts, has_repayments: bool) -> list[Result]:
    """Every check that is for the applicant's place, in the policy's order."""
    return [_one(check, known, has_repayments) for check in checks if _is_for(check, known.place)]


def hardest(results: Iterable[Result]) -> str:
    """The hardest outcome among results.

    >>> hardest([Result("a", 1, "refer"), Result("b", 0, "decline")]), hardest([])
    ('decline', 'pass')
    """
    return max((one.outcome for one in results), key=OUTCOMES.index, default="pass")


def words(check: Check, result: Result) -> Mapping[str, str]:
    """What is told of a check that did not pass."""
    return check.unsure if result.value is None else check.failed


def _is_for(check: Check, place: str) -> bool:
    return not check.places or place in check.places


def _one(check: Check, known: Facts, has_repayments: bool) -> Result:
    if check.measure in known.vouched:
        return Result(check.id, None, "pass", True)
    value = MEASURES[check.measure](known, has_repayments)
    if value is None:
        return Result(check.id, None, check.unknown)
    low = check.at_least is not None and value < check.at_least
    high = check.at_most is not None and value > check.at_most
    return Result(check.id, value, check.otherwise if low or high else "pass")


def _whole_units(minor: int | None, currency: str) -> int | None:
    return None if minor is None else int(minor // 10 ** minor_digits(currency))


def _yes(value: bool | None) -> int | None:
    return None if value is None else int(value)


def _identity(known: Facts, _: bool) -> int | None:
    return None if known.identity == "missing" else int(known.identity == "valid")


def _ratio(known: Facts, with_asked: bool) -> int | None:
    burden = _burden(known, with_asked)
    if burden is None or known.income_minor is None:
        return None
    if not known.income_minor:
        return BEYOND if burden else 0
    return -(-burden * rates.PPM // known.income_minor)


def _burden(known: Facts, with_asked: bool) -> int | None:
    """What goes to debts in a month; None where a part of it is unknown."""
    if known.debts_minor is None or (with_asked and known.instalment_minor is None):
        return None
    return known.debts_minor + ((known.instalment_minor or 0) if with_asked else 0)


def _free(known: Facts, with_asked: bool) -> int | None:
    burden = _burden(known, with_asked)
    if burden is None or known.income_minor is None:
        return None
    return _whole_units(known.income_minor - known.living_minor - burden, known.currency)


def _debts_known(known: Facts, _: bool) -> int | None:
    return None if known.income_minor is None else int(known.debts_minor is not None)


def _capacity_known(known: Facts, has_repayments: bool) -> int:
    stated = known.income_minor is not None and known.debts_minor is not None
    return int(stated or has_repayments)


MEASURES: Mapping[str, Callable[[Facts, bool], int | None]] = {
    "identity_valid": _identity,
    "birth_date_agrees": lambda known, _: _yes(known.birth_date_agrees),
    "of_age": lambda known, _: _yes(known.of_age),
    "age_years": lambda known, _: known.age_years,
    "open_applications": lambda known, _: known.open_applications,
    "days_since_decline": lambda known, _: known.days_since_decline,
    "other_names": lambda known, _: known.other_names,
    "phone_people": lambda known, _: known.phone_people,
    "likely_known": lambda known, _: known.likely_known,
    "mobile_known": lambda known, _: _yes(known.mobile_known),
    "income": lambda known, _: _whole_units(known.income_minor, known.currency),
    "capacity_known": _capacity_known,
    "debts_known": _debts_known,
    "debts_verified": lambda known, _: _yes(known.debts_verified),
    "debt_to_income_ppm": lambda known, _: _ratio(known, with_asked=False),
    "debt_to_income_with_loan_ppm": lambda known, _: _ratio(known, with_asked=True),
    "free_income": lambda known, _: _free(known, with_asked=False),
    "free_income_with_loan": lambda known, _: _free(known, with_asked=True),
}
"""What a check can measure. Amounts are whole units a month, yes is 1 and no is 0."""
YES_OR_NO = frozenset(
    {
        "identity_valid",
        "birth_date_agrees",
        "of_age",
        "mobile_known",
        "capacity_known",
        "debts_known",
        "debts_verified",
    }
)


def read(raw: object) -> tuple[tuple[Check, ...], list[Problem]]:
    """The checks of a policy, and everything that is wrong with them."""
    if not isinstance(raw, list) or not all(isinstance(one, dict) for one in raw):
        return (), [Problem("policy.check", "check is a list of tables.", "Write [[check]].")]
    problems = [problem for one in raw for problem in _problems(one)]
    names = [one.get("id") for one in raw]
    problems += [
        Problem("policy.check", f"The check {name} is there twice.")
        for name in sorted({str(name) for name in names if names.count(name) > 1})
    ]
    return ((), problems) if problems else (tuple(_check(one) for one in raw), [])


def _check(raw: Mapping[str, Any]) -> Check:
    return Check(
        id=raw["id"],
        measure=raw["measure"],
        at_least=raw.get("at_least"),
        at_most=raw.get("at_most"),
        otherwise=raw["otherwise"],
        unknown=raw["unknown"],
        right=raw["right"],
        places=tuple(raw.get("places", ())),
        failed=raw["failed"],
        unsure=raw.get("unsure", raw["failed"]),
    )


def _problems(raw: Mapping[str, Any]) -> list[Problem]:
    name = str(raw.get("id", "without id"))[:40]

    def say(says: str, remedy: str = "") -> Problem:
        return Problem("policy.check", f"Check {name}: {says}", remedy)

    problems = [say(f"{key} is not a key.", f"Keys: {', '.join(KEYS)}.") for key in raw if key not in KEYS]
    problems += [
        say(f"{key} is not a text.")
        for key in ("id", "measure", "otherwise", "unknown", "right")
        if not isinstance(raw.get(key), str) or not raw[key]
    ]
    if problems:
        return problems
    if raw["measure"] not in MEASURES:
        problems.append(say("the measure is unknown.", f"Measures: {', '.join(MEASURES)}."))
    bounds = [raw.get(key) for key in ("at_least", "at_most")]
    if bounds == [None, None] or any(one is not None and type(one) is not int for one in bounds):
        problems.append(say("at_least or at_most is needed, as a whole number."))
    if raw["otherwise"] not in OUTCOMES[1:] or raw["unknown"] not in OUTCOMES:
        problems.append(say("otherwise is refer or decline; unknown is pass, refer or decline."))
    for key in ("failed", *(["unsure"] if "unsure" in raw else [])):
        told = raw.get(key)
        if not isinstance(told, dict) or not all(told.get(language) for language in ("zh", "en")):
            problems.append(say(f"{key} needs words in zh and en."))
    return problems + [say(one) for one in _age_problems(raw)]


def _age_problems(raw: Mapping[str, Any]) -> Sequence[str]:
    """US-RB-6b2: a bound on age names its places, none of them one where age is protected."""
    places = raw.get("places", [])
    if not isinstance(places, list) or not all(isinstance(one, str) for one in places):
        return ["places is a list such as ['CN']."]
    if raw["measure"] != "age_years":
        return []
    if not places:
        return ["a bound on age names the places where it is lawful."]
    return [f"{AGE_PROTECTED[one]}: age is no ground there." for one in places if one in AGE_PROTECTED]
