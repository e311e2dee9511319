"""Someone proposes a change that takes two people: a policy, a model, a write-off, a refund, a rate."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from lenity.base import canonical
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.approvals import change
from lenity.domain.lending import decision
from lenity.domain.scoring import model as models
from lenity.domain.servicing import negotiation
from lenity.gateways import ids
from lenity.operations import approving, planning, servicing, unit
from lenity.records.approvals import writes
from lenity.records.approvals.models import ChangeProposal
from lenity.records.lending import servicing_queries
from lenity.records.scoring import queries as scoring

ACTIVATIONS = (change.Kind.POLICY_ACTIVATION, change.Kind.MODEL_ACTIVATION)


def propose_change(
    *, kind: str, subject_id: str, payload: Mapping[str, object], before: str = "", reason: str, actor: str
) -> ChangeProposal:
    """Keep exactly what is wanted, for a second person to judge within seven days.

    `subject_id` names what changes (a loan, a campaign). For a policy or a model it is left empty and the
    payload is `{"text": ...}`: the text is checked now, and shown against the one in force.
    """
    which = approving.kind_of(kind)
    problems = change.reason_problems(reason)
    if which in ACTIVATIONS:
        subject_id, before = _activation(which, payload)
    elif not subject_id:
        problems.append(Problem("change.subject", "It is not said what the change is about."))
    content = canonical.text(payload)
    if len(content) > change.LONGEST_PAYLOAD:
        problems.append(Problem("change.size", f"At most {change.LONGEST_PAYLOAD:,} characters."))
    if problems:
        raise InputRefused(problems)
    with unit.of_work(operation="propose_change", actor=actor) as work:
        approving.asker(actor, which, work)
        if which is change.Kind.PLAN_AGREED:
            _floor_is_judged(payload)
        proposal = writes.add_proposal(
            public_id=ids.public_id(),
            kind=which.value,
            subject_id=subject_id,
            payload=content,
            before=before,
            digest=change.digest(which, subject_id, content),
            reason=reason.strip(),
            proposed_by=actor,
            proposed_at=work.now,
            expires_at=work.now + change.LIFE,
        )
        work.record(
            subject_kind="change",
            subject_id=proposal.public_id,
            body={"kind": kind, "about": subject_id, "digest": proposal.digest},
        )
        return proposal


def _floor_is_judged(payload: Mapping[str, object]) -> None:
    """A plan is not even asked for below a household's floor, or where nobody knows its month."""
    base = servicing.ground(str(payload["loan"]))
    asked = negotiation.read_request(str(payload["asked"]))
    planning.keep_floor(base, servicing_queries.preview(base.loan, base.before, asked), must_know=True)


def _trial_is_kept(policy: decision.Policy) -> None:
    """A challenger is approved by its fingerprint, so its bytes have to be here."""
    trial = policy.trial
    missing = [
        kind
        for kind, fingerprint, found in (
            ("policy", trial and trial.policy, scoring.policy),
            ("model", trial and trial.model, scoring.model),
        )
        if fingerprint and found(fingerprint) is None
    ]
    challenger = scoring.model(trial.model) if trial and trial.model else None
    if challenger and models.read(challenger.content).use != models.DEFAULT:
        raise InputRefused([Problem("policy.trial", "The trial's model is not one of default.")])
    if missing:
        says = f"The {' and the '.join(missing)} of the trial are not kept here."
        raise InputRefused([Problem("policy.trial", says, "Keep them first: `lenity policy keep FILE`.")])


def _activation(kind: change.Kind, payload: Mapping[str, object]) -> tuple[str, str]:
    """The fingerprint of the text, and the content that it would replace."""
    text = payload.get("text")
    if not isinstance(text, str) or list(payload) != ["text"]:
        raise InputRefused([Problem("change.payload", "The payload is the text of a policy or a model.")])
    use = models.DEFAULT
    if kind is change.Kind.POLICY_ACTIVATION:
        _trial_is_kept(decision.read(text))
    else:
        use = models.read(text).use
    now = scoring.text_in_force(kind.value, use)
    if now == text:
        raise InputRefused([Problem("change.same", "Exactly this text is in force already.")])
    return hashlib.sha256(text.encode()).hexdigest(), canonical.text({"text": now}) if now else ""
