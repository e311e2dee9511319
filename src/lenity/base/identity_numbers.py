"""Identity numbers, checked by python-stdnum, and how much of one a person may see."""

from __future__ import annotations

from datetime import date

from stdnum.cn import ric
from stdnum.exceptions import ValidationError
from stdnum.us import ssn


def is_valid(number: str, jurisdiction: str) -> bool:
    """Whether `number` can be a person's identity number in `jurisdiction` (CN resident id, US SSN)."""
    module = {"CN": ric, "US": ssn}.get(jurisdiction)
    if module is None:
        return False
    try:
        module.validate(number)
    except ValidationError:
        return False
    return True


def birth_date(number: str, jurisdiction: str) -> date | None:
    """The birth date that a mainland resident id carries; other numbers carry none."""
    if jurisdiction != "CN" or not is_valid(number, "CN"):
        return None
    return ric.get_birth_date(number)


def masked(number: str) -> str:
    """Only the last four characters.

    >>> masked("11010519491231002X")
    '**************002X'
    """
    return "*" * max(len(number) - 4, 0) + number[-4:]
