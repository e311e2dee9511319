"""Bank files: what is read of each format, and what is refused."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lenity.base.outcomes import InputRefused
from lenity.domain.banking import formats, matching
from lenity.domain.banking.statement import Statement
from tests.domain import bank_files


def read(raw: bytes | str) -> tuple[Statement, ...]:
    data = raw.encode() if isinstance(raw, str) else raw
    return formats.read(data, formats.of(data))


def test_a_batch_keeps_the_amount_and_text_of_each_payment() -> None:
    raw = bank_files.camt([("10.00", "A-1001"), ("20.50", "A-1002")], total="30.50", closing="130.50")
    [one] = read(raw)
    assert [(entry.amount_minor, entry.texts[-1]) for entry in one.entries] == [
        (1000, "A-1001"),
        (2050, "A-1002"),
    ]
    assert [entry.bank_reference for entry in one.entries] == ["B1/1", "B1/2"]
    assert (one.opening_minor, one.closing_minor, one.entries[0].payer) == (10000, 13050, "王小明")


def test_mt940_signs_come_from_the_mark_and_references_from_86() -> None:
    [one] = read(bank_files.MT940)
    assert [entry.amount_minor for entry in one.entries] == [10050, -10050, -1000]
    assert [entry.reverses for entry in one.entries] == [False, True, False]
    assert one.entries[0].end_to_end_id == "E2E-77"
    assert one.entries[0].value_date == date(2026, 11, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_of_a_mainland_bank(encoding: str) -> None:
    [one] = read(bank_files.CSV_CN.encode(encoding))
    assert [entry.amount_minor for entry in one.entries] == [10000, -100000]
    assert (one.currency, one.opening_minor, one.closing_minor) == ("CNY", 100000, 10000)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (bank_files.camt([("10.00", "A")], total="10.00", closing="111.00"), "is not closing"),
        (bank_files.camt([("10.00", "A"), ("1.00", "B")], total="12.00", closing="112.00"), "sum to"),
        (
            bank_files.camt([("1.00", "A"), ("1.001", "B")], total="2.00", closing="102.00"),
            "more than 2 decimals",
        ),
        (bank_files.camt([("1.00", "A")], total="1.00", closing="101.00", currency="ZZZ"), "unknown"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><Document/>', "document type"),
        ('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><Document/>'.encode("utf-16"), "document type"),
        (
            b"<?xml version='1.0' encoding='cp037'?>" + '<!DOCTYPE a [<!ENTITY x "y">]><D/>'.encode("cp037"),
            "XML",
        ),
        (b"<Document>", "not XML"),
        (b"<Document/>", "no statement"),
        (bank_files.MT940.replace("990,00", "991,00").encode(), "is not closing"),
        (bank_files.MT940.replace("D10,00N", "D1x0,00N").encode(), "read|closing"),
        (bank_files.MT940.replace(":62F:", ":99F:").encode(), "no closing balance"),
        (bank_files.CSV_CN.replace("1100.00", "1101.00").encode(), "one before plus"),
        (bank_files.CSV_CN.replace("余额", "x").encode(), "Columns are missing: balance"),
        (bank_files.CSV_CN.replace("20261124", "2026").encode(), "not a day"),
        (bank_files.CSV_CN.replace("100.00,,", "abc,,").encode(), "not an amount"),
        (bank_files.CSV_CN.replace("100.00,,1100.00", '"100,00",,"1100,00"').encode(), "groups no thousands"),
        (b"\xff\xfe\x00\x00", "neither"),
        (b"", "bytes"),
    ],
)
def test_what_is_refused_says_why(raw: bytes, says: str) -> None:
    with pytest.raises(InputRefused, match=says):
        read(raw)


def test_a_loan_is_found_in_running_chinese_text_and_after_a_label() -> None:
    words = matching.references(["还款A-1001谢谢", "loan:B/77.", "SVWZ+L_9"])
    assert {"A-1001", "B/77", "L_9"} <= set(words)


@settings(max_examples=800, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail_in_another_way(raw: bytes) -> None:
    for name in formats.READERS:
        with contextlib.suppress(InputRefused):
            formats.read(raw, name)


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60), st.integers(0, 400))
def test_no_damage_is_booked_silently(junk: str, place: int) -> None:
    damaged = bank_files.MT940[:place] + junk + bank_files.MT940[place:]
    try:
        found = read(damaged)
    except InputRefused:
        return
    for one in found:
        assert one.opening_minor + sum(entry.amount_minor for entry in one.entries) == one.closing_minor
