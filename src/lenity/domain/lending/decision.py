"""Approve, refer or decline, with a limit and the cap that binds it. Policy is data; no number is here.

CN-PIPL-24 (PIPL) art. 24 and Reg B 1002.9(b)(2): a decision has specific reasons, and a person can be asked.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from lenity.base.money import is_currency, minor_digits
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending import checks, experiments
from lenity.domain.lending.checks import Check
from lenity.domain.lending.experiments import Exploration, Trial

FIRST_REPAYMENTS = ("PAY_AMT1", "PAY_AMT2", "PAY_AMT3", "PAY_AMT4", "PAY_AMT5", "PAY_AMT6")
"""What the first policies, which named no columns, were used with."""
MOST_INSTALMENTS = 120
MOST_UNITS = 10**11
SECTIONS = [
    "name",
    "version",
    "currency",
    "cut_off",
    "risk_cap",
    "affordability",
    "product",
    "wording",
    "check",
    "trial",
    "exploration",
]


@dataclass(frozen=True)
class Policy:
    """A policy file, read and checked. Limits and caps are whole units of its currency."""

    name: str
    text: str
    fingerprint: str
    approve_at_most_ppm: int
    refer_at_most_ppm: int
    risk_caps: tuple[tuple[int, int], ...]
    months_of_repayment: int
    product_limit: int
    least_limit: int
    step: int
    wording: Mapping[str, Mapping[str, str]]
    currency: str
    repayment_columns: tuple[str, ...]
    most_debt_to_income_ppm: int
    annual_rate_ppm: int
    instalments: int
    checks: tuple[Check, ...]
    trial: Trial | None
    exploration: Exploration | None


@dataclass(frozen=True, slots=True)
class Decided:
    """The outcome for one applicant. The limit is in minor units, 0 unless approved."""

    outcome: str  # approve | refer | decline
    limit_minor: int
    binding_cap: str  # risk | affordability | product | asked | exploration | ""
    default_ppm: int
    caps: Mapping[str, int]


def read(text: str) -> Policy:
    """Read a policy; `InputRefused` names the key."""
    try:
        raw = tomllib.loads(text)
        found, problems = _policy(raw, text)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        problem = Problem("policy", f"The policy cannot be read: {error}.", "See policies/standard.toml.")
        raise InputRefused([problem]) from error
    if problems:
        raise InputRefused(problems)
    return found


def shipped(name: str = "standard") -> Policy:
    """A policy that comes with Lenity."""
    return read(resources.files(__package__).joinpath(f"policies/{name}.toml").read_text("utf-8"))


def _policy(raw: Mapping[str, Any], text: str) -> tuple[Policy, list[Problem]]:
    afford, product = raw["affordability"], raw["product"]
    found, problems = checks.read(raw.get("check", []))
    trial, wrong_trial = experiments.read_trial(raw.get("trial"))
    exploration, wrong_exploration = experiments.read_exploration(raw.get("exploration"))
    policy = Policy(
        name=raw["name"],
        text=text,
        fingerprint=hashlib.sha256(text.encode()).hexdigest(),
        approve_at_most_ppm=_whole(raw["cut_off"], "approve_at_most_ppm"),
        refer_at_most_ppm=_whole(raw["cut_off"], "refer_at_most_ppm"),
        risk_caps=tuple((_whole(band, "at_most_ppm"), _whole(band, "limit")) for band in raw["risk_cap"]),
        months_of_repayment=_whole(afford, "months_of_repayment"),
        product_limit=_whole(product, "limit"),
        least_limit=_whole(product, "least_limit"),
        step=_whole(product, "step"),
        wording=raw["wording"],
        currency=raw.get("currency", ""),
        repayment_columns=tuple(afford.get("repayment_columns", FIRST_REPAYMENTS)),
        most_debt_to_income_ppm=_whole({"most_debt_to_income_ppm": 1_000_000} | afford, "most_debt_to_income_ppm"),
        annual_rate_ppm=_whole({"annual_rate_ppm": 0} | product, "annual_rate_ppm"),
        instalments=_whole({"instalments": 0} | product, "instalments"),
        checks=found,
        trial=trial,
        exploration=exploration,
    )  # fmt: skip
    unknown = [key for key in raw if key not in SECTIONS]
    remedy = f"Use: {', '.join(SECTIONS)}."
    problems += [Problem("policy", f"{key} is not a section.", remedy) for key in unknown]
    return policy, problems + wrong_trial + wrong_exploration + _problems(policy)


def _whole(table: Mapping[str, Any], key: str) -> int:
    if type(table[key]) is not int:
        raise TypeError(f"{key} is not a whole number")
    return int(table[key])


def from_repayments(monthly: Sequence[int], policy: Policy) -> int:
    """What can be afforded where no income is known: a multiple of what was repaid a month, whole units."""
    repaid = sum(monthly) * policy.months_of_repayment // len(monthly) if monthly else 0
    return max(repaid, 0)


def decide(
    default_ppm: int,
    affordable: int,
    currency: str,
    policy: Policy,
    *,
    asked: int | None = None,
    worst: str = "pass",
) -> Decided:
    """Decide on the estimated default, what can be afforded and asked (whole units), the hardest check.

    Limit = min(risk cap, affordability cap, product cap, what was asked), rounded down to the policy's step;
    the first of the smallest is the binding one.
    """
    caps = _caps(default_ppm, affordable, asked, policy)
    if worst == "decline" or default_ppm > policy.refer_at_most_ppm:
        return Decided("decline", 0, "", default_ppm, caps)
    binding = min(caps, key=lambda name: caps[name])
    limit = caps[binding] // policy.step * policy.step
    small = limit < max(policy.least_limit, 1)
    if worst == "refer" or default_ppm > policy.approve_at_most_ppm or small:
        return Decided("refer", 0, binding if small else "", default_ppm, caps)
    return Decided("approve", limit * 10 ** minor_digits(currency), binding, default_ppm, caps)


def explore(decided: Decided, currency: str, policy: Policy) -> Decided:
    """A decline for its score alone, approved to learn from: at the smallest limit of all caps."""
    arm = policy.exploration
    if arm is None or decided.outcome != "decline" or decided.default_ppm > arm.up_to_ppm:
        return decided
    caps = {name: cap for name, cap in decided.caps.items() if name != "risk"} | {"exploration": arm.limit}
    binding = min(caps, key=lambda name: caps[name])
    limit = caps[binding] // policy.step * policy.step
    if limit < 1:
        return decided
    minor = limit * 10 ** minor_digits(currency)
    return Decided("approve", minor, binding, decided.default_ppm, caps)


def _caps(default_ppm: int, affordable: int, asked: int | None, policy: Policy) -> dict[str, int]:
    risk = next((limit for at_most, limit in policy.risk_caps if default_ppm <= at_most), 0)
    caps = {"risk": risk, "affordability": max(affordable, 0), "product": policy.product_limit}
    return caps if asked is None else caps | {"asked": asked}


def _problems(policy: Policy) -> list[Problem]:
    problems = []
    if not 0 <= policy.approve_at_most_ppm <= policy.refer_at_most_ppm <= 1_000_000:
        problems.append(Problem("policy", "The cut-offs must rise between 0 and 1,000,000."))
    bands = [at_most for at_most, _ in policy.risk_caps]
    if bands != sorted(set(bands)):
        problems.append(Problem("policy", "The risk caps must rise."))
    if any(limit < 0 for _, limit in policy.risk_caps) or policy.product_limit < 0:
        problems.append(Problem("policy", "Limits are 0 or more."))
    if policy.product_limit > MOST_UNITS:
        problems.append(Problem("policy", f"The product's limit is at most {MOST_UNITS:,}."))
    if policy.step < 1 or policy.least_limit < 0 or policy.months_of_repayment < 0:
        problems.append(Problem("policy", "step must be 1 or more, the others 0 or more."))
    if policy.currency and not is_currency(policy.currency):
        problems.append(Problem("policy", "currency is an ISO 4217 code such as CNY."))
    if not 0 <= policy.instalments <= MOST_INSTALMENTS:
        problems.append(Problem("policy", f"instalments is a whole number from 0 to {MOST_INSTALMENTS}."))
    if policy.annual_rate_ppm < 0 or policy.most_debt_to_income_ppm < 0:
        problems.append(Problem("policy", "annual_rate_ppm and most_debt_to_income_ppm are 0 or more."))
    return problems + _word_problems(policy.wording)


def _word_problems(wording: Mapping[str, Mapping[str, str]]) -> list[Problem]:
    return [
        Problem("policy.wording", f"wording.{name} needs zh and en.")
        for name in ("declined", "referred", "risk", "affordability", "product")
        if not all(wording[name].get(language) for language in ("zh", "en"))
    ]
