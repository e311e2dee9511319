"""May a debt be placed with somebody else? The gate is asked (US-RF-30b, US-FCRA-615F, HOUSE-TRANSFER)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from lenity.domain.debt_collection import gate
from lenity.domain.debt_collection.certificate import Certificate
from lenity.domain.debt_collection.contact import Facts, Point, Proposal, Standing
from lenity.law import reader
from lenity.records.debt_collection import gate_queries
from lenity.records.lending.models import Loan

PURPOSE = "debt_transfer"
NOBODY = Point("", "address")
"""Nothing is sent to the borrower: the question is about her debt."""


def certificates(loans: Sequence[Loan], settled: Collection[int], at: datetime) -> dict[int, Certificate]:
    """By loan, the gate's decision on placing it at `at`; `settled` are those on which nothing is owed."""
    asked = [
        (one.borrower, Proposal("place", at, "report", PURPOSE, NOBODY, (one.public_id,))) for one in loans
    ]
    found = {}
    for loan, facts in zip(loans, gate_queries.facts_of_many(asked) if asked else (), strict=True):
        whole = _settled(facts, loan, at) if loan.pk in settled else facts
        found[loan.pk] = gate.decide(whole, reader.rulebook(loan.borrower.jurisdiction))
    return found


def _settled(facts: Facts, loan: Loan, at: datetime) -> Facts:
    """The same facts with the state that the account itself tells: nothing is owed."""
    state = Standing("paid_or_settled", at, debts=(loan.public_id,))
    return replace(facts, standings=(*facts.standings, state))
