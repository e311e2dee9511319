"""A model's card in Markdown: what it was trained on, how well it does, what weighs, what it leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from lenity.domain.scoring.model import Model, Term

HUNDRED = 100
LONGEST = 24
"""Tables with at most so many bins are printed whole."""


def markdown(model: Model) -> str:
    """The whole card."""
    return "\n".join(_lines(model)) + "\n"


def _lines(model: Model) -> Iterator[str]:
    plain, training = model.plain, model.plain.get("training", {})
    pairs = sum(len(term.features) > 1 for term in model.terms)
    yield f"# Model card: {_safe(model.name)}"
    yield ""
    yield (
        f"An additive score: {len(model.terms) - pairs} tables of one feature and {pairs} of two. "
        f"Score = {model.intercept} + points, exactly; the reference scores {model.reference}."
    )
    yield from _scaling(plain.get("scaling", {}))
    yield from _pairs("Trained on", {**training, "fingerprint": model.fingerprint})
    yield from _parcelled(plain.get("parcelling", {}))
    yield from _pairs("On rows it has not seen", plain.get("metrics", {}))
    yield from _calibration(plain.get("calibration", ()))
    yield from _reasons(model)
    yield from _weights(model)
    yield from _tables(model)
    yield from ["", "## What it must not be used for", ""]
    yield (
        "People unlike those it was trained on, another product or another country, without being measured "
        "there first. It estimates; it does not decide: a policy does, and a person on request."
    )


def _scaling(scaling: Mapping[str, Any]) -> Iterator[str]:
    if scaling:
        yield (
            f"{scaling['points_to_double_odds']} points double the odds; "
            f"{scaling['base_score']} points are {scaling['base_odds']} to 1."
        )


def _pairs(title: str, values: Mapping[str, Any]) -> Iterator[str]:
    yield from _table(
        title, ("", ""), [(key.replace("_", " "), _told(value)) for key, value in values.items()]
    )


def _parcelled(assumed: Mapping[str, Any]) -> Iterator[str]:
    """Reject inference is an assumption, so it is told as one."""
    if not assumed:
        return
    yield from ["", "## Assumed of the declined", ""]
    yield (
        f"{assumed['declined_rows']:,} declined rows have no outcome. They were given one: odds of default "
        f"{assumed['factor']} times those expected of accepted people with the same score, in "
        f"{assumed['bands']} bands. Expected {_percent(assumed['expected_ppm'])}, assumed "
        f"{_percent(assumed['assumed_ppm'])}. **This is an assumption, not a measurement**: "
        f"{_safe(assumed['assumption'])}"
    )
    yield "How well the model does was measured on accepted rows only."


def _told(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _calibration(tenths: Sequence[Mapping[str, int]]) -> Iterator[str]:
    rows = [
        (
            f"{one['from']} to {one['to']}",
            f"{one['rows']:,}",
            _percent(one["estimate_ppm"]),
            _percent(one["defaults"] * 1_000_000 // one["rows"]),
        )
        for one in tenths
    ]
    yield from _table("Estimated and observed", ("score", "rows", "estimated", "defaulted"), rows)


def _percent(ppm: int) -> str:
    return f"{ppm // 10_000}.{ppm % 10_000 // HUNDRED:02d} %"


def _reasons(model: Model) -> Iterator[str]:
    used = {term.reason for term in model.terms}
    rows = [
        (words["zh"], words["en"], "yes" if words.get("told", True) else "no")
        for code, words in sorted(model.reasons.items())
        if code in used
    ]
    yield from _table("Reasons it can give", ("中文", "English", "told to the applicant"), rows)


def _weights(model: Model) -> Iterator[str]:
    weight = model.plain.get("importance", {})
    ordered = sorted(model.terms, key=lambda term: (-weight.get(term.name, 0), term.name))
    rows = []
    for term in ordered:
        points = list(flat(term.points))
        mean = weight.get(term.name)
        rows.append(
            (
                term.name,
                "" if mean is None else f"{mean // HUNDRED}.{mean % HUNDRED:02d}",
                str(min(points)),
                str(max(points)),
                str(len(points)),
            )
        )
    head = ("table", "mean distance from the reference", "lowest", "highest", "bins")
    yield from _table("What weighs (points)", head, rows)


def _tables(model: Model) -> Iterator[str]:
    features = {feature["name"]: feature for feature in model.features}
    for term in model.terms:
        if len(term.features) > 1 or len(term.points) > LONGEST:
            continue
        yield from _table(
            f"Table {term.name}", ("value", "points"), _bins(term, features[term.features[0]]), level=3
        )
    yield from [
        "",
        f"Longer tables (more than {LONGEST} bins) and tables of two features are in the model file.",
    ]


def _bins(term: Term, feature: Mapping[str, Any]) -> list[tuple[str, str]]:
    cuts, values = term.cuts[0], feature.get("values")
    names = ["missing"]
    if values:
        names += ["not in the list", *values][: len(cuts) + 1]
    if len(names) != len(term.points):
        names = ["missing", *_ranges(cuts)]
    return [(name, str(points)) for name, points in zip(names, term.points, strict=True)]


def _ranges(cuts: Sequence[int]) -> list[str]:
    if not cuts:
        return ["any"]
    inner = [f"{low:,}" if high == low + 1 else f"{low:,} to {high - 1:,}" for low, high in pairwise(cuts)]
    return [f"below {cuts[0]:,}", *inner, f"{cuts[-1]:,} and more"]


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], level: int = 2) -> Iterator[str]:
    if not rows:
        return
    yield from ["", f"{'#' * level} {_safe(title)}", ""]
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(_safe(cell) for cell in row)} |"


def _safe(text: str) -> str:
    """Text that cannot break a table or become a tag."""
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())


def flat(points: Any) -> Iterator[int]:
    if isinstance(points, int):
        yield points
    else:
        for one in points:
            yield from flat(one)
