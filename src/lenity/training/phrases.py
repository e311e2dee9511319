"""Learns what kinds of words weigh (`domain.debt_collection.weighing`) from labelled sentences: whole numbers.

A logistic line over a sentence's parts. Kinds and their pairs count in full, runs of signs for a third of that,
since they remember sentences rather than what is done in them. The threshold lets through all but a few harmless
sentences that the line has not seen (ten folds); harmless examples are chosen to be hard, so of everyday text fewer
are found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.debt_collection import reading, screening, weighing

HARMLESS, LEFT_OUT = "-", frozenset({"hardship"})
SPEAKERS = screening.SPEAKERS
SCALE, RUN_SHARE, SENSE_SHARE = 100, 0.5, 1.5
LEAST_SEEN, FOLDS, STRENGTH = 2, 10, 1.0
LET_THROUGH = {"zh": 0.985, "en": 0.97}
LEAST_SENTENCES = 40
Labelled = tuple[str, str, str]
"""Who says it, what it is (`-` for harmless), the sentence."""
Array = np.ndarray[Any, Any]


def labelled(text: str) -> list[Labelled]:
    """Lines of speaker, label and sentence with tabs between them."""
    rows: list[Labelled] = []
    for number, line in enumerate(text.splitlines(), 1):
        parts = line.split("\t")
        if len(parts) != 3 or parts[0] not in SPEAKERS or not parts[2].strip():
            says = (
                f"Line {number} is not: collector or borrower, a label or -, a sentence, with tabs between."
            )
            raise InputRefused([Problem("phrases.line", says)])
        rows.append((parts[0], parts[1], parts[2]))
    return rows


def learn(rows: Sequence[Labelled]) -> Mapping[str, Any]:
    """The table for both languages."""
    used = [row for row in rows if row[1] not in LEFT_OUT]
    by_language = {
        language: [row for row in used if weighing.language_of(row[2]) == language]
        for language in weighing.LANGUAGES
    }
    return {language: _table(language, ones) for language, ones in by_language.items()}


def _table(language: str, rows: Sequence[Labelled]) -> Mapping[str, Any]:
    wrong = np.array([row[1] != HARMLESS for row in rows])
    if min(int(wrong.sum()), int((~wrong).sum())) < LEAST_SENTENCES:
        says = f"Learning needs at least {LEAST_SENTENCES} sentences of each kind in {language}."
        raise InputRefused([Problem("phrases.few", says, "Add labelled sentences.")])
    parts = [set(weighing.features(_read(text), language, by)) for by, _, text in rows]
    names = _seen(parts)
    shares = np.array([RUN_SHARE if name.startswith("'") else SENSE_SHARE for name in names])
    x = _matrix(parts, names) @ diags(shares)
    line = LogisticRegression(C=STRENGTH, max_iter=5000, solver="liblinear")
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=42)
    unseen = cross_val_predict(line, x, wrong, cv=folds, method="decision_function")
    threshold = float(np.quantile(unseen[~wrong], LET_THROUGH[language]))
    line.fit(x, wrong)
    points = {name: round(SCALE * value) for name, value in zip(names, line.coef_[0] * shares, strict=True)}
    return {
        "sentences": len(rows),
        "sha256": digest(rows),
        "found_in_folds": round(100 * float(np.mean(unseen[wrong] > threshold))),
        "threshold": round(SCALE * threshold),
        "base": round(SCALE * float(line.intercept_[0])),
        "points": {name: value for name, value in points.items() if value},
        "categories": _categories([row[1] for row in rows], parts, wrong),
    }


def _categories(labels: Sequence[str], parts: Sequence[set[str]], wrong: Array) -> Mapping[str, Any]:
    """Which of the kinds speak for which category, among what is not harmless."""
    kept = [at for at in range(len(labels)) if wrong[at]]
    mine = [{name for name in parts[at] if not name.startswith("'")} for at in kept]
    names = _seen(mine)
    line = LogisticRegression(C=STRENGTH, max_iter=5000)
    line.fit(_matrix(mine, names), [labels[at] for at in kept])
    return {
        str(label): {
            "": round(SCALE * float(base)),
            **{name: round(SCALE * one) for name, one in zip(names, row, strict=True) if round(SCALE * one)},
        }
        for label, base, row in zip(line.classes_, line.intercept_, line.coef_, strict=True)
    }


def _seen(parts: Iterable[set[str]]) -> list[str]:
    counts: dict[str, int] = {}
    for one in parts:
        for name in one:
            counts[name] = counts.get(name, 0) + 1
    return sorted(name for name, count in counts.items() if count >= LEAST_SEEN)


def _matrix(parts: Sequence[set[str]], names: Sequence[str]) -> Any:
    column = {name: at for at, name in enumerate(names)}
    cells = [(row, column[name]) for row, one in enumerate(parts) for name in one if name in column]
    rows, columns = zip(*cells, strict=True)
    return csr_matrix((np.ones(len(cells)), (rows, columns)), shape=(len(parts), len(names)))


def _read(text: str) -> str:
    return screening.readings(text)[-1].text.strip(reading.STOPS + ". ")


def digest(rows: Iterable[Labelled]) -> str:
    """Names the labelled sentences that a table was learned from, in whatever order."""
    return hashlib.sha256("\n".join("\t".join(row) for row in sorted(rows)).encode()).hexdigest()
