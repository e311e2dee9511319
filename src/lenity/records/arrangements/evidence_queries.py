"""Everything that is evidence about one borrower, as plain values in the order in which it happened.

Names, numbers and texts are in clear here; `domain.evidence.redaction` takes out what a reader may not see.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from lenity.base import dates
from lenity.domain.debt_collection import certificate as certificates
from lenity.domain.debt_collection import limits_used, messages
from lenity.law import reader
from lenity.records import encrypted
from lenity.records.arrangements import account_evidence, looked_queries, support_queries
from lenity.records.arrangements import queries as arrangements
from lenity.records.audit import queries as audit
from lenity.records.debt_collection import concern_queries, gate_queries, voice_queries
from lenity.records.debt_collection.check_queries import AGENCY
from lenity.records.debt_collection.models import Contact, Hold
from lenity.records.people import queries as people
from lenity.records.people.models import Borrower, Preference, StaffMember

FORM = "lenity evidence record v1"
LANGUAGES = ("zh-hans", "en")


def whole(
    borrower_id: str, on_date: date, made_at: datetime, zone_of_place: Callable[[str], str]
) -> dict[str, Any]:
    """The record of a borrower up to now; `zone_of_place` tells the clock where her own is not known."""
    borrower = people.get_borrower(borrower_id)
    contacts, zone = _contacts(borrower), people.zone_of(borrower_id) or zone_of_place(borrower.jurisdiction)
    head = audit.head()
    return {
        "form": FORM,
        "made_at": dates.instant_text(made_at),
        "on_date": on_date.isoformat(),
        "person": _person(borrower, zone),
        "loans": account_evidence.loans(borrower_id, on_date),
        "contacts": contacts,
        "told": [_told(one) for one in support_queries.told_contacts(borrower_id)][::-1],
        "wishes": [_wish(row) for row in _wish_rows(borrower)],
        "holds": [_hold(row) for row in _hold_rows(borrower)],
        "concerns": _concerns(borrower_id, on_date),
        "agreements": [_agreement(one) for one in arrangements.agreements_of(borrower_id)][::-1],
        "promises": [_promise(one) for one in concern_queries.promises_of(borrower_id)][::-1],
        "looks": [_look(one) for one in looked_queries.looks(borrower_id, most=1000)][::-1],
        "limits": _limits(contacts, borrower.jurisdiction, zone),
        "provisions": _provisions(contacts),
        "log": {
            "origin": audit.origin(),
            "size": head.tree_size if head else 0,
            "root": head.root_hash if head else "",
            "sealed_at": dates.instant_text(head.sealed_at) if head else "",
            "public_key": audit.public_key().public_bytes_raw().hex(),
        },
    }


def _person(borrower: Borrower, zone: str) -> dict[str, Any]:
    points = borrower.contact_points.order_by("id")
    return {
        "id": borrower.public_id,
        "name": people.name_of(borrower),
        "place": borrower.jurisdiction,
        "language": borrower.language,
        "zone": zone,
        "points": [
            {"id": one.public_id, "kind": one.kind, "role": one.role, "source": one.source, "mask": one.mask}
            for one in points
        ],
    }


def _contacts(borrower: Borrower) -> list[dict[str, Any]]:
    rows = Contact.objects.filter(borrower=borrower).order_by("requested_at", "id")
    rows = rows.select_related("contact_point", "decision__wording", "outbox", "retries")
    found = list(rows.prefetch_related("outbox__deliveryreceipt_set", "outcomes"))
    staff = {
        one.public_id: one
        for one in StaffMember.objects.filter(public_id__in={row.requested_by for row in found})
    }
    return [_contact(number, row, staff) for number, row in enumerate(found, start=1)]


def _contact(number: int, row: Contact, staff: Mapping[str, StaffMember]) -> dict[str, Any]:
    certificate = gate_queries.certificate_of(row.decision)
    return {
        "number": number,
        "id": row.public_id,
        "code": row.code,
        "at": dates.instant_text(row.requested_at),
        "channel": row.channel,
        "purpose": row.purpose,
        "debts": list(row.debts),
        "to": row.contact_point.mask if row.contact_point else "",
        "to_role": row.contact_point.role if row.contact_point else "",
        "by": _maker(row.requested_by, staff),
        "template": row.template,
        "template_version": row.template_version,
        "language": row.language,
        "verdict": row.verdict,
        "earliest": dates.instant_text(row.earliest_at) if row.earliest_at else "",
        "leading": row.decision.leading_provision,
        "retries": row.retries.public_id if row.retries else "",
        "message": _message(row),
        "outcomes": [
            {"outcome": one.outcome, "at": dates.instant_text(one.recorded_at)} for one in row.outcomes.all()
        ],
        "notes": [
            {"at": dates.instant_text(at), "words": words}
            for words, at in voice_queries.notes_of(row.public_id)
        ],
        "files": [_file(one) for one in support_queries.note_files(row.public_id)],
        "in_words": {language: certificates.in_words(certificate, language) for language in LANGUAGES},
        "certificate": certificate,
        "facts": json.loads(row.decision.facts),
    }


def _maker(requested_by: str, staff: Mapping[str, StaffMember]) -> dict[str, str]:
    """Who asked for a contact: a person, an agency's program, or the lender's own system."""
    known = staff.get(requested_by)
    if known is not None:
        return {
            "kind": "agency" if known.agency else "staff",
            "name": known.display_name,
            "staff_number": known.staff_number,
            "agency": known.agency,
        }
    agency = requested_by.removeprefix(AGENCY) if requested_by.startswith(AGENCY) else ""
    return {"kind": "agency" if agency else "system", "name": "", "staff_number": "", "agency": agency}


def _message(row: Contact) -> dict[str, Any]:
    """What was sent, word for word; a one-time code is never told again, and what had its time is gone."""
    outbox = getattr(row, "outbox", None)
    if outbox is None:
        return {}
    place = {"table": "debt_collection_outboxmessage", "column": "body", "row": row.public_id}
    is_gone = outbox.body_sealed == encrypted.GONE
    plain = {"sender": "", "subject": "", "body": ""}
    plain |= {} if is_gone else json.loads(encrypted.unseal(outbox.body_sealed, **place))
    secret = row.template and any(
        "{one_time_code}" in body for _, body in messages.get(row.template).texts.values()
    )
    receipts = sorted(outbox.deliveryreceipt_set.all(), key=lambda one: (one.received_at, one.pk))
    return {
        "sender": plain["sender"],
        "subject": "" if secret else plain["subject"],
        "body": "" if secret else plain["body"],
        "is_secret": bool(secret),
        "is_gone": is_gone,
        "digest": outbox.body_hash,
        "state": outbox.state,
        "note": outbox.note,
        "handed_at": dates.instant_text(outbox.handed_at) if outbox.handed_at else "",
        "receipts": [{"state": one.state, "at": dates.instant_text(one.received_at)} for one in receipts],
    }


def _file(one: support_queries.FileView) -> dict[str, Any]:
    return {"id": one.public_id, "media_type": one.media_type, "bytes": one.size, "sha256": one.digest}


def _told(one: support_queries.ToldView) -> dict[str, Any]:
    return {
        "concern": one.hold,
        "channel": one.channel,
        "at": dates.instant_text(one.happened_at),
        "from": one.number,
        "who": one.who,
    }


def _wish_rows(borrower: Borrower) -> list[Preference]:
    rows = Preference.objects.filter(borrower=borrower, revokes__isnull=True).order_by("recorded_at", "id")
    return list(rows.select_related("contact_point", "revoked_by"))


def _wish(row: Preference) -> dict[str, Any]:
    """A consent or a wish with its end, if it was taken back."""
    end = getattr(row, "revoked_by", None)
    return {
        "id": row.public_id,
        "kind": row.kind,
        "channel": row.channel,
        "to": row.contact_point.mask if row.contact_point else "",
        "detail": {key: str(value) for key, value in row.detail.items()},
        "since": dates.instant_text(row.recorded_at),
        "by": "borrower" if row.recorded_by == "borrower" else "lender",
        "until": dates.instant_text(row.ends_at) if row.ends_at else "",
        "taken_back_at": dates.instant_text(end.recorded_at) if end else "",
    }


def _hold_rows(borrower: Borrower) -> list[Hold]:
    rows = Hold.objects.filter(borrower=borrower).order_by("opened_at", "id")
    return list(rows.select_related("loan", "end"))


def _hold(row: Hold) -> dict[str, Any]:
    end = getattr(row, "end", None)
    return {
        "id": row.public_id,
        "kind": row.kind,
        "loan": row.loan.public_id if row.loan else "",
        "since": dates.instant_text(row.opened_at),
        "until": row.ends_on.isoformat() if row.ends_on else "",
        "ended_at": dates.instant_text(end.ended_at) if end else "",
        "ended_because": end.reason if end else "",
    }


def _concerns(borrower_id: str, on_date: date) -> list[dict[str, Any]]:
    found = []
    for one in reversed(concern_queries.concerns_of(borrower_id, on_date)):
        page = support_queries.concern(borrower_id, one.hold, on_date)
        answered = one.answered_at.date() if one.answered_at else None
        found.append(
            {
                "id": one.hold,
                "about": one.about,
                "account_ending": one.account_ending,
                "opened_at": dates.instant_text(one.opened_at),
                "answer_by": one.answer_by.isoformat(),
                "answered_at": dates.instant_text(one.answered_at) if one.answered_at else "",
                "answer": one.answer,
                "in_time": (answered or on_date) <= one.answer_by,
                "words": [
                    {"at": dates.instant_text(at), "words": words}
                    for at, words in (page.notes if page else ())
                ],
                "files": [_file(file) for file in (page.files if page else ())],
            }
        )
    return found


def _agreement(one: arrangements.AgreementView) -> dict[str, Any]:
    return {
        "id": one.public_id,
        "signed_at": dates.instant_text(one.signed_at),
        "account_ending": one.text["account_ending"],
        "currency": one.text["currency"],
        "total_minor": one.text["total_minor"],
        "more_minor": one.text["more_minor"],
        "new": [[day.isoformat(), minor] for day, minor in one.rows],
        "old": [[day.isoformat(), minor] for day, minor in one.old_rows],
        "text": one.text,
        "digest": one.digest,
        "signature": one.signature,
        "public_key": one.public_key,
    }


def _promise(one: concern_queries.PromiseView) -> dict[str, Any]:
    return {
        "account_ending": one.account_ending,
        "currency": one.currency,
        "amount_minor": one.amount_minor,
        "by": one.by.isoformat() if one.by else "",
        "outcome": one.outcome or "open",
    }


def _look(one: looked_queries.LookView) -> dict[str, Any]:
    return {
        "at": dates.instant_text(one.at),
        "how": one.how,
        "who": one.who,
        "staff_number": one.staff_number,
        "agency": one.agency,
        "reason": one.reason,
    }


def _limits(contacts: list[dict[str, Any]], place: str, zone: str) -> list[dict[str, Any]]:
    judged = (
        limits_used.Judged(
            dates.local(dates.parse_instant(one["at"]), zone).date(),
            one["verdict"],
            one["channel"],
            one["leading"],
            one["certificate"],
        )
        for one in contacts
    )
    return [one.to_plain() for one in limits_used.of(judged, reader.rulebook(place))]


def _provisions(contacts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every provision that looked at a contact, once, as it was quoted."""
    found: dict[str, dict[str, Any]] = {}
    for one in contacts:
        for said in one["certificate"].get("provisions", ()):
            told = ("id", "instrument", "article", "force", "confidence", "says")
            found.setdefault(said["id"], {key: said[key] for key in told})
    return [found[name] for name in sorted(found)]
