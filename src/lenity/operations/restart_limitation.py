"""A demand, an acknowledgement or a suit is noted: limitation starts again (Civil Code art. 195, CN-CC-188)."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing.limitation import Restart
from lenity.operations import servicing, unit
from lenity.operations.servicing import Entered
from lenity.records.lending.models import LoanFact


def restart_limitation(*, loan_id: str, by: str, key: str, reason: str, actor: str) -> LoanFact:
    """Note what interrupted limitation today. `reason` says where the proof is, such as a case number."""
    names = [one.value for one in Restart]
    if by not in names:
        raise InputRefused([Problem("limitation.by", f"It is one of: {', '.join(names)}.")])
    entered = Entered(key, reason)
    return servicing.once(
        lambda: servicing.entered_already(entered, by, loan_id, 0),
        lambda: _restart(loan_id, by, entered, actor),
    )


def _restart(loan_id: str, by: str, entered: Entered, actor: str) -> LoanFact:
    with unit.of_work(operation="restart_limitation", actor=actor) as work:
        base = servicing.ground(loan_id)
        return servicing.enter(work, base, servicing.new_fact(base, by, entered, 0))[0]
