"""A model of one column, policies in force by two people, and applications as a lender tells them."""

from __future__ import annotations

import json
from typing import Any

from lenity.domain.lending import decision
from lenity.domain.scoring import model as models
from lenity.domain.underwriting import request
from lenity.law import reader
from lenity.operations.approve_change import approve_change
from lenity.operations.propose_change import propose_change
from lenity.operations.receive_application import receive_application
from lenity.records.lending.models import Application
from lenity.records.scoring import queries as scoring
from tests import factories

STANDARD = decision.shipped().text
NUMBER, OTHER_NUMBER = "11010519900307283X", "110105198801012343"
DEFAULTS = {"5": 0, "15": 100_000, "25": 200_000, "35": 300_000, "45": 400_000, "": 500_000}
"""Estimated default in parts per million by the value of the column RISK."""


def model_text(name: str = "small", points: tuple[int, ...] = (0, 50, 40, 30, 20, 10)) -> str:
    """A model that reads RISK: below 10, 20, 30, 40, more; missing is worst."""
    term = {"name": "risk", "features": ["risk"], "cuts": [[10, 20, 30, 40]], "points": list(points),
            "reference": 50, "reason": "risk"}  # fmt: skip
    return json.dumps(
        {
            "format": models.FORMAT,
            "name": name,
            "intercept": 0,
            "features": [{"name": "risk", "operation": "column", "columns": ["RISK"]}],
            "terms": [term],
            "reasons": {"risk": {"zh": "近期还款情况", "en": "Recent repayment"}},
            "default": {"first_score": 0, "ppm": [(50 - score) * 10_000 for score in range(51)]},
        }
    )


def put_in_force(policy: str = STANDARD, model: str = "") -> None:
    """Two people put a policy and a model in force."""
    for kind, text in (("model_activation", model or model_text()), ("policy_activation", policy)):
        if scoring.text_in_force(kind) == text:
            continue
        first, second = factories.staff("risk"), factories.staff("risk")
        made = propose_change(
            kind=kind, subject_id="", payload={"text": text}, reason="Because.", actor=first
        )
        approve_change(proposal_id=made.public_id, digest=made.digest, reason="Read.", actor=second)


def told(**changes: Any) -> dict[str, Any]:
    """An application that passes every check; `changes` replace its parts (applicant's under `who`)."""
    who = {"name": "王芳", "jurisdiction": "CN", "identity_number": NUMBER, "mobile": "13800138000"}
    return {
        "reference": "A-1",
        "currency": "CNY",
        "asked": {"amount": "60000", "instalments": 12, "annual_rate_percent": "18"},
        "applicant": {**who, **changes.pop("who", {})},
        "income": "20000",
        "debts": [{"kind": "mortgage", "monthly": "3200", "verified": True}],
        "row": {"RISK": "5", "SEX": "2"},
        **changes,
    }


def receive(decide: bool = True, **changes: Any) -> Application:
    """An application comes in."""
    read = request.read(told(**changes), reader.places(), factories.MORNING.date())
    return receive_application(request=read, source="test", decide=decide, actor="test")
