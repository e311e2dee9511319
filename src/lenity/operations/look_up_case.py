"""A collector looks one person up, by the whole account number and for a reason that compliance reads."""

from __future__ import annotations

from datetime import timedelta

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import ids
from lenity.operations import unit
from lenity.records.debt_collection import desk_queries, desk_writes

REASONS = ("she_called", "she_wrote", "agreed_call", "transferred")
HOUR = timedelta(hours=1)


def look_up_case(*, account: str, reason: str, words: str, actor: str) -> str:
    """Lease the case of an account: `opened`, `nobody` or `taken`. Each try is kept, found or not."""
    problems = []
    if reason not in REASONS:
        problems.append(Problem("look_up.reason", f"It is one of: {', '.join(REASONS)}."))
    if not 3 <= len(words.strip()) <= 200:
        problems.append(Problem("look_up.words", "Say in 3 to 200 signs why."))
    if problems:
        raise InputRefused(problems)
    with unit.of_work(operation="look_up_case", actor=actor) as work:
        desk_writes.lapse(work.now)
        rule = desk_queries.rule("CN", work.now.date())
        if desk_queries.open_lease(actor, work.now) is not None:
            raise InputRefused([Problem("look_up.busy", "Put your present case back first.")])
        if desk_queries.look_ups_since(actor, work.now - HOUR) >= rule["look_ups_an_hour"]:
            raise InputRefused([Problem("look_up.limit", "That is the limit of look-ups an hour.")])
        borrower = desk_queries.borrower_by_account(account.strip()[:40])
        result = "nobody"
        if borrower is not None:
            until = work.now + timedelta(minutes=rule["lease_minutes"])
            free = desk_writes.lock_free(borrower.pk)
            lease = free and desk_writes.take(
                borrower.pk, public_id=ids.public_id(), staff=actor, how="look_up", now=work.now, until=until
            )
            result = "opened" if lease else "taken"
        desk_writes.add_look_up(
            staff=actor, borrower=borrower, reason=reason, words=words.strip(), result=result, now=work.now
        )
        who = borrower.public_id if borrower else ""
        work.record(
            subject_kind="case", subject_id=who, borrower_id=who, body={"reason": reason, "result": result}
        )
        return result
