"""ISO 20022 camt.053 (versions 001.02 to 001.13): the bank-to-customer statement.

Own reader: a batch-booked entry is one line on the account with many payments in it, each with its own amount
and remittance text; these have to sum to the entry or the file is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeElementTree

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.banking import statement
from lenity.domain.banking.statement import Entry, Statement

OPENING = ("OPBD", "PRCD", "OPAV")
CLOSING = ("CLBD",)


def read(raw: bytes) -> tuple[Statement, ...]:
    """The statements of a file. Raises `InputRefused` with what is wrong."""
    try:
        root = SafeElementTree.fromstring(raw, forbid_dtd=True)
    except DefusedXmlException as error:
        says = "The file declares a document type."
        raise InputRefused([Problem("bank.xml", says, "A statement has none.")]) from error
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise InputRefused([Problem("bank.xml", f"The file is not XML: {error}.")]) from error
    found = [node for node in root.iter() if _name(node) == "Stmt"]
    return statement.checked([_statement(node) for node in found])


def _statement(node: ElementTree.Element) -> Statement:
    opening, currency = _balance(node, OPENING)
    closing, closing_currency = _balance(node, CLOSING)
    if currency != closing_currency:
        raise InputRefused([Problem("bank.currency", "Opening and closing are in two currencies.")])
    entries = tuple(
        one for place, entry in enumerate(_all(node, "Ntry"), 1) for one in _entries(entry, currency, place)
    )
    account = _text(node, "Acct/Id/IBAN") or _text(node, "Acct/Id/Othr/Id")
    return Statement(account, currency, _text(node, "Id"), opening, closing, entries)


def _balance(node: ElementTree.Element, codes: tuple[str, ...]) -> tuple[int, str]:
    known = {_text(one, "Tp/CdOrPrtry/Cd"): one for one in reversed(_all(node, "Bal"))}
    for code in codes:
        if code in known:
            amount, currency = _amount(known[code], f"balance {code}")
            return _signed(known[code], amount), currency
    says = f"The statement has no balance {codes[0]}."
    raise InputRefused([Problem("bank.balance", says, "Ask the bank for booked balances.")])


def _entries(node: ElementTree.Element, currency: str, place: int) -> Iterator[Entry]:
    status = _text(node, "Sts/Cd") or _text(node, "Sts")
    if status and status != "BOOK":
        return
    where = f"entry {place}"
    total, its_currency = _amount(node, where)
    if its_currency != currency:
        raise InputRefused(
            [Problem("bank.currency", f"{where} is in {its_currency}, the account in {currency}.")]
        )
    details = [part for one in _all(node, "NtryDtls") for part in _all(one, "TxDtls")]
    made = [_payment(node, part, currency, f"{where}, payment {n}") for n, part in enumerate(details, 1)]
    if len(made) == 1:
        made[0] = (total, made[0][1])
    if not made:
        made = [(total, node)]
    if sum(amount for amount, _ in made) != total:
        summed = sum(amount for amount, _ in made)
        says = f"{where}: its payments sum to {summed}, the entry to {total} (minor units)."
        raise InputRefused([Problem("bank.batch", says, "Ask the bank for the file again.")])
    for number, (amount, part) in enumerate(made, 1):
        yield _entry(node, part, _signed(node, amount), number if len(made) > 1 else 0, where)


def _payment(
    node: ElementTree.Element, part: ElementTree.Element, currency: str, where: str
) -> tuple[int, ElementTree.Element]:
    holder = _find(part, "AmtDtls/TxAmt")
    if holder is None:
        holder = part
    raw = _text(holder, "Amt")
    if not raw:
        return 0, part
    amount = statement.minor(raw, _currency(holder) or currency, where)
    own, whole = _text(part, "CdtDbtInd"), _text(node, "CdtDbtInd")
    return (-amount if own and own != whole else amount), part


def _entry(
    node: ElementTree.Element, part: ElementTree.Element, amount: int, number: int, where: str
) -> Entry:
    bank = _text(part, "Refs/AcctSvcrRef") or _text(node, "AcctSvcrRef") or _text(node, "NtryRef")
    ids = [_text(part, f"Refs/{name}") for name in ("EndToEndId", "InstrId", "TxId", "MndtId", "ClrSysRef")]
    free = [
        (one.text or "").strip()
        for holder in _all(part, "RmtInf")
        for one in holder.iter()
        if _name(one) in ("Ustrd", "Ref", "AddtlRmtInf", "Nb")
    ]
    more = [_text(part, "AddtlTxInf"), _text(node, "AddtlNtryInf")]
    texts = [text for text in (*ids, *free, *more) if text and text != "NOTPROVIDED"]
    party = "Dbtr" if amount > 0 else "Cdtr"
    payer = _text(part, f"RltdPties/{party}/Nm") or _text(part, f"RltdPties/{party}/Pty/Nm")
    booked = _text(node, "BookgDt/Dt") or _text(node, "BookgDt/DtTm") or _text(node, "ValDt/Dt")
    value = _text(node, "ValDt/Dt") or _text(node, "ValDt/DtTm") or booked
    end_to_end = ids[0] if ids[0] != "NOTPROVIDED" else ""
    return Entry(
        amount,
        statement.day(booked, where),
        statement.day(value, where),
        f"{bank}/{number}" if bank and number else bank,
        end_to_end,
        payer[:140],
        tuple(text[: statement.LONGEST_TEXT] for text in texts),
        _text(node, "RvslInd").lower() in ("true", "1"),
    )


def _amount(node: ElementTree.Element, where: str) -> tuple[int, str]:
    currency = _currency(node)
    return statement.minor(_text(node, "Amt"), currency, where), currency


def _currency(node: ElementTree.Element) -> str:
    amount = _find(node, "Amt")
    return "" if amount is None else amount.get("Ccy", "")


def _signed(node: ElementTree.Element, amount: int) -> int:
    side = _text(node, "CdtDbtInd")
    if side not in ("CRDT", "DBIT"):
        raise InputRefused([Problem("bank.side", f"{side[:10]!r} is neither CRDT nor DBIT.")])
    return amount if side == "CRDT" else -amount


def _name(node: ElementTree.Element) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _all(node: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [child for child in node if _name(child) == name]


def _find(node: ElementTree.Element, path: str) -> ElementTree.Element | None:
    current: ElementTree.Element | None = node
    for name in path.split("/"):
        if current is None:
            return None
        current = next(iter(_all(current, name)), None)
    return current


def _text(node: ElementTree.Element, path: str) -> str:
    found = _find(node, path)
    return "" if found is None or found.text is None else found.text.strip()
