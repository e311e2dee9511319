"""Takes provisions out of the rulebooks, one by one, and looks for the test that misses each.

`python -m tests.kill_rules` works in a copy: the checkout is not touched. What it saw is kept in
`tests/law/killed.toml`, which the law map shows. Names after the command are looked at alone. A provision that
nobody misses is printed, and the command fails.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from lenity.domain.debt_collection import wording
from lenity.law import law_map
from lenity.law.reader import Provision
from tests.law import edges

ROOT = Path(__file__).resolve().parents[1]
RECORD = ROOT / law_map.KILLED
FAILED = re.compile(r"^(?:FAILED|ERROR) (tests/\S+::\w+)", re.MULTILINE)
EDGE = re.compile(r"^FAILED (tests/law/test_edges.py::\w+)\[([A-Za-z0-9.-]+): ", re.MULTILINE)
FRESHNESS = "not fresh and not missed and not labelled and not proved"
"""Tests about the catalogue itself would miss anything; they prove nothing."""
WHOLE = "every_provision_of_the_gate or somebody_keeps_to_it or law_map"


def mortal() -> set[str]:
    """The provisions that something reads: the gate, a module by name, or one that takes its days or rates."""
    seen = law_map.traces(ROOT)
    return {
        one.id
        for one in law_map.everything().values()
        if not one.not_enforced
        and (one.kind or seen.code.get(one.id) or law_map.read_by(one.id) or _is_line(one))
    }


def _is_line(one: Provision) -> bool:
    return one.values[-1].unit == law_map.lines.UNIT


def tests_of(one: Provision, seen: law_map.Traces) -> list[str]:
    """What to run for a provision: its edges, the tests that prove it, the files that name it."""
    files = [f"tests/{name}" for name in seen.tests.get(one.id, ()) if "/test_" in name]
    if any(name.startswith("examples/") for name in seen.tests.get(one.id, ())):
        files.insert(0, "tests/domain/test_regulation_f.py")
    if one.id in wording.provisions():
        files.append("tests/law/test_law.py::test_every_rule_of_the_linter_rests_on_provisions_that_hold")
    return list(
        dict.fromkeys([*one.proved_by, *files, *(["tests/law/test_lines.py"] if _is_line(one) else [])])
    )


def missed_by(one: Provision, copy: Path, seen: law_map.Traces) -> str:
    """The first test that fails without the provision; empty where none does."""
    file = _file(one, copy)
    kept = file.read_text("utf-8")
    file.unlink()
    try:
        for target in tests_of(one, seen):
            found = FAILED.search(_run(target, f"({FRESHNESS}) and not ({WHOLE})", copy))
            if found:
                return found.group(1)
    finally:
        file.write_text(kept, "utf-8")
    return ""


def missed_at_its_edge(several: list[Provision], copy: Path) -> dict[str, str]:
    """The same for all provisions with an edge of their own: each edge is asked of one provision alone.

    So they can be taken out together, and each is missed by its own cases only.
    """
    kept = {_file(one, copy): _file(one, copy).read_text("utf-8") for one in several}
    for file in kept:
        file.unlink()
    said = _run("tests/law/test_edges.py", "last_is_allowed", copy, "--maxfail=1000")
    for file, text in kept.items():
        file.write_text(text, "utf-8")
    return {name: test for test, name in EDGE.findall(said)}


def _file(one: Provision, copy: Path) -> Path:
    (file,) = (path for path in (copy / "src" / "lenity" / "law").rglob("*.yaml") if _id(path) == one.id)
    return file


def _id(path: Path) -> str:
    return path.read_text("utf-8").partition("id: ")[2].partition("\n")[0].strip()


def _run(target: str, words: str, copy: Path, stop: str = "-x") -> str:
    """What pytest said, where a test failed; empty where all passed or nothing could be run."""
    asked = [sys.executable, "-m", "pytest", stop, "-q", "-n", "0", "-p", "no:cacheprovider", target]
    asked += ["-m", "not browser", *([] if "::" in target else ["-k", words])]
    made = subprocess.run(asked, cwd=copy, capture_output=True, text=True, check=False)
    return made.stdout if made.returncode == 1 else ""


def main(names: list[str]) -> int:
    """Look at every provision that something reads, or at those named; the number that nobody misses."""
    everything, seen = law_map.everything(), law_map.traces(ROOT)
    killed, spared = dict(seen.killed), []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for part in ("src", "tests", "docs", "pyproject.toml"):
            whole = ROOT / part
            shutil.copytree(whole, copy / part) if whole.is_dir() else shutil.copy(whole, copy / part)
        wanted = [everything[name] for name in sorted(names or mortal())]
        at_edges = missed_at_its_edge(
            [one for one in wanted if one.kind and one.id not in edges.OTHERS], copy
        )
        for one in wanted:
            found = at_edges.get(one.id) or missed_by(one, copy, seen)
            sys.stdout.write(f"{one.id:24} {found or 'NOBODY MISSES IT'}\n")
            sys.stdout.flush()
            killed.pop(one.id, None)
            if found:
                killed[one.id] = found
            else:
                spared.append(one.id)
    alive = mortal()
    keep = {name: test for name, test in sorted(killed.items()) if name in alive}
    RECORD.write_text("".join(f'"{name}" = "{test}"\n' for name, test in keep.items()), "utf-8")
    return len(spared)


if __name__ == "__main__":
    sys.exit(min(1, main(sys.argv[1:])))
