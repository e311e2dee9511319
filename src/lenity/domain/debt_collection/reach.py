"""When a person may be reached on which channel, as a grid of parts of the day; each closed part is quiet hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

CHANNELS = ("sms", "email", "call")
PARTS: Mapping[str, tuple[str, str]] = {
    "morning": ("00:00", "12:00"),
    "afternoon": ("12:00", "18:00"),
    "evening": ("18:00", "00:00"),
}
"""The parts of a day, from and until; together the whole of it, so that a hole cannot be forgotten."""


def cells() -> tuple[str, ...]:
    """Every cell of the grid.

    >>> cells()[:2]
    ('sms-morning', 'sms-afternoon')
    """
    return tuple(f"{channel}-{part}" for channel in CHANNELS for part in PARTS)


def closed(open_cells: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For each channel the parts that are closed.

    >>> closed(["call-morning", "sms-morning", "sms-afternoon", "sms-evening"])
    {'sms': (), 'email': ('morning', 'afternoon', 'evening'), 'call': ('afternoon', 'evening')}
    """
    wanted = set(open_cells)
    return {
        channel: tuple(part for part in PARTS if f"{channel}-{part}" not in wanted) for channel in CHANNELS
    }
