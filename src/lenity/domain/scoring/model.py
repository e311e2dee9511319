"""A score model: additive tables of whole points, read from one immutable JSON file.

score = intercept + the points of each term, exactly. Reasons are the points lost against the reference (the
training population's average points of each term), so reference score - all points lost = score.
A value outside a term's cuts takes the outermost bin; a missing one takes the term's points for missing.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.scoring import compiled, model_shape, nodes
from lenity.domain.scoring import features as feature_rules

FORMAT = "lenity-score-1"
DEFAULT, CURE = "default", "cure"
USES = {
    DEFAULT: "how likely an applicant defaults",
    CURE: "how likely a late loan is still late one step on",
}
"""What a model's estimate is of. A model is never used for anything else."""
BY_LOT = "none, by lot"
"""How people were contacted whose rows tell what happens without contact."""
MOST_PAIRS = 10
MOST_REASONS = 4
"""US-RB-9b2: more than four reasons are not likely to be helpful."""


@dataclass(frozen=True, slots=True)
class Term:
    """One table: its features (one or two), cuts for each, points by bin; bin 0 is for missing."""

    name: str
    features: tuple[str, ...]
    cuts: tuple[tuple[int, ...], ...]
    points: tuple[Any, ...]
    reference: int
    reason: str

    def points_of(self, values: Mapping[str, int | None]) -> int:
        """The points of a row for this term."""
        cell: Any = self.points
        for feature, cuts in zip(self.features, self.cuts, strict=True):
            value = values[feature]
            cell = cell[0 if value is None else bisect_right(cuts, value) + 1]
        return int(cell)


class Reason(NamedTuple):
    """Points lost for one reason, with its wording."""

    code: str
    points_lost: int
    zh: str
    en: str


class Scored(NamedTuple):
    """A score with its parts. `default_ppm` is the estimated probability of default in parts per million."""

    score: int
    points: Mapping[str, int]
    reasons: tuple[Reason, ...]
    default_ppm: int


@dataclass(frozen=True)
class Model:
    """A model read from its file."""

    name: str
    fingerprint: str
    intercept: int
    features: tuple[Mapping[str, Any], ...]
    terms: tuple[Term, ...]
    reasons: Mapping[str, Mapping[str, Any]]
    default_first: int
    default_ppm: tuple[int, ...]
    plain: Mapping[str, Any]

    @property
    def use(self) -> str:
        """What the estimate is of."""
        return str(self.plain.get("use", DEFAULT))

    @property
    def of_people_left_alone(self) -> bool:
        """Whether it learned from people whom nobody contacted, chosen by lot."""
        training = self.plain.get("training", {})
        return isinstance(training, dict) and training.get("contacts") == BY_LOT

    @property
    def reference(self) -> int:
        """The score of the reference: what reasons are counted from."""
        return self.intercept + sum(term.reference for term in self.terms)

    @cached_property
    def nodes(self) -> Mapping[str, nodes.Node]:
        """The expression of each feature by name."""
        return {feature["name"]: nodes.of(feature) for feature in self.features}

    @cached_property
    def _quick(self) -> _Quick:
        return _Quick(self)

    def score(self, row: feature_rules.Row) -> Scored:
        """Score one raw row; raises `InputRefused` that names the column."""
        return self._quick.score(row)

    def score_slowly(self, row: feature_rules.Row) -> Scored:
        """The same, said plainly; a test compares the two."""
        values = feature_rules.compute(self.features, row)
        points = {term.name: term.points_of(values) for term in self.terms}
        score = self.intercept + sum(points.values())
        return Scored(score, points, self._reasons(points), self.default_of(score))

    def default_of(self, score: int) -> int:
        """The probability of default at a score, in parts per million."""
        at = min(max(score - self.default_first, 0), len(self.default_ppm) - 1)
        return self.default_ppm[at]

    def lost(self, points: Mapping[str, int]) -> dict[str, int]:
        """Points lost against the reference by reason code, all of them; gains are negative."""
        lost: dict[str, int] = {}
        for term in self.terms:
            lost[term.reason] = lost.get(term.reason, 0) + term.reference - points[term.name]
        return lost

    def _reasons(self, points: Mapping[str, int]) -> tuple[Reason, ...]:
        ranked = sorted(self.lost(points).items(), key=lambda item: (-item[1], item[0]))
        told = [
            Reason(code, lost, self.reasons[code]["zh"], self.reasons[code]["en"])
            for code, lost in ranked
            if lost > 0 and self.reasons[code].get("told", True)
        ]
        return tuple(told[:MOST_REASONS])


class _Quick:
    """What a model needs to score a row in microseconds."""

    def __init__(self, model: Model) -> None:
        self.intercept, self.first = model.intercept, model.default_first
        self.ppm, self.last = model.default_ppm, len(model.default_ppm) - 1
        self.names = [term.name for term in model.terms]
        self.words: list[tuple[str, str, str]] = []
        groups = []
        for code in sorted({term.reason for term in model.terms}):
            if model.reasons[code].get("told", True):
                of = [at for at, term in enumerate(model.terms) if term.reason == code]
                groups.append((sum(model.terms[at].reference for at in of), of))
                self.words.append((code, model.reasons[code]["zh"], model.reasons[code]["en"]))
        self.scored = compiled.scorer(model.nodes, model.terms, groups)

    def score(self, row: feature_rules.Row) -> Scored:
        """Score one raw row."""
        points, lost = self.scored(row)
        score = self.intercept + sum(points)
        # Sorting is stable: of equal losses, the first code comes first.
        told = [one for one in zip(lost, self.words, strict=True) if one[0] > 0]
        told.sort(key=_points_lost, reverse=True)
        reasons = [_new(Reason, (code, much, zh, en)) for much, (code, zh, en) in told[:MOST_REASONS]]
        at = score - self.first
        default = self.ppm[0 if at < 0 else at if at < self.last else self.last]
        parts = dict(zip(self.names, points, strict=True))
        scored: Scored = _new(Scored, (score, parts, tuple(reasons), default))
        return scored


_new: Any = tuple.__new__
"""Makes a named tuple without asking for its names, in a third of the time."""
_points_lost = itemgetter(0)


def read(text: str) -> Model:
    """Read a model file; `InputRefused` names what is wrong."""
    try:
        plain = model_shape.parse(text)
        if plain["format"] != FORMAT:
            raise ValueError(f"format {plain['format']!r} is not {FORMAT}")
    except ValueError as error:
        problem = Problem("score.model", f"The model file cannot be read: {error}.", "Train it again.")
        raise InputRefused([problem]) from error
    model = Model(
        name=plain["name"],
        fingerprint=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        intercept=plain["intercept"],
        features=tuple(plain["features"]),
        terms=tuple(_term(raw) for raw in plain["terms"]),
        reasons=plain["reasons"],
        default_first=plain["default"]["first_score"],
        default_ppm=tuple(plain["default"]["ppm"]),
        plain=plain,
    )
    problems = _problems(model)
    if problems:
        raise InputRefused(problems)
    return model


def _term(raw: Mapping[str, Any]) -> Term:
    return Term(
        name=raw["name"],
        features=tuple(raw["features"]),
        cuts=tuple(tuple(cuts) for cuts in raw["cuts"]),
        points=_frozen(raw["points"]),
        reference=raw["reference"],
        reason=raw["reason"],
    )


def _problems(model: Model) -> list[Problem]:
    problems = []
    names = {feature["name"] for feature in model.features}
    for feature in model.features:
        try:
            nodes.of(feature)
        except ValueError as error:
            problems.append(Problem("score.model", f"{feature['name']}: {error}."))
    for term in model.terms:
        if not set(term.features) <= names:
            problems.append(Problem("score.model", f"Term {term.name} names a feature that is not there."))
        if any(list(cuts) != sorted(set(cuts)) for cuts in term.cuts):
            problems.append(Problem("score.model", f"Term {term.name}: cuts must rise."))
        if not _fits(term.points, term.cuts):
            problems.append(Problem("score.model", f"Term {term.name}: points and cuts do not match."))
        if term.reason not in model.reasons:
            problems.append(Problem("score.model", f"Term {term.name}: reason {term.reason} has no wording."))
        if len(term.features) != len(term.cuts):
            problems.append(Problem("score.model", f"Term {term.name}: each feature has its cuts."))
    if sum(len(term.features) > 1 for term in model.terms) > MOST_PAIRS:
        problems.append(Problem("score.model", f"More than {MOST_PAIRS} tables of two features."))
    if model.use not in USES:
        problems.append(Problem("score.model", f"Use is one of: {', '.join(USES)}."))
    return problems


def _fits(points: Any, cuts: tuple[tuple[int, ...], ...]) -> bool:
    if not cuts:
        return isinstance(points, int)
    if not isinstance(points, tuple) or len(points) != len(cuts[0]) + 2:
        return False
    return all(_fits(cell, cuts[1:]) for cell in points)


def _frozen(points: Any) -> Any:
    return tuple(_frozen(one) for one in points) if isinstance(points, list) else points
