"""Finding the bin of every value of a column without a search.

The first bits of a double (sign, exponent, the beginning of the fraction) are its place in a list; NaN, which
stands for missing, has a place of its own. Where all cuts of a table fall between places, one look-up is exact;
a cut inside a place takes a comparison more.
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


def snapped(cut: int, fraction: int = FRACTION[0]) -> int:
    """The nearest cut that falls between places: at or above zero a number with few first bits, below zero
    one more than such a number (the numbers below the cut begin with it)."""
    if cut < 0:
        return 1 - snapped(1 - cut, fraction)
    spare = max(cut.bit_length() - fraction - 1, 0)
    return ((cut >> (spare - 1)) + 1) >> 1 << spare if spare else cut


class Places:
    """The columns of a piece, and the places of their values, each worked out once."""

    def __init__(self, values: Mapping[Node, Array]) -> None:
        self.values = values
        self.known: dict[tuple[Node, int], Array] = {}

    def of(self, node: Node, fraction: int) -> Array:
        """The place of each value in a list of first bits."""
        key = (node, fraction)
        if key not in self.known:
            self.known[key] = self.first_bits(self.values[node], fraction)
        return self.known[key]

    @staticmethod
    def first_bits(values: Array, fraction: int) -> Array:
        """The place of each value."""
        return (values.view(np.uint64) >> np.uint64(52 - fraction)).view(np.int64)


class Axis:
    """Cuts with one cell for missing, one below the first cut, and one from each cut on."""

    def __init__(self, cuts: Sequence[int], cells: Array) -> None:
        self.cuts, self.cells = np.array(cuts, dtype=np.float64), cells
        self.clean = all(snapped(cut) == cut for cut in cuts)
        self.fraction = FRACTION[0]
        if self.clean:
            self.table = _table(self.cuts, cells, self.fraction)
            return
        # A place with one cut inside is told by comparing with that cut; with more, by a search.
        for self.fraction in FRACTION:
            places = Places({}).first_bits(self.cuts, self.fraction)
            if len(np.unique(places)) == len(places):
                break
        else:
            self.fraction = 0
            return
        low = _table(self.cuts, np.arange(len(cuts) + 2, dtype=np.int32), self.fraction)
        self.edge = np.full(len(low), np.inf)
        self.edge[places] = self.cuts
        # The bin of a place with a cut inside is that of what lies below the cut.
        low[places] = np.arange(1, len(cuts) + 1)
        self.table = low

    def find(self, places: Places, node: Node) -> Array:
        """The cell of each value."""
        values = places.values[node]
        if not self.fraction:
            found = np.searchsorted(self.cuts, values, side="right") + 1
            return self.cells.take(np.where(np.isnan(values), 0, found))
        place = places.of(node, self.fraction)
        found = self.table.take(place, mode="clip")
        if self.clean:
            return found
        found += values >= self.edge.take(place, mode="clip")
        return self.cells.take(found, mode="clip")


def _table(cuts: Array, cells: Array, fraction: int) -> Array:
    """The cell of every place: numbers that are not negative first, then those below zero, largest last."""
    lows = _magnitudes(fraction)
    half = 1 << (11 + fraction)
    table = np.full(2 * half, cells[0])
    up = np.searchsorted(cuts, lows, side="right") + 1
    table[: len(lows)] = cells[up]
    down = np.searchsorted(cuts, -lows, side="right") + 1
    table[half : half + len(lows)] = cells[down]
    return table


@cache
def _magnitudes(fraction: int) -> Array:
    """The smallest size of each place, infinity left out."""
    places = np.arange(np.int64(0x7FF) << fraction, dtype=np.int64)
    return (places << np.int64(52 - fraction)).view(np.float64)
