"""The ageing rule on one loan equals the rule on columns, for any book."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from lenity.domain.delinquency import ageing, stages
from lenity.portfolio import run, snapshot

DAY = date(2026, 11, 24)
AMOUNTS = st.lists(st.tuples(st.integers(-400, 60), st.integers(1, 10**12)), max_size=8)
BOOKS = st.lists(st.tuples(AMOUNTS, st.integers(0, 4 * 10**12)), min_size=1, max_size=12)


def _dues(amounts: list[tuple[int, int]]) -> list[ageing.Due]:
    dues, before = [], 0
    for days, amount in sorted(amounts):
        dues.append(ageing.Due(date.fromordinal(DAY.toordinal() + days), amount, before))
        before += amount
    return dues


@settings(max_examples=300, deadline=None)
@given(BOOKS, st.randoms(use_true_random=False))
def test_one_loan_equals_columns(book: list[tuple[list[tuple[int, int]], int]], order: object) -> None:
    loans = [(number, 7) for number, _ in enumerate(book)]
    dues = {number: _dues(amounts) for number, (amounts, _) in enumerate(book)}
    rows = [
        (number, due.due_date.toordinal(), due.amount_minor, due.cum_before_minor)
        for number, of_loan in dues.items()
        for due in of_loan
    ]
    payments = [(number, paid) for number, (_, paid) in enumerate(book) if paid]
    closed = run.close(snapshot.of_rows(loans, rows, payments), DAY.toordinal(), stages.standard())
    for row, (number, (_, paid)) in zip(closed.positions, enumerate(book), strict=True):
        one = ageing.age(dues[number], paid, DAY)
        oldest = one.oldest_unpaid_due_date
        assert row["loan_id"] == number
        assert row["days_past_due"] == one.days_past_due
        assert row["oldest_unpaid_due_day"] == (oldest.toordinal() if oldest else None)
        assert row["overdue_minor"] == one.overdue_minor
        assert row["next_due_day"] == (one.next_due_date.toordinal() if one.next_due_date else None)
        assert row["next_due_minor"] == one.next_due_minor
        assert row["stage"] == stages.standard().of(one.days_past_due).code
    for sequence in (loans, rows, payments):
        order.shuffle(sequence)  # type: ignore[attr-defined]
    again = run.close(snapshot.of_rows(loans, rows, payments), DAY.toordinal(), stages.standard())
    assert again.result_digest == closed.result_digest
    assert again.facts_digest == closed.facts_digest


def test_the_due_date_itself_is_not_late_and_the_next_day_is() -> None:
    due = ageing.Due(date(2026, 11, 23), 100, 0)
    assert ageing.age([due], 0, date(2026, 11, 23)).days_past_due == 0
    assert ageing.age([due], 0, date(2026, 11, 23)).overdue_minor == 0
    assert ageing.age([due], 0, date(2026, 11, 24)).days_past_due == 1
    assert ageing.age([due], 99, date(2026, 11, 24)).overdue_minor == 1
    assert ageing.age([due], 100, date(2026, 11, 24)).overdue_minor == 0


def test_stages_last_day_and_first_day() -> None:
    names = {day: stages.standard().of(day).code for day in (0, 1, 30, 31, 60, 61, 90, 91, 4000)}
    assert names == {
        0: "CURRENT",
        1: "EARLY",
        30: "EARLY",
        31: "MIDDLE",
        60: "MIDDLE",
        61: "LATE",
        90: "LATE",
        91: "SERIOUS",
        4000: "SERIOUS",
    }
