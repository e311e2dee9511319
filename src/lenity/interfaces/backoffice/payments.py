"""Payments and entries of one account: a payment by hand, and what is to be undone, asked for beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from lenity.base import money
from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import clock
from lenity.interfaces.shared import access, page, staff_words
from lenity.operations.propose_change import propose_change
from lenity.operations.take_payment import take_payment
from lenity.records.intake import queries as intake
from lenity.records.lending import change_queries, servicing_queries
from lenity.records.lending.servicing_queries import FactRow, LoanRow

SOURCE = "by hand"
WITH_ITS_PAYMENT = "prepayment_plan"


@require_http_methods(["GET", "POST"])
@access.staff_required("operations")
def payments(request: HttpRequest) -> HttpResponse:
    """Find an account by its whole number (never in an address), then enter a payment or ask for a reversal."""
    post, said, problem = request.POST, "", ""
    found = intake.loans_by_reference([post.get("account", "").strip()[:40]]) if post else []
    loan = found[0] if len(found) == 1 else None
    if request.method == "POST":
        try:
            if loan is None:
                raise InputRefused([Problem("change.account", "Give one whole account number.")])
            said = _do(request, loan)
        except InputRefused as refused:
            problem = staff_words.code_of(refused)
    rows = servicing_queries.payments(loan) if loan else []
    gone = {row.reverses_id for row in rows if row.reverses_id}
    context = {
        "loan": loan,
        "rows": [(row, row.pk in gone) for row in reversed(rows) if row.reverses_id is None][:60],
        "entries": _entries(loan) if loan else [],
        "today": clock.business_day("CN"),
        "typed": post if problem else {},
        "account": post.get("account", "")[:40],
        "said": said,
        "problem": problem,
        "tab": "payments",
    }
    return access.no_store(
        page.show(request, "backoffice/payments.html", context, status=422 if problem else 200)
    )


def _entries(loan: LoanRow) -> list[tuple[FactRow, bool]]:
    """What was entered on a loan, newest first, and whether it was undone."""
    facts = servicing_queries.loan_facts(loan)
    gone = {one.reverses_id for one in facts}
    shown = [one for one in facts if one.reverses_id is None and one.kind != WITH_ITS_PAYMENT]
    return [(one, one.pk in gone) for one in reversed(shown)][:60]


def _propose(
    request: HttpRequest,
    loan: LoanRow,
    kind: str,
    subject: str,
    content: Mapping[str, Any],
    stranger: Problem,
) -> None:
    """Ask a second person for what falls on this account; refused as `stranger` where it is another's."""
    if content["loan"] != loan.public_id:
        raise InputRefused([stranger])
    propose_change(
        kind=kind,
        subject_id=str(content[subject]),
        payload=content,
        reason=request.POST.get("reason", "")[:600],
        actor=access.staff_id(request),
    )


def _do(request: HttpRequest, loan: LoanRow) -> str:
    post, move = request.POST, request.POST.get("move", "find")
    actor = access.staff_id(request)
    if move == "find":
        return ""
    if move == "reverse":
        content = change_queries.reversal(post.get("payment", "")[:20])
        stranger = Problem("payment.unknown", "It is no payment of this account.")
        _propose(request, loan, "payment_reversal", "payment", content, stranger)
        return "asked"
    if move == "undo":
        content = change_queries.undoing(post.get("fact", "")[:20])
        stranger = Problem("fact.unknown", "It is no entry of this account.")
        _propose(request, loan, "fact_undo", "fact", content, stranger)
        return "undoing"
    key = post.get("key", "").strip()[:80]
    known = servicing_queries.payment_by_source(SOURCE, key) is not None
    try:
        amount = money.typed(post.get("amount", "").strip()[:20], loan.currency)
        on = date.fromisoformat(post.get("on", "")[:10])
    except ValueError:
        raise InputRefused([Problem("payment.amount", "The amount is a number, the day a date.")]) from None
    take_payment(
        loan_id=loan.public_id,
        amount_minor=amount.minor,
        currency=loan.currency,
        value_date=on,
        source=SOURCE,
        source_id=key,
        actor=actor,
    )
    return "known" if known else "taken"
