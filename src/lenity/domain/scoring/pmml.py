"""A model as PMML 4.4: a Scorecard with derived fields, the same points on every row.

Numbers are doubles, which hold whole numbers exactly up to 2**53: what a ratio divides by has to stay below
9 * 10**12. The function `floor` is not used: readers give it the bounds of an integer of 32 bits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

from lenity.domain.scoring import nodes
from lenity.domain.scoring.model import MOST_REASONS, Model, Term
from lenity.domain.scoring.nodes import LARGEST, PPM

NAMESPACE = "http://www.dmg.org/PMML-4_4"
VERSION = "4.4"
STEP = 1000
"""A million is two steps."""
NEAR = "0.000001"
Element = ElementTree.Element


def document(model: Model) -> str:
    """The PMML document."""
    every = list(nodes.walk(list(model.nodes.values())))
    names = {node: f"v_{at}" for at, node in enumerate(every)}
    texts = {node.name for node in every if isinstance(node, nodes.Category)}
    raw = {node.name for node in every if isinstance(node, nodes.Column)} | texts
    root = Element("PMML", {"xmlns": NAMESPACE, "version": VERSION})
    header = _put(root, "Header", description=f"{model.name} {model.fingerprint}")
    _put(header, "Application", name="Lenity")
    dictionary = _put(root, "DataDictionary", numberOfFields=str(len(raw) + 1))
    for name in sorted(raw):
        kind = ("categorical", "string") if name in texts else ("continuous", "double")
        _put(dictionary, "DataField", name=name, optype=kind[0], dataType=kind[1])
    _put(dictionary, "DataField", name="score", optype="continuous", dataType="double")
    transformations = _put(root, "TransformationDictionary")
    for node in every:
        parts = [_field(names[part]) for part in nodes.parts_of(node)]
        if isinstance(node, nodes.Ratio):
            fields = _division(names[node], *parts)
        else:
            fields = {names[node]: _EXPRESSIONS[type(node)](node, parts)}
        for name, expression in fields.items():
            field = _put(transformations, "DerivedField", name=name, optype="continuous", dataType="double")
            field.append(expression)
    _scorecard(root, model, sorted(raw), names)
    ElementTree.indent(root, " ")
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _scorecard(root: Element, model: Model, raw: Sequence[str], names: Mapping[nodes.Node, str]) -> None:
    card = _put(
        root, "Scorecard", modelName=model.name, functionName="regression", initialScore=str(model.intercept),
        useReasonCodes="true", reasonCodeAlgorithm="pointsBelow", baselineMethod="other",
    )  # fmt: skip
    schema = _put(card, "MiningSchema")
    for name in raw:
        _put(schema, "MiningField", name=name, invalidValueTreatment="asIs")
    _put(schema, "MiningField", name="score", usageType="target")
    output = _put(card, "Output")
    _put(
        output, "OutputField", name="points", feature="predictedValue", dataType="double", optype="continuous"
    )
    for rank in range(1, MOST_REASONS + 1):
        _put(
            output, "OutputField", name=f"reason_{rank}", feature="reasonCode", rank=str(rank),
            dataType="string", optype="categorical",
        )  # fmt: skip
    characteristics = _put(card, "Characteristics")
    for term in model.terms:
        one = _put(
            characteristics, "Characteristic", name=term.name, reasonCode=term.reason,
            baselineScore=str(term.reference),
        )  # fmt: skip
        fields = [names[model.nodes[name]] for name in term.features]
        for predicate, points in _cells(fields, term, term.points):
            attribute = _put(one, "Attribute", partialScore=str(points))
            attribute.append(predicate())


def _cells(fields: Sequence[str], term: Term, points: Any) -> list[tuple[Callable[[], Element], int]]:
    """Every cell of a table with what a row has to be for it; the cells leave nothing between them."""
    first = _bins(fields[0], term.cuts[0])
    if len(fields) == 1:
        return list(zip(first, points, strict=True))
    found = []
    for row, cells in zip(first, points, strict=True):
        for column, cell in zip(_bins(fields[1], term.cuts[1]), cells, strict=True):
            found.append((_both(row, column), cell))
    return found


def _bins(field: str, cuts: Sequence[int]) -> list[Callable[[], Element]]:
    def simple(operator: str, value: int | None = None) -> Callable[[], Element]:
        given = {"field": field, "operator": operator}
        return lambda: Element("SimplePredicate", given if value is None else {**given, "value": str(value)})

    if not cuts:
        return [simple("isMissing"), simple("isNotMissing")]
    inner = [_both(simple("greaterOrEqual", low), simple("lessThan", high)) for low, high in pairwise(cuts)]
    return [simple("isMissing"), simple("lessThan", cuts[0]), *inner, simple("greaterOrEqual", cuts[-1])]


def _both(one: Callable[[], Element], other: Callable[[], Element]) -> Callable[[], Element]:
    def make() -> Element:
        both = Element("CompoundPredicate", {"booleanOperator": "and"})
        both.extend([one(), other()])
        return both

    return make


def _put(parent: Element, tag: str, **attributes: str) -> Element:
    return ElementTree.SubElement(parent, tag, attributes)


def _field(name: str) -> Element:
    return Element("FieldRef", {"field": name})


def _number(value: int | str) -> Element:
    constant = Element("Constant", {"dataType": "double"})
    constant.text = str(value)
    return constant


def _text(value: str) -> Element:
    constant = Element("Constant", {"dataType": "string"})
    constant.text = value
    return constant


def _apply(function: str, *arguments: Element) -> Element:
    made = Element("Apply", {"function": function})
    made.extend(arguments)
    return made


def _chain(function: str, arguments: Sequence[Element]) -> Element:
    """A function of two, one after the other."""
    made = arguments[0]
    for one in arguments[1:]:
        made = _apply(function, made, one)
    return made


def _if_known(parts: Sequence[Element], then: Element) -> Element:
    """Without an else, the result is missing."""
    return _apply("if", _chain("and", [_apply("isNotMissing", part) for part in parts]), then)


def _within(value: Element) -> Element:
    return _apply("max", _apply("min", value, _number(LARGEST)), _number(-LARGEST))


def _column(node: nodes.Column, parts: list[Element]) -> Element:
    raw = _field(node.name)
    value = _apply("*", raw, _number(node.by)) if node.by > 1 else raw
    codes = [_apply("equal", _cut(value), _number(code)) for code in node.gone]
    cut = _cut(value)
    return _if_known([raw], _apply("if", _apply("not", _chain("or", codes)), cut) if codes else cut)


def _cut(value: Element) -> Element:
    """Cut off towards zero; a millionth evens out what a decimal loses as a double."""

    def down(size: Element) -> Element:
        return _whole(_apply("+", size, _number(NEAR)))

    turned = _apply("*", value, _number(-1))
    below = _apply("*", down(turned), _number(-1))
    return _apply("if", _apply("lessThan", value, _number(0)), below, down(value))


def _whole(value: Element) -> Element:
    """A value that is not negative without its fraction; exact, since the rest of a division by one is."""
    rest = _apply("-", value, _apply("modulo", value, _number(1)))
    return _apply("if", _apply("lessThan", value, _number(1)), _number(0), rest)


def _category(node: nodes.Category, parts: list[Element]) -> Element:
    text = _apply("trimBlanks", _field(node.name))
    found = _number(0)
    for at, value in reversed(list(enumerate(node.values, 1))):
        found = _apply("if", _apply("equal", text, _text(value)), _number(at), found)
    return _if_known([_field(node.name)], _apply("if", _apply("notEqual", text, _text("")), found))


def _sum(node: nodes.Sum, parts: list[Element]) -> Element:
    weighed = zip(parts, node.weights, strict=True)
    told = [part if weight == 1 else _apply("*", part, _number(weight)) for part, weight in weighed]
    return _if_known(parts, _chain("+", [*told, _number(node.plus)] if node.plus else told))


def _extreme(node: nodes.Extreme, parts: list[Element]) -> Element:
    found = _apply("max" if node.largest else "min", *parts)
    return found if node.known else _if_known(parts, found)


def _count(node: nodes.Count, parts: list[Element]) -> Element:
    def hit(part: Element) -> Element:
        yes = _apply("if", _apply("greaterOrEqual", part, _number(node.value)), _number(1), _number(0))
        return _apply("if", _apply("isNotMissing", part), yes, _number(0)) if node.known else yes

    total = _chain("+", [hit(part) for part in parts])
    return total if node.known else _if_known(parts, total)


def _run(node: nodes.Run, parts: list[Element]) -> Element:
    ends = "lessThan" if node.above else "greaterOrEqual"
    found = _number(len(parts))
    for at, part in reversed(list(enumerate(parts))):
        found = _apply("if", _apply(ends, part, _number(node.value)), _number(at), found)
    return _if_known(parts, found)


def _division(name: str, above: Element, below: Element) -> dict[str, Element]:
    """The fields of a ratio: long division, three digits at a time, since a product of a million is not exact."""
    fields: dict[str, Element] = {}

    def put(part: str, value: Element) -> Element:
        fields[f"{name}_{part}"] = value
        return _field(f"{name}_{part}")

    up = _whole(_apply("/", above, below))
    room = _apply("-", _apply("-", below, _number(1)), above)
    down = _apply("*", _whole(_apply("/", room, below)), _number(-1))
    first = _apply("if", _apply("lessThan", above, _number(0)), down, up)
    positive = _apply("if", _apply("greaterThan", below, _number(0)), first)
    digits, value = [put("digits_0", _if_known([above, below], positive))], above
    for at in (1, 2):
        left = _apply("-", value, _apply("*", digits[-1], below))
        value = put(f"left_{at}", _if_known([digits[-1]], _apply("*", left, _number(STEP))))
        digits.append(put(f"digits_{at}", _if_known([value], _whole(_apply("/", value, below)))))
    scaled = [_apply("*", one, _number(PPM // STEP**at)) for at, one in enumerate(digits)]
    fields[name] = _if_known(digits, _within(_chain("+", scaled)))
    return fields


def _product(node: nodes.Product, parts: list[Element]) -> Element:
    return _if_known(parts, _within(_apply("*", *parts)))


_EXPRESSIONS: dict[type, Any] = {
    nodes.Column: _column,
    nodes.Category: _category,
    nodes.Sum: _sum,
    nodes.Extreme: _extreme,
    nodes.Count: _count,
    nodes.Run: _run,
    nodes.Product: _product,
}
