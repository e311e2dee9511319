"""Domain features as small expressions: what each operation of a spec means, told once for every engine.

A feature compiles to a tree of eight kinds of node over whole numbers. The row scorer, the columns, SQL, PMML
and ONNX each know the eight kinds and nothing else, so they cannot read an operation differently.
A missing part makes the whole missing, except where `known` says that only what is known counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from lenity.base.rates import PPM

LARGEST = 10**14
"""No value is larger: a raw value beyond it is refused, a ratio stops at it."""
EXACT = 2**53
"""Whole numbers up to here are exact in columns of doubles; a feature that could pass it is refused."""
MOST_CATEGORIES = 200


@dataclass(frozen=True, slots=True)
class Column:
    """A raw value times `by`, the rest cut off towards zero; `gone` are codes that stand for missing."""

    name: str
    by: int = 1
    gone: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Category:
    """The place of a text in the list, from 1; 0 for a text that is not in the list."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """Parts times whole weights, and a whole number more."""

    parts: tuple[Node, ...]
    weights: tuple[int, ...]
    plus: int = 0


@dataclass(frozen=True, slots=True)
class Extreme:
    """The largest or smallest part; with `known`, of those that are not missing."""

    parts: tuple[Node, ...]
    largest: bool
    known: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """How many parts are at least `value`; with `known`, a missing part does not count."""

    parts: tuple[Node, ...]
    value: int
    known: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """How many parts in a row, from the first, are at least `value` (or all below it)."""

    parts: tuple[Node, ...]
    value: int
    above: bool


@dataclass(frozen=True, slots=True)
class Ratio:
    """Parts per million, rounded down; missing when `below` is not positive."""

    above: Node
    below: Node


@dataclass(frozen=True, slots=True)
class Product:
    """One value times another, within range."""

    one: Node
    other: Node


Node: TypeAlias = Column | Category | Sum | Extreme | Count | Run | Ratio | Product
Feature = Mapping[str, Any]


def of(feature: Feature) -> Node:
    """The expression of a declared feature; raises `ValueError` that says what is wrong with it."""
    try:
        make = OPERATIONS[feature["operation"]]
    except KeyError:
        raise ValueError(f"the operation is one of {', '.join(OPERATIONS)}") from None
    try:
        node = make(feature)
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError(f"{feature['operation']} lacks or does not know {error}") from None
    if bound(node) > EXACT:
        raise ValueError("weights or columns add up to more than can be held exactly")
    return node


def parts_of(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    match node:
        case Sum() | Extreme() | Count() | Run():
            return node.parts
        case Ratio():
            return (node.above, node.below)
        case Product():
            return (node.one, node.other)
        case _:
            return ()


def walk(nodes: Sequence[Node]) -> Iterator[Node]:
    """Every different node, parts before wholes."""
    seen: set[Node] = set()

    def visit(node: Node) -> Iterator[Node]:
        if node in seen:
            return
        for part in parts_of(node):
            yield from visit(part)
        seen.add(node)
        yield node

    for node in nodes:
        yield from visit(node)


def bound(node: Node) -> int:
    """No absolute value of the node is larger."""
    match node:
        case Sum():
            weighed = zip(node.weights, node.parts, strict=True)
            return abs(node.plus) + sum(abs(weight) * bound(part) for weight, part in weighed)
        case Extreme():
            return max(bound(part) for part in node.parts)
        case Count() | Run():
            return len(node.parts)
        case Category():
            return MOST_CATEGORIES
        case Ratio() | Product():
            return max(LARGEST, *(bound(part) for part in parts_of(node)))
        case Column():
            return LARGEST


def _columns(feature: Feature, key: str = "columns") -> tuple[Node, ...]:
    gone = tuple(_whole(code) for code in feature.get("special", ()))
    names = feature[key]
    if not isinstance(names, (list, tuple)) or not names or not all(isinstance(name, str) for name in names):
        raise ValueError(f"{key} is a list of names")
    by = feature.get("by", 1) if key == "columns" else 1
    _scale(by)
    return tuple(Column(name, by, gone) for name in names)


def _total(feature: Feature, key: str = "columns") -> Node:
    columns = _columns(feature, key)
    weights = tuple(_whole(one) for one in feature.get("weights", ())) if key == "columns" else ()
    if weights and len(weights) != len(columns):
        raise ValueError("there is one weight for each column")
    plus = _whole(feature.get("plus", 0)) if key == "over" else 0
    if len(columns) == 1 and weights in ((), (1,)) and not plus:
        return columns[0]
    return Sum(columns, weights or (1,) * len(columns), plus)


def _pairs(feature: Feature) -> tuple[Node, ...]:
    above, below = _columns(feature), _columns(feature, "over")
    if len(below) == 1:
        below *= len(above)
    if len(below) != len(above):
        raise ValueError("over has one column, or one for each of columns")
    return tuple(Ratio(top, bottom) for top, bottom in zip(above, below, strict=True))


def _scaled(feature: Feature) -> Node:
    _scale(feature["by"])
    return Column(feature["columns"][0], feature["by"])


def _scale(by: object) -> None:
    if type(by) is not int or by not in SCALES:
        raise ValueError("by is a power of ten up to a billion")


def _category(feature: Feature) -> Node:
    values = tuple(feature["values"])
    if not values or len(set(values)) != len(values) or not all(isinstance(one, str) for one in values):
        raise ValueError("values is a list of different texts")
    if len(values) > MOST_CATEGORIES or any(one != one.strip() or not one for one in values):
        raise ValueError(f"values are at most {MOST_CATEGORIES} texts without blanks around them")
    return Category(feature["columns"][0], values)


def _difference(feature: Feature) -> Node:
    columns = _columns(feature)
    return Sum((columns[0], columns[1]), (1, -1))


def _count_equal(feature: Feature) -> Node:
    columns, value = _columns(feature), _whole(feature["value"])
    return Sum((Count(columns, value), Count(columns, value + 1)), (1, -1))


def _single(feature: Feature) -> Node:
    """Its special codes stay values of their own: a table has bins for them."""
    return Column(_columns(feature)[0].name)  # type: ignore[union-attr]


def _whole(value: object) -> int:
    if type(value) is not int or abs(value) > LARGEST:
        raise ValueError(f"{value!r} is not a whole number in range")
    return value


SCALES = tuple(10**power for power in range(10))
OPERATIONS: Mapping[str, Callable[[Feature], Node]] = {
    "column": _single,
    "scaled": _scaled,
    "category": _category,
    "sum": _total,
    "maximum": lambda feature: Extreme(_columns(feature), True),
    "minimum": lambda feature: Extreme(_columns(feature), False),
    "count_at_least": lambda feature: Count(_columns(feature), _whole(feature["value"])),
    "count_equal": _count_equal,
    "months_since": lambda feature: Run(_columns(feature), _whole(feature["value"]), above=False),
    "streak_at_least": lambda feature: Run(_columns(feature), _whole(feature["value"]), above=True),
    "streak_below": lambda feature: Run(_columns(feature), _whole(feature["value"]), above=False),
    "difference": _difference,
    "ratio_ppm": lambda feature: Ratio(_total(feature), _total(feature, "over")),
    "product": lambda feature: Product(_total(feature), _total(feature, "over")),
    "maximum_ratio_ppm": lambda feature: Extreme(_pairs(feature), True, known=True),
    "minimum_ratio_ppm": lambda feature: Extreme(_pairs(feature), False, known=True),
    "count_ratio_at_least": lambda feature: Count(_pairs(feature), _whole(feature["value"]), known=True),
}
"""`months_since`: columns newest first; how many come before the first that is at least `value`.
`ratio_ppm` and `product` take the sum of `columns` (read times `by`) and that of `over` and `plus`."""
__all__ = [
    "PPM",
    "Category",
    "Column",
    "Count",
    "Extreme",
    "Node",
    "Product",
    "Ratio",
    "Run",
    "Sum",
    "bound",
    "of",
    "walk",
]
