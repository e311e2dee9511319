"""Somebody makes a borrower an offer: within her authority at once, beyond it for a supervisor to decide."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from lenity.base import canonical
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.approvals import change
from lenity.domain.servicing import authority
from lenity.domain.servicing.authority import Ask
from lenity.gateways import ids
from lenity.law import reader
from lenity.operations import approving, planning, servicing, unit
from lenity.operations.servicing import Ground
from lenity.records.approvals import writes
from lenity.records.lending import servicing_queries


def make_offer(*, loan_id: str, ask: Ask, why: str = "", actor: str, borrower_id: str = "") -> str:
    """Make it (then the answer is empty), or keep it for a supervisor (the id of what waits).

    The limits are those of HOUSE-AUTHORITY for the widest role of the actor; beyond them a reason is needed.
    What not even a supervisor may offer, and what leaves a household below its floor, is refused now.
    """
    with unit.of_work(operation="make_offer", actor=actor) as work:
        base = servicing.ground(loan_id)
        if borrower_id and base.loan.borrower.public_id != borrower_id:
            raise InputRefused([Problem("loan.unknown", "There is no such loan.")])
        rules = reader.rulebook(base.loan.borrower.jurisdiction).value("HOUSE-AUTHORITY", base.today)
        rate = servicing.own_rate(base.loan)
        _check(ask, base, rate, rules)
        roles = planning.roles_with_authority(actor, rules)
        before = planning.earlier(base, authority.WAIVED.get(ask.deal))
        if not all(authority.exceeded(ask, rules[role], base.before, rate, before) for role in roles):
            planning.offer(work, base, ask, ids.public_id())
            return ""
        return _hand_up(work, base, ask, why)


def _check(ask: Ask, base: Ground, rate: Fraction | None, rules: Mapping[str, Mapping[str, int]]) -> None:
    problems = authority.problems(ask, base.before, rate)
    if not problems and authority.exceeded(ask, rules["supervisor"], base.before, rate):
        problems = [Problem("offer.limit", "Nobody may offer this (HOUSE-AUTHORITY).", "Offer less.")]
    if problems:
        raise InputRefused(problems)
    if ask.deal not in authority.WAIVED:
        planning.keep_floor(base, servicing_queries.preview(base.loan, base.before, ask.request))


def _hand_up(work: unit.Work, base: Ground, ask: Ask, why: str) -> str:
    if problems := change.reason_problems(why):
        says = "This is beyond your authority."
        raise InputRefused([Problem("offer.why", says, problems[0].says)])
    kind, loan = change.Kind.BEYOND_OFFER, base.loan
    approving.asker(work.actor, kind, work)
    payload = canonical.text({"loan": loan.public_id, "currency": loan.currency, **authority.plain(ask)})
    proposal = writes.add_proposal(
        public_id=ids.public_id(),
        kind=kind.value,
        subject_id=loan.public_id,
        payload=payload,
        before="",
        digest=change.digest(kind, loan.public_id, payload),
        reason=why.strip(),
        proposed_by=work.actor,
        proposed_at=work.now,
        expires_at=work.now + change.LIFE,
    )
    work.record(
        subject_kind="change",
        subject_id=proposal.public_id,
        borrower_id=loan.borrower.public_id,
        body={"kind": kind.value, "about": loan.public_id, "digest": proposal.digest},
    )
    return proposal.public_id
