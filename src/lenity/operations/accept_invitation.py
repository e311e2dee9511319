"""An invited person has set her password and shown that her second factor works: she may sign in."""

from __future__ import annotations

import pyotp

from lenity.base.outcomes import InputRefused, Problem
from lenity.operations import unit
from lenity.records.people import sign_in_queries, staff_queries, staff_writes

LEAST_PASSWORD = 12
STEP_SECONDS = 30


def accept_invitation(*, invitation_id: str, password: str, again: str, code: str) -> None:
    """Use an invitation up. The password is long enough and unlike the name; the code is of this moment."""
    with unit.of_work(operation="accept_invitation", actor=invitation_id) as work:
        found = staff_queries.invitation_by_id(invitation_id)
        if found is None or not found.staff.is_active or not staff_queries.living(found, work.now):
            raise InputRefused(
                [Problem("join.over", "The invitation is over.", "Ask the administrator for a new one.")]
            )
        step = _step(sign_in_queries.totp_secret_of(found.staff), code, int(work.now.timestamp()))
        problems = []
        if not LEAST_PASSWORD <= len(password) <= 200:
            problems.append(Problem("join.password", f"A password has at least {LEAST_PASSWORD} signs."))
        elif found.staff.username.lower() in password.lower() or len(set(password)) < 5:
            problems.append(Problem("join.weak", "The password is too easy to guess."))
        elif password != again:
            problems.append(Problem("join.again", "The two passwords differ."))
        if step is None:
            problems.append(Problem("join.code", "The code of the second factor is not right."))
        if step is None or problems:
            raise InputRefused(problems)
        if not staff_writes.accept(found, password=password, step=step, now=work.now):
            raise InputRefused([Problem("join.over", "The invitation is over.")])
        work.record(subject_kind="staff", subject_id=found.staff.public_id, body={"joined": True})


def _step(secret: str, code: str, at: int) -> int | None:
    second_factor, present = pyotp.TOTP(secret), at // STEP_SECONDS
    for step in (present - 1, present, present + 1):
        if pyotp.utils.strings_equal(second_factor.generate_otp(step), code.strip()):
            return step
    return None
