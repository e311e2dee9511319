"""A bank file before it is booked: where each movement would go, and what another file has told already."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from lenity.base import canonical
from lenity.domain.banking import matching
from lenity.domain.banking.statement import Entry, Statement
from lenity.records.intake import queries
from lenity.records.intake.models import BankEntry, BankFile
from lenity.records.lending.models import Loan

DOUBTFUL = ("several_loans_named", "perhaps_double")
FileRow: TypeAlias = BankFile


@dataclass(frozen=True)
class Movement:
    """A movement and where it goes: `loan`, `suspense`, `known` (this format told it), `told` (another one did)."""

    source: str
    entry: Entry
    currency: str
    account_key: str
    likeness: str
    sure_likeness: str
    state: str
    loan: Loan | None
    reason: str

    @property
    def doubtful(self) -> bool:
        """Whether a person should look before it is booked: it goes to suspense for two people."""
        return self.reason in DOUBTFUL


def movements(
    statements: Sequence[Statement], form: str, business_day: Callable[[str], date]
) -> list[Movement]:
    """Every movement of a file in its order, judged by what is stored now."""
    named = _named(statements)
    known = queries.known_entries(source for source, _, _ in named)
    words = [matching.references(entry.texts) for _, entry, _ in named]
    loans = queries.loans_by_references(itertools.chain.from_iterable(words))
    drafts = [
        _draft(source, entry, one, _among(said, loans), business_day)
        for (source, entry, one), said in zip(named, words, strict=True)
    ]
    told = _told_by_others(drafts, form)
    return [_as(one, "known", "") if one.source in known else _beside_others(one, told) for one in drafts]


def _beside_others(one: Movement, told: Counter[str]) -> Movement:
    """A movement that another format has told is not booked again; one that looks so waits for two people."""
    sure = f"{one.account_key}:{one.sure_likeness}"
    if one.sure_likeness and one.account_key and told[sure]:
        told[sure] -= 1
        told[one.likeness] -= 1
        return _as(one, "told", "")
    if one.likeness and told[one.likeness] > 0:
        told[one.likeness] -= 1
        return _as(one, "suspense", "perhaps_double")
    return one


def _told_by_others(drafts: Sequence[Movement], form: str) -> Counter[str]:
    """How often files of other formats have told a movement, by its likenesses."""
    wanted = sorted({one.likeness for one in drafts if one.likeness})
    sure = sorted({one.sure_likeness for one in drafts if one.sure_likeness})
    found: Counter[str] = Counter()
    others = BankEntry.objects.exclude(file__booking__format=form)
    for start in range(0, len(wanted), 500):
        rows = others.filter(likeness__in=wanted[start : start + 500])
        found.update(rows.values_list("likeness", flat=True))
    for start in range(0, len(sure), 500):
        rows = others.filter(sure_likeness__in=sure[start : start + 500])
        found.update(f"{account}:{one}" for account, one in rows.values_list("account_key", "sure_likeness"))
    return found


def _named(statements: Sequence[Statement]) -> list[tuple[str, Entry, Statement]]:
    """Each movement with a name that is the same in every file of the format that tells it."""
    times: Counter[str] = Counter()
    named = []
    for one in statements:
        for entry in one.entries:
            facts = [
                one.account,
                one.currency,
                entry.amount_minor,
                entry.booked_on.isoformat(),
                entry.value_date.isoformat(),
                entry.bank_reference,
                entry.end_to_end_id,
                list(entry.texts),
            ]
            name = canonical.digest(facts)[:48]
            times[name] += 1
            named.append((f"{name}-{times[name]}", entry, one))
    return named


def _among(words: Sequence[str], loans: Mapping[str, Sequence[Loan]]) -> list[Loan]:
    """The loans that these words name, each once."""
    return list({one.pk: one for word in words for one in loans.get(word, ())}.values())


def _draft(
    source: str, entry: Entry, one: Statement, found: Sequence[Loan], business_day: Callable[[str], date]
) -> Movement:
    loan, reason = _loan_of(entry, one.currency, found, business_day)
    named = found[0].public_id if len(found) == 1 else ""
    return Movement(
        source,
        entry,
        one.currency,
        matching.account_key(one.account, one.currency),
        matching.likeness(entry, one.currency, named),
        matching.sure_likeness(entry, one.currency),
        "loan" if loan else "suspense",
        loan,
        reason,
    )


def _loan_of(
    entry: Entry, currency: str, found: Sequence[Loan], business_day: Callable[[str], date]
) -> tuple[Loan | None, str]:
    """The loan that a movement names, or why it goes to suspense."""
    if entry.reverses:
        return None, "reversal"
    if entry.amount_minor < 0:
        return None, "money_out"
    if len(found) != 1:
        return None, "no_loan_named" if not found else "several_loans_named"
    loan = found[0]
    if loan.currency != currency:
        return None, "other_currency"
    if not loan.opened_on <= entry.value_date <= business_day(loan.borrower.jurisdiction):
        return None, "value_date"
    return loan, ""


def _as(one: Movement, state: str, reason: str) -> Movement:
    return replace(one, state=state, loan=None, reason=reason)


def files(most: int = 30) -> list[FileRow]:
    """Bank files, newest first, each with its booking if it has one."""
    return list(BankFile.objects.select_related("booking").order_by("-id")[:most])
