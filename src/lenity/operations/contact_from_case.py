"""A collector asks to call, write or visit the person of her case: the same gate, nobody else's number."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.debt_collection import call_script
from lenity.gateways import clock
from lenity.operations import gatekeeping, servicing, unit
from lenity.records.debt_collection import desk_queries
from lenity.records.debt_collection.models import Contact

CHANNELS = ("call", "sms", "email")


def contact_from_case(*, channel: str, point_id: str, actor: str) -> Contact:
    """Ask the gate for one contact about what is overdue; a message is in the standing words of its place."""
    if channel not in CHANNELS:
        raise InputRefused([Problem("contact.channel", f"It is one of: {', '.join(CHANNELS)}.")])
    with unit.of_work(operation="contact_from_case", actor=actor) as work:
        lease = servicing.needed(desk_queries.open_lease(actor, work.now), "case", "")
        borrower = lease.borrower
        servicing.needed(desk_queries.point_of(borrower, point_id), "number", point_id)
        loans = desk_queries.overdue_loans(borrower, clock.business_day(borrower.jurisdiction))
        if not loans:
            raise InputRefused(
                [Problem("contact.paid", "Nothing is overdue any more.", "Put the case back.")]
            )
        template = "" if channel == "call" else call_script.template(borrower.jurisdiction, channel)
        if channel != "call" and not template:
            raise InputRefused([Problem("contact.words", "There are no standing words for this channel.")])
        wish = gatekeeping.Wish(
            borrower_id=borrower.public_id,
            channel=channel,
            purpose="collection",
            point_id=point_id,
            loan_ids=loans,
            template=template,
            requested_by=actor,
        )
        return gatekeeping.decide_one(work, wish)
