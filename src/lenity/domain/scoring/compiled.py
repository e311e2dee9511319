"""A model as one Python function, for single rows in microseconds.

The text of the function is made of numbers and counted names only (`v7`, `C3`): nothing that a model file
says in words becomes code. A row with a missing value takes a second function that asks at each step.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lenity.domain.scoring import features, nodes

Scorer = Callable[[features.Row], tuple[tuple[int, ...], tuple[int, ...]]]
LOWEST = -(10**30)


class _Writer:
    """Writes the lines of the function and keeps the constants it refers to.

    A careful function carries on past a missing column; the other one gives up and returns None.
    """

    def __init__(self, careful: bool) -> None:
        self.careful = careful
        self.names: dict[nodes.Node, str] = {}
        self.lines: list[str] = []
        self.open: set[nodes.Node] = set()
        self.fixed: dict[str, Any] = {
            "number": features.number,
            "category": features.category,
            "at": bisect_right,
        }

    def keep(self, value: Any) -> str:
        """A constant under a counted name."""
        name = f"K{len(self.fixed)}"
        self.fixed[name] = value
        return name

    def put(self, node: nodes.Node) -> None:
        """The lines that give the node its value."""
        parts = [(self.names[part], part in self.open) for part in nodes.parts_of(node)]
        name = self.names[node] = f"v{len(self.names)}"
        if isinstance(node, (nodes.Column, nodes.Category)):
            self._raw(node, name)
            return
        names, unsure = [part for part, _ in parts], [part for part, is_open in parts if is_open]
        if getattr(node, "known", False):
            self.lines.append(f"{name} = {_of_known(node, names)}")
        else:
            guard = " or ".join(f"{part} is None" for part in unsure)
            told = _of_all(node, names)
            self.lines.append(f"{name} = None if {guard} else {told}" if guard else f"{name} = {told}")
        counted = isinstance(node, nodes.Count) and node.known
        if isinstance(node, nodes.Ratio) or (unsure and not counted):
            self.open.add(node)

    def _raw(self, node: nodes.Column | nodes.Category, name: str) -> None:
        key = self.keep(node.name)
        gone: tuple[int, ...] = ()
        if isinstance(node, nodes.Category):
            self.lines.append(f"{name} = category(row, {key}, {self.keep(node.values)})")
        elif node.by == 1:
            gone, most = node.gone, nodes.LARGEST
            fits = f"type({name}) is int and -{most} <= {name} <= {most}"
            # Digits of a CSV file are the common text; anything else is looked at with care.
            digits = f"type({name}) is str and {name}.isdecimal() and {name}.isascii() and len({name}) < 15"
            self.lines += [
                f"{name} = row.get({key})",
                f"if not ({fits}): {name} = int({name}) if {digits} else number(row, {key})",
            ]
        else:
            self.lines.append(f"{name} = number(row, {key}, {node.by})")
        if gone:
            self.lines.append(f"if {name} in {gone!r}: {name} = None")
        if self.careful:
            self.open.add(node)
        else:
            self.lines.append(f"if {name} is None: return None")


def _of_known(node: nodes.Node, parts: list[str]) -> str:
    """A node for which only what is known counts."""
    if isinstance(node, nodes.Count):
        return " + ".join(f"({part} is not None and {part} >= {node.value})" for part in parts)
    assert isinstance(node, nodes.Extreme)
    how = "max" if node.largest else "min"
    return f"{how}([x for x in ({', '.join(parts)},) if x is not None], default=None)"


def _of_all(node: nodes.Node, parts: list[str]) -> str:
    """A node whose parts are all there."""
    match node:
        case nodes.Sum():
            pairs = zip(parts, node.weights, strict=True)
            told = [part if weight == 1 else f"{part} * {weight}" for part, weight in pairs]
            return " + ".join([*told, str(node.plus)] if node.plus else told)
        case nodes.Count():
            return " + ".join(f"({part} >= {node.value})" for part in parts)
        case nodes.Run():
            sign = "<" if node.above else ">="
            ends = [f"{at} if {part} {sign} {node.value}" for at, part in enumerate(parts)]
            return " else ".join([*ends, str(len(parts))])
        case nodes.Ratio():
            return f"({_within(f'{parts[0]} * {nodes.PPM} // {parts[1]}')} if {parts[1]} > 0 else None)"
        case nodes.Product():
            return _within(f"{parts[0]} * {parts[1]}")
    assert isinstance(node, nodes.Extreme)
    return f"{'max' if node.largest else 'min'}({', '.join(parts)})" if len(parts) > 1 else parts[0]


def _within(value: str) -> str:
    most = nodes.LARGEST
    return f"(q if -{most} <= (q := {value}) <= {most} else {most} if q > 0 else -{most})"


def _bin(writer: _Writer, node: nodes.Node, cuts: Sequence[int]) -> str:
    """The place in a table whose first cell is for missing."""
    name = writer.names[node]
    # A cut below every value makes room for the cell of missing.
    found = f"at({writer.keep((LOWEST, *cuts))}, {name})"
    return f"0 if {name} is None else {found}" if node in writer.open else found


def scorer(
    by_name: Mapping[str, nodes.Node], terms: Sequence[Any], groups: Sequence[tuple[int, Sequence[int]]]
) -> Scorer:
    """A function from a raw row to the points of each term and what each group of terms loses.

    A group is its reference and the places of its terms.
    """
    whole = _written(by_name, terms, groups, careful=False)
    careful = _written(by_name, terms, groups, careful=True)

    def score(row: features.Row) -> tuple[tuple[int, ...], tuple[int, ...]]:
        found: tuple[tuple[int, ...], tuple[int, ...]] = whole(row) or careful(row)
        return found

    return score


def _written(
    by_name: Mapping[str, nodes.Node],
    terms: Sequence[Any],
    groups: Sequence[tuple[int, Sequence[int]]],
    *,
    careful: bool,
) -> Any:
    writer = _Writer(careful)
    for node in nodes.walk(list(by_name.values())):
        writer.put(node)
    for at, term in enumerate(terms):
        cell = writer.keep(term.points)
        for feature, cuts in zip(term.features, term.cuts, strict=True):
            cell += f"[{_bin(writer, by_name[feature], cuts)}]"
        writer.lines.append(f"p{at} = {cell}")
    points = "".join(f"p{at}, " for at in range(len(terms)))
    lost = "".join(" - ".join([str(reference), *(f"p{at}" for at in of)]) + ", " for reference, of in groups)
    text = "\n ".join(["def score(row):", *writer.lines, f"return ({points}), ({lost})"]) + "\n"
    exec(compile(text, "<score model>", "exec"), writer.fixed)  # noqa: S102 (numbers and counted names only)
    return writer.fixed["score"]
