"""Every kind of audit event, read from the operations themselves: `python -m tests.events` writes docs/events.md.

Read by the syntax tree, so that an operation without an event, or with one that nobody described, is found
whether or not a test happens to run it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
OPERATIONS = ROOT / "src" / "lenity" / "operations"
PAGE = ROOT / "docs" / "events.md"
PLUMBING = (
    "gatekeeping",
    "servicing",
    "contact_points",
    "planning",
    "approving",
    "deciding",
    "noticing",
    "book_checking",
    "code_sending",
    "placing",
)
HEAD = """# Audit events

Generated from the operations (`python -m tests.events`); a test fails when it is stale. Each operation is one
transaction that ends with exactly one event, or rolls back; those marked *parts* write one for each part as well
(a contact of a batch, an entry of a bank file, a promise judged at the close). An event says who, when, about whom,
and a body of ids, counts, amounts and digests, never a name, a number or an address; its salted hash is a leaf of
the evidence log. Its `rows` are digests of what the piece of work wrote, by table and id. "By" names the shared
module that writes it.

| operation | subject | body | by | what happened |
|---|---|---|---|---|
"""


class Event(NamedTuple):
    """One kind of event: which operation, about what, with which entries in its body."""

    operation: str
    subject: str
    body: tuple[str, ...]
    by: str
    parts: bool
    says: str


def modules() -> dict[str, ast.Module]:
    """The operations, plumbing left out, by name."""
    files = sorted(OPERATIONS.glob("*.py"))
    skip = {"__init__", "unit", *PLUMBING}
    return {file.stem: ast.parse(file.read_text("utf-8")) for file in files if file.stem not in skip}


def events() -> list[Event]:
    """Every kind of event that an operation can write, by operation and subject."""
    shared = {name: ast.parse((OPERATIONS / f"{name}.py").read_text("utf-8")) for name in PLUMBING}
    found = []
    for name, tree in modules().items():
        works = list(_works(tree))
        parts = any(keyword.arg == "of_parts" for work in works for keyword in work.keywords)
        says = _first_line(tree, name)
        rows = [(tree, call, "") for call in _records(tree)]
        rows += [(shared[by], call, by) for by in _asked(tree, shared) for call in _records(shared[by])]
        found += [Event(name, *_told(where, call), by, parts, says) for where, call, by in rows]
    return sorted(set(found))


def page() -> str:
    """The whole page."""
    rows = [
        f"| `{one.operation}`{' *parts*' if one.parts else ''} | {one.subject} | {', '.join(one.body)} "
        f"| {one.by} | {one.says} |"
        for one in events()
    ]
    return HEAD + "\n".join(rows) + "\n"


def _works(tree: ast.Module) -> Iterator[ast.Call]:
    """Each transaction that a module opens."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("unit.of_work"):
            yield node


def opens(tree: ast.Module) -> list[str]:
    """The operation that each transaction of a module names."""
    named = [
        keyword.value for work in _works(tree) for keyword in work.keywords if keyword.arg == "operation"
    ]
    return [ast.literal_eval(one) if isinstance(one, ast.Constant) else ast.unparse(one) for one in named]


def _records(tree: ast.Module) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("work.record", "self.work.record")
    ]


def _asked(tree: ast.Module, shared: dict[str, ast.Module]) -> list[str]:
    """Shared modules that a module calls with its work, and through them."""
    found: list[str] = []
    seen, waiting = set(), [tree]
    while waiting:
        for node in ast.walk(waiting.pop()):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            by = ast.unparse(node.func.value)
            first = ast.unparse(node.args[0]) if node.args else ""
            if by not in shared or (by, node.func.attr) in seen or first not in ("work", "self.work"):
                continue
            seen.add((by, node.func.attr))
            if not _writes(shared[by], node.func.attr):
                waiting.append(shared[by])
            elif by not in found:
                found.append(by)
    return found


def _writes(tree: ast.Module, name: str) -> bool:
    """Whether a function of a module records, itself or through another of the module."""
    functions = {one.name: one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
    seen, waiting = set(), [name]
    while waiting:
        function = functions.get(waiting.pop())
        if function is None or function.name in seen:
            continue
        seen.add(function.name)
        for node in ast.walk(function):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                if called == "work.record":
                    return True
                waiting.append(called)
    return False


def _told(tree: ast.Module, call: ast.Call) -> tuple[str, tuple[str, ...]]:
    values = {keyword.arg: keyword.value for keyword in call.keywords}
    subject = values["subject_kind"]
    named = ast.literal_eval(subject) if isinstance(subject, ast.Constant) else f"({ast.unparse(subject)})"
    return named, tuple(_keys(tree, values["body"]))


def _keys(tree: ast.Module, body: ast.expr) -> list[str]:
    """The entries of a body: of a literal, or of what a function or a name of the module gives."""
    if isinstance(body, ast.Dict):
        return [
            str(ast.literal_eval(key)) if isinstance(key, ast.Constant) else f"({ast.unparse(value)})"
            for key, value in zip(body.keys, body.values, strict=True)
        ]
    named = ast.unparse(body.func) if isinstance(body, ast.Call) else ast.unparse(body)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == named:
            returned = [one.value for one in ast.walk(node) if isinstance(one, ast.Return)]
            return _keys(tree, returned[-1]) if returned and returned[-1] is not None else []
        if (
            isinstance(node, (ast.Assign, ast.AnnAssign))
            and isinstance(node.value, ast.Dict)
            and named
            in [ast.unparse(one) for one in (node.targets if isinstance(node, ast.Assign) else [node.target])]
        ):
            return _keys(tree, node.value)
    return ["(counts)"]


def _first_line(tree: ast.Module, name: str) -> str:
    function = next((one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == name), None)
    told = ast.get_docstring(function or tree) or ast.get_docstring(tree) or ""
    return told.split("\n\n")[0].replace("\n", " ").replace("|", "/")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
