"""Plumbing of changes that take two people: who may take part, and the one use of an approval."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError

from lenity.base import canonical
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.approvals import change
from lenity.gateways import clock
from lenity.operations import unit
from lenity.records.approvals import queries, writes
from lenity.records.approvals.models import ChangeClaim, ChangeProposal
from lenity.records.intake import queries as intake
from lenity.records.people import sign_in_queries, staff_queries


def kind_of(name: str) -> change.Kind:
    """The kind with this name."""
    try:
        return change.Kind(name)
    except ValueError:
        names = ", ".join(change.Kind)
        raise InputRefused(
            [Problem("change.kind", f"There is no kind {name!r}.", f"Kinds: {names}.")]
        ) from None


def participant(actor: str, kind: change.Kind, work: unit.Work) -> None:
    """Refuse whoever is not active staff with a role for this kind: a program never takes part."""
    _staff_with(change.ROLES[kind], actor, work)


def _staff_with(roles: tuple[str, ...], actor: str, work: unit.Work) -> None:
    staff = sign_in_queries.staff_by_id(actor)
    works = staff is not None and sign_in_queries.may_work(staff, clock.home_day())
    if staff is None or not works or not set(roles) & set(staff.roles):
        says = f"Only staff with the role {' or '.join(roles)} may propose or judge this."
        raise InputRefused([Problem("change.role", says)])


def asker(actor: str, kind: change.Kind, work: unit.Work) -> None:
    """Refuse whoever may not ask for this: staff without a role for it, a program unless it may be told first."""
    client = actor.removeprefix("api:")
    if client != actor and kind in change.BY_PROGRAM:
        known = intake.client_by_name(client)
        if known is not None and known.revoked_at is None:
            return
    _staff_with(change.askers(kind), actor, work)


def open_proposal(proposal_id: str) -> ChangeProposal:
    """A proposal that nobody has judged yet."""
    proposal = queries.proposal_by_id(proposal_id)
    if proposal is None:
        raise InputRefused([Problem("change.unknown", f"There is no proposal {proposal_id!r}.")])
    if queries.has_verdict(proposal):
        raise InputRefused([Problem("change.judged", "This proposal was judged already.")])
    return proposal


def may_judge(proposal: ChangeProposal, *, actor: str, digest: str, reason: str, work: unit.Work) -> None:
    """Refuse a verdict by the same person, on another content, after its time or without a reason."""
    participant(actor, change.Kind(proposal.kind), work)
    problems = change.reason_problems(reason) + change.verdict_problems(
        proposed_by=proposal.proposed_by,
        actor=actor,
        bound=bound(proposal.proposed_by, actor),
        kept_digest=proposal.digest,
        seen_digest=digest,
        expires_at=proposal.expires_at,
        now=work.now,
    )
    if problems:
        raise InputRefused(problems)


def bound(proposed_by: str, actor: str) -> bool:
    """Whether one person could be both: she let the judge in, or holds the token of the program that asks.

    Whoever invites somebody knows the code with which a password is set; whoever gives roles makes judges.
    """
    if client := intake.client_by_name(proposed_by.removeprefix("api:")):
        return client.token_by == actor
    return proposed_by in staff_queries.let_in_by(actor) or actor in staff_queries.let_in_by(proposed_by)


def claim(
    work: unit.Work, *, approval_id: str, kind: change.Kind, subject_id: str, payload: Mapping[str, object]
) -> ChangeClaim:
    """Use an approval in the caller's transaction: of this kind, for exactly this content, once.

    `approval_id` is the proposal's id. If the caller's transaction fails, the approval is unused again.
    """
    wanted = change.digest(kind, subject_id, canonical.text(payload))
    verdict = queries.approval(approval_id, kind=kind.value, digest=wanted)
    if verdict is None:
        says = "No unused approval of exactly this change was found."
        raise InputRefused([Problem("change.approval", says, "Propose it; a second person approves it.")])
    if work.now >= verdict.proposal.expires_at:
        raise InputRefused([Problem("change.expired", "The approval has expired.", "Propose it again.")])
    try:
        return writes.add_claim(verdict, operation=work.operation, claimed_at=work.now)
    except IntegrityError as error:
        raise InputRefused([Problem("change.approval", "This approval was used already.")]) from error
