"""A bank's CSV export. Column names are data: English ones, and those of mainland banks' web exports."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.banking import statement
from lenity.domain.banking.statement import Entry, Statement

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "transaction_id", "交易流水号", "流水号"),
    "booked_on": ("booked_on", "date", "booking_date", "交易日期", "记账日期"),
    "value_date": ("value_date", "起息日"),
    "amount": ("amount", "交易金额", "发生额"),
    "credit": ("credit", "贷方金额", "收入金额", "贷方发生额"),
    "debit": ("debit", "借方金额", "支出金额", "借方发生额"),
    "balance": ("balance", "余额", "账户余额"),
    "currency": ("currency", "币种"),
    "payer": ("payer", "对方户名", "对方名称"),
    "reference": ("reference", "remittance", "摘要", "附言", "用途"),
    "account": ("account", "账号", "本方账号"),
}
CURRENCY_WORDS = {"人民币": "CNY", "RMB": "CNY"}
NEEDED = ("id", "booked_on", "balance")


def read(raw: bytes) -> tuple[Statement, ...]:
    """The statement of a file: the running balance column proves that no row is missing."""
    rows = _rows(raw)
    header = [cell.strip() for cell in next(rows, [])]
    places = {
        field: header.index(name) for field, names in COLUMNS.items() for name in names if name in header
    }
    missing = [field for field in NEEDED if field not in places]
    if missing or not ("amount" in places or {"credit", "debit"} <= set(places)):
        known = "; ".join(f"{field}: {', '.join(names)}" for field, names in COLUMNS.items())
        says = f"Columns are missing: {', '.join(missing) or 'amount, or credit and debit'}."
        raise InputRefused([Problem("bank.columns", says, f"Known names: {known}.", 1)])
    entries: list[Entry] = []
    balances: list[int] = []
    currency, account = "", ""
    for line, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            says = f"The row has {len(row)} cells, the header {len(header)}."
            raise InputRefused([Problem("bank.ragged", says, "Check quotes.", line)])
        cells = {field: row[place].strip() for field, place in places.items()}
        word = cells.get("currency", "CNY") or "CNY"
        now = CURRENCY_WORDS.get(word, word.upper())
        if currency and now != currency:
            raise InputRefused(
                [Problem("bank.currency", "The file mixes currencies.", "One file each.", line)]
            )
        currency, account = now, cells.get("account", account)
        entries.append(_entry(cells, currency, line))
        balances.append(_minor(cells["balance"], currency, f"line {line}"))
    if not entries:
        raise InputRefused([Problem("bank.empty", "The file has no rows.")])
    _check_running(entries, balances)
    opening = balances[0] - entries[0].amount_minor
    made = Statement(account, currency, "", opening, balances[-1], tuple(entries))
    return statement.checked([made])


def _rows(raw: bytes) -> Iterator[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return csv.reader(io.StringIO(text, newline=""), strict=False)
    raise InputRefused([Problem("bank.encoding", "The file is neither UTF-8 nor GB 18030 text.")])


def _entry(cells: Mapping[str, str], currency: str, line: int) -> Entry:
    where = f"line {line}"
    if cells.get("amount"):
        amount = _minor(cells["amount"], currency, where)
    else:
        amount = _minor(cells.get("credit", ""), currency, where)
        amount -= _minor(cells.get("debit", ""), currency, where)
    if not amount or not cells["id"]:
        raise InputRefused([Problem("bank.row", "The row has no amount or no id.", "Correct it.", line)])
    booked = _day(cells["booked_on"], where)
    value = _day(cells["value_date"], where) if cells.get("value_date") else booked
    text = cells.get("reference", "")[: statement.LONGEST_TEXT]
    texts = (text,) if text else ()
    return Entry(amount, booked, value, cells["id"][:60], "", cells.get("payer", "")[:140], texts)


def _check_running(entries: list[Entry], balances: list[int]) -> None:
    for place in range(1, len(entries)):
        if balances[place - 1] + entries[place].amount_minor != balances[place]:
            says = "The balance is not the one before plus the amount."
            raise InputRefused([Problem("bank.balance", says, "A row is missing or changed.", place + 2)])


def _minor(text: str, currency: str, where: str) -> int:
    plain = text.replace("￥", "").replace("¥", "").strip()
    return statement.minor(plain or "0", currency, where, grouped=True)


def _day(text: str, where: str) -> date:
    clean = text.replace("/", "-").strip()
    if len(clean) == 8 and clean.isdigit():
        clean = f"{clean[:4]}-{clean[4:6]}-{clean[6:]}"
    return statement.day(clean, where)
