"""What changed in a place's rulebook between two days: begun, ended, another value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lenity.law import reader


@dataclass(frozen=True)
class Line:
    """One provision on two days; a side is empty where no value of it holds on that day.

    `since` is when the later value came into force.
    """

    provision: reader.Provision
    before: str
    after: str
    since: date | None = None

    @property
    def state(self) -> str:
        """`begun`, `ended`, `changed` or `same`."""
        if self.before == self.after:
            return "same"
        if not self.before:
            return "begun"
        return "changed" if self.after else "ended"

    @property
    def parts(self) -> list[tuple[str, str, str]]:
        """Of a value that changed, the parts that differ: name, before, after."""
        if self.state != "changed":
            return []
        before, after = (dict(_leaves(json.loads(side))) for side in (self.before, self.after))
        return [
            (name, before.get(name, "–"), after.get(name, "–"))
            for name in dict.fromkeys([*before, *after])
            if before.get(name) != after.get(name)
        ]


def _leaves(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """The plain values in a value, each by its way through the names."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _leaves(part, f"{name}.{key}".lstrip("."))
    elif isinstance(value, list):
        yield name, ", ".join(str(one) for one in value)
    else:
        yield name, str(value)


def between(book: reader.Rulebook, first: date, last: date) -> tuple[Line, ...]:
    """Every provision that holds on one of the two days, the changed ones first; gaps are no law."""
    lines = [
        Line(one, _text(one, first), _text(one, last), _since(one, last))
        for one in book.provisions
        if not one.is_gap
    ]
    held = [line for line in lines if line.before or line.after]
    return tuple(sorted(held, key=lambda line: (line.state == "same", line.provision.id)))


def _since(provision: reader.Provision, day: date) -> date | None:
    dated = provision.on(day)
    return dated.since if dated else None


def _text(provision: reader.Provision, day: date) -> str:
    dated = provision.on(day)
    if dated is None:
        return ""
    return json.dumps(dated.value, ensure_ascii=False, sort_keys=True, default=str)
