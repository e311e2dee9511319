"""The life of a loan as operations: charges, waivers, plans, prepayment, charge-off, and undoing each."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lenity.base.outcomes import InputRefused
from lenity.domain.servicing import relief, terms
from lenity.domain.servicing.allocation import Advance, Component, Rule
from lenity.domain.servicing.caps import Licence
from lenity.domain.servicing.limitation import Restart
from lenity.domain.servicing.limitation import clock as limitation_clock
from lenity.domain.servicing.relief import Kind, Request
from lenity.gateways import clock
from lenity.operations.charge import charge
from lenity.operations.close_day import close_day
from lenity.operations.prepay import prepay
from lenity.operations.restart_limitation import restart_limitation
from lenity.operations.take_payment import take_payment
from lenity.records.audit.models import AuditEvent
from lenity.records.debt_collection import queries as debt_queries
from lenity.records.delinquency import queries as delinquency
from lenity.records.ledger import queries as ledger
from lenity.records.lending import change_queries, servicing_queries
from lenity.records.lending.models import Loan, Payment, ScheduleVersion
from tests import factories
from tests.factories import disburse

NOW = factories.MORNING
TODAY = NOW.date()
pytestmark = [pytest.mark.database, pytest.mark.django_db]


def later(days: int) -> datetime:
    return NOW + timedelta(days=days)


def paid_out(rule: Rule | None = None, rate: int = 12) -> Loan:
    with clock.use(clock.ManualClock(NOW)):
        made = disburse(
            borrower_id=factories.borrower().public_id,
            account_number="A-1",
            product="loan",
            terms=terms.Terms("CNY", 1_200_000, Fraction(rate, 100), TODAY, 12),
            actor="test",
            rule=rule or Rule(),
        )
        factories.means(made)
        return made


def pay(loan: Loan, minor: int, days: int, key: str) -> Payment:
    return take_payment(
        loan_id=loan.public_id,
        amount_minor=minor,
        currency="CNY",
        value_date=TODAY + timedelta(days=days),
        source="bank",
        source_id=key,
        actor="test",
    )


def fee(loan: Loan, minor: int, key: str = "fee") -> str:
    return charge(
        loan_id=loan.public_id,
        component="late_fee",
        amount_minor=minor,
        currency="CNY",
        key=key,
        reason="reminder by letter",
        actor="test",
    ).public_id


def agree(loan: Loan, asked: Request) -> str:
    return factories.agree_plan(loan, asked).public_id


def agrees_with_ledger_and_close(loan: Loan, days: int) -> None:
    """The three that must say the same: the replay, the ledger and what the nightly close will read.

    The close reads late interest as of the last operation; between operations it grows in the replay only.
    """
    day = TODAY + timedelta(days=days)
    state = servicing_queries.account_on(loan, day)
    held = {code: minor for code, minor in servicing_queries.posted(loan).items() if minor}
    codes = ("loan_principal", "fee_receivable", "customer_credit")
    assert {code: state.book.get(code, 0) for code in codes} == {code: held.get(code, 0) for code in codes}
    assert ledger.is_balanced()
    rows = delinquency.facts(day)
    left = dict(rows.payments).get(loan.pk, 0)
    overdue = 0
    for loan_id, due, amount, before in rows.instalments:
        assert loan_id == loan.pk
        if due < day.toordinal():
            overdue += max(amount - max(left - before, 0), 0)
    growing = sum(item.open(Component.LATE_INTEREST) for item in state.items)
    assert 0 <= state.overdue_minor - overdue <= growing


def test_a_charge_a_waiver_and_undoing_both() -> None:
    loan = paid_out()
    start = ledger.trial_balance()
    with clock.use(clock.ManualClock(later(40))):
        charged = fee(loan, 5_000)
        assert fee(loan, 5_000) == charged
        assert ledger.trial_balance()["CNY"]["fee_income"] == -5_000
        agrees_with_ledger_and_close(loan, 40)
        waived = factories.waive(loan, "late_fee", 5_000)
        assert ledger.trial_balance()["CNY"]["relief"] == 5_000
        agrees_with_ledger_and_close(loan, 40)
        factories.undo(waived.public_id)
        with pytest.raises(InputRefused, match="undone already"):
            factories.undo(waived.public_id)
        factories.undo(charged)
        agrees_with_ledger_and_close(loan, 40)
    undone = {code: minor for code, minor in ledger.trial_balance()["CNY"].items() if minor}
    assert undone.keys() - start["CNY"].keys() <= {"interest_receivable", "interest_income"}


def test_a_charge_above_the_ceiling_cannot_be_posted() -> None:
    loan = paid_out(rate=23)
    with clock.use(clock.ManualClock(later(5))):
        fee(loan, 500, "small")
        events = AuditEvent.objects.count()
        with pytest.raises(InputRefused, match="CN-XD-2025-COST"):
            fee(loan, 50_000, "large")
    assert AuditEvent.objects.count() == events
    assert servicing_queries.account_on(loan, TODAY + timedelta(days=5)).items[0].open_minor > 0


def test_the_private_lenders_ceiling_is_four_times_the_lpr_of_the_contract_day() -> None:
    agreed = terms.Terms("CNY", 1_200_000, Fraction(13, 100), TODAY, 12)
    with clock.use(clock.ManualClock(NOW)), pytest.raises(InputRefused, match="CN-SPC-MJJD allows 12 %"):
        disburse(
            borrower_id=factories.borrower().public_id,
            account_number="A-1",
            product="loan",
            terms=agreed,
            actor="test",
            licence=Licence.PRIVATE,
        )


def test_the_private_lenders_ceiling_itself_is_allowed() -> None:
    with clock.use(clock.ManualClock(NOW)):
        assert disburse(
            borrower_id=factories.borrower().public_id,
            account_number="A-1",
            product="loan",
            terms=terms.Terms("CNY", 1_200_000, Fraction(12, 100), TODAY, 12),
            actor="test",
            licence=Licence.PRIVATE,
        )


def test_limitation_ends_with_its_last_day() -> None:
    mine = limitation_clock(TODAY, [], years=3, on_date=TODAY)
    assert not mine.has_run_out(mine.ends_on)
    assert mine.has_run_out(mine.ends_on + timedelta(days=1))
    assert mine.ends_on == TODAY.replace(year=TODAY.year + 3)


def test_a_late_rate_above_the_ceiling_is_refused() -> None:
    with pytest.raises(InputRefused, match="late rate"):
        paid_out(Rule(late_rate=Fraction(25, 100)))


def test_a_plan_that_was_shown_is_agreed_and_another_is_not() -> None:
    loan = paid_out()
    with clock.use(clock.ManualClock(later(70))):
        asked = Request(Kind.RE_AMORTISE, periods=24)
        first = agree(loan, asked)
        agrees_with_ledger_and_close(loan, 70)
        assert servicing_queries.account_on(loan, TODAY + timedelta(days=70)).days_past_due == 0
        with pytest.raises(InputRefused, match="Show the plan again"):
            change_queries.plan(loan, asked, "x", clock.business_day("CN"))
        factories.undo(first)
        assert servicing_queries.account_on(loan, TODAY + timedelta(days=70)).days_past_due > 0
        agrees_with_ledger_and_close(loan, 70)
    versions = ScheduleVersion.objects.filter(loan=loan).order_by("version")
    assert [one.version for one in versions] == [1, 2, 3]


def test_a_payoff_settles_to_the_cent_and_falls_with_its_payment() -> None:
    loan = paid_out()
    with clock.use(clock.ManualClock(later(45))):
        pay(loan, 90_000, 45, "today")
        state, paid = servicing_queries.before_payments_of(
            servicing_queries.stored(loan), TODAY + timedelta(days=45)
        )
        needed = relief.payoff_minor(state) - paid
        with pytest.raises(InputRefused, match=str(needed)):
            prepay_now(loan, Kind.PAYOFF, needed - 1)
        payment = prepay_now(loan, Kind.PAYOFF, needed)
        assert prepay_now(loan, Kind.PAYOFF, needed) == payment
        settled = servicing_queries.account_on(loan, TODAY + timedelta(days=45))
        assert (settled.owed_minor, settled.credit_minor) == (0, 0)
        assert {code: minor for code, minor in servicing_queries.posted(loan).items() if minor} == {}
        agrees_with_ledger_and_close(loan, 45)
        factories.reverse(payment.public_id)
        agrees_with_ledger_and_close(loan, 45)
    again = servicing_queries.account_on(loan, TODAY + timedelta(days=45))
    assert len([item for item in again.items if item.open_minor]) == 12


def prepay_now(loan: Loan, kind: Kind, minor: int) -> Payment:
    return prepay(
        loan_id=loan.public_id, kind=kind, amount_minor=minor, currency="CNY", key="pre", actor="test"
    )


def give_back(loan: Loan, minor: int) -> None:
    content = change_queries.content(loan, "refund", minor, clock.business_day("CN"))
    factories.agreed("refund", loan.public_id, content)


def test_too_much_is_refunded_and_never_more() -> None:
    loan = paid_out()
    with clock.use(clock.ManualClock(later(1))):
        pay(loan, 2_000_000, 1, "much")
        held = servicing_queries.account_on(loan, TODAY + timedelta(days=1)).credit_minor
        with pytest.raises(InputRefused, match=str(held)):
            give_back(loan, held + 1)
        give_back(loan, held)
        agrees_with_ledger_and_close(loan, 1)
    assert "customer_credit" not in {c for c, minor in servicing_queries.posted(loan).items() if minor}


def test_after_a_charge_off_the_debt_stays_and_money_is_a_recovery() -> None:
    loan = paid_out()
    with clock.use(clock.ManualClock(later(200))):
        owed = servicing_queries.account_on(loan, TODAY + timedelta(days=200)).owed_minor
        content = change_queries.content(loan, "write_off", 0, clock.business_day("CN"))
        factories.agreed("write_off", loan.public_id, content)
        assert servicing_queries.account_on(loan, TODAY + timedelta(days=200)).owed_minor == owed
    with clock.use(clock.ManualClock(later(201))):
        pay(loan, 3_000, 201, "later")
    booked = ledger.trial_balance()["CNY"]
    assert booked["recovery_income"] == -3_000
    assert booked["loan_principal"] == 0
    assert sum(booked.values()) == 0


def test_limitation_restarts_and_only_the_debtor_revives_it() -> None:
    loan = paid_out()
    with clock.use(clock.ManualClock(later(60))):
        restart_limitation(loan_id=loan.public_id, by="demand", key="d", reason="letter 12", actor="test")
        with pytest.raises(InputRefused, match="demand, acknowledgement, suit"):
            restart_limitation(loan_id=loan.public_id, by="hope", key="h", reason="none", actor="test")
        pay(loan, 1_000, 60, "part")
    due = TODAY + timedelta(days=30)
    known = servicing_queries.limitation_restarts(loan)
    assert sorted(restart.value for _, restart in known) == ["acknowledgement", "demand"]
    far = TODAY + timedelta(days=3000)
    mine = limitation_clock(due, [*known, (far, Restart.DEMAND)], years=3, on_date=far)
    assert mine.starts_on == TODAY + timedelta(days=60)
    assert mine.has_run_out(far)
    revived = limitation_clock(due, [(far, Restart.ACKNOWLEDGEMENT)], years=3, on_date=far)
    assert not revived.has_run_out(far)


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["pay", "pay", "fee", "waive", "plan", "prepay", "reverse", "undo", "refund"]),
        st.integers(0, 40),
        st.integers(1, 300_000),
    ),
    min_size=1,
    max_size=7,
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(MOVES, st.sampled_from(list(Advance)), st.sampled_from([0, 18]))
def test_any_life_keeps_account_ledger_and_close_in_step(
    moves: list[tuple[str, int, int]], advance: Advance, late: int
) -> None:
    from django.db import transaction

    with transaction.atomic():
        loan = paid_out(Rule(advance=advance, late_rate=Fraction(late, 100)))
        days = 0
        for number, (what, wait, minor) in enumerate(moves):
            days += wait
            with clock.use(clock.ManualClock(later(days))):
                try:
                    with transaction.atomic():
                        _move(loan, what, days, minor, f"k{number}")
                except InputRefused:
                    pass
                agrees_with_ledger_and_close(loan, days)
        transaction.set_rollback(True)


def _move(loan: Loan, what: str, days: int, minor: int, key: str) -> None:
    facts = [one for one in servicing_queries.loan_facts(loan) if one.source == "entered"]
    payments = [one for one in servicing_queries.payments(loan) if one.reverses_id is None]
    plans = [
        Request(Kind.EXTENSION, periods=1),
        Request(Kind.RE_AGE),
        Request(Kind.RE_AMORTISE, periods=18),
        Request(Kind.RATE_CUT, annual_rate=Fraction(3, 100)),
        Request(Kind.PRINCIPAL_REDUCTION, amount_minor=minor),
    ]
    if what == "pay":
        pay(loan, minor, max(days - minor % 20, 0), key)
    elif what == "fee":
        fee(loan, minor % 900 + 1, key)
    elif what == "plan":
        agree(loan, plans[minor % len(plans)])
    elif what == "prepay":
        kinds = [Kind.SHORTER_TERM, Kind.SMALLER_INSTALMENT]
        prepay(
            loan_id=loan.public_id,
            kind=kinds[minor % 2],
            amount_minor=minor,
            currency="CNY",
            key=key,
            actor="test",
        )
    elif what == "reverse" and payments:
        factories.reverse(payments[minor % len(payments)].public_id)
    elif what == "undo" and facts:
        factories.undo(facts[minor % len(facts)].public_id)
    elif what == "waive":
        factories.waive(loan, ["principal", "interest", "late_interest"][minor % 3], minor % 5_000 + 1)
    elif what == "refund":
        give_back(loan, minor)


def test_a_plan_stops_contacts_until_it_is_broken_beyond_its_grace() -> None:
    loan = paid_out()
    with clock.use(clock.ManualClock(later(70))):
        agree(loan, Request(Kind.RE_AMORTISE, periods=12))
    [hold] = loan.borrower.holds.filter(kind="plan")
    due = servicing_queries.account_on(loan, TODAY + timedelta(days=70)).items[0].due_date
    for wait, ended in ((7, False), (8, True), (9, True)):
        day = due + timedelta(days=wait)
        with clock.use(clock.ManualClock(later((day - TODAY).days))):
            close_day(business_date=day, actor="test")
        hold = loan.borrower.holds.select_related("end").get(kind="plan")
        assert hasattr(hold, "end") is ended
    assert hold.end.reason == "broken"
    assert AuditEvent.objects.filter(subject_id=hold.public_id).count() == 1


def test_home_and_statement_tell_the_same_on_any_day() -> None:
    loan = paid_out(Rule(late_rate=Fraction(18, 100)))
    with clock.use(clock.ManualClock(later(75))):
        [shown] = debt_queries.home(loan.borrower.public_id, later(75), clock.business_day).loans
        state = servicing_queries.account_on(loan, TODAY + timedelta(days=75))
    assert shown.overdue_minor == state.overdue_minor
    assert shown.days_past_due == state.days_past_due > 0
    late = sum(item.open(Component.LATE_INTEREST) for item in state.items)
    assert late > 0
    assert shown.balance_minor == shown.principal_minor + shown.interest_minor + shown.fee_minor


def test_a_loan_that_is_waived_whole_can_still_be_undone() -> None:
    loan = paid_out(rate=0)
    with clock.use(clock.ManualClock(later(10))):
        whole = factories.waive(loan, "principal", 1_200_000)
        agrees_with_ledger_and_close(loan, 10)
        factories.undo(whole.public_id)
        agrees_with_ledger_and_close(loan, 10)
        pay(loan, 1_000, 10, "p")
    assert servicing_queries.account_on(loan, TODAY + timedelta(days=10)).owed_minor == 1_199_000
