"""The gate, asked from outside: the verdict on a proposed contact by the facts that are sent."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from lenity.domain.debt_collection import gate
from lenity.interfaces.api.token import Token
from lenity.interfaces.shared import gate_input
from lenity.law import reader

router = Router()


@router.post("/gate/check", auth=Token("gate"), response={200: dict[str, Any]})
def check(request: HttpRequest, question: gate_input.GateQuestion) -> dict[str, Any]:
    """May this contact be made, by which provisions, and if not now, when (docs/gate.md).

    Nothing is stored and nothing is sent: a contact with a borrower of Lenity still goes through the one door.
    """
    facts, rules = gate_input.facts_of(question)
    book = reader.rulebook(facts.person.jurisdiction)
    return gate.decide(facts, reader.narrowed(book, house=rules.house, law_of=rules.law_of)).to_plain()
