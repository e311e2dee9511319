"""The cross-field checks that a regulator runs on furnishers, run on our own file before it leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from lenity.base.outcomes import Problem
from lenity.domain.furnishing.metro2 import File, Record

LATE = {"71", "78", "80", "82", "83", "84"}
PAID = {"13", "61", "62", "63", "64", "65"}
RATED = {"05", "13", "65", "88", "89", "94", "95"}
CHARGED_OFF = {"64", "97"}
OPEN_PLANS = {"C", "O", "R"}

Check = Callable[[Record], bool]

CHECKS: Mapping[str, tuple[str, Check]] = {
    "late_without_past_due": (
        "A late or charged-off account has an amount past due.",
        lambda r: r["account_status"] in LATE | {"93", "97"} and _zero(r, "amount_past_due"),
    ),
    "current_with_past_due": (
        "A current account has no amount past due.",
        lambda r: r["account_status"] == "11" and not _zero(r, "amount_past_due"),
    ),
    "current_with_first_delinquency": (
        "A current account has no date of first delinquency.",
        lambda r: r["account_status"] == "11" and not _zero(r, "first_delinquency_date"),
    ),
    "paid_with_balance": (
        "A paid account has no balance, nothing past due, and a closing date.",
        lambda r: (
            r["account_status"] in PAID
            and not (
                _zero(r, "current_balance") and _zero(r, "amount_past_due") and not _zero(r, "date_closed")
            )
        ),
    ),
    "late_without_first_delinquency": (
        "A delinquent account has a date of first delinquency.",
        lambda r: r["account_status"] in LATE | {"93", "97"} and _zero(r, "first_delinquency_date"),
    ),
    "rating_with_other_status": (
        "A payment rating goes with certain statuses, and always with those.",
        lambda r: (r["account_status"] in RATED) != bool(r["payment_rating"]),
    ),
    "charge_off_amount": (
        "A charge-off amount goes with status 64 or 97, and always with those.",
        lambda r: (r["account_status"] in CHARGED_OFF) == _zero(r, "charge_off_amount"),
    ),
    "settled_status": (
        "Special comment AU goes with paid statuses only.",
        lambda r: r["special_comment"] == "AU" and r["account_status"] not in PAID,
    ),
    "installment_terms": (
        "An instalment loan has no credit limit and its terms in months.",
        lambda r: (
            r["portfolio_type"] == "I" and not (_zero(r, "credit_limit") and r["terms_duration"].isdigit())
        ),
    ),
    "dates_in_order": (
        "Opened, first delinquency and last payment are not after the date of information.",
        lambda r: not _in_order(r),
    ),
    "ssn_or_birth_date": (
        "A consumer has a social security number or a birth date.",
        lambda r: _zero(r, "birth_date") and r["ssn"].strip("09") == "",
    ),
    "history_tail": (
        "No history (B) stands only at the end of the payment history.",
        lambda r: len(r["payment_history"]) != 24 or "B" in r["payment_history"].rstrip("B"),
    ),
}


def findings(file: File, last_month: Mapping[str, Record] | None = None) -> list[Problem]:
    """Everything that is wrong with a file's accounts; with last month's records also across months."""
    found: list[Problem] = []
    for line, record in enumerate(file.accounts, start=2):
        found += [
            Problem(f"metro2.{name}", says, "", line, "")
            for name, (says, is_hit) in CHECKS.items()
            if is_hit(record)
        ]
        before = (last_month or {}).get(record["account_number"])
        if before is not None:
            found += _across_months(record, before, line)
    return found + list(_doubles(file.accounts))


def _across_months(record: Record, before: Record, line: int) -> Iterable[Problem]:
    moved = before["first_delinquency_date"] != record["first_delinquency_date"]
    if before["account_status"] in LATE and record["account_status"] in LATE and moved:
        yield Problem("metro2.re_aged", "The date of first delinquency moved while delinquent.", "", line)
    if record["payment_history"][1:] != before["payment_history"][:23]:
        yield Problem("metro2.history_moved", "The payment history does not follow last month's.", "", line)


def _doubles(accounts: Sequence[Record]) -> Iterable[Problem]:
    for number, times in Counter(record["account_number"] for record in accounts).items():
        if times > 1:
            yield Problem("metro2.double", f"Account {number} stands {times} times.", "Once a file.")


def _zero(record: Record, name: str) -> bool:
    return record[name].strip("0") == ""


def _date(record: Record, name: str) -> date | None:
    try:
        return datetime.strptime(record[name], "%m%d%Y").date()  # noqa: DTZ007 - a day, no instant
    except ValueError:
        return None


def _in_order(record: Record) -> bool:
    as_of = _date(record, "information_date")
    opened = _date(record, "date_opened")
    if as_of is None or opened is None or opened > as_of:
        return False
    others = (_date(record, name) for name in ("first_delinquency_date", "last_payment_date"))
    return all(other is None or other <= as_of for other in others)
