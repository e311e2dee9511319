"""Finding the bin of every value of a column without a search.

The first bits of a double (sign, exponent, the beginning of the fraction) are its place in a list; NaN, which
stands for missing, has a place of its own. Cuts that fall between places take one look-up; the few others take
a comparison each. A feature that several tables share is looked up once, in the cuts of all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from lenity.domain.scoring.nodes import Node

Array = np.ndarray[Any, Any]
FRACTION = (7, 9)
"""Bits of the fraction that a place may keep."""
MOST_COMPARED = 6
"""With more cuts inside places than these, a search is quicker."""


def snapped(cut: int, fraction: int = FRACTION[0]) -> int:
    """The nearest cut that falls between places: at or above zero a number with few first bits, below zero
    one more than such a number (the numbers below the cut begin with it)."""
    if cut < 0:
        return 1 - snapped(1 - cut, fraction)
    spare = max(cut.bit_length() - fraction - 1, 0)
    return ((cut >> (spare - 1)) + 1) >> 1 << spare if spare else cut


class Places:
    """Feature columns by expression, with what was found in them: each worked out once."""

    def __init__(self, values: Mapping[Node, Array]) -> None:
        self.values = values
        self.known: dict[tuple[Node, int], Array] = {}
        self.bins: dict[Bins, Array] = {}

    def of(self, node: Node, fraction: int) -> Array:
        """The place of each value in a list of first bits."""
        key = (node, fraction)
        if key not in self.known:
            bits = self.values[node].view(np.uint64)
            self.known[key] = (bits >> np.uint64(52 - fraction)).view(np.int64)
        return self.known[key]


class Bins:
    """The cuts of a feature in all tables: bin 0 is for missing, 1 below the first cut, one more from each."""

    def __init__(self, node: Node, cuts: Sequence[int]) -> None:
        self.node, self.cuts = node, sorted(cuts)
        self.fraction, self.compared = _fraction(self.cuts)
        compared = set(self.compared)
        self.looked_up = np.array([cut for cut in self.cuts if cut not in compared], dtype=np.float64)
        if self.fraction:
            self.table = self.listed(np.arange(len(self.looked_up) + 2))

    def listed(self, cells: Array) -> Array:
        """What stands at each place, of what stands in each bin."""
        return _table(self.looked_up, cells, self.fraction)

    def find(self, places: Places) -> Array:
        """The bin of each value."""
        if self not in places.bins:
            places.bins[self] = self._found(places)
        return places.bins[self]

    def _found(self, places: Places) -> Array:
        values = places.values[self.node]
        if not self.fraction:
            found = np.searchsorted(np.array(self.cuts, dtype=np.float64), values, side="right") + 1
            return np.where(np.isnan(values), 0, found)
        found = self.table.take(places.of(self.node, self.fraction), mode="clip")
        for cut in self.compared:
            # Nothing is at least a cut where a value is missing, so that bin 0 stays bin 0.
            found += values >= cut
        return found


class Axis:
    """A table's cuts of one feature, and what stands in its cells."""

    def __init__(self, bins: Bins, cuts: Sequence[int], cells: Array) -> None:
        self.bins = bins
        lows = np.array(bins.cuts, dtype=np.float64)
        of_bin = np.searchsorted(np.array(cuts, dtype=np.float64), lows, side="right") + 1
        self.cells = cells.take(np.concatenate(([0, 1], of_bin)))
        self.alone = list(cuts) == bins.cuts and bins.fraction > 0 and not bins.compared
        if self.alone:
            self.cells = bins.listed(self.cells)

    def find(self, places: Places) -> Array:
        """The cell of each value."""
        at = places.of(self.bins.node, self.bins.fraction) if self.alone else self.bins.find(places)
        return self.cells.take(at, mode="clip")


def _fraction(cuts: Sequence[int]) -> tuple[int, list[int]]:
    """How many bits make a place, and the cuts that fall inside one; no bits where there are too many."""
    for fraction in FRACTION:
        inside = [cut for cut in cuts if snapped(cut, fraction) != cut]
        if len(inside) <= MOST_COMPARED:
            return fraction, inside
    return 0, []


def _table(cuts: Array, cells: Array, fraction: int) -> Array:
    """The cell of every place: numbers that are not negative first, then those below zero, largest last.

    Values are whole and exact, so that only nought and sizes from 1 to 2**54 have places.
    """
    lows = _magnitudes(fraction)
    first, half = 1023 << fraction, 1 << (11 + fraction)
    table = np.full(2 * half, cells[0])
    for sign, start in ((1, 0), (-1, half)):
        table[start] = cells[np.searchsorted(cuts, 0, side="right") + 1]
        start += first
        table[start : start + len(lows)] = cells[np.searchsorted(cuts, sign * lows, side="right") + 1]
    return table


@cache
def _magnitudes(fraction: int) -> Array:
    """The smallest size of each place."""
    places = np.arange(np.int64(1023) << fraction, np.int64(1023 + 54) << fraction, dtype=np.int64)
    return (places << np.int64(52 - fraction)).view(np.float64)
