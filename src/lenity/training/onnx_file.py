"""A model as an ONNX graph: one column of doubles a raw column (NaN where missing), points and score out.

A text column is one of strings ("" where missing). Doubles hold whole numbers exactly up to 2**53: what a ratio
divides by has to stay below 9 * 10**12. The `onnx` package is needed to write, not to train or score.
"""

from __future__ import annotations

import math
from importlib import import_module
from typing import Any

import numpy as np

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.scoring import nodes
from lenity.domain.scoring.model import Model, Term
from lenity.domain.scoring.nodes import LARGEST, PPM

OPSET, OPSET_ML, IR_VERSION = 17, 3, 8
NEAR = 1e-6
STEP = 1000
"""A million is two steps."""


def document(model: Model) -> bytes:
    """The ONNX model; refused with a remedy where the `onnx` package is not installed."""
    try:
        onnx = import_module("onnx")
    except ImportError:
        problem = Problem(
            "score.onnx", "Writing ONNX needs the package onnx.", "Install it: pip install onnx."
        )
        raise InputRefused([problem]) from None
    graph = _Graph(onnx)
    for node in nodes.walk(list(model.nodes.values())):
        graph.put(node)
    points = [graph.points(term, model) for term in model.terms]
    graph.op("Concat", *points, out="points", axis=1)
    total = graph.op("ReduceSum", "points", graph.whole([1]), keepdims=1)
    graph.op("Add", total, graph.whole([[model.intercept]]), out="score")
    return graph.finished(model)


class _Graph:
    """Nodes of the graph as they are written."""

    def __init__(self, onnx: Any) -> None:
        self.onnx = onnx
        self.nodes: list[Any] = []
        self.fixed: list[Any] = []
        self.raw: dict[str, Any] = {}
        self.names: dict[nodes.Node, str] = {}
        self.known: dict[tuple[str, str], str] = {}
        self.missing = self.number(math.nan)
        self.lowest, self.highest = self.number(-LARGEST), self.number(LARGEST)

    def op(self, kind: str, *inputs: str, out: str = "", domain: str = "", **attributes: Any) -> str:
        """One operation; its output's name."""
        name = out or f"t{len(self.nodes)}"
        self.nodes.append(self.onnx.helper.make_node(kind, list(inputs), [name], domain=domain, **attributes))
        return name

    def number(self, value: float) -> str:
        """A constant as a double."""
        return self._fixed(np.array([value], dtype=np.float64))

    def whole(self, values: Any) -> str:
        """Constants as whole numbers."""
        return self._fixed(np.array(values, dtype=np.int64))

    def _fixed(self, values: Any) -> str:
        key = (str(values.dtype), repr(values.tolist()))
        if key not in self.known:
            self.known[key] = f"k{len(self.fixed)}"
            self.fixed.append(self.onnx.numpy_helper.from_array(values, self.known[key]))
        return self.known[key]

    def input(self, name: str, *, text: bool) -> str:
        """A raw column."""
        kinds = self.onnx.TensorProto
        if name not in self.raw:
            kind = kinds.STRING if text else kinds.DOUBLE
            self.raw[name] = self.onnx.helper.make_tensor_value_info(name, kind, [None, 1])
        return name

    def put(self, node: nodes.Node) -> None:
        """An expression."""
        parts = [self.names[part] for part in nodes.parts_of(node)]
        self.names[node] = getattr(self, f"_{type(node).__name__.lower()}")(node, parts)

    def _column(self, node: nodes.Column, parts: list[str]) -> str:
        exact = self.input(node.name, text=False)
        if node.by > 1:
            exact = self.op("Mul", exact, self.number(node.by))
        # Cut off towards zero; a millionth evens out what a decimal loses as a double.
        size = self.op("Floor", self.op("Add", self.op("Abs", exact), self.number(NEAR)))
        value = self.op("Mul", self.op("Sign", exact), size)
        for code in node.gone:
            is_code = self.op("Equal", value, self.number(code))
            value = self.op("Where", is_code, self.missing, value)
        return value

    def _category(self, node: nodes.Category, parts: list[str]) -> str:
        places = self.op(
            "LabelEncoder", self.input(node.name, text=True), domain="ai.onnx.ml",
            keys_strings=[*node.values, ""], values_int64s=[*range(1, len(node.values) + 1), -1],
            default_int64=0,
        )  # fmt: skip
        value = self.op("Cast", places, to=self.onnx.TensorProto.DOUBLE)
        return self.op("Where", self.op("Less", value, self.number(0)), self.missing, value)

    def _added(self, parts: list[str]) -> str:
        total = parts[0]
        for part in parts[1:]:
            total = self.op("Add", total, part)
        return total

    def _strict(self, parts: list[str], value: str) -> str:
        """Missing when a part is."""
        return self.op("Where", self.op("IsNaN", self._added(parts)), self.missing, value)

    def _sum(self, node: nodes.Sum, parts: list[str]) -> str:
        weighed = zip(parts, node.weights, strict=True)
        told = [part if w == 1 else self.op("Mul", part, self.number(w)) for part, w in weighed]
        return self._added([*told, self.number(node.plus)] if node.plus else told)

    def _extreme(self, node: nodes.Extreme, parts: list[str]) -> str:
        kind = "Max" if node.largest else "Min"
        if not node.known:
            return self._strict(parts, self.op(kind, *parts))
        out = self.number(-2 * LARGEST if node.largest else 2 * LARGEST)
        told = [self.op("Where", self.op("IsNaN", part), out, part) for part in parts]
        best = self.op(kind, *told)
        return self.op("Where", self.op("Equal", best, out), self.missing, best)

    def _hits(self, hits: list[str]) -> str:
        return self._added([self.op("Cast", hit, to=self.onnx.TensorProto.DOUBLE) for hit in hits])

    def _count(self, node: nodes.Count, parts: list[str]) -> str:
        value = self.number(node.value)
        total = self._hits([self.op("GreaterOrEqual", part, value) for part in parts])
        return total if node.known else self._strict(parts, total)

    def _run(self, node: nodes.Run, parts: list[str]) -> str:
        still, runs = "", []
        for part in parts:
            hit = self.op("GreaterOrEqual" if node.above else "Less", part, self.number(node.value))
            still = self.op("And", still, hit) if still else hit
            runs.append(still)
        return self._strict(parts, self._hits(runs))

    def _within(self, value: str) -> str:
        value = self.op("Where", self.op("Less", value, self.lowest), self.lowest, value)
        return self.op("Where", self.op("Greater", value, self.highest), self.highest, value)

    def _ratio(self, node: nodes.Ratio, parts: list[str]) -> str:
        # Long division, three digits at a time: a product of a million would not be exact.
        above, below = parts
        digits = []
        for scale in (PPM, STEP, 1):
            whole = self.op("Floor", self.op("Div", above, below))
            digits.append(self.op("Mul", whole, self.number(scale)))
            left = self.op("Sub", above, self.op("Mul", whole, below))
            above = self.op("Mul", left, self.number(STEP))
        positive = self.op("Greater", below, self.number(0))
        return self.op("Where", positive, self._within(self._added(digits)), self.missing)

    def _product(self, node: nodes.Product, parts: list[str]) -> str:
        return self._within(self.op("Mul", parts[0], parts[1]))

    def points(self, term: Term, model: Model) -> str:
        """The points of a term: its place in the table, then the cell."""
        cells = np.array(term.points, dtype=np.int64)
        place = ""
        for axis, (name, cuts) in enumerate(zip(term.features, term.cuts, strict=True)):
            step = int(np.prod(cells.shape[axis + 1 :], dtype=np.int64))
            found = self._bin(self.names[model.nodes[name]], cuts)
            found = self.op("Mul", found, self.whole([step])) if step > 1 else found
            place = self.op("Add", place, found) if place else found
        return self.op("Gather", self.whole(cells.ravel()), place, axis=0)

    def _bin(self, value: str, cuts: tuple[int, ...]) -> str:
        edges = self._fixed(np.array([[-math.inf, *cuts]], dtype=np.float64))
        reached = self.op("Cast", self.op("GreaterOrEqual", value, edges), to=self.onnx.TensorProto.INT64)
        return self.op("ReduceSum", reached, self.whole([1]), keepdims=1)

    def finished(self, model: Model) -> bytes:
        """The whole file."""
        helper, kinds = self.onnx.helper, self.onnx.TensorProto
        outputs = [
            helper.make_tensor_value_info("score", kinds.INT64, [None, 1]),
            helper.make_tensor_value_info("points", kinds.INT64, [None, len(model.terms)]),
        ]
        inputs = [self.raw[name] for name in sorted(self.raw)]
        graph = helper.make_graph(self.nodes, "lenity_score", inputs, outputs, initializer=self.fixed)
        sets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", OPSET_ML)]
        made = helper.make_model(
            graph, opset_imports=sets, ir_version=IR_VERSION, producer_name="Lenity",
            doc_string=f"{model.name} {model.fingerprint}",
        )  # fmt: skip
        self.onnx.checker.check_model(made)
        written: bytes = made.SerializeToString()
        return written
