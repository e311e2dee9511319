"""A model as one SQL query that gives the same points on every row: SQLite, PostgreSQL, DuckDB, Spark.

Whole numbers only. Columns have to be integers (the query cuts nothing off); a value times `by` is read from
a numeric column.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lenity.base.outcomes import InputRefused, Problem
from lenity.base.rates import PPM
from lenity.domain.scoring.features import LARGEST
from lenity.domain.scoring.model import Model, Term

DIVIDE = {
    "sqlite": "({above}) / ({below})",
    "postgresql": "({above}) / ({below})",
    "duckdb": "({above}) // ({below})",
    "spark": "({above}) div ({below})",
}
"""Division of whole numbers that are not negative, by dialect."""
WIDE = {"sqlite": "INTEGER", "postgresql": "NUMERIC", "duckdb": "HUGEINT", "spark": "DECIMAL(38,0)"}
LEAST = {"sqlite": "min", "postgresql": "least", "duckdb": "least", "spark": "least"}
MOST = {"sqlite": "max", "postgresql": "greatest", "duckdb": "greatest", "spark": "greatest"}


def query(model: Model, table: str, dialect: str, key: str = "") -> str:
    """A query over `table` with the score, the points of each term and, if named, the key column."""
    if dialect not in DIVIDE:
        raise InputRefused([Problem("score.sql", f"Dialects are: {', '.join(DIVIDE)}.")])
    writer = _Writer(dialect)
    kept = [f"{writer.name(key)} AS {writer.name(key)}"] if key else []
    features = [
        f"{writer.feature(feature)} AS {writer.name('f_' + feature['name'])}" for feature in model.features
    ]
    terms = [f"{writer.points(term)} AS {writer.name('p_' + str(at))}" for at, term in enumerate(model.terms)]
    total = " + ".join([str(model.intercept), *(writer.name(f"p_{at}") for at in range(len(model.terms)))])
    told = [writer.name(key)] if key else []
    told += [f"{total} AS score", *(writer.name(f"p_{at}") for at in range(len(model.terms)))]
    inner = f"SELECT {', '.join(kept + features)} FROM {writer.name(table)}"
    middle = f"SELECT {', '.join(([writer.name(key)] if key else []) + terms)} FROM ({inner}) AS features"
    return f"-- {model.name} {model.fingerprint}\nSELECT {', '.join(told)} FROM ({middle}) AS points\n"


class _Writer:
    def __init__(self, dialect: str) -> None:
        self.dialect = dialect

    def name(self, text: str) -> str:
        """A quoted name."""
        quote = "`" if self.dialect == "spark" else '"'
        return f"{quote}{text.replace(quote, quote * 2)}{quote}"

    def feature(self, feature: Mapping[str, Any]) -> str:
        """The expression of a feature; null where it is missing."""
        return _OPERATIONS[feature["operation"]](self, feature)

    def points(self, term: Term) -> str:
        """The points of a term as nested cases."""
        return self._case(term, 0, term.points)

    def _case(self, term: Term, axis: int, cells: Any) -> str:
        if axis == len(term.features):
            return str(int(cells))
        value = self.name("f_" + term.features[axis])
        arms = [f"WHEN {value} IS NULL THEN {self._case(term, axis + 1, cells[0])}"]
        arms += [
            f"WHEN {value} < {cut} THEN {self._case(term, axis + 1, cells[at + 1])}"
            for at, cut in enumerate(term.cuts[axis])
        ]
        return f"CASE {' '.join(arms)} ELSE {self._case(term, axis + 1, cells[-1])} END"

    def columns(self, feature: Mapping[str, Any], key: str = "columns") -> list[str]:
        """The columns of a feature."""
        return [self.name(column) for column in feature[key]]

    def scaled(self, feature: Mapping[str, Any]) -> str:
        """A numeric column times `by`, cut off towards zero."""
        product = f"{self.columns(feature)[0]} * {int(feature['by'])}"
        if self.dialect == "sqlite":
            return f"CAST(round({product}, 3) AS INTEGER)"
        return f"CAST({'floor' if self.dialect == 'spark' else 'trunc'}({product}) AS BIGINT)"

    def floor(self, above: str, below: str) -> str:
        """Floor division by something above zero."""
        plain = DIVIDE[self.dialect]
        wide = WIDE[self.dialect]
        top, bottom = f"CAST({above} AS {wide})", f"CAST({below} AS {wide})"
        if self.dialect == "postgresql":
            return f"floor({top} * {PPM} / {bottom})"
        up = plain.format(above=f"{top} * {PPM}", below=bottom)
        down = plain.format(above=f"-({top}) * {PPM} + {bottom} - 1", below=bottom)
        return f"CASE WHEN {top} >= 0 THEN {up} ELSE -({down}) END"


def _extreme(names: Mapping[str, str]) -> Callable[[_Writer, Mapping[str, Any]], str]:
    def write(writer: _Writer, feature: Mapping[str, Any]) -> str:
        columns = writer.columns(feature)
        if len(columns) == 1:
            return columns[0]
        anything = " OR ".join(f"{column} IS NULL" for column in columns)
        return f"CASE WHEN {anything} THEN NULL ELSE {names[writer.dialect]}({', '.join(columns)}) END"

    return write


def _count(writer: _Writer, feature: Mapping[str, Any]) -> str:
    least = int(feature["value"])
    parts = [
        f"(CASE WHEN {column} IS NULL THEN NULL WHEN {column} >= {least} THEN 1 ELSE 0 END)"
        for column in writer.columns(feature)
    ]
    return " + ".join(parts)


def _ratio(writer: _Writer, feature: Mapping[str, Any]) -> str:
    above, below = " + ".join(writer.columns(feature)), " + ".join(writer.columns(feature, "over"))
    ratio = writer.floor(f"({above})", f"({below})")
    limit = f"{LEAST[writer.dialect]}({MOST[writer.dialect]}({ratio}, -{LARGEST}), {LARGEST})"
    return f"CASE WHEN ({above}) IS NULL OR ({below}) IS NULL OR ({below}) <= 0 THEN NULL ELSE {limit} END"


_OPERATIONS: Mapping[str, Callable[[_Writer, Mapping[str, Any]], str]] = {
    "column": lambda writer, feature: writer.columns(feature)[0],
    "scaled": lambda writer, feature: writer.scaled(feature),
    "sum": lambda writer, feature: " + ".join(writer.columns(feature)),
    "maximum": _extreme(MOST),
    "minimum": _extreme(LEAST),
    "count_at_least": _count,
    "difference": lambda writer, feature: " - ".join(writer.columns(feature)),
    "ratio_ppm": _ratio,
}
