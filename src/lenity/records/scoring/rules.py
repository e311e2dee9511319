"""Policies and models as the rule that decides: read once, kept by their text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending import decision
from lenity.domain.lending.decision import Policy
from lenity.domain.scoring import model as models
from lenity.domain.scoring.model import Model
from lenity.domain.underwriting.judging import Rule
from lenity.records.scoring import queries
from lenity.records.scoring.models import DecisionPolicy, ScoreModel


@dataclass(frozen=True)
class KeptRule:
    """A rule with the rows that hold its texts; the challenger's rows where a trial runs."""

    rule: Rule
    policy: DecisionPolicy
    model: ScoreModel
    challenger_policy: DecisionPolicy
    challenger_model: ScoreModel


@lru_cache(maxsize=16)
def policy_of(text: str) -> Policy:
    """A policy read from its text."""
    return decision.read(text)


@lru_cache(maxsize=8)
def model_of(text: str) -> Model:
    """A model read from its text."""
    return models.read(text)


def kept_model(fingerprint: str, use: str) -> Model:
    """A kept model of this use; refuses one that is not there or is of another use."""
    row = queries.model(fingerprint)
    found = model_of(row.content) if row else None
    if found is None or found.use != use:
        raise InputRefused(
            [Problem("model.unknown", "No such model is kept here.", "Choose one of the list.")]
        )
    return found


def in_force(at: datetime) -> KeptRule:
    """The policy and the model that two people put in force last before an instant; refused without both."""
    policy = queries.policy_in_force(at)
    model = queries.model_in_force(models.DEFAULT, at)
    problems = [
        Problem(
            f"decide.{kind}",
            f"No {kind} is in force.",
            f"`lenity policy propose FILE{option}`; a second person approves it.",
        )
        for kind, found, option in (("policy", policy, ""), ("model", model, " --model"))
        if found is None
    ]
    if policy is None or model is None:
        raise InputRefused(problems)
    return kept(policy, model)


def kept(policy: DecisionPolicy, model: ScoreModel) -> KeptRule:
    """The rule of a kept policy and model."""
    read = policy_of(policy.content)
    if read.trial is None:
        return KeptRule(Rule(read, model_of(model.content)), policy, model, policy, model)
    other_policy = queries.policy(read.trial.policy) if read.trial.policy else policy
    other_model = queries.model(read.trial.model) if read.trial.model else model
    if other_policy is None or other_model is None:
        says = "The policy's trial names a policy or a model that is not kept."
        raise InputRefused([Problem("policy.trial", says, "Keep it first: `lenity policy keep FILE`.")])
    other = (policy_of(other_policy.content), model_of(other_model.content))
    return KeptRule(Rule(read, model_of(model.content), other), policy, model, other_policy, other_model)
