"""What a borrower types as her proof is read as she means it."""

from __future__ import annotations

import pytest

from lenity.records.people import codes


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1990-03-07", "1990-03-07"),
        ("1990/3/7", "1990-03-07"),
        ("19900307", "1990-03-07"),
        ("1990年3月7日", "1990-03-07"),
        ("１９９０－０３－０７", "1990-03-07"),
        (" 12x ", "12X"),
        ("0307", "0307"),
        ("1990", "1990"),
        ("199037", "199037"),
    ],
)
def test_a_birth_date_may_be_typed_as_people_write_it(typed: str, read: str) -> None:
    assert codes.proof(typed) == read
