"""What the operations share that make a notice due: the wish for it, put to the gate as any other contact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.conf import settings

from lenity.base.money import Money
from lenity.domain.debt_collection import itemising, notices
from lenity.gateways import clock
from lenity.law import reader
from lenity.operations import gatekeeping, unit
from lenity.records.debt_collection import notice_list, placement_queries
from lenity.records.debt_collection.gate_queries import POINT_KINDS
from lenity.records.debt_collection.notice_list import Notice
from lenity.records.lending import servicing_queries
from lenity.records.lending.models import Loan


def tell(work: unit.Work, loan_ids: Iterable[str] | None = None) -> tuple[list[Notice], list[str]]:
    """Ask the gate for every notice that is due and may be asked for, of some loans or of all.

    Returns those without a number or an address to send them to, and the verdicts on the others. A contact's
    event is the one of a contact, whoever asked for it.
    """
    due = [
        one for one in notice_list.listed(clock.business_day, loans=loan_ids) if one.may_be_asked(work.now)
    ]
    wishes = [(one, _wish(one, work)) for one in due]
    verdicts: list[str] = []
    for chunk in gatekeeping.rounds([(at, wish) for at, (_, wish) in enumerate(wishes) if wish is not None]):
        before = len(work.events)
        verdicts += [one.verdict for one in gatekeeping.decide_many(work, [wish for _, wish in chunk])]
        for event in work.events[before:]:
            event["operation"] = "request_contact"
    return [one for one, wish in wishes if wish is None], verdicts


def _wish(one: Notice, work: unit.Work) -> gatekeeping.Wish | None:
    """The notice on the first channel that has words and a live number or address; none where there is none."""
    borrower = one.loan.borrower
    words = notices.TEMPLATES.get((borrower.jurisdiction, one.purpose), {})
    for channel, template in words.items():
        point = placement_queries.point_of(borrower, POINT_KINDS[channel])
        if point is not None:
            return gatekeeping.Wish(
                borrower_id=borrower.public_id,
                channel=channel,
                purpose=one.purpose,
                point_id=point.public_id,
                loan_ids=(one.loan.public_id,),
                template=template,
                requested_by=work.operation,
                values=tuple(_values(one, work).items()),
                retries=one.last.public_id if one.last else "",
            )
    return None


def _values(one: Notice, work: unit.Work) -> Mapping[str, str]:
    if one.purpose == notices.ASSIGNMENT:
        return {"former": one.other}
    if one.purpose == notices.VALIDATION:
        return {"agency": one.other, **_itemised(one, work)}
    return {"agency": one.other}


def _itemised(one: Notice, work: unit.Work) -> Mapping[str, str]:
    """The amounts of a validation notice and the last day to dispute, were it received as it is assumed to be."""
    loan, place = one.loan, one.loan.borrower.jurisdiction
    today = clock.business_day(place)
    found = itemised(loan, today)

    def money(minor: int) -> str:
        return f"{loan.currency} {Money(minor, loan.currency).decimal_text()}"

    zones = placement_queries.zones_of(loan.borrower)
    last = notices.dispute_by(reader.rulebook(place), work.now, zones)
    return {
        "account": loan.account_number[-4:],
        "itemised_on": found.on_date.isoformat(),
        "owed_then": money(found.then_minor),
        "interest_since": money(found.interest_minor),
        "fees_since": money(found.fees_minor),
        "paid_since": money(found.paid_minor),
        "owed_now": money(found.now_minor),
        "dispute_by": last.isoformat() if last else "",
        "dispute_address": settings.LENITY_DISPUTE_ADDRESS,
    }


def itemised(loan: Loan, today: date) -> itemising.Itemised:
    """A debt from its itemisation date to today."""
    known = servicing_queries.stored(loan)
    day = itemising.itemisation_date(known.facts, loan.opened_on, today)
    return itemising.itemised(known.on(day), known.on(today), known.facts)
