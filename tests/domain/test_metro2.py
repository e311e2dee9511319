"""Metro 2: what is written reads back, codes are derived in steps, and our own file has no findings."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lenity.base.outcomes import InputRefused
from lenity.domain.furnishing import checks, codes, layout, metro2

HEADER = {"activity_date": "10312026", "created_date": "11032026", "reporter_name": "SAMPLE LENDING"}


def account(number: str = "LN1", days: int = 0, **changes: str) -> dict[str, str]:
    status = codes.account_status(days)
    late = status != "11"
    oldest = date.fromordinal(date(2026, 10, 31).toordinal() - days)
    record = {
        "identification_number": "LENITYDEMO",
        "account_number": number,
        "portfolio_type": "R",
        "account_type": "18",
        "date_opened": "01152020",
        "credit_limit": "5000",
        "highest_credit": "4000",
        "terms_duration": "REV",
        "terms_frequency": "M",
        "account_status": status,
        "payment_history": codes.payment_history(["11", "71"]),
        "current_balance": "1234",
        "amount_past_due": "120" if late else "0",
        "information_date": "10312026",
        "first_delinquency_date": metro2.day(codes.first_delinquency(oldest, status)),
        "surname": "DOE",
        "first_name": "JANE",
        "birth_date": "03071990",
        "telephone": "2125550123",
        "ecoa": "1",
    }
    return {**record, **changes}


STEPS = [
    (0, "11"),
    (29, "11"),
    (30, "71"),
    (59, "71"),
    (60, "78"),
    (89, "78"),
    (90, "80"),
    (119, "80"),
    (120, "82"),
    (149, "82"),
    (150, "83"),
    (179, "83"),
    (180, "84"),
]


@pytest.mark.parametrize(("days", "status"), STEPS)
def test_status_by_days_past_due(days: int, status: str) -> None:
    assert codes.account_status(days) == status


@given(st.lists(st.sampled_from(list(codes.HISTORY)), max_size=40))
def test_history_has_24_signs_and_its_tail_only_is_without(past: list[str]) -> None:
    history = codes.payment_history(past)
    assert len(history) == 24
    assert "B" not in history.rstrip("B")


def test_the_layouts_are_whole() -> None:
    for fields in (layout.HEADER, layout.BASE, layout.TRAILER):
        positions = [at for field in fields for at in range(field.start, field.end + 1)]
        assert positions == list(range(1, layout.RECORD + 1))


def test_a_file_reads_back_and_writes_the_same_bytes() -> None:
    content = metro2.write(HEADER, [account("LN1"), account("LN2", 45), account("LN3", 200)])
    lines = content.decode("ascii").splitlines()
    assert [len(line) for line in lines] == [426] * 5
    file = metro2.read(content)
    assert [one["account_status"] for one in file.accounts] == ["11", "71", "84"]
    assert metro2.write({key: file.header[key] for key in HEADER}, file.accounts) == content
    assert file.trailer["base_records"].lstrip("0") == "3"
    assert checks.findings(file) == []


def test_the_golden_record() -> None:
    line = metro2.write(HEADER, [account("LN2", 45)]).decode().splitlines()[1]
    assert line[:20] == "04261" + "0" * 15
    assert line[42:72].rstrip() == "LN2"
    assert line[123:126] == "71 "
    assert line[126:150] == "01" + "B" * 22
    assert line[154:172] == "000001234000000120"
    assert line[189:197] == "10162026"
    assert line[231:256].rstrip() == "DOE"


@pytest.mark.parametrize(
    ("minor", "text"), [(0, "0"), (199, "1"), (-500, "0"), (99_999_999_999, "999999999")]
)
def test_whole_dollars_cents_cut_off(minor: int, text: str) -> None:
    assert metro2.dollars(minor) == text


def test_an_amount_past_nine_digits_is_refused() -> None:
    with pytest.raises(InputRefused):
        metro2.dollars(100_000_000_000)


@pytest.mark.parametrize(
    "change",
    [
        {"surname": "王"},
        {"surname": "X" * 26},
        {"credit_limit": "12a"},
        {"nonsense": "1"},
        {"surname": "A\nB"},
    ],
)
def test_what_does_not_fit_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(InputRefused):
        metro2.write(HEADER, [account(**change)])


def _broken(content: bytes) -> dict[str, bytes]:
    lines = content.splitlines(keepends=True)
    return {
        "empty": b"",
        "cut off": content[:-100],
        "no header": b"".join(lines[1:]),
        "no trailer": b"".join(lines[:-1]),
        "record lost": lines[0] + lines[2] + lines[3],
        "descriptor too large": b"9999999" + content[7:],
        "descriptor no number": b"ABCD" + content[4:],
        "not ascii": content.replace(b"DOE", b"D\xffE", 1),
    }


@pytest.mark.parametrize("name", list(_broken(b"x\n" * 4)))
def test_a_broken_file_is_refused(name: str) -> None:
    content = metro2.write(HEADER, [account("LN1"), account("LN2")])
    with pytest.raises(InputRefused):
        metro2.read(_broken(content)[name])


FINDINGS = [
    ("late_without_past_due", account(days=45, amount_past_due="0")),
    ("current_with_past_due", account(amount_past_due="5")),
    ("current_with_first_delinquency", account(first_delinquency_date="10012026")),
    ("late_without_first_delinquency", account(days=45, first_delinquency_date="0")),
    ("paid_with_balance", account(account_status="13", payment_rating="0")),
    ("rating_with_other_status", account(payment_rating="1")),
    ("charge_off_amount", account(charge_off_amount="100")),
    ("settled_status", account(special_comment="AU")),
    ("installment_terms", account(portfolio_type="I")),
    ("dates_in_order", account(date_opened="12312026")),
    ("ssn_or_birth_date", account(birth_date="0")),
    ("history_tail", account(payment_history="B0" + "B" * 22)),
]


@pytest.mark.parametrize(("check", "record"), FINDINGS, ids=[one[0] for one in FINDINGS])
def test_each_check_finds_its_fault(check: str, record: dict[str, str]) -> None:
    file = metro2.read(metro2.write(HEADER, [record]))
    assert f"metro2.{check}" in {one.code for one in checks.findings(file)}


def test_doubles_and_changes_across_months() -> None:
    double = metro2.read(metro2.write(HEADER, [account(), account()]))
    assert "metro2.double" in {one.code for one in checks.findings(double)}
    now = metro2.read(metro2.write(HEADER, [account(days=75)]))
    before = {"LN1": {**now.accounts[0], "first_delinquency_date": "01012026", "payment_history": "5" * 24}}
    found = {one.code for one in checks.findings(now, before)}
    assert {"metro2.re_aged", "metro2.history_moved"} <= found
