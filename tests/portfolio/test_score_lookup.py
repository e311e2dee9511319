"""Finding a bin by first bits is finding it by a search, for any cuts and any whole numbers."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lenity.domain.scoring import nodes
from lenity.portfolio import score_lookup

NODE = nodes.Column("a")
ANY = st.one_of(st.integers(-300, 300), st.integers(-(10**6), 10**6), st.integers(-(10**14), 10**14))
CUTS = st.lists(ANY, max_size=12, unique=True)


@settings(max_examples=120, deadline=None)
@given(CUTS, CUTS, st.lists(ANY, max_size=20), st.booleans())
def test_a_place_tells_the_bin_of_each_table(
    cuts: list[int], of_another: list[int], others: list[int], clean: bool
) -> None:
    tables = [
        sorted({score_lookup.snapped(cut) for cut in one} if clean else one) for one in (cuts, of_another)
    ]
    edges = [near for one in tables for cut in one for near in (cut - 1, cut)]
    values = np.array([*others, *edges, 0, -1, 1], dtype=np.float64)
    gone = np.array([np.nan, -np.nan])
    for shared in (sorted({*tables[0], *tables[1]}), None):
        for one in tables:
            bins = score_lookup.Bins(NODE, one if shared is None else shared)
            axis = score_lookup.Axis(bins, one, np.arange(100, 102 + len(one)))
            found = axis.find(score_lookup.Places({NODE: values}))
            assert found.tolist() == (np.searchsorted(one, values, side="right") + 101).tolist()
            assert axis.find(score_lookup.Places({NODE: gone})).tolist() == [100, 100]
            assert not clean or not bins.compared


def test_few_odd_cuts_are_compared_and_many_are_searched_for() -> None:
    few, many = ([1_000_001 + 2 * at for at in range(count)] for count in (3, 20))
    assert score_lookup.Bins(NODE, few).compared == few
    assert score_lookup.Bins(NODE, many).fraction == 0


@given(ANY)
def test_a_snapped_cut_stays_and_is_near(cut: int) -> None:
    there = score_lookup.snapped(cut)
    assert score_lookup.snapped(there) == there
    assert abs(there - cut) * 256 <= max(abs(cut), abs(there)) + 256
