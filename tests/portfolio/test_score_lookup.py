"""Finding a bin by first bits is finding it by a search, for any cuts and any whole numbers."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lenity.domain.scoring import nodes
from lenity.portfolio import score_lookup

NODE = nodes.Column("a")
ANY = st.one_of(st.integers(-300, 300), st.integers(-(10**6), 10**6), st.integers(-(10**14), 10**14))


@settings(max_examples=120, deadline=None)
@given(st.lists(ANY, max_size=12, unique=True), st.lists(ANY, max_size=20), st.booleans())
def test_a_place_tells_the_bin(cuts: list[int], others: list[int], clean: bool) -> None:
    cuts = sorted({score_lookup.snapped(cut) for cut in cuts}) if clean else sorted(cuts)
    values = np.array([*others, *cuts, *(cut - 1 for cut in cuts), 0, -1, 1], dtype=np.float64)
    axis = score_lookup.Axis(cuts, np.arange(100, 102 + len(cuts)))
    found = axis.find(score_lookup.Places({NODE: values}), NODE)
    expected = np.searchsorted(cuts, values, side="right") + 101
    assert found.tolist() == expected.tolist()
    assert not clean or axis.clean
    gone = np.array([np.nan, -np.nan])
    assert axis.find(score_lookup.Places({NODE: gone}), NODE).tolist() == [100, 100]


@given(ANY)
def test_a_snapped_cut_stays_and_is_near(cut: int) -> None:
    there = score_lookup.snapped(cut)
    assert score_lookup.snapped(there) == there
    assert abs(there - cut) * 256 <= max(abs(cut), abs(there)) + 256
