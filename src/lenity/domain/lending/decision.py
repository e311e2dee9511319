"""Approve, refer or decline, with a limit and the cap that binds it. Policy is data; no number is here.

CN-PIPL-24 (PIPL) art. 24 and Reg B 1002.9(b)(2): a decision has specific reasons, and a person can be asked.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from lenity.base.money import minor_digits
from lenity.base.outcomes import InputRefused, Problem


@dataclass(frozen=True)
class Policy:
    """A policy file, read and checked."""

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


@dataclass(frozen=True, slots=True)
class Decided:
    """The outcome for one applicant. The limit is in minor units, 0 unless approved."""

    outcome: str  # approve | refer | decline
    limit_minor: int
    binding_cap: str  # risk | affordability | product | ""
    default_ppm: int


def read(text: str) -> Policy:
    """Read a policy; `InputRefused` names the key."""
    try:
        raw = tomllib.loads(text)
        policy = Policy(
            name=raw["name"],
            text=text,
            fingerprint=hashlib.sha256(text.encode()).hexdigest(),
            approve_at_most_ppm=raw["cut_off"]["approve_at_most_ppm"],
            refer_at_most_ppm=raw["cut_off"]["refer_at_most_ppm"],
            risk_caps=tuple((band["at_most_ppm"], band["limit"]) for band in raw["risk_cap"]),
            months_of_repayment=raw["affordability"]["months_of_repayment"],
            product_limit=raw["product"]["limit"],
            least_limit=raw["product"]["least_limit"],
            step=raw["product"]["step"],
            wording=raw["wording"],
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        problem = Problem("policy", f"The policy cannot be read: {error}.", "See policies/standard.toml.")
        raise InputRefused([problem]) from error
    problems = _problems(policy)
    if problems:
        raise InputRefused(problems)
    return policy


def shipped(name: str = "standard") -> Policy:
    """A policy that comes with Lenity."""
    return read(resources.files(__package__).joinpath(f"policies/{name}.toml").read_text("utf-8"))


def decide(default_ppm: int, monthly_repayments: Sequence[int], currency: str, policy: Policy) -> Decided:
    """Decide on one applicant from the estimated probability of default and what was repaid each month.

    `monthly_repayments` are whole units of `currency`. Limit = min(risk cap, affordability cap, product
    cap), rounded down to the policy's step; the first of the smallest is the binding one.
    """
    if default_ppm > policy.refer_at_most_ppm:
        return Decided("decline", 0, "", default_ppm)
    limit, binding = _limit(default_ppm, monthly_repayments, policy)
    if default_ppm > policy.approve_at_most_ppm or limit < policy.least_limit:
        return Decided("refer", 0, binding if limit < policy.least_limit else "", default_ppm)
    return Decided("approve", limit * 10 ** minor_digits(currency), binding, default_ppm)


def _limit(default_ppm: int, monthly_repayments: Sequence[int], policy: Policy) -> tuple[int, str]:
    risk = next((limit for at_most, limit in policy.risk_caps if default_ppm <= at_most), 0)
    months = len(monthly_repayments)
    repaid = sum(monthly_repayments) * policy.months_of_repayment // months if months else 0
    caps = {"risk": risk, "affordability": max(repaid, 0), "product": policy.product_limit}
    binding = min(caps, key=lambda name: caps[name])
    return caps[binding] // policy.step * policy.step, binding


def _problems(policy: Policy) -> list[Problem]:
    problems = []
    if not 0 <= policy.approve_at_most_ppm <= policy.refer_at_most_ppm <= 1_000_000:
        problems.append(Problem("policy", "The cut-offs must rise between 0 and 1,000,000."))
    bands = [at_most for at_most, _ in policy.risk_caps]
    if bands != sorted(set(bands)):
        problems.append(Problem("policy", "The risk caps must rise."))
    if policy.step < 1 or policy.least_limit < 0 or policy.months_of_repayment < 0:
        problems.append(Problem("policy", "step must be 1 or more, the others 0 or more."))
    return problems
