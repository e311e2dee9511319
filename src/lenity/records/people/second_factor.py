"""The second factor of staff: which time step a code belongs to (RFC 6238)."""

from __future__ import annotations

from datetime import datetime

import pyotp

from lenity.records.people import sign_in_queries
from lenity.records.people.models import StaffMember

STEP_SECONDS = 30


def step_of(staff: StaffMember, code: str, now: datetime) -> int | None:
    """The time step that the code belongs to, one step of drift allowed either way; None for a wrong code."""
    totp = pyotp.TOTP(sign_in_queries.totp_secret_of(staff))
    present = int(now.timestamp()) // STEP_SECONDS
    for step in (present - 1, present, present + 1):
        if pyotp.utils.strings_equal(totp.generate_otp(step), code.strip()):
            return step
    return None
