"""The month's bureau file is written, after the checks that a regulator would run on it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from lenity.base.money import minor_digits
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.furnishing import checks, codes, metro2
from lenity.gateways import clock, files, ids
from lenity.operations import unit
from lenity.records.furnishing import notice_queries, queries, writes
from lenity.records.furnishing.models import FurnishedRecord, FurnishingFile

PLACE = "US"
CURRENCY = "USD"


@dataclass(frozen=True)
class Held:
    """A loan that is left out: the provision that says so, in both languages, and when it opens, if it will."""

    loan_id: str
    provision_id: str
    says: Mapping[str, str]
    opens: datetime | None


@dataclass(frozen=True)
class Furnished:
    """The file with how many loans it does not cover, by place, which are held back, and where it lies."""

    file: FurnishingFile
    path: Path
    late: int
    elsewhere: dict[str, int]
    held: tuple[Held, ...]


def furnish_month(
    *, month_end: date, folder: Path, identification: str, reporter: str, actor: str
) -> Furnished:
    """Write the Metro 2 file of a month for borrowers in the United States.

    Refuses the whole file when a cross-field check hits. A loan with negative information that the gate does
    not let be furnished yet (US-RF-30a: nobody spoke with her, or no notice was sent and waited for) is left
    out, with the reason; a disputed one says that it is disputed (US-FCRA-623a). Loans elsewhere are counted,
    not reported: their format is another. A loan that an earlier file told as paid is not told again.

    The file is put in place when what it says is committed; should that fail, the same call again does it.
    """
    if month_end > clock.business_day(PLACE):
        says = f"The month ends on {month_end}, which is to come."
        raise InputRefused([Problem("metro2.month", says, "Furnish a month that has ended.")])
    with unit.of_work(operation="furnish_month", actor=actor) as work:
        every = list(queries.accounts(PLACE, month_end))
        before = queries.furnished_before([account.loan.pk for account in every], month_end)
        accounts = [one for one in every if not _is_told(one, before.get(one.loan.pk))]
        told = [_record(one, before.get(one.loan.pk), month_end, identification) for one in accounts]
        _annotate_disputes(accounts, told, before, work.now)
        held = _held(accounts, told, work.now)
        out = {one.loan_id for one in held}
        kept = [pair for pair in zip(accounts, told, strict=True) if pair[0].loan.public_id not in out]
        records = [record for _, record in kept]
        content = metro2.write(_header(month_end, work.now, reporter, identification), records)
        if hits := checks.findings(metro2.read(content)):
            raise InputRefused(hits[:50])
        path, digest = folder / f"metro2_{month_end:%Y%m}.txt", hashlib.sha256(content).hexdigest()
        elsewhere = queries.not_reported((PLACE,))
        known = queries.file_of("metro2", month_end, digest)
        file = known or writes.add_file(
            public_id=ids.public_id(),
            format="metro2",
            month_end=month_end,
            file_name=path.name,
            file_digest=digest,
            records=len(records),
            held_back=sum(elsewhere.values()) + len(held),
            written_at=work.now,
            lines=[_line(account, record, before.get(account.loan.pk)) for account, record in kept],
        )
        work.record(
            subject_kind="bureau_file",
            subject_id=file.public_id,
            body={
                "format": "metro2",
                "month_end": month_end.isoformat(),
                "digest": digest,
                "again": known is not None,
                "elsewhere": elsewhere,
                "held": _told(held),
                **_counted(records),
            },
        )
    _put(path, content)
    late = sum(record["account_status"] not in (codes.CURRENT, codes.PAID) for record in records)
    return Furnished(file, path, late, elsewhere, held)


def _counted(records: list[dict[str, str]]) -> dict[str, int]:
    disputed = sum(record["compliance_condition"] == codes.IN_DISPUTE for record in records)
    return {"records": len(records), "disputed": disputed}


def _put(path: Path, content: bytes) -> None:
    try:
        files.put(path, content)
    except OSError as error:
        says = f"The file is recorded, but cannot be put at {path}: {error.strerror}."
        raise InputRefused([Problem("metro2.folder", says, "Mend the folder and run it again.")]) from error


def _status(account: queries.Account) -> str:
    return codes.status_of(
        account.age.days_past_due,
        is_charged_off=account.charged_off is not None,
        is_settled=account.is_settled,
    )


def _is_told(account: queries.Account, before: FurnishedRecord | None) -> bool:
    """Whether an earlier file said that the account is paid, and it still is."""
    return before is not None and before.status in codes.CLOSED and before.status == _status(account)


def _held(accounts: list[queries.Account], told: list[dict[str, str]], now: datetime) -> tuple[Held, ...]:
    """The loans that the gate does not let be furnished at `now`: negative ones, and those told as stolen."""
    stolen = notice_queries.disputed([account.loan.pk for account in accounts], now, "identity_theft")
    asked = [
        account.loan
        for account, record in zip(accounts, told, strict=True)
        if account.loan.pk in stolen
        or codes.is_negative(record["account_status"], record["payment_history"], record["payment_rating"])
    ]
    decided = notice_queries.certificates(asked, now)
    return tuple(
        Held(loan.public_id, leading.provision_id, leading.facts_used, certificate.earliest)
        for loan in asked
        if (certificate := decided[loan.pk]).verdict != "allowed"
        for leading in (certificate.leading,)
    )


def _told(held: tuple[Held, ...]) -> dict[str, list[str]]:
    """The loans that are held back, by the provision that holds them."""
    said: dict[str, list[str]] = {}
    for one in held:
        said.setdefault(one.provision_id, []).append(one.loan_id)
    return said


def _annotate_disputes(
    accounts: list[queries.Account],
    told: list[dict[str, str]],
    before: Mapping[int, FurnishedRecord],
    now: datetime,
) -> None:
    disputed = notice_queries.disputed([account.loan.pk for account in accounts], now)
    earlier = notice_queries.was_disputed(before)
    for account, record in zip(accounts, told, strict=True):
        pk = account.loan.pk
        record["compliance_condition"] = codes.compliance_condition(
            in_dispute=pk in disputed, was_in_dispute=pk in earlier
        )


def _header(month_end: date, now: datetime, reporter: str, identification: str) -> dict[str, str]:
    return {
        "activity_date": metro2.day(month_end),
        "created_date": metro2.day(now.date()),
        "reporter_name": reporter,
        "software_vendor": "LENITY",
        "innovis_id": identification[:10],
    }


def _record(
    account: queries.Account, before: FurnishedRecord | None, month_end: date, identification: str
) -> dict[str, str]:
    loan = account.loan
    if loan.currency != CURRENCY or minor_digits(CURRENCY) != 2:
        says = f"Loan {loan.account_number} is in {loan.currency}; the file is in {CURRENCY}."
        raise InputRefused([Problem("metro2.currency", says)])
    status, lost = _status(account), account.charged_off
    late = status not in (codes.CURRENT, *codes.CLOSED)
    past = [codes.status_of_months_late(month.months_late) for month in account.months]
    gap = _months(account.months[0].month_end, month_end) - 1 if account.months else 0
    history = codes.payment_history(past, gap)
    if before is not None:
        history = codes.follows(before.status, before.history, _months(before.file.month_end, month_end))
    first_name, _, surname = account.name.partition(" ")
    street, city, state, postcode = _address(account.address)
    return {
        "identification_number": identification,
        "account_number": loan.account_number,
        "portfolio_type": loan.portfolio_type,
        "account_type": "18" if loan.portfolio_type == "R" else "01",
        "date_opened": metro2.day(loan.opened_on),
        "credit_limit": metro2.dollars(loan.credit_limit_minor if loan.portfolio_type == "R" else 0),
        "highest_credit": metro2.dollars(account.highest_minor),
        "terms_duration": "REV" if loan.portfolio_type == "R" else _terms(account),
        "terms_frequency": "M",
        "scheduled_payment": metro2.dollars(account.scheduled_minor),
        "actual_payment": metro2.dollars(account.paid_minor),
        "account_status": status,
        "payment_rating": codes.payment_rating(status, account.days_late_before_paid),
        "payment_history": history,
        "current_balance": metro2.dollars(account.owed_minor),
        "amount_past_due": metro2.dollars(account.past_due_minor) if late else "0",
        "charge_off_amount": metro2.dollars(lost.amount_minor) if lost else "0",
        "information_date": metro2.day(month_end),
        "first_delinquency_date": metro2.day(_first_delinquency(account, before)),
        "date_closed": metro2.day(account.last_payment_on or month_end) if status in codes.CLOSED else "0",
        "last_payment_date": metro2.day(account.last_payment_on),
        "surname": surname or first_name,
        "first_name": first_name,
        "birth_date": metro2.day(account.birth_date),
        "telephone": account.mobile[-10:],
        "ecoa": "1",
        "country": "US",
        "address_1": street[:32],
        "city": city[:20],
        "state": state,
        "zip": postcode,
    }


def _months(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def _terms(account: queries.Account) -> str:
    """Field 12 of an instalment loan: its months, from when it was paid out to the last day due."""
    last = account.last_due_date
    return f"{min(max(_months(account.loan.opened_on, last), 1), 999):03d}" if last else "001"


def _first_delinquency(account: queries.Account, before: FurnishedRecord | None) -> date | None:
    """Field 25. Once told of a loan that is charged off, it never moves."""
    status = _status(account)
    lost = account.charged_off
    if lost and before is not None and before.first_delinquency_on:
        return before.first_delinquency_on
    return codes.first_delinquency(account.age.oldest_unpaid_due_date, status) or (
        lost.on_date if lost else None
    )


def _line(
    account: queries.Account, record: dict[str, str], before: FurnishedRecord | None
) -> FurnishedRecord:
    return FurnishedRecord(
        loan=account.loan,
        status=record["account_status"],
        history=record["payment_history"],
        balance_minor=account.owed_minor,
        past_due_minor=account.past_due_minor,
        first_delinquency_on=_first_delinquency(account, before),
    )


def _address(text: str) -> tuple[str, str, str, str]:
    """Street, city, state and ZIP from `street, city, ST 00000`; empty parts when it is not so written."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) < 3 or len(parts[-1].split()) != 2:
        return text, "", "", ""
    state, postcode = parts[-1].split()
    return ", ".join(parts[:-2]), parts[-2], state, postcode
