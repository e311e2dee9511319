"""Bank files become payments or wait in suspense; nothing is lost, nothing is booked twice."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lenity.base.outcomes import InputRefused
from lenity.domain.banking import formats
from lenity.domain.servicing import terms
from lenity.gateways import clock
from lenity.operations.book_bank_file import Booked, book_bank_file
from lenity.operations.receive_bank_file import receive_bank_file
from lenity.records.intake import bank_queries, queries
from lenity.records.intake.models import BankFile
from lenity.records.ledger import queries as ledger
from lenity.records.lending.models import Loan, Payment
from tests import factories, world
from tests.domain import bank_files
from tests.factories import disburse

TODAY = factories.MORNING.date()
pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def today() -> object:
    with clock.use(clock.ManualClock(factories.MORNING)) as running:
        yield running


def loan(account: str) -> Loan:
    return disburse(
        borrower_id=factories.borrower().public_id,
        account_number=account,
        product="loan",
        terms=terms.Terms("CNY", 1_200_000, Fraction(12, 100), TODAY, 12),
        actor="test",
    )


def booked(raw: bytes) -> Booked:
    file = receive_bank_file(raw=raw, name="statement", actor="test")
    return book_bank_file(file_id=file.public_id, actor="test")


def in_step() -> None:
    assert ledger.is_balanced()
    held = ledger.trial_balance().get("CNY", {}).get("suspense", 0)
    assert queries.suspense_total().get("CNY", 0) == -held


BATCH = [("10.00", "还款A-1001"), ("20.00", "nothing that helps"), ("30.00", "A-1001 A-1002")]


def test_a_batch_goes_to_loans_and_the_rest_waits_with_a_reason() -> None:
    first = loan("A-1001")
    loan("A-1002")
    done = booked(bank_files.camt(BATCH, total="60.00", closing="160.00"))
    assert (done.applied, done.suspended) == (1, 2)
    assert done.reasons == {"no_loan_named": 1, "several_loans_named": 1}
    assert [one.loan_id for one in Payment.objects.all()] == [first.pk]
    assert [one.amount_minor for one in queries.suspense(TODAY)] == [2000, 3000]
    in_step()


def test_the_same_file_again_changes_nothing_and_an_overlap_books_only_what_is_new() -> None:
    loan("A-1001")
    raw = bank_files.camt(BATCH[:1], total="10.00", closing="110.00")
    booked(raw)
    before = ledger.trial_balance()
    assert booked(raw).was_booked_before
    longer = raw.replace(b"<Id>S1</Id>", b"<Id>S2</Id>")
    assert booked(longer).known_already == 1
    assert ledger.trial_balance() == before
    assert Payment.objects.count() == 1


def test_a_file_that_does_not_add_up_is_kept_and_not_booked() -> None:
    loan("A-1001")
    raw = bank_files.camt(BATCH[:1], total="10.00", closing="999.00")
    with pytest.raises(InputRefused, match="is not closing"):
        booked(raw)
    assert Payment.objects.count() == 0
    file = BankFile.objects.get()
    assert queries.raw_of(file) == raw
    assert "A-1001" not in file.raw_sealed


def test_suspense_is_assigned_once_or_cleared_once() -> None:
    one = loan("A-1001")
    other = loan("A-1002")
    booked(bank_files.camt([("20.00", "x y"), ("5.00", "z z")], total="25.00", closing="125.00"))
    waiting, sent_back = queries.suspense(TODAY)
    factories.settle_suspense(waiting.entry, "assign", one)
    assert Payment.objects.get().loan_id == one.pk
    with pytest.raises(InputRefused, match="no longer"):
        factories.settle_suspense(waiting.entry, "assign", other)
    in_step()
    factories.settle_suspense(sent_back.entry, "return")
    with pytest.raises(InputRefused, match="no longer"):
        factories.settle_suspense(sent_back.entry, "return")
    in_step()
    assert queries.suspense(TODAY) == []
    assert ledger.trial_balance()["CNY"]["cash"] == -2 * 1_200_000 + 2000


def test_money_out_and_the_future_wait_too() -> None:
    loan("A-1001")
    done = booked(bank_files.CSV_CN.format(account="A-1001").encode("gb18030"))
    assert done.reasons == {"money_out": 1}
    raw = bank_files.camt(BATCH[:1], total="10.00", closing="110.00").replace(
        b"2026-11-24", (TODAY + timedelta(days=1)).isoformat().encode()
    )
    assert booked(raw).reasons == {"value_date": 1}
    in_step()


MT940 = """:20:STMT9
:25:DE89CNY
:28C:1/1
:60F:C261123CNY100,00
:61:2611241124C{amount},00NTRFEREF1//BANK1
:86:166?00GUTSCHRIFT?20EREF+{end}?21SVWZ+{text}?32WANG
:62F:C261124CNY{closing},00
-
"""


def mt940(amount: int = 10, end: str = "E1", text: str = "A-1001") -> bytes:
    return MT940.format(amount=amount, end=end, text=text, closing=100 + amount).encode()


def csv_of(*rows: str) -> bytes:
    return ("id,date,amount,balance,payer,reference\n" + "\n".join(rows) + "\n").encode()


def test_another_format_that_tells_the_same_movement_changes_nothing() -> None:
    loan("A-1001")
    booked(bank_files.camt(BATCH[:1], total="10.00", closing="110.00"))
    before = ledger.trial_balance()
    done = booked(mt940())
    assert (done.applied, done.suspended, done.known_already, done.told_by_another_format) == (0, 0, 1, 1)
    assert ledger.trial_balance() == before
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(("change", "applied"), [({"amount": 11}, 1), ({"text": "A-1002"}, 0)])
def test_another_amount_or_another_loan_is_another_movement(change: dict[str, Any], applied: int) -> None:
    loan("A-1001")
    loan("A-1002")
    booked(bank_files.camt(BATCH[:1], total="10.00", closing="110.00"))
    done = booked(mt940(**change))
    assert (done.applied, done.told_by_another_format) == (applied, 1 - applied)


def test_what_only_looks_the_same_waits_for_two_people() -> None:
    loan("A-1001")
    booked(bank_files.camt(BATCH[:1], total="10.00", closing="110.00"))
    raw = csv_of("1,2026-11-24,10.00,110.00,Wang,A-1001", "2,2026-11-24,10.00,120.00,Wang,again A-1001")
    done = booked(raw)
    assert (done.applied, done.suspended) == (1, 1), "the second one was told by nobody else"
    assert done.reasons == {"perhaps_double": 1}
    in_step()


def test_a_large_file_is_looked_at_with_a_few_statements_and_too_large_a_one_refused(
    monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    rows = "".join(f"{n},2026-11-24,1.00,{n}.00,a,loan A-{n:06d} thanks\n" for n in range(1, 1_001))
    raw = f"id,date,amount,balance,payer,reference\n{rows}".encode()
    statements = formats.read(raw, "csv")
    with django_assert_max_num_queries(40):
        found = bank_queries.movements(statements, "csv", clock.business_day)
    assert {one.reason for one in found} == {"no_loan_named"}
    monkeypatch.setattr(formats, "MOST_ENTRIES", 1_000)
    assert formats.read(raw, "csv") == statements, "the last that may come"
    monkeypatch.setattr(formats, "MOST_ENTRIES", 999)
    with pytest.raises(InputRefused, match="1,000 movements") as refused:
        formats.read(raw, "csv")
    assert refused.value.problems[0].code == "bank.entries"


def test_two_equal_payments_of_one_format_are_two() -> None:
    loan("A-1001")
    raw = csv_of("1,2026-11-24,10.00,110.00,Wang,A-1001", "2,2026-11-24,10.00,120.00,Wang,A-1001")
    assert booked(raw).applied == 2
    assert booked(csv_of("3,2026-11-24,10.00,130.00,Wang,A-1001")).applied == 1
    in_step()


def test_a_file_is_looked_at_by_page_then_booked() -> None:
    loan("A-1001")
    client = world.as_staff("operations", name="li")
    client.cookies["django_language"] = "en"
    raw = bank_files.camt(BATCH, total="60.00", closing="160.00")
    sent = client.post("/operations/bank/", {"file": SimpleUploadedFile("stmt.xml", raw)})
    place = sent["Location"]
    text = client.get(place).content.decode()
    assert "Nothing is booked yet" in text
    assert "…1001" in text
    assert not Payment.objects.exists()
    assert client.post(place).status_code == 302
    assert "It was booked on" in client.get(place).content.decode()
    assert Payment.objects.count() == 2
    wrong = bank_files.camt(BATCH[:1], total="10.00", closing="999.00")
    place = client.post("/operations/bank/", {"file": SimpleUploadedFile("w.xml", wrong)})["Location"]
    assert client.get(place).status_code == 422
    assert client.post(place).status_code == 422
    assert client.post("/operations/bank/", {}).status_code == 422
    assert client.get("/operations/bank/NOTHERE/").status_code == 404
    assert Payment.objects.count() == 2
