"""Somebody who lost her password or her second factor, or let her code lapse, is invited anew."""

from __future__ import annotations

from datetime import timedelta

import pyotp

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import ids
from lenity.operations import servicing, unit
from lenity.records.people import codes, sign_in_queries, staff_writes

LIFE = timedelta(days=3)


def invite_again(*, staff_id: str, actor: str) -> str:
    """The new code, shown once. Her old password, second factor and sessions end at once; never for oneself."""
    if staff_id == actor:
        raise InputRefused([Problem("staff.self", "Nobody changes her own rights.")])
    code, public_id = ids.contact_code(), ids.public_id()
    with unit.of_work(operation="invite_again", actor=actor) as work:
        staff = servicing.needed(sign_in_queries.staff_by_id(staff_id), "staff", staff_id)
        staff_writes.add_invitation(
            staff,
            public_id=public_id,
            code_hash=codes.keyed(public_id, code),
            totp_secret=pyotp.random_base32(),
            made_at=work.now,
            made_by=actor,
            expires_at=work.now + LIFE,
        )
        ended = staff_writes.end_sessions(staff, public_id="", now=work.now, ended_by=actor)
        work.record(subject_kind="staff", subject_id=staff_id, body={"sessions_ended": ended})
    return code
