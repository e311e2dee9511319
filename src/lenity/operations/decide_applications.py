"""Clients whom the lender knows are decided on in one batch: approve, refer or decline, a limit, reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lenity.base import canonical
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending import review
from lenity.domain.lending.facts import Facts
from lenity.domain.underwriting import judging
from lenity.domain.underwriting.judging import Judged, Made
from lenity.domain.underwriting.request import LONGEST_REFERENCE
from lenity.gateways import clock, ids
from lenity.law import reader
from lenity.operations import unit
from lenity.records.lending import applicant_queries, application_writes, review_writes
from lenity.records.lending.application_writes import NewApplication
from lenity.records.lending.models import CreditDecision
from lenity.records.scoring import rules
from lenity.records.scoring.rules import KeptRule

CHUNK = 1000
VOUCHED = ("identity_valid", "birth_date_agrees", "of_age", "age_years", "mobile_known")
"""What a lender has checked of the clients whom it has."""


@dataclass(frozen=True)
class Refused:
    """A row that could not be decided: where it was in the batch, and why. Nothing of it was kept."""

    at: int
    reference: str
    problem: Problem


@dataclass
class Decided:
    """What came of a batch of applications. `limit_minor` sums the approved limits."""

    outcomes: Counter[str] = field(default_factory=Counter)
    caps: Counter[str] = field(default_factory=Counter)
    arms: Counter[str] = field(default_factory=Counter)
    limit_minor: int = 0
    examples: list[Judged] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def decide_applications(
    *,
    rows: Sequence[Mapping[str, str]],
    reference_column: str,
    place: str,
    currency: str,
    source: str,
    actor: str,
    vouched: Sequence[str] = VOUCHED,
    progress: Callable[[int], None] = lambda done: None,
) -> Decided:
    """Decide on a batch in one transaction with one audit event that carries the batch's digest.

    By the policy and the model in force. Only columns that they read are kept, so protected attributes never
    reach a decision; `vouched` are checks that the source made itself. What is referred waits for a person; a
    row that cannot be decided is told and does not stop the others.
    """
    done = Decided()
    digests: list[str] = []
    with unit.of_work(operation="decide_applications", actor=actor) as work:
        kept = rules.in_force(work.now)
        if kept.rule.policy.currency not in ("", currency):
            says = f"The policy in force is in {kept.rule.policy.currency}, the applications in {currency}."
            raise InputRefused([Problem("application.currency", says)])
        known = Facts(clock.business_day(place), place, currency, tuple(vouched))
        for start in range(0, len(rows), CHUNK):
            part = rows[start : start + CHUNK]
            new, made = _judged(part, start, reference_column, source, known, kept, done)
            for one, judged in zip(new, made, strict=True):
                _count(done, judged)
                digests.append(canonical.digest([one.inputs, judged.judged.outcome, judged.judged.reasons]))
            applications = application_writes.add_applications(
                new, source=source, currency=currency, at=work.now
            )
            decisions = application_writes.add_decisions(
                applications, made, [known.text()] * len(made), kept=kept, at=work.now
            )
            _wait_for_people(decisions, known, work)
            progress(len(part))
        work.record(
            subject_kind="applications",
            subject_id=source,
            body={
                "decisions": len(digests),
                "refused": len(done.refused),
                "outcomes": dict(sorted(done.outcomes.items())),
                "model": kept.model.fingerprint,
                "policy": kept.policy.fingerprint,
                "digest": canonical.digest(digests),
            },
        )
    return done


def _judged(
    part: Sequence[Mapping[str, str]],
    start: int,
    reference_column: str,
    source: str,
    known: Facts,
    kept: KeptRule,
    done: Decided,
) -> tuple[list[NewApplication], list[Made]]:
    """The rows that can be decided, with their decisions; the others are noted in `done`."""
    references = [(row.get(reference_column) or "").strip() for row in part]
    seen = set(applicant_queries.by_references(source, [one for one in references if one]))
    columns = kept.rule.columns()
    new: list[NewApplication] = []
    made: list[Made] = []
    for at, (reference, row) in enumerate(zip(references, part, strict=True), start=start):
        try:
            _check_reference(reference, seen)
            inputs = judging.inputs_of(row, columns)
            one = NewApplication(ids.public_id(), reference, inputs)
            made.append(judging.made(one.public_id, judging.row_of(inputs), known, kept.rule))
        except InputRefused as refused:
            done.refused.append(Refused(at, reference, refused.problems[0]))
            continue
        seen.add(reference)
        new.append(one)
    return new, made


def _check_reference(reference: str, seen: set[str]) -> None:
    if not 0 < len(reference) <= LONGEST_REFERENCE or not reference.isprintable():
        says = f"A reference is a text of 1 to {LONGEST_REFERENCE} signs."
        raise InputRefused([Problem("application.reference", says)])
    if reference in seen:
        says = f"An application with the reference {reference!r} is there already."
        raise InputRefused([Problem("application.reference", says, "It was decided before; see it.")])


def _wait_for_people(decisions: Sequence[CreditDecision], known: Facts, work: unit.Work) -> None:
    """Each referred one waits for a person from this moment, with the clock of its place (HOUSE-ANSWER)."""
    review_writes.add_policy_reviews(
        [(one, ids.public_id()) for one in decisions if one.outcome == "refer"],
        answer_by=review.answer_by(known.on_date, reader.rulebook(known.place)),
        asked_at=work.now,
        asked_by=review.BY_POLICY,
    )


def _count(done: Decided, made: Made) -> None:
    judged = made.judged
    done.outcomes[judged.outcome] += 1
    done.arms[made.arm] += 1
    if judged.binding_cap:
        done.caps[judged.binding_cap] += 1
    done.limit_minor += judged.limit_minor
    if judged.outcome not in {example.outcome for example in done.examples}:
        done.examples.append(judged)
