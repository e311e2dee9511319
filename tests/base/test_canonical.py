"""Canonical text: the quick way writes what the careful way writes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lenity.base import canonical

WORDS = st.text(alphabet=st.characters(exclude_categories=("Cs",)))


@given(st.dictionaries(WORDS, WORDS))
def test_an_object_of_texts(fields: dict[str, str]) -> None:
    assert canonical.flat(fields) == canonical.text(fields)
    assert canonical.flat_digest(fields) == canonical.digest(fields)


@given(WORDS)
def test_a_text(value: str) -> None:
    assert canonical.quoted(value) == canonical.text(value)
