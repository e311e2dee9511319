"""Ask the gate and the oracle the same random questions, as many as wanted, and stop at the first that differs.

`python -m tests.domain.oracle_run 1000000 1` (cases, seed) prints how many had which verdict, and the seconds.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from lenity.domain.debt_collection import gate
from lenity.interfaces.shared import gate_input
from lenity.law import reader
from tests.domain import histories, oracle

BLOCK = 5000


class Differs(AssertionError):
    """The gate and the oracle differ on a question, or the gate's `earliest` is not open."""


def ask(question: histories.Question) -> str:
    """The gate's verdict, which is the oracle's; and the instant that it names is open."""
    facts, rules = gate_input.read(question)
    book = reader.narrowed(reader.rulebook(facts.person.jurisdiction), house=rules.house)
    decided = gate.decide(facts, book)
    if (decided.verdict == "allowed") != oracle.may(question):
        raise Differs(f"{decided.verdict} by {decided.leading.provision_id}: {json.dumps(question)}")
    if decided.earliest is not None:
        later = {**question, "proposal": {**question["proposal"], "at": decided.earliest.isoformat()}}
        if gate.decide(gate_input.read(later)[0], book).verdict != "allowed":
            raise Differs(f"not open at {decided.earliest.isoformat()}: {json.dumps(question)}")
    return decided.verdict


def run(drawn: str, seed: int, cases: int) -> Counter[str]:
    """So many questions of one sort; how many had which verdict."""
    draw, place = histories.DRAWN[drawn]
    chance = histories.Random(f"{drawn} {seed}")
    return Counter(ask(draw(chance, place)) for _ in range(cases))


def _block(work: tuple[str, int, int]) -> tuple[str, Counter[str]]:
    return work[0], run(*work)


def main(cases: int, seed: int) -> None:
    """Ask in blocks on every core; each block has a seed of its own."""
    start, names = time.perf_counter(), list(histories.DRAWN)
    blocks = range(-(-cases // BLOCK))
    work = [(names[place % len(names)], seed * 1_000_000 + place, BLOCK) for place in blocks]
    told: dict[str, Counter[str]] = {name: Counter() for name in names}
    with ProcessPoolExecutor() as pool:
        for done, (name, counted) in enumerate(pool.map(_block, work), 1):
            told[name] += counted
            if done % 20 == 0:
                sys.stderr.write(f"{done * BLOCK:,} agree after {time.perf_counter() - start:,.0f} s\n")
    for name, counted in told.items():
        sys.stdout.write(f"{name}: {counted.total():,} ({dict(sorted(counted.items()))})\n")
    total, seconds = sum(one.total() for one in told.values()), time.perf_counter() - start
    sys.stdout.write(f"{total:,} histories in {seconds:,.0f} s: the gate and the oracle never differ.\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
