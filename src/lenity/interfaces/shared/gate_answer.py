"""The gate's answer to a question from outside: the certificate, and what is only presumed, with its factors."""

from __future__ import annotations

from datetime import UTC, date
from typing import Any

from lenity.domain.debt_collection import gate
from lenity.domain.debt_collection.contact import Facts
from lenity.interfaces.shared.gate_question import RulesIn
from lenity.law import reader


def answer(facts: Facts, rules: RulesIn) -> dict[str, Any]:
    """Decide, and mark each provision that only presumes, with what rebuts it both ways."""
    book = reader.narrowed(reader.rulebook(facts.person.jurisdiction), house=rules.house, law_of=rules.law_of)
    told = gate.decide(facts, book).to_plain()
    day = rules.law_of or facts.proposal.at.astimezone(UTC).date()
    for finding in told["provisions"]:
        finding.update(_presumption(book, finding["id"], day))
    return told


def _presumption(book: reader.Rulebook, provision_id: str, day: date) -> dict[str, object]:
    try:
        value = book.value(provision_id, day)
    except LookupError:
        return {}
    if not isinstance(value, dict) or not value.get("presumption"):
        return {"presumption": False}
    return {"presumption": True, "rebuttal_factors": value.get("rebuttal", {})}
