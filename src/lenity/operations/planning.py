"""What the operations that agree on a plan share: the floor, the fact, the stop of contacts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing import affordability, authority, negotiation, relief, suggestions
from lenity.domain.servicing.allocation import Component
from lenity.domain.servicing.relief import Preview, Request
from lenity.gateways import ids
from lenity.law import reader
from lenity.operations import servicing, unit
from lenity.operations.servicing import Entered, Ground
from lenity.records.arrangements import queries as arrangements
from lenity.records.arrangements import writes as talk_writes
from lenity.records.arrangements.models import TalkTurn
from lenity.records.debt_collection import writes as debt_writes
from lenity.records.lending import servicing_queries
from lenity.records.lending.models import Loan, LoanFact
from lenity.records.people import sign_in_queries

LONGEST_WORDS = 2000
PROGRAM = "program"


def agree(
    work: unit.Work,
    base: Ground,
    asked: Request,
    shown: str,
    entered: Entered,
    *,
    must_know: bool = False,
) -> tuple[LoanFact, Preview]:
    """Agree on a plan as it was shown: store it, stop collection contacts. Floor and ceiling are kept."""
    made = servicing_queries.preview(base.loan, base.before, asked)
    if shown != servicing_queries.plan_digest(made.new):
        says = "The account has changed since the plan was shown."
        raise InputRefused([Problem("relief.shown", says, "Show the plan again and agree on that.")])
    keep_floor(base, made, must_know=must_know)
    forgiven = asked.amount_minor if asked.kind is relief.Kind.PRINCIPAL_REDUCTION else 0
    plan = servicing_queries.plan_text(made.new)
    fact = servicing.new_fact(base, "reschedule", entered, forgiven, plan=plan)
    stored, now = servicing.enter(work, base, fact)
    servicing.check_ceiling(base, now)
    stop_contacts(work, base.loan, stored, made)
    return stored, made


def propose(work: unit.Work, base: Ground, asked: Request, *, by: str, words: str = "") -> TalkTurn:
    """Make an offer, or counter the one that stands, above the household's floor; the days of HOUSE-TALK."""
    if asked.kind in relief.PREPAYMENTS:
        raise InputRefused([Problem("relief.kind", "A prepayment needs no talk.", "Prepay instead.")])
    rows = arrangements.turns(base.loan)
    rules = arrangements.as_rules(rows)
    fresh = negotiation.state(rules, base.today) == "new"
    move = "offer" if fresh else "counter"
    negotiation.check(rules, by, move, base.today)
    made = servicing_queries.preview(base.loan, base.before, asked)
    keep_floor(base, made)
    stands = arrangements.days(base.loan.borrower.jurisdiction, base.today)["offer_stands"]
    new_id = ids.public_id()
    new = talk_writes.NewTurn(
        public_id=new_id,
        talk=new_id if fresh else rows[-1].talk,
        number=1 if fresh else rows[-1].number + 1,
        by=by,
        move=move,
        expires_on=base.today + timedelta(days=stands),
        asked=negotiation.request_text(asked),
        plan=servicing_queries.plan_text(made.new),
        words=words.strip()[:LONGEST_WORDS],
    )
    turn = talk_writes.add_turn(new, loan=base.loan, recorded_at=work.now, recorded_by=work.actor)
    work.record(
        subject_kind="talk",
        subject_id=turn.talk,
        borrower_id=base.loan.borrower.public_id,
        body={
            "turn": turn.public_id,
            "by": by,
            "move": move,
            "loan": base.loan.public_id,
            "shown": servicing_queries.plan_digest(made.new),
            "expires_on": turn.expires_on.isoformat(),
        },
    )
    return turn


def offer(work: unit.Work, base: Ground, ask: authority.Ask, key: str) -> None:
    """Make an offer that somebody has the authority for: a plan waits for the borrower, fees are let go at once."""
    if ask.deal not in authority.WAIVED:
        propose(work, base, ask.request, by="lender")
        return
    component = authority.WAIVED[ask.deal].value
    entered = Entered(key, "offered by staff")
    new = servicing.new_fact(base, "waiver", entered, ask.amount_minor, component=component)
    servicing.enter(work, base, new)


def roles_with_authority(actor: str, rules: Mapping[str, object]) -> list[str]:
    """The roles of the actor that have limits (HOUSE-AUTHORITY); whoever has none agrees to nothing by herself."""
    if actor.startswith("api:"):
        return [PROGRAM]
    staff = sign_in_queries.staff_by_id(actor)
    found = [role for role in (staff.roles if staff else []) if role in rules and role != PROGRAM]
    if not found:
        raise InputRefused([Problem("change.role", "Your role makes no offers.", "Ask a supervisor.")])
    return found


def earlier(base: Ground, component: Component | None = None) -> authority.Earlier:
    """What the loan was given before: fees let go of a component, plans signed."""
    rows = servicing_queries.loan_facts(base.loan)
    undone = {row.reverses_id for row in rows}
    plans = [(row.on_date, row.reason) for row in rows if row.kind == "reschedule" and row.pk not in undone]
    return authority.earlier(component, base.known.facts, plans, base.today)


def within_authority(base: Ground, asked: Request, actor: str) -> None:
    """Refuse a plan that is more than the actor may offer or accept for the lender by herself."""
    rules = reader.rulebook(base.loan.borrower.jurisdiction).value("HOUSE-AUTHORITY", base.today)
    rate = servicing.own_rate(base.loan)
    roles = roles_with_authority(actor, rules)
    before = earlier(base)
    if all(authority.plan_exceeds(asked, rules[role], rate, before) for role in roles):
        says = "This is beyond your authority."
        raise InputRefused([Problem("offer.beyond", says, "A supervisor may agree to more.")])


def keep_floor(base: Ground, made: Preview, *, must_know: bool = False) -> None:
    """Refuse a plan below the floor of a household whose budget is known (HOUSE-FLOOR).

    With `must_know` a plan for a household whose month nobody knows is refused too: it could not be judged.
    """
    budget = arrangements.budget_of(base.loan.borrower, base.today)
    if budget is None and must_know:
        says = "Nobody knows the household's month, so the floor cannot be judged."
        raise InputRefused([Problem("plan.month", says, "Ask for the month first: one short page.")])
    if budget is None:
        return
    if budget.month.currency != base.loan.currency:
        says = f"The budget is in {budget.month.currency}, the loan in {base.loan.currency}."
        raise InputRefused([Problem("plan.floor", says, "Give the budget in the loan's currency.")])
    others = arrangements.others_minor(base.loan, base.today)
    affordability.refuse_below_floor(made.new, budget.month, others)


def stop_contacts(work: unit.Work, loan: Loan, plan: LoanFact, made: Preview) -> None:
    """No collection contact while a plan is kept: it ends with the plan's last day and its grace."""
    debt_writes.add_hold(
        public_id=ids.public_id(),
        borrower=debt_writes.lock_borrower(loan.borrower.public_id),
        loan=loan,
        kind="plan",
        opened_at=work.now,
        opened_by=work.actor[:60],
        ends_on=made.new[-1].due_date + timedelta(days=suggestions.grace_days()),
        detail={"plan": plan.public_id},
    )
