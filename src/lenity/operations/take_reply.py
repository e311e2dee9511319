"""Somebody answered a text message. A word for stop switches text messages off at once."""

from __future__ import annotations

from lenity.gateways import delivery, ids
from lenity.operations import unit
from lenity.records.debt_collection import writes as debt_writes
from lenity.records.people import codes, queries, writes

STOP_WORDS = frozenset(
    {"R", "T", "TD", "N", "STOP", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "停", "停止", "退订"}
)
"""Words in use for it; Reg F 1006.6(e) asks for a clear and simple way."""


def take_reply(*, reply: delivery.Reply, actor: str) -> int:
    """Act on one reply; returns for how many borrowers of that number text messages are now off.

    A number may have belonged to several people; each of them is left alone.
    """
    word = reply.text.strip(" .。!！\r\n\ufffd").upper()
    number = codes.normal(reply.sender)
    with unit.of_work(operation="take_reply", actor=actor) as work:
        stopped = 0
        if word in STOP_WORDS and number:
            for found in queries.find_by_mobile(number):
                borrower = debt_writes.lock_borrower(found.public_id)
                if not queries.opt_outs(borrower, "sms"):
                    writes.add_preference(
                        borrower,
                        public_id=ids.public_id(),
                        kind="channel_opt_out",
                        channel="sms",
                        recorded_at=work.now,
                        recorded_by=actor,
                    )
                stopped += 1
        body = {"stop": word in STOP_WORDS, "borrowers": stopped}
        work.record(subject_kind="reply", subject_id=ids.public_id(), body=body)
        return stopped
