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
from lenity.gateways import files, ids
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
    not reported: their format is another.
    """
    with unit.of_work(operation="furnish_month", actor=actor) as work:
        accounts = list(queries.accounts(PLACE, month_end))
        before = queries.furnished_before([account.loan.pk for account in accounts], month_end)
        told = [_record(one, before.get(one.loan.pk), month_end, identification) for one in accounts]
        _annotate_disputes(accounts, told, before, work.now)
        held = _held(accounts, told, work.now)
        left_out = {one.loan_id for one in held}
        kept = [
            (account, record)
            for account, record in zip(accounts, told, strict=True)
            if account.loan.public_id not in left_out
        ]
        records = [record for _, record in kept]
        content = metro2.write(_header(month_end, work.now, reporter, identification), records)
        hits = checks.findings(metro2.read(content))
        if hits:
            raise InputRefused(hits[:50])
        path = files.put(folder / f"metro2_{month_end:%Y%m}.txt", content)
        elsewhere = queries.not_reported((PLACE,))
        file = writes.add_file(
            public_id=ids.public_id(),
            format="metro2",
            month_end=month_end,
            file_name=path.name,
            file_digest=hashlib.sha256(content).hexdigest(),
            records=len(records),
            held_back=sum(elsewhere.values()) + len(held),
            written_at=work.now,
            lines=[_line(account, record) for account, record in kept],
        )
        work.record(
            subject_kind="bureau_file",
            subject_id=file.public_id,
            body={
                "format": "metro2",
                "month_end": month_end.isoformat(),
                "records": len(records),
                "digest": file.file_digest,
                "elsewhere": elsewhere,
                "held": _told(held),
                "disputed": sum(record["compliance_condition"] == codes.IN_DISPUTE for record in records),
            },
        )
        late = sum(record["account_status"] != codes.CURRENT for record in records)
        return Furnished(file, path, late, elsewhere, held)


def _held(accounts: list[queries.Account], told: list[dict[str, str]], now: datetime) -> tuple[Held, ...]:
    """The loans whose negative information the gate does not let be furnished at `now`."""
    asked = [
        account.loan
        for account, record in zip(accounts, told, strict=True)
        if codes.is_negative(record["account_status"], record["payment_history"])
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
    loan, age = account.loan, account.age
    if loan.currency != CURRENCY or minor_digits(CURRENCY) != 2:
        says = f"Loan {loan.account_number} is in {loan.currency}; the file is in {CURRENCY}."
        raise InputRefused([Problem("metro2.currency", says)])
    status = codes.account_status(age.days_past_due)
    late = status != codes.CURRENT
    past = [codes.status_of_months_late(month.months_late) for month in account.months[1:]]
    history = codes.payment_history(past)
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
        "terms_duration": "REV" if loan.portfolio_type == "R" else "001",
        "terms_frequency": "M",
        "actual_payment": metro2.dollars(account.paid_minor),
        "account_status": status,
        "payment_history": history,
        "current_balance": metro2.dollars(account.balance_minor),
        "amount_past_due": metro2.dollars(age.overdue_minor) if late else "0",
        "information_date": metro2.day(month_end),
        "first_delinquency_date": metro2.day(codes.first_delinquency(age.oldest_unpaid_due_date, status)),
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


def _line(account: queries.Account, record: dict[str, str]) -> FurnishedRecord:
    return FurnishedRecord(
        loan=account.loan,
        status=record["account_status"],
        history=record["payment_history"],
        balance_minor=account.balance_minor,
        past_due_minor=account.age.overdue_minor,
        first_delinquency_on=codes.first_delinquency(
            account.age.oldest_unpaid_due_date, record["account_status"]
        ),
    )


def _address(text: str) -> tuple[str, str, str, str]:
    """Street, city, state and ZIP from `street, city, ST 00000`; empty parts when it is not so written."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) < 3 or len(parts[-1].split()) != 2:
        return text, "", "", ""
    state, postcode = parts[-1].split()
    return ", ".join(parts[:-2]), parts[-2], state, postcode
