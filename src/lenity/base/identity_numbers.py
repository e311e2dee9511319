"""Identity numbers, checked by python-stdnum, and how much of one a person may see."""

from __future__ import annotations

from datetime import date

from stdnum.cn import ric
from stdnum.exceptions import ValidationError
from stdnum.us import ssn

_PROVINCES = """
11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46
50 51 52 53 54 61 62 63 64 65 71 81 82 83
"""
PROVINCES = frozenset(_PROVINCES.split())
"""GB/T 2260: the first two digits."""


def is_valid(number: str, jurisdiction: str) -> bool:
    """Whether `number` can be a person's identity number in `jurisdiction` (CN resident id, US SSN)."""
    return not fault(number, jurisdiction)


def fault(number: str, jurisdiction: str) -> str:
    """What is wrong with a number: length, province, date, check_digit, number or place; empty when nothing.

    >>> fault("11010519491231002X", "CN"), fault("110105194912310021", "CN")
    ('', 'check_digit')
    """
    if jurisdiction == "CN":
        return _resident_id_fault(number)
    if jurisdiction != "US":
        return "place"
    try:
        ssn.validate(number)
    except ValidationError:
        return "number"
    return ""


def _resident_id_fault(number: str) -> str:
    """GB 11643-1999: province, birth date, check digit.

    python-stdnum also looks the county up in a table by birth date; that table lacks counties (all of
    Chongqing, and many for older people), and would turn real people away. So only the province is asked for.
    """
    compact = ric.compact(number)
    if not (len(compact) == 18 and compact[:17].isascii() and compact[:17].isdigit()):
        return "length"
    if compact[:2] not in PROVINCES:
        return "province"
    try:
        ric.get_birth_date(compact)
    except ValidationError:
        return "date"
    return "" if ric.calc_check_digit(compact) == compact[-1] else "check_digit"


def birth_date(number: str, jurisdiction: str) -> date | None:
    """The birth date that a mainland resident id carries; other numbers carry none."""
    if jurisdiction != "CN" or not is_valid(number, "CN"):
        return None
    born: date = ric.get_birth_date(number)
    return born


def masked(number: str) -> str:
    """Only the last four characters.

    >>> masked("11010519491231002X")
    '**************002X'
    """
    return "*" * max(len(number) - 4, 0) + number[-4:]
