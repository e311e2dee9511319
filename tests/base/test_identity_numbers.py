"""Identity numbers: check digit, date, place; Chongqing, which the library's table lacks, too."""

from __future__ import annotations

from datetime import date

import pytest

from lenity.base import identity_numbers

NUMBERS = [
    ("360426199101010071", True),
    ("44030519851231123X", True),
    ("11010119900307002x", True),
    ("650102197706150109", True),
    ("510104196401027895", True),
    ("110101199003070010", False),
    ("110101199002300014", False),
    ("110101190013010011", False),
    ("999999199003070012", False),
    ("11010119900307001", False),
    ("", False),
    ("=1+1", False),
]


@pytest.mark.parametrize(("number", "valid"), NUMBERS)
def test_mainland_numbers(number: str, valid: bool) -> None:
    assert identity_numbers.is_valid(number, "CN") is valid


def test_chongqing() -> None:
    body = "50010319900307001"
    valid = [digit for digit in "0123456789X" if identity_numbers.is_valid(body + digit, "CN")]
    assert len(valid) == 1
    assert identity_numbers.birth_date(body + valid[0], "CN") == date(1990, 3, 7)
    assert not identity_numbers.is_valid("500103199002300" + "01" + valid[0], "CN")


def test_other_places_and_masks() -> None:
    assert identity_numbers.is_valid("536-90-4399", "US")
    assert not identity_numbers.is_valid("000-00-0000", "US")
    assert not identity_numbers.is_valid("1", "ZZ")
    assert identity_numbers.birth_date("536-90-4399", "US") is None
    assert identity_numbers.masked("11010519491231002X") == "**************002X"
