"""Somebody asks whether a contact is genuine. The answer never reveals a debt, or whose it is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from lenity.domain.debt_collection import caller_code, decided
from lenity.domain.debt_collection.contact import Facts
from lenity.gateways import clock, ids
from lenity.law import reader
from lenity.operations import unit
from lenity.records import encrypted
from lenity.records.debt_collection import check_queries, writes
from lenity.records.debt_collection.models import Contact

CHECKS_AN_HOUR_AN_ADDRESS = 30
CHECKS_AN_HOUR_AN_ENDING = 10
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


@dataclass(frozen=True)
class _Question:
    kind: str  # code | live | staff
    typed: str
    ending: str


def check_contact(*, address: str, code: str = "", ending: str = "", staff_number: str = "") -> Answer:
    """Check a contact; each check is kept and, where it was hers, shown to the borrower.

    By the code of a message, letter or caller; or by the six digits that a caller reads out, with the last four
    digits of one's own phone; or by a staff number with the same four. An authority that has ended, or a loan
    taken back from the agency, answers no.
    """
    asked = _question(code, ending, staff_number)
    from_index = encrypted.blind_index(address, purpose="address")
    index = _index(asked)
    with unit.of_work(operation="check_contact", actor="public") as work:
        busy = _too_many(asked, index, from_index, work.now)
        contact = None if busy else _find(asked, work.now)
        caller = (
            check_queries.caller_of(contact, clock.business_now(contact.borrower.jurisdiction))
            if contact
            else None
        )
        until = _until(asked, contact, caller, work.now) if contact and caller else None
        known = contact if until is not None and until > work.now else None
        result = "busy" if busy else ("yes" if known else "no")
        writes.add_check(
            known,
            kind=asked.kind,
            code_index=index,
            result=result,
            checked_at=work.now,
            from_index=from_index,
        )
        work.record(
            subject_kind="contact_check",
            subject_id=known.public_id if known else ids.public_id(),
            borrower_id=known.borrower.public_id if known else "",
            body={"result": result, "kind": asked.kind},
        )
        return _answer(result, known, caller, until)


def _question(code: str, ending: str, staff_number: str) -> _Question:
    tidy = "".join(code.split()).upper().replace("-", "")[:40]
    four = "".join(ending.split())[-4:]
    if staff_number.strip():
        return _Question("staff", staff_number.strip()[:20], four)
    is_live = len(tidy) == caller_code.DIGITS and tidy.isascii() and tidy.isdigit()
    return _Question("live" if is_live else "code", tidy, four)


def _index(asked: _Question) -> str:
    if asked.kind == "code":
        return encrypted.blind_index(asked.typed, purpose="code")
    return encrypted.blind_index(asked.ending, purpose="ending")


def _too_many(asked: _Question, index: str, from_index: str, now: datetime) -> bool:
    since = now - timedelta(hours=1)
    return (
        check_queries.checks_since(since, from_index=from_index) >= CHECKS_AN_HOUR_AN_ADDRESS
        or check_queries.checks_since(since) >= CHECKS_AN_HOUR
        or (
            asked.kind != "code"
            and check_queries.checks_since(since, code_index=index) >= CHECKS_AN_HOUR_AN_ENDING
        )
    )


def _find(asked: _Question, now: datetime) -> Contact | None:
    if asked.kind == "code":
        return check_queries.genuine(asked.typed, not_before=now - CODE_LIFE)
    if asked.kind == "staff":
        return check_queries.of_staff(asked.typed, asked.ending, not_before=now - CODE_LIFE)
    calls = check_queries.live_calls(asked.ending, not_before=now - caller_code.CALL_LIFE)
    which = caller_code.which(
        encrypted.derived_key(caller_code.PURPOSE), [call.public_id for call in calls], asked.typed, now
    )
    return next((call for call in calls if call.public_id == which), None)


def _until(
    asked: _Question, contact: Contact, caller: check_queries.Caller, now: datetime
) -> datetime | None:
    """Until when the answer holds: the code's life, or as long as the gate and the agency's hours are open."""
    if asked.kind != "live":
        return contact.requested_at + CODE_LIFE
    facts = Facts.from_plain(json.loads(contact.decision.facts))
    opens = decided.open_until(facts, reader.rulebook(contact.borrower.jurisdiction))
    return min(opens, caller.until) if caller.until else opens


def _answer(
    result: str, contact: Contact | None, caller: check_queries.Caller | None, until: datetime | None
) -> Answer:
    if contact is None or caller is None:
        return Answer(result)
    return Answer(
        result,
        who=caller.name,
        staff_number=caller.staff_number,
        agency=caller.agency,
        channel=contact.channel,
        to_ending=_ending(contact.contact_point.mask) if contact.contact_point else "",
        sent_at=contact.requested_at,
        valid_until=until,
    )


def _ending(mask: str) -> str:
    """The last two digits of a number, or the first letter of a mailbox: enough to recognise one's own."""
    return mask.split("@")[0] if "@" in mask else mask[-2:]
