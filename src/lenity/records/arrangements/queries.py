"""Budgets, talks about plans and agreements, unsealed for those who may see them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lenity.base.outcomes import InputRefused
from lenity.domain.servicing import affordability, negotiation, relief, suggestions
from lenity.domain.servicing.affordability import Summary
from lenity.domain.servicing.plan import Preview, Request
from lenity.domain.servicing.schedule import Instalment
from lenity.law import reader
from lenity.records import encrypted
from lenity.records.arrangements.models import Agreement, Budget, BudgetDraft, TalkTurn
from lenity.records.lending import servicing_queries
from lenity.records.lending.models import Loan
from lenity.records.people import queries as people
from lenity.records.people.models import Borrower


def unseal(table: str, column: str, row: str, sealed: str) -> str:
    """A text of one of these tables in clear."""
    return encrypted.unseal(sealed, table=f"arrangements_{table}", column=column, row=row) if sealed else ""


def draft_of(borrower_id: str) -> dict[str, Any]:
    """Answers that a borrower has begun to give; else those of her newest budget; else none."""
    draft = BudgetDraft.objects.filter(borrower__public_id=borrower_id).first()
    if draft is not None:
        return dict(json.loads(unseal("budgetdraft", "answers", borrower_id, draft.answers_sealed)))
    return answers_of(borrower_id)


def answers_of(borrower_id: str) -> dict[str, Any]:
    """The answers of a borrower's newest budget."""
    row = Budget.objects.filter(borrower__public_id=borrower_id).order_by("-version").first()
    plain = unseal("budget", "answers", row.public_id, row.answers_sealed) if row else ""
    return dict(json.loads(plain or "{}"))


@dataclass(frozen=True)
class BudgetView:
    """A borrower's newest budget: its month, its payday, when it was given."""

    public_id: str
    version: int
    month: Summary
    pay_day: int
    recorded_at: datetime
    budget: affordability.Budget


def budget_of(borrower: Borrower, on_date: date) -> BudgetView | None:
    """The newest budget beside the floor of a day."""
    row = Budget.objects.filter(borrower=borrower).order_by("-version").first()
    if row is None:
        return None
    stated = affordability.from_plain(answers_of(borrower.public_id)["budget"])
    month = affordability.summary(stated, floor_of(borrower.jurisdiction, on_date))
    return BudgetView(row.public_id, row.version, month, stated.pay_day, row.recorded_at, stated)


def budget_for(borrower_id: str, on_date: date) -> BudgetView | None:
    """The same by the borrower's id."""
    return budget_of(people.get_borrower(borrower_id), on_date)


def floor_for(borrower_id: str, on_date: date) -> dict[str, Any]:
    """The value of HOUSE-FLOOR where a borrower lives."""
    return floor_of(people.get_borrower(borrower_id).jurisdiction, on_date)


def floor_of(place: str, on_date: date) -> dict[str, Any]:
    """The value of HOUSE-FLOOR."""
    return dict(reader.rulebook(place).value("HOUSE-FLOOR", on_date))


def days(place: str, on_date: date) -> dict[str, int]:
    """The value of HOUSE-TALK."""
    return dict(reader.rulebook(place).value("HOUSE-TALK", on_date))


def others_minor(loan: Loan, on_date: date) -> int:
    """What the borrower's other loans with us ask in their heaviest month to come."""
    found = 0
    for other in Loan.objects.filter(borrower_id=loan.borrower_id, currency=loan.currency).exclude(
        pk=loan.pk
    ):
        rows = relief.open_rows(servicing_queries.account_on(other, on_date))
        found += affordability.heaviest_month_minor([row for row in rows if row.due_date > on_date])
    return found


def turns(loan: Loan) -> list[TalkTurn]:
    """The turns of a loan's newest talk, oldest first."""
    last = TalkTurn.objects.filter(loan=loan).order_by("-id").first()
    return list(TalkTurn.objects.filter(talk=last.talk).order_by("number")) if last else []


def as_rules(rows: list[TalkTurn]) -> list[negotiation.Turn]:
    """Turns as the rule sees them."""
    return [negotiation.Turn(row.by, row.move, row.expires_on) for row in rows]


@dataclass(frozen=True)
class TurnView:
    """One turn as both sides read it; `rows` are the instalments that it proposes."""

    by: str
    move: str
    at: datetime
    reason: str
    words: str
    rows: tuple[Instalment, ...]

    @property
    def largest_minor(self) -> int:
        """The largest payment."""
        return max((row.total_minor for row in self.rows), default=0)

    @property
    def total_minor(self) -> int:
        """All payments."""
        return sum(row.total_minor for row in self.rows)


@dataclass(frozen=True)
class TalkView:
    """A talk: whose turn it is, the moves that each side has, until when, and what was said."""

    loan: Loan
    state: str
    borrower_may: tuple[str, ...]
    lender_may: tuple[str, ...]
    expires_on: date
    turns: tuple[TurnView, ...]
    newest: str


def talk(loan: Loan, on_date: date) -> TalkView | None:
    """The newest talk about a loan."""
    rows = turns(loan)
    if not rows:
        return None
    rules = as_rules(rows)
    return TalkView(
        loan,
        negotiation.state(rules, on_date),
        negotiation.may(rules, "borrower", on_date),
        negotiation.may(rules, "lender", on_date),
        rows[-1].expires_on,
        tuple(_turn(row) for row in rows),
        rows[-1].public_id,
    )


def waiting_for_lender(on_date: date, *, most: int = 100) -> list[TalkView]:
    """Talks in which the lender is to answer, the one that runs out first on top."""
    loans = Loan.objects.filter(talk_turns__expires_on__gte=on_date).distinct().select_related("borrower")
    talks = [one for loan in loans if (one := talk(loan, on_date)) and one.state == "waits_for_lender"]
    return sorted(talks, key=lambda one: one.expires_on)[:most]


def standing_request(rows: list[TalkTurn]) -> Request | None:
    """What the newest proposal of a talk asks."""
    asked = [row.asked for row in rows if row.asked]
    return negotiation.read_request(asked[-1]) if asked else None


@dataclass(frozen=True)
class Choice:
    """A plan about to be agreed: old beside new, the digest of what is shown, and the household's month.

    `to_sign` says that the lender has agreed already; else choosing it is an offer to the lender.
    """

    code: str
    asked: Request
    preview: Preview
    shown: str
    to_sign: bool
    month: Summary | None
    heaviest_minor: int
    others_minor: int
    budget: str = ""

    @property
    def below_floor(self) -> bool:
        """Whether the household would be left with less than it keeps."""
        return self.month is not None and self.heaviest_minor + self.others_minor > self.month.room_minor

    @property
    def left_minor(self) -> int:
        """What is left of the month after living costs, other debts and this plan."""
        if self.month is None:
            return 0
        spent = self.month.kept_minor + self.month.debts_minor + self.heaviest_minor + self.others_minor
        return self.month.income_minor - spent


def choice(loan: Loan, code: str, on_date: date) -> Choice | None:
    """A plan by the code of an offer, `own-<amount>-<payday>`, or `talk` for what the lender has agreed to."""
    state, terms = servicing_queries.account_on(loan, on_date), servicing_queries.terms_of(loan)
    if code == "talk":
        rows = turns(loan)
        to_sign = "sign" in negotiation.may(as_rules(rows), "borrower", on_date)
        asked = standing_request(rows) if to_sign else None
    else:
        longest = servicing_queries.longest_plan(loan, on_date)
        asked = suggestions.chosen(code, state, terms, longest)
        to_sign = asked is not None and not suggestions.needs_answer(asked)
    return _choice(loan, code, asked, to_sign, on_date) if asked else None


def _choice(loan: Loan, code: str, asked: Request, to_sign: bool, on_date: date) -> Choice:
    made = servicing_queries.preview(loan, servicing_queries.account_on(loan, on_date), asked)
    budget = budget_of(loan.borrower, on_date)
    return Choice(
        code,
        asked,
        made,
        servicing_queries.plan_digest(made.new),
        to_sign,
        budget.month if budget else None,
        affordability.heaviest_month_minor(made.new),
        others_minor(loan, on_date),
        budget.public_id if budget else "",
    )


@dataclass(frozen=True)
class Waiting:
    """A borrower's offer as the lender reads it, and the counter-offer that is being worked out.

    Either is None where the account has moved so far that the plan cannot be worked out any more.
    """

    talk: TalkView
    asked: Choice | None
    counter: Choice | None


def offer_to_answer(loan_id: str, on_date: date, counter: str = "") -> Waiting | None:
    """The offer that waits for the lender on this loan; `counter` is a choice as `choice` reads it."""
    loan = Loan.objects.select_related("borrower").filter(public_id=loan_id).first()
    found = talk(loan, on_date) if loan else None
    if loan is None or found is None or found.state != "waits_for_lender":
        return None
    asked = standing_request(turns(loan))
    try:
        shown = _choice(loan, "talk", asked, False, on_date) if asked else None
    except InputRefused:
        shown = None
    try:
        other = choice(loan, counter, on_date) if counter else None
    except InputRefused:
        other = None
    return Waiting(found, shown, other)


@dataclass(frozen=True)
class AgreementView:
    """A signed agreement: its parties' text, as it was signed, with the lender's signature under it."""

    public_id: str
    signed_at: datetime
    digest: str
    text: dict[str, Any]
    rows: tuple[tuple[date, int], ...]
    old_rows: tuple[tuple[date, int], ...]
    signature: str
    public_key: str
    month: Summary | None
    left_minor: int


def seal_note(digest: str) -> bytes:
    """The bytes that the lender signs under an agreement; nothing else it signs begins so."""
    return f"lenity agreement\n{digest}\n".encode()


def agreement(borrower_id: str, public_id: str) -> AgreementView | None:
    """A borrower's own agreement."""
    rows = Agreement.objects.select_related("seal", "loan", "loan__borrower")
    row = rows.filter(public_id=public_id, loan__borrower__public_id=borrower_id).first()
    return _agreement(row) if row else None


def agreements_of(borrower_id: str) -> list[AgreementView]:
    """A borrower's agreements, newest first."""
    rows = Agreement.objects.filter(loan__borrower__public_id=borrower_id).order_by("-id")
    rows = rows.select_related("seal", "loan", "loan__borrower")
    return [_agreement(row) for row in rows]


def _agreement(row: Agreement) -> AgreementView:
    text = json.loads(row.text)
    new, old = (
        tuple((date.fromisoformat(day), int(minor)) for day, minor in text[which]) for which in ("new", "old")
    )
    seal = getattr(row, "seal", None)
    signature, key = (seal.signature, seal.public_key) if seal else ("", "")
    month, floor = _judged_by(row, text), text.get("floor", {})
    asked = floor.get("heaviest_minor", 0) + floor.get("others_minor", 0)
    left = month.income_minor - month.kept_minor - month.debts_minor - asked if month else 0
    return AgreementView(
        row.public_id, row.signed_at, row.digest, text, new, old, signature, key, month, left
    )


def _judged_by(row: Agreement, text: dict[str, Any]) -> Summary | None:
    """The month that judged an agreement, by the floor of its day; older agreements name none."""
    named = text.get("floor", {}).get("budget", "")
    budget = Budget.objects.filter(public_id=named, borrower=row.loan.borrower).first() if named else None
    if budget is None or budget.answers_sealed == encrypted.GONE:
        return None
    answers = json.loads(unseal("budget", "answers", budget.public_id, budget.answers_sealed))
    floor = floor_of(row.loan.borrower.jurisdiction, row.signed_at.date())
    return affordability.summary(affordability.from_plain(answers["budget"]), floor)


def _turn(row: TalkTurn) -> TurnView:
    rows = tuple(
        Instalment(raw[0], date.fromisoformat(raw[1]), *raw[2:]) for raw in json.loads(row.plan or "[]")
    )
    words = unseal("talkturn", "words", row.public_id, row.words_sealed)
    return TurnView(row.by, row.move, row.recorded_at, row.reason, words, rows)
