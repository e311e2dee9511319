"""A borrower signs a plan with a one-time code: the schedule is superseded, contacts stop, both hold a copy."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from lenity.base import canonical, dates
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing import negotiation
from lenity.domain.servicing.relief import Preview
from lenity.gateways import ids
from lenity.operations import gatekeeping, planning, servicing, unit
from lenity.operations.servicing import Entered, Ground
from lenity.records.arrangements import queries, writes
from lenity.records.arrangements.models import Agreement
from lenity.records.debt_collection import writes as debt_writes
from lenity.records.people import codes, sign_in_writes
from lenity.records.people import queries as people


def sign_plan(
    *, borrower_id: str, loan_id: str, choice: str, shown: str, request_id: str, code: str, actor: str
) -> Agreement | None:
    """Sign what is shown. None where the code is wrong, late, used or was sent for something else.

    Raises `InputRefused` where the account has moved since, where the lender has not agreed to this plan, or
    where it would leave the household below its floor (HOUSE-FLOOR), or nobody knows her month; nothing is
    agreed then.
    """
    with unit.of_work(operation="sign_plan", actor=actor, of_parts=True) as work:
        debt_writes.lock_borrower(borrower_id)
        row = sign_in_writes.take_try(request_id, now=work.now, most=codes.TRIES, purpose="agreement")
        right = (
            row is not None
            and row.borrower is not None
            and row.borrower.public_id == borrower_id
            and codes.same(row.code_hash, codes.keyed(f"{request_id}|{shown}", code.strip()))
        )
        if row is None or not right or not sign_in_writes.use_up(row, now=work.now):
            body = {"signed": False, "loan": loan_id, "shown": shown}
            work.record(subject_kind="loan", subject_id=loan_id, borrower_id=borrower_id, body=body)
            return None
        base = servicing.ground(loan_id)
        if base.loan.borrower.public_id != borrower_id:
            raise InputRefused([Problem("loan.unknown", "There is no such loan.")])
        return _signed(work, base, choice, shown, request_id)


def _signed(work: unit.Work, base: Ground, choice: str, shown: str, request_id: str) -> Agreement:
    picked = queries.choice(base.loan, choice, base.today)
    if picked is None or not picked.to_sign:
        says = "This plan is not on offer any more."
        raise InputRefused([Problem("plan.choice", says, "Choose from the plans on offer now.")])
    entered = Entered(f"signed:{request_id}", picked.asked.kind.value)
    fact, made = planning.agree(work, base, picked.asked, shown, entered, must_know=True)
    agreement = writes.add_agreement(
        public_id=ids.public_id(),
        loan=base.loan,
        fact=fact,
        shown=shown,
        text=_text(work, base, made, picked),
        code_request=request_id,
        signed_at=work.now,
    )
    _seal(agreement)
    rows = queries.turns(base.loan)
    if rows and negotiation.state(queries.as_rules(rows), base.today) != "new":
        new = writes.NewTurn(
            ids.public_id(), rows[-1].talk, rows[-1].number + 1, "borrower", "sign", rows[-1].expires_on
        )
        writes.add_turn(new, loan=base.loan, recorded_at=work.now, recorded_by=work.actor)
    work.record(
        subject_kind="agreement",
        subject_id=agreement.public_id,
        borrower_id=base.loan.borrower.public_id,
        body={"signed": True, "loan": base.loan.public_id, "shown": shown, "digest": agreement.digest},
    )
    _send_copy(work, base)
    return agreement


def _seal(agreement: Agreement) -> None:
    """The lender signs what the borrower has signed: the digest of the text, by the key of its checkpoints."""
    key = Ed25519PrivateKey.from_private_bytes(settings.LENITY_CHECKPOINT_KEY)
    writes.add_agreement_seal(
        agreement,
        signature=key.sign(queries.seal_note(agreement.digest)).hex(),
        public_key=key.public_key().public_bytes_raw().hex(),
    )


def _text(work: unit.Work, base: Ground, made: Preview, picked: queries.Choice) -> str:
    """What both sides hold: the old plan, the new one, what it costs, which budget judged it, how it was signed.

    The budget is named only: its amounts stay sealed.
    """
    return canonical.text(
        {
            "lender": settings.LENITY_LENDER_NAMES[base.loan.borrower.language],
            "floor": {
                "budget": picked.budget,
                "heaviest_minor": picked.heaviest_minor,
                "others_minor": picked.others_minor,
            },
            "account_ending": base.loan.account_number[-4:],
            "currency": base.loan.currency,
            "kind": made.kind.value,
            "old": [[row.due_date.isoformat(), row.total_minor] for row in made.old],
            "new": [[row.due_date.isoformat(), row.total_minor] for row in made.new],
            "total_minor": made.new_total_minor,
            "more_minor": made.borrower_pays_more_minor,
            "shown": picked.shown,
            "signed_at": dates.instant_text(work.now),
            "signed_by": "one-time code to the borrower's own number",
        }
    )


def _send_copy(work: unit.Work, base: Ground) -> None:
    """Tell the borrower where her copy is; the gate decides on this message as on any other."""
    point = people.own_mobile(base.loan.borrower)
    if point is not None:
        wish = gatekeeping.Wish(
            borrower_id=base.loan.borrower.public_id,
            channel="sms",
            purpose="plan_copy",
            point_id=point.public_id,
            loan_ids=(),
            template="plan-copy-sms",
            requested_by="agreement",
        )
        gatekeeping.decide_one(work, wish)
