"""Chance: every sign as likely as every other, and the length asked for."""

from __future__ import annotations

from collections import Counter

import pytest

from lenity.gateways import ids


def test_each_sign_stands_for_as_many_bytes() -> None:
    assert set(Counter(ids._sign_of_byte(ids.ALPHABET)).values()) == {ids.BYTE // len(ids.ALPHABET)}


@pytest.mark.parametrize("signs", [ids.ALPHABET, "0123456789"])
def test_a_draw_has_its_length_and_all_signs(signs: str) -> None:
    drawn = ids.SystemIds().draw(signs, 4000)
    assert len(drawn) == 4000
    assert set(drawn) == set(signs)
