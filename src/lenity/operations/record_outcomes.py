"""How the credit of applications went is told: defaulted or not, once each. Reports of trials live on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lenity.base import canonical
from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import clock
from lenity.operations import unit
from lenity.records.lending import applicant_queries, application_writes

MOST = 1_000_000
PART = 500
SHOWN = 20


def record_outcomes(
    *, outcomes: Mapping[str, bool], source: str, observed_on: date, told_by: str, actor: str
) -> int:
    """Keep outcomes by the references of a source. All or none: an unknown or known reference refuses the file."""
    if observed_on > clock.business_day("CN"):
        raise InputRefused([Problem("outcomes.day", "The day of observation is in the future.")])
    if not 0 < len(outcomes) <= MOST:
        raise InputRefused([Problem("outcomes.rows", f"Give 1 to {MOST:,} outcomes.")])
    references = list(outcomes)
    with unit.of_work(operation="record_outcomes", actor=actor) as work:
        for start in range(0, len(references), PART):
            part = references[start : start + PART]
            rows = applicant_queries.by_references(source, part)
            _refuse("There is no application", [one for one in part if one not in rows])
            _refuse("The outcome is known of", sorted(applicant_queries.observed(list(rows.values()))))
            application_writes.add_outcomes(
                [(rows[one], outcomes[one]) for one in part],
                observed_on=observed_on,
                source=told_by,
                at=work.now,
            )
        work.record(
            subject_kind="outcomes",
            subject_id=source,
            body={
                "outcomes": len(outcomes),
                "observed_on": observed_on.isoformat(),
                "digest": canonical.digest({key: bool(value) for key, value in outcomes.items()}),
            },
        )
    return len(outcomes)


def _refuse(says: str, references: list[str]) -> None:
    if references:
        problems = [
            Problem("outcomes.reference", f"{says} {one[:60]!r}.", "Nothing was kept; mend the file.")
            for one in references[:SHOWN]
        ]
        raise InputRefused(problems)
