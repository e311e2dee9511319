"""Plumbing of decisions: the facts of an application on a day, and the decision stored with all it rests on."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from django.db import IntegrityError

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending import facts, review
from lenity.domain.lending.decision import Policy
from lenity.domain.lending.facts import Asked, Facts
from lenity.domain.servicing import affordability
from lenity.domain.servicing.affordability import Budget
from lenity.domain.underwriting import capacity, judging
from lenity.gateways import clock, ids
from lenity.law import reader
from lenity.operations import unit
from lenity.records.lending import applicant_queries, application_writes, review_writes
from lenity.records.lending.models import Application, CreditDecision
from lenity.records.people import queries as people
from lenity.records.people.models import Borrower
from lenity.records.scoring.rules import KeptRule


def decide(work: unit.Work, row: Application, kept: KeptRule) -> CreditDecision:
    """Decide on one application now. A referred one waits for a person from this moment."""
    owner = row.borrower
    if owner is None:
        raise InputRefused([Problem("application.borrower", "This application names nobody.")])
    wanted = kept.rule.policy.currency
    if wanted and wanted != row.currency:
        says = f"The policy in force is in {wanted}, the application in {row.currency}."
        raise InputRefused([Problem("application.currency", says, f"Ask for {wanted}.")])
    application_writes.lock_person(row.applicant.identity_index or row.applicant.mobile_index)
    if applicant_queries.is_decided(row):
        raise InputRefused([Problem("application.decided", "It is decided already.", "See its decision.")])
    known = _facts(row, owner, kept.rule.policy)
    made = judging.made(row.public_id, judging.row_of(row.inputs), known, kept.rule)
    try:
        decision = application_writes.add_decisions([row], [made], [known.text()], kept=kept, at=work.now)[0]
    except IntegrityError as error:
        says = "It was decided a moment ago."
        raise InputRefused([Problem("application.decided", says, "See its decision.")]) from error
    if decision.outcome == "refer":
        _wait_for_a_person(work, decision, owner)
    work.record(
        subject_kind="application",
        subject_id=row.public_id,
        borrower_id=owner.public_id,
        body={
            "outcome": decision.outcome,
            "model": decision.model.fingerprint,
            "policy": decision.policy.fingerprint,
            "arm": made.arm,
        },
    )
    return decision


def _wait_for_a_person(work: unit.Work, decision: CreditDecision, owner: Borrower) -> None:
    book = reader.rulebook(owner.jurisdiction)
    review_writes.add_review(
        decision,
        public_id=ids.public_id(),
        number=1,
        words="",
        answer_by=review.answer_by(clock.business_day(owner.jurisdiction), book),
        asked_at=work.now,
        asked_by=review.BY_POLICY,
    )


def _facts(row: Application, owner: Borrower, policy: Policy) -> Facts:
    told: dict[str, Any] = json.loads(row.inputs)["told"]
    today = clock.business_day(owner.jurisdiction)
    book = reader.rulebook(owner.jurisdiction)
    born = people.birth_date_of(owner)
    found = Facts(
        on_date=today,
        place=owner.jurisdiction,
        currency=row.currency,
        identity=told["identity"],
        birth_date_agrees=told["birth_date_agrees"],
        of_age=facts.of_age(born, today, book),
        age_years=facts.age_years(born, today, owner.jurisdiction),
        open_applications=applicant_queries.open_of(row),
        days_since_decline=applicant_queries.days_since_decline(row, today),
        other_names=applicant_queries.other_names(row),
        phone_people=applicant_queries.phone_people(row),
        likely_known=applicant_queries.likely_known(row),
        mobile_known=applicant_queries.mobile_known(row),
        income_minor=told["income_minor"],
        debts_minor=told["debts_minor"],
        debts_verified=told["debts_verified"],
        living_minor=affordability.floor_minor(
            Budget(row.currency, told["adults"], told["children"], 0, ()), book.value("HOUSE-FLOOR", today)
        ),
        asked=_asked(told["asked"], policy),
    )
    if found.asked is None:
        return found
    heaviest = capacity.instalment_minor(found.asked, row.currency, today)
    return replace(found, instalment_minor=heaviest)


def _asked(told: dict[str, Any] | None, policy: Policy) -> Asked | None:
    """What was asked for, on the product's own terms where none were named."""
    if told is None:
        return None
    number, rate = told["instalments"], told["annual_rate_ppm"]
    return Asked(
        told["amount_minor"],
        policy.instalments if number is None else number,
        policy.annual_rate_ppm if rate is None else rate,
    )
