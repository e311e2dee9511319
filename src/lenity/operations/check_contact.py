"""Somebody asks whether a contact is genuine. The answer never reveals a debt, or whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lenity.gateways import ids
from lenity.operations import unit
from lenity.records import encrypted
from lenity.records.debt_collection import check_queries, writes

CHECKS_AN_HOUR_AN_ADDRESS = 30
CHECKS_AN_HOUR = 5000
CODE_LIFE = timedelta(days=30)
CODE_LENGTH = 10


@dataclass(frozen=True)
class Answer:
    """Yes, no, or too many questions. With yes: who, by which channel, to which ending, until when."""

    result: str  # yes | no | busy
    who: str = ""
    staff_number: str = ""
    agency: str = ""
    channel: str = ""
    to_ending: str = ""
    sent_at: datetime | None = None
    valid_until: datetime | None = None


def check_contact(*, code: str, address: str) -> Answer:
    """Check a code from a message, a letter or a caller; each check is kept and shown to the borrower."""
    tidy = "".join(code.split()).upper().replace("-", "")[:40]
    from_index = encrypted.blind_index(address, purpose="address")
    with unit.of_work(operation="check_contact", actor="public") as work:
        since = work.now - timedelta(hours=1)
        busy = (
            check_queries.checks_since(since, from_index=from_index) >= CHECKS_AN_HOUR_AN_ADDRESS
            or check_queries.checks_since(since) >= CHECKS_AN_HOUR
        )
        contact = None if busy else check_queries.genuine(tidy, not_before=work.now - CODE_LIFE)
        result = "busy" if busy else ("yes" if contact else "no")
        writes.add_check(
            contact,
            code_index=encrypted.blind_index(tidy, purpose="code"),
            result=result,
            checked_at=work.now,
            from_index=from_index,
        )
        work.record(
            subject_kind="contact_check",
            subject_id=contact.public_id if contact else ids.public_id(),
            borrower_id=contact.borrower.public_id if contact else "",
            body={"result": result},
        )
        if contact is None:
            return Answer(result)
        caller = check_queries.caller_of(contact)
        return Answer(
            result,
            who=caller.name,
            staff_number=caller.staff_number,
            agency=caller.agency,
            channel=contact.channel,
            to_ending=_ending(contact.contact_point.mask) if contact.contact_point else "",
            sent_at=contact.requested_at,
            valid_until=contact.requested_at + CODE_LIFE,
        )


def _ending(mask: str) -> str:
    """The last two digits of a number, or the first letter of a mailbox: enough to recognise one's own."""
    return mask.split("@")[0] if "@" in mask else mask[-2:]
