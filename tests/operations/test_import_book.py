"""A book comes in whole or not at all, and what is wrong is said with line and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lenity.base.outcomes import InputRefused
from lenity.domain.lending import book_mapping, imported_loan
from lenity.gateways import book_file, clock, ids
from lenity.operations import book_checking
from lenity.operations.import_book import import_book
from lenity.records.audit.models import AuditEvent
from lenity.records.ledger import queries as ledger
from lenity.records.lending.models import Instalment, Loan
from lenity.records.people import queries as people
from lenity.training import invented_people, synthetic, taiwan
from tests.factories import MORNING

AS_OF = date(2026, 10, 31)
TEXT = book_mapping.shipped("taiwan_card")
MAPPING = book_mapping.read(TEXT)
pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def _rows(number: int = 6) -> list[dict[str, str]]:
    text = invented_people.book(synthetic.clients(number, 7), taiwan.RAW, ids.seeded(7), AS_OF)
    return list(csv.DictReader(io.StringIO(text)))


def _file(folder: Path, rows: list[dict[str, str]], name: str = "book.csv") -> Path:
    file = folder / name
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return file


def _import(file: Path) -> object:
    with clock.use(clock.ManualClock(MORNING)):
        return import_book(file=file, mapping=MAPPING, as_of=AS_OF, actor="test")


def _nothing_is_stored() -> bool:
    return not Loan.objects.exists() and not AuditEvent.objects.exists() and ledger.counts()["postings"] == 0


def test_a_book_comes_in_and_the_ledger_balances(tmp_path: Path) -> None:
    rows = _rows(40)
    rows[0]["BILL_AMT1"] = "-50.25"
    rows[1]["BILL_AMT1"] = "0"
    done = _import(_file(tmp_path, rows))
    assert done.loans == Loan.objects.count() == 40  # type: ignore[attr-defined]
    assert done.credit_balances == 1  # type: ignore[attr-defined]
    assert ledger.is_balanced()
    balance = dict.fromkeys(("CNY", "USD"), 0)
    for row in rows:
        balance[row["currency"]] += round(float(row["BILL_AMT1"]) * 100)
    booked = {currency: -accounts["book_import"] for currency, accounts in ledger.trial_balance().items()}
    assert booked == {currency: total for currency, total in balance.items() if total}
    assert AuditEvent.objects.filter(operation="import_book").count() == 1
    loan = Loan.objects.select_related("borrower").get(account_number=rows[2]["account"])
    assert people.name_of(loan.borrower) == rows[2]["name"]
    assert loan.borrower.identity_invented


def test_personal_data_is_not_in_the_clear_in_any_table(tmp_path: Path) -> None:
    from django.db import connection

    rows = _rows(3)
    _import(_file(tmp_path, rows))
    secrets = {row[key] for row in rows for key in ("name", "identity_number", "mobile", "email") if row[key]}
    tables = connection.introspection.table_names()
    for table in tables:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
            text = repr(cursor.fetchall())
        assert not [secret for secret in secrets if len(secret) > 2 and secret in text], table


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    file = _file(tmp_path, _rows())
    _import(file)
    before = ledger.counts()
    with pytest.raises(InputRefused, match="imported on"):
        _import(file)
    assert ledger.counts() == before


def _set(column: str, value: str) -> Callable[[list[dict[str, str]]], None]:
    def change(rows: list[dict[str, str]]) -> None:
        rows[2][column] = value

    return change


BAD = [
    ("negative limit", _set("LIMIT_BAL", "-1"), "line 4, column LIMIT_BAL"),
    ("absurd amount", _set("BILL_AMT1", "99999999999999999"), "line 4, column BILL_AMT1"),
    ("exponent", _set("BILL_AMT1", "1e9"), "line 4, column BILL_AMT1"),
    ("thousands sign", _set("BILL_AMT1", "1,000"), "line 4, column BILL_AMT1"),
    ("too many decimals", _set("BILL_AMT1", "1.001"), "line 4, column BILL_AMT1"),
    ("not a number", _set("PAY_AMT1", "NaN"), "line 4, column PAY_AMT1"),
    ("status without meaning", _set("PAY_0", "9"), "line 4, column PAY_0"),
    ("future day", _set("opened_on", "2026-11-01"), "line 4, column opened_on"),
    ("no day", _set("opened_on", "31.12.2020"), "line 4, column opened_on"),
    ("empty account number", _set("account", ""), "line 4, column account"),
    ("double account number", _set("account", "LN00000001"), "line 4, column account"),
    ("formula", _set("name", '=HYPERLINK("http://x")'), "line 4, column name"),
    ("formula with a tab", _set("address", "\t=1"), "line 4, column address"),
    ("at sign first", _set("name", "@SUM(A1)"), "line 4, column name"),
    (
        "wrong identity number",
        _set("identity_number", "110101199003070010"),
        "line 4, column identity_number",
    ),
    ("no telephone", _set("mobile", "12"), "line 4, column mobile"),
    ("no mail address", _set("email", "a b@c"), "line 4, column email"),
    ("place without rules", _set("jurisdiction", "ZZ"), "line 4, column jurisdiction"),
    ("unknown currency", _set("currency", "XXX"), "line 4, column currency"),
    ("billing day 32", _set("billing_day", "32"), "line 4, column billing_day"),
    ("control sign", _set("name", "a\x07b"), "line 4, column name"),
    ("endless text", _set("name", "x" * 201), "line 4, column name"),
]


@pytest.mark.parametrize(("name", "change", "where"), BAD, ids=[one[0] for one in BAD])
def test_a_bad_cell_refuses_the_whole_file(
    tmp_path: Path, name: str, change: Callable[[list[dict[str, str]]], None], where: str
) -> None:
    rows = _rows()
    change(rows)
    with pytest.raises(InputRefused) as refused:
        _import(_file(tmp_path, rows))
    assert any(where in str(problem) for problem in refused.value.problems), refused.value
    assert _nothing_is_stored()


def test_every_bad_row_is_told_at_once(tmp_path: Path) -> None:
    rows = _rows(9)
    for row in rows:
        row["LIMIT_BAL"] = "-5"
    with pytest.raises(InputRefused) as refused:
        _import(_file(tmp_path, rows))
    assert len(refused.value.problems) == 9


def test_an_account_that_is_there_already_is_refused(tmp_path: Path) -> None:
    _import(_file(tmp_path, _rows()))
    again = _rows()
    again[0]["name"] = "李雷"
    with pytest.raises(InputRefused, match="is a loan already"):
        _import(_file(tmp_path, again, "other.csv"))
    assert Loan.objects.count() == 6


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    rows = [{key: value for key, value in row.items() if key != "PAY_3"} for row in _rows()]
    with pytest.raises(InputRefused, match="column PAY_3: The column is missing"):
        _import(_file(tmp_path, rows))


RAW_FILES = [
    ("empty", b"", "The file is empty"),
    ("header only", None, "no rows"),
    ("ragged", b"a,b\n1,2,3\n", "column is missing"),
    ("wrong encoding", "name\n王小明\n".encode("gb18030"), "The file is not utf-8"),
    ("binary", b"\x00\x01\x02", "column is missing"),
    ("open quote", b'a,"b\n', "cannot be read as CSV"),
]


@pytest.mark.parametrize(("name", "content", "says"), RAW_FILES, ids=[one[0] for one in RAW_FILES])
def test_a_file_that_is_no_book(tmp_path: Path, name: str, content: bytes | None, says: str) -> None:
    file = tmp_path / "book.csv"
    if content is None:
        content = _file(tmp_path, _rows()).read_bytes().splitlines(keepends=True)[0]
    file.write_bytes(content)
    with pytest.raises(InputRefused, match=says):
        _import(file)
    assert _nothing_is_stored()


def test_a_ragged_row_and_a_foreign_sign_say_their_line(tmp_path: Path) -> None:
    good = _file(tmp_path, _rows()).read_bytes()
    ragged = tmp_path / "ragged.csv"
    ragged.write_bytes(good + b"one,two\n")
    with pytest.raises(InputRefused, match="line 8: The row has 2 cells"):
        _import(ragged)
    foreign = tmp_path / "foreign.csv"
    foreign.write_bytes(good + "王".encode("gb18030") + b"\n")
    with pytest.raises(InputRefused, match=r"line 8: The file is not utf-8: byte .* gb18030"):
        _import(foreign)
    assert _nothing_is_stored()


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    file = _file(tmp_path, _rows())
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    _import(file)
    assert Loan.objects.count() == 6


def test_a_fault_in_the_middle_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from lenity.operations import import_book as module

    def broken(*arguments: object, **named: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(module.ledger_writes, "book_many", broken)
    with pytest.raises(RuntimeError):
        _import(_file(tmp_path, _rows()))
    assert _nothing_is_stored()


@pytest.mark.slow
def test_a_large_file_goes_through_both_passes(tmp_path: Path) -> None:
    _import(_file(tmp_path, _rows(4000)))
    assert Loan.objects.count() == 4000
    assert ledger.is_balanced()


MONTHS = st.tuples(st.integers(0, 8), st.lists(st.integers(-(10**9), 10**12), min_size=1, max_size=6))


@given(
    MONTHS, st.integers(-(10**9), 10**12), st.integers(1, 31), st.integers(0, 10**6), st.integers(0, 10**6)
)
def test_open_items_never_pass_the_balance(
    late_and_bills: tuple[int, list[int]], balance: int, day: int, share: int, floor: int
) -> None:
    late, bills = late_and_bills
    months = [imported_loan.Month(AS_OF, late if at == 0 else 0, bill, 0) for at, bill in enumerate(bills)]
    items = imported_loan.open_items(months, balance, day, imported_loan.MinimumPayment(share, floor))
    assert sum(item.amount_minor for item in items) <= max(balance, 0)
    assert all(item.amount_minor > 0 for item in items)
    assert [item.due_date for item in items] == sorted({item.due_date for item in items})
    assert [item.cum_before_minor for item in items] == [
        sum(before.amount_minor for before in items[:at]) for at in range(len(items))
    ]


def test_k_months_late_means_the_oldest_due_date_is_in_that_month() -> None:
    months = [imported_loan.Month(AS_OF, 2, 100_000, 0)] * 6
    items = imported_loan.open_items(months, 900_000, 31, imported_loan.MinimumPayment(100_000, 0))
    assert [item.due_date for item in items] == [date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 30)]
    assert Instalment._meta.get_field("due_date") is not None


MAPPINGS = [
    ("[", "not TOML"),
    (TEXT.replace("[due]", "[dew]"), "dew is not a key"),
    (TEXT.replace('balance = "BILL_AMT1"', ""), "columns.balance is missing"),
    (TEXT.replace("share_ppm = 100_000", "share_ppm = 2_000_000"), "due.share_ppm"),
    (
        TEXT.replace('account_number = "account"', 'account_number = "account"\ncolour = "x"'),
        "colour is not a field",
    ),
]


@pytest.mark.parametrize(("text", "says"), MAPPINGS)
def test_a_broken_mapping_names_its_key(text: str, says: str) -> None:
    with pytest.raises(InputRefused, match=says):
        book_mapping.read(text)


@pytest.mark.parametrize("at", [0, 2, 5])
def test_a_file_that_changes_between_the_passes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """Checked, and then another balance stands in the row: what is booked is what was checked, or nothing."""
    rows = _rows()
    file = _file(tmp_path, rows)
    checked = book_checking.check

    def and_then(*arguments: Any) -> Any:
        found = checked(*arguments)
        rows[at]["BILL_AMT1"] = "1"
        _file(tmp_path, rows)
        return found

    monkeypatch.setattr(book_checking, "check", and_then)
    with pytest.raises(InputRefused, match="changed while it was read"):
        _import(file)
    assert _nothing_is_stored()


def test_a_file_that_grows_after_its_digest_was_taken_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = _rows()
    file = _file(tmp_path, rows[:4])
    digest = book_file.digest

    def and_then(path: Path) -> str:
        found = digest(path)
        _file(tmp_path, rows)
        return found

    monkeypatch.setattr(book_file, "digest", and_then)
    with pytest.raises(InputRefused):
        _import(file)
    assert _nothing_is_stored()
