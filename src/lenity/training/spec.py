"""What a training run is told: target, features with their reasons, protected attributes, monotone directions."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.scoring import nodes
from lenity.training import parcelling, taiwan
from lenity.training.parcelling import Parcelling

BUNDLED = ("taiwan", "give_me_some_credit", "heloc", "cure_months", "cure_weeks")

RAW = ("column", "scaled", "category")
"""Operations that leave a column what it is."""
KEYS = ("over", "weights", "by", "plus", "value", "values", "special", "monotone")
"""What a feature may say more."""


@dataclass(frozen=True)
class Spec:
    """A declared training run. `features` are with the reason each belongs to; `monotone` by feature name."""

    name: str
    target: str
    features: tuple[tuple[dict[str, Any], str], ...]
    reasons: Mapping[str, Mapping[str, Any]]
    protected: tuple[str, ...]
    monotone: Mapping[str, int]
    parcelling: Parcelling | None = None


def bundled(name: str) -> Spec:
    """One of the specs that come with Lenity."""
    if name == "taiwan":
        features = tuple(taiwan.features())
        return Spec("taiwan", taiwan.TARGET, features, taiwan.REASONS, taiwan.PROTECTED, {})
    place = resources.files("lenity.training").joinpath("specs", f"{name}.toml")
    return parse(place.read_text("utf-8"), name)


def bare(declared: Spec) -> Spec:
    """The same run on the raw columns alone: what the domain features give is the difference."""
    plain = [one for one in declared.features if one[0]["operation"] in RAW]
    there = {feature["columns"][0] for feature, _ in plain}
    for feature, reason in declared.features:
        for column in (*feature["columns"], *feature.get("over", ())):
            if column not in there:
                there.add(column)
                plain.append(({"name": column, "operation": "column", "columns": [column]}, reason))
    return replace(declared, features=tuple(plain))


def load(path: Path) -> Spec:
    """A spec from a TOML file."""
    if not path.is_file():
        raise InputRefused([Problem("spec.file", f"There is no file {path.name}.", "Check the path.")])
    try:
        return parse(path.read_text("utf-8-sig"), path.name)
    except UnicodeDecodeError:
        raise InputRefused(
            [Problem("spec.encoding", f"{path.name} is not UTF-8 text.", "Save it so.")]
        ) from None


def parse(text: str, where: str) -> Spec:
    """Read a spec. Raises `InputRefused` that names what is wrong."""
    try:
        raw = tomllib.loads(text)
        _known(raw, where, ("name", "target", "features", "reasons"), ("protected", "parcelling"))
        features = tuple(_feature(one) for one in raw["features"])
        spec = Spec(
            str(raw["name"]),
            str(raw["target"]),
            features,
            dict(raw["reasons"]),
            tuple(raw.get("protected", ())),
            {one["name"]: int(one["monotone"]) for one in raw["features"] if one.get("monotone")},
            parcelling.read(raw["parcelling"]) if "parcelling" in raw else None,
        )
    except RecursionError:
        says = f"{where} cannot be read: it is nested too deeply."
        raise InputRefused([Problem("spec", says, "See docs/scoring.md.")]) from None
    except (TypeError, ValueError) as error:
        raise InputRefused(
            [Problem("spec", f"{where} cannot be read: {error}.", "See docs/scoring.md.")]
        ) from error
    problems = list(_problems(spec))
    if problems:
        raise InputRefused(problems)
    return spec


def _known(raw: object, where: str, needed: Sequence[str], more: Sequence[str] = ()) -> None:
    """Raises `ValueError` for a table that lacks a key, or has one that nobody reads: a slip of the pen."""
    if not isinstance(raw, dict):
        raise ValueError(f"{where} is not a table")
    if missing := [key for key in needed if key not in raw]:
        raise ValueError(f"{where} has no {missing[0]}")
    if unknown := sorted(set(raw) - {*needed, *more}):
        raise ValueError(f"{where} has {unknown[0][:40]!r}, which is not known")


def _feature(raw: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    name = raw.get("name", "a feature") if isinstance(raw, dict) else "a feature"
    _known(raw, f"{str(name)[:40]}", ("name", "operation", "columns", "reason"), KEYS)
    if type(raw["name"]) is not str or not raw["name"].isprintable() or not 0 < len(raw["name"]) <= 100:
        raise ValueError("the name of a feature is a text of 1 to 100 printable characters")
    if raw.get("monotone", 0) not in (-1, 0, 1):
        raise ValueError(f"{raw['name']}: monotone is 1 or -1")
    kept = {key: value for key, value in raw.items() if key not in ("reason", "monotone")}
    return kept, str(raw["reason"])


def _problems(spec: Spec) -> list[Problem]:
    found = []
    for code, words in spec.reasons.items():
        if not isinstance(words, dict) or not all(
            words.get(key) and isinstance(words[key], str) for key in ("zh", "en")
        ):
            found.append(Problem("spec.reasons", f"The reason {code} needs its wording as zh and en."))
    names = [feature["name"] for feature, _ in spec.features]
    if len(names) != len(set(names)) or not names:
        found.append(Problem("spec.features", "Each feature comes once, and there is at least one."))
    for feature, reason in spec.features:
        try:
            nodes.of(feature)
        except ValueError as error:
            found.append(Problem("spec.features", f"{feature['name']}: {error}."))
        if reason not in spec.reasons:
            found.append(Problem("spec.reasons", f"{feature['name']}: the reason {reason} has no wording."))
        columns = {*feature.get("columns", ()), *feature.get("over", ())}
        told = {spec.parcelling.accepted} if spec.parcelling else set()
        if taken := columns & {*spec.protected, spec.target, *told}:
            says = f"{feature['name']} uses {sorted(taken)[0]}, which is protected or the target."
            if taken & told:
                says = f"{feature['name']} uses {sorted(taken)[0]}, which tells who got credit."
            found.append(Problem("spec.protected", says, "Take it out."))
    return found
