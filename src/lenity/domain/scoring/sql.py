"""A model as one SQL query that gives the same points on every row: SQLite, PostgreSQL, DuckDB, Spark.

Whole numbers only. A raw column may be of whole numbers, decimals or doubles: its value times `by` is cut off
as the row scorer does it. In SQLite it may be text, too, as an import of CSV makes it. SQLite has no wide
integers: a ratio's values have to stay below 9 * 10**12 there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.scoring import nodes
from lenity.domain.scoring.model import Model, Term
from lenity.domain.scoring.nodes import LARGEST, PPM

DIVIDE = {
    "sqlite": "({above}) / ({below})",
    "postgresql": "({above}) / ({below})",
    "duckdb": "({above}) // ({below})",
    "spark": "({above}) div ({below})",
}
"""Division of whole numbers that are not negative, by dialect."""
WIDE = {"sqlite": "INTEGER", "postgresql": "NUMERIC", "duckdb": "HUGEINT", "spark": "DECIMAL(38,0)"}
WHOLE = {
    "sqlite": "CAST(round(CAST(nullif(trim({name}), '') AS REAL) * {by}, 6) AS INTEGER)",
    "postgresql": "CASE WHEN CAST({name} AS DOUBLE PRECISION) = 'NaN' THEN NULL "
    "ELSE CAST(trunc(CAST({name} AS NUMERIC) * {by}) AS BIGINT) END",
    "duckdb": "CASE WHEN isnan(CAST({name} AS DOUBLE)) THEN NULL "
    "ELSE CAST(trunc(CAST({name} AS DECIMAL(28, 9)) * {by}) AS BIGINT) END",
    "spark": "CASE WHEN isnan(CAST({name} AS DOUBLE)) THEN NULL "
    "ELSE CAST(CAST({name} AS DECIMAL(25, 9)) * {by} AS BIGINT) END",
}
"""A raw value times `by`, the rest cut off. Through a decimal: 0.29 times 100 is 28.99... as a double."""
BLANKS = " \t\u00a0\u3000"
"""Blanks around a text that do not count; the last is the wide one of Chinese."""
TRIM = {"sqlite": "trim", "postgresql": "btrim", "duckdb": "trim", "spark": "btrim"}
LEAST = {"sqlite": "min", "postgresql": "least", "duckdb": "least", "spark": "least"}
MOST = {"sqlite": "max", "postgresql": "greatest", "duckdb": "greatest", "spark": "greatest"}


def query(model: Model, table: str, dialect: str, key: str = "") -> str:
    """A query over `table` with the score, the points of each term and, if named, the key column.

    Each kind of expression is a layer of its own, so that a part is written once however often it is used.
    """
    if dialect not in DIVIDE:
        raise InputRefused([Problem("score.sql", f"Dialects are: {', '.join(DIVIDE)}.")])
    writer = _Writer(dialect)
    kept = [writer.name(key)] if key else []
    inner = f"SELECT {', '.join([*kept, *writer.raw(model)])} FROM {writer.name(table)}"
    for number, layer in enumerate(writer.layers(model)):
        told = [*kept, *writer.carried(layer), *(writer.of(node) for node in layer)]
        inner = f"SELECT {', '.join(told)} FROM ({inner}) AS layer_{number}"
    terms = [
        f"{writer.points(model, term)} AS {writer.name(f'p_{at}')}" for at, term in enumerate(model.terms)
    ]
    points = [writer.name(f"p_{at}") for at in range(len(model.terms))]
    middle = f"SELECT {', '.join([*kept, *terms])} FROM ({inner}) AS features"
    told = [*kept, f"{' + '.join([str(model.intercept), *points])} AS score", *points]
    title = " ".join(model.name.split())
    return f"-- {title} {model.fingerprint}\nSELECT {', '.join(told)} FROM ({middle}) AS points\n"


class _Writer:
    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self.names: dict[nodes.Node, str] = {}

    def name(self, text: str) -> str:
        """A quoted name."""
        quote = "`" if self.dialect == "spark" else '"'
        return f"{quote}{text.replace(quote, quote * 2)}{quote}"

    def text(self, value: str) -> str:
        """A quoted text."""
        safe = value.replace("\\", "\\\\") if self.dialect == "spark" else value
        safe = safe.replace("'", "\\'" if self.dialect == "spark" else "''")
        return f"'{safe}'"

    def raw(self, model: Model) -> list[str]:
        """The raw columns as expressions want them."""
        every = list(nodes.walk(list(model.nodes.values())))
        self.names = {node: self.name(f"v_{at}") for at, node in enumerate(every)}
        return [self.of(node) for node in every if isinstance(node, (nodes.Column, nodes.Category))]

    def layers(self, model: Model) -> list[list[nodes.Node]]:
        """What stands on raw columns, then what stands on that."""
        depth: dict[nodes.Node, int] = {}
        for node in nodes.walk(list(model.nodes.values())):
            depth[node] = max((depth[part] + 1 for part in nodes.parts_of(node)), default=0)
        highest = max(depth.values())
        self.depth = depth
        return [[node for node, at in depth.items() if at == level] for level in range(1, highest + 1)]

    def carried(self, layer: Sequence[nodes.Node]) -> list[str]:
        """Names of the layers below."""
        level = self.depth[layer[0]]
        return [self.names[node] for node, at in self.depth.items() if at < level]

    def of(self, node: nodes.Node) -> str:
        """The expression of a node under its name; null where it is missing."""
        parts = [self.names[part] for part in nodes.parts_of(node)]
        return f"{_EXPRESSIONS[type(node)](self, node, parts)} AS {self.names[node]}"

    def points(self, model: Model, term: Term) -> str:
        """The points of a term as nested cases."""
        return self._case([self.names[model.nodes[name]] for name in term.features], term, 0, term.points)

    def _case(self, values: Sequence[str], term: Term, axis: int, cells: Any) -> str:
        if axis == len(values):
            return str(int(cells))
        value = values[axis]
        arms = [f"WHEN {value} IS NULL THEN {self._case(values, term, axis + 1, cells[0])}"]
        arms += [
            f"WHEN {value} < {cut} THEN {self._case(values, term, axis + 1, cells[at + 1])}"
            for at, cut in enumerate(term.cuts[axis])
        ]
        return f"CASE {' '.join(arms)} ELSE {self._case(values, term, axis + 1, cells[-1])} END"

    def within(self, value: str) -> str:
        """A value cut off at the largest."""
        return f"{LEAST[self.dialect]}({MOST[self.dialect]}({value}, -{LARGEST}), {LARGEST})"

    def wide(self, value: str) -> str:
        """A value as a whole number with room to multiply."""
        return f"CAST({value} AS {WIDE[self.dialect]})"

    def floor(self, above: str, below: str) -> str:
        """Floor division by something above zero."""
        plain = DIVIDE[self.dialect]
        top, bottom = self.wide(above), self.wide(below)
        if self.dialect == "postgresql":
            return f"floor({top} * {PPM} / {bottom})"
        up = plain.format(above=f"{top} * {PPM}", below=bottom)
        down = plain.format(above=f"-({top}) * {PPM} + {bottom} - 1", below=bottom)
        return f"CASE WHEN {top} >= 0 THEN {up} ELSE -({down}) END"


def _column(writer: _Writer, node: nodes.Column, parts: list[str]) -> str:
    whole = WHOLE[writer.dialect].format(name=writer.name(node.name), by=node.by)
    for code in node.gone:
        whole = f"nullif({whole}, {code})"
    return whole


def _category(writer: _Writer, node: nodes.Category, parts: list[str]) -> str:
    text = f"{TRIM[writer.dialect]}({writer.name(node.name)}, {writer.text(BLANKS)})"
    arms = [f"WHEN {text} = {writer.text(value)} THEN {at}" for at, value in enumerate(node.values, 1)]
    return f"CASE WHEN {text} IS NULL OR {text} = '' THEN NULL {' '.join(arms)} ELSE 0 END"


def _sum(writer: _Writer, node: nodes.Sum, parts: list[str]) -> str:
    told = [part if w == 1 else f"{part} * ({w})" for part, w in zip(parts, node.weights, strict=True)]
    return " + ".join([*told, str(node.plus)] if node.plus else told)


def _extreme(writer: _Writer, node: nodes.Extreme, parts: list[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    how = (MOST if node.largest else LEAST)[writer.dialect]
    nothing = (" AND " if node.known else " OR ").join(f"{part} IS NULL" for part in parts)
    if node.known:
        out = -2 * LARGEST if node.largest else 2 * LARGEST
        parts = [f"coalesce({part}, {out})" for part in parts]
    return f"CASE WHEN {nothing} THEN NULL ELSE {how}({', '.join(parts)}) END"


def _count(writer: _Writer, node: nodes.Count, parts: list[str]) -> str:
    gone = 0 if node.known else "NULL"
    return " + ".join(
        f"(CASE WHEN {part} IS NULL THEN {gone} WHEN {part} >= {node.value} THEN 1 ELSE 0 END)"
        for part in parts
    )


def _run(writer: _Writer, node: nodes.Run, parts: list[str]) -> str:
    nothing = " OR ".join(f"{part} IS NULL" for part in parts)
    ends = "<" if node.above else ">="
    arms = [f"WHEN {part} {ends} {node.value} THEN {at}" for at, part in enumerate(parts)]
    return f"CASE WHEN {nothing} THEN NULL {' '.join(arms)} ELSE {len(parts)} END"


def _ratio(writer: _Writer, node: nodes.Ratio, parts: list[str]) -> str:
    above, below = parts
    ratio = writer.within(writer.floor(above, below))
    if writer.dialect == "spark":
        # `div` gives a number of 64 bits: a quotient beyond the range is told before it is made.
        top, most = writer.wide(above), f"{writer.wide(below)} * {LARGEST // PPM}"
        beyond = f"WHEN {top} >= {most} THEN {LARGEST} WHEN {top} <= -({most}) THEN -{LARGEST}"
        ratio = f"CASE {beyond} ELSE {ratio} END"
    return f"CASE WHEN {above} IS NULL OR {below} IS NULL OR {below} <= 0 THEN NULL ELSE {ratio} END"


def _product(writer: _Writer, node: nodes.Product, parts: list[str]) -> str:
    product = writer.within(f"{writer.wide(parts[0])} * {writer.wide(parts[1])}")
    return f"CASE WHEN {parts[0]} IS NULL OR {parts[1]} IS NULL THEN NULL ELSE {product} END"


_EXPRESSIONS: dict[type, Any] = {
    nodes.Column: _column,
    nodes.Category: _category,
    nodes.Sum: _sum,
    nodes.Extreme: _extreme,
    nodes.Count: _count,
    nodes.Run: _run,
    nodes.Ratio: _ratio,
    nodes.Product: _product,
}
