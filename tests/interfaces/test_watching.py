"""What compliance watches: near misses, repeated stops, filters, the use of rules, the log, clocks of concerns."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lenity.gateways import clock
from lenity.operations.request_contact import request_contact
from lenity.records.audit.models import AuditEvent
from lenity.records.debt_collection import concern_queries, watch_queries
from lenity.records.debt_collection.models import ConcernStep, Contact
from lenity.records.people.models import StaffMember
from tests import factories, world

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def moving() -> Iterator[clock.ManualClock]:
    now = clock.ManualClock(factories.MORNING)
    with clock.use(now):
        yield now


@pytest.fixture
def filled(moving: clock.ManualClock, settings: Any, tmp_path: Path) -> world.World:
    settings.LENITY_CHECKPOINT_DIR = tmp_path
    return world.build()


@pytest.fixture
def chen(filled: world.World) -> Client:
    client = world.as_staff("compliance", name="chen")
    client.cookies["django_language"] = "en"
    return client


def ask(filled: world.World, actor: str, channel: str = "sms") -> Contact:
    request_contact(
        borrower_id=filled.wang.public_id,
        channel=channel,
        purpose="collection",
        point_id=filled.wang.contact_points.get().public_id,
        loan_ids=(filled.values["loan_id"],),
        template="cn-reminder-sms" if channel == "sms" else "",
        actor=actor,
    )
    return Contact.objects.latest("pk")


def test_near_misses_name_the_rule_the_person_and_the_agency(
    filled: world.World, moving: clock.ManualClock
) -> None:
    collector = factories.staff("collector")
    StaffMember.objects.filter(public_id=collector).update(agency="north")
    person = factories.borrower(name="韩梅")
    point, late = factories.contact_point(person, value="+8613700137000"), factories.booked_loan(person)
    allowed = 0
    for _ in range(6):
        moving.advance(timedelta(days=1))
        request_contact(
            borrower_id=person.public_id,
            channel="sms",
            purpose="collection",
            point_id=point.public_id,
            loan_ids=(late.public_id,),
            template="cn-reminder-sms",
            actor=collector,
        )
        last = Contact.objects.filter(borrower=person).latest("pk")
        allowed += last.verdict == "allowed"
    seen = watch_queries.near_misses(clock.now(), 7)
    assert 0 < seen.close <= allowed
    assert {one.borrower for one in seen.rows} == {person.public_id}
    ((by, close, number),) = [one for one in seen.by_person if one[0].agency == "north"]
    assert (close, number) == (seen.close, allowed)
    assert ("north", close, number) in seen.by_agency
    page = world.as_staff("compliance", name="chen").get("/compliance/near/?days=7").content.decode()
    assert all(provision in page for provision, _, _ in seen.by_rule)
    assert by.staff_number in page


def test_who_is_stopped_again_and_again_is_named_and_jobs_are_not(filled: world.World, chen: Client) -> None:
    li = factories.staff("collector")
    for _ in range(3):
        while ask(filled, "close").verdict == "allowed":
            pass
        assert ask(filled, li).verdict != "allowed"
        if _ < 2:
            assert [one for one in watch_queries.repeated_stops(clock.now(), 7) if one.by.staff_number] == []
    (one,) = watch_queries.repeated_stops(clock.now(), 7)
    assert (one.times, one.borrower) == (3, filled.wang.public_id)
    assert (
        StaffMember.objects.get(public_id=li).staff_number in chen.get("/compliance/near/").content.decode()
    )


def test_stops_by_filter_as_page_and_file(filled: world.World, chen: Client) -> None:
    while ask(filled, "chen").verdict == "allowed":
        pass
    stopped = Contact.objects.exclude(verdict="allowed")
    everything = chen.get("/compliance/stops/?days=90").content.decode()
    assert str(stopped.count()) in everything
    one = stopped.latest("pk")
    for good in (f"verdict={one.verdict}", f"channel={one.channel}", "by=chen",
                 f"provision={one.decision.leading_provision}"):  # fmt: skip
        assert one.public_id in chen.get(f"/compliance/stops.csv?{good}").content.decode(), good
    for other in ("by=nobody", "channel=visit", "provision=NONE"):
        assert one.public_id not in chen.get(f"/compliance/stops.csv?{other}").content.decode(), other
    for odd in ("verdict=x&channel=y&days=z&page=99", "by=" + "x" * 5000, "provision=%00%27"):
        assert chen.get(f"/compliance/stops/?{odd}").status_code == 200, odd


def test_the_use_of_rules_counts_what_looked_and_what_decided(filled: world.World, chen: Client) -> None:
    while ask(filled, "chen").verdict == "allowed":
        pass
    last = Contact.objects.latest("pk")
    uses = {one.provision.id: one for one in watch_queries.coverage("CN", clock.now(), 90).uses}
    decided = uses[last.decision.leading_provision]
    assert decided.decided >= 1
    assert decided.last == last.requested_at
    assert decided.looked >= decided.decided
    never = [name for name, one in uses.items() if not one.looked]
    assert never, "the visit rules were not asked"
    page = chen.get("/compliance/coverage/").content.decode()
    assert page.count(">never<") == len(never)


def test_the_pages_ask_as_many_questions_for_five_contacts_as_for_fifty(
    filled: world.World, chen: Client, moving: clock.ManualClock
) -> None:
    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert chen.get(path).status_code == 200
        return len(seen)

    paths = ("/compliance/near/?days=90", "/compliance/stops/?days=90", "/compliance/coverage/", "/concerns/")
    for path in paths:
        asked(path)
    few = [asked(path) for path in paths]
    for _ in range(15):
        ask(filled, factories.staff("collector"))
    assert [asked(path) for path in paths] == few


def test_the_log_is_verified_from_the_page_and_the_result_is_kept(filled: world.World, chen: Client) -> None:
    assert "Nobody has verified" in chen.get("/compliance/evidence/").content.decode()
    assert chen.post("/compliance/evidence/").status_code == 302
    assert "it holds" in chen.get("/compliance/evidence/").content.decode()
    event = AuditEvent.objects.get(operation="verify_evidence")
    assert event.actor == StaffMember.objects.get(username="chen").public_id


def test_a_pack_needs_a_reason_that_is_kept(filled: world.World, chen: Client) -> None:
    wang = filled.wang.public_id
    assert chen.get(f"/compliance/packs/{wang}/regulator.zip").status_code == 404, "not opened"
    assert "Say why you read it" in chen.get(f"/compliance/evidence/?borrower={wang}").content.decode()
    assert "no borrower with this id" in chen.get("/compliance/evidence/?borrower=nobody").content.decode()
    fields = {"kind": "pack", "subject": wang, "reason": "authority_asks", "words": "letter of the regulator"}
    assert chen.post("/readings/", fields | {"words": ""}).status_code == 422
    assert chen.post("/readings/", fields | {"subject": "nobody"}).status_code == 404
    answer = chen.post("/readings/", fields)
    assert answer["Location"] == f"/compliance/evidence/?borrower={wang}#packs"
    zipped = chen.get(f"/compliance/packs/{wang}/regulator.zip")
    assert zipped["Cache-Control"] == "no-store"
    assert "MANIFEST.sha256" in zipfile.ZipFile(io.BytesIO(zipped.content)).namelist()
    assert chen.get(f"/compliance/packs/{wang}/everybody.zip").status_code == 404
    assert chen.get(f"/compliance/packs/{filled.other.public_id}/regulator.zip").status_code == 404
    assert AuditEvent.objects.filter(operation="read_record", subject_id=wang).exists()


def test_a_late_concern_says_what_holds_is_taken_over_and_its_borrower_reads_by_whom(
    filled: world.World, chen: Client, moving: clock.ManualClock
) -> None:
    hold = filled.values["hold_id"]
    page = f"/concerns/{hold}/"
    assert "HOUSE-LATE" in chen.get(page).content.decode()
    moving.advance(timedelta(days=40))
    chen = world.as_staff("compliance", name="wu")
    chen.cookies["django_language"] = "en"
    wu = StaffMember.objects.get(username="wu")
    senior = factories.staff("compliance", "supervisor")
    assert "days late" in chen.get("/concerns/").content.decode()
    good = {"kind": "escalated", "staff": senior, "reason": "ten days late"}
    for wrong in ({"staff": wu.public_id}, {"staff": "x"}, {"reason": " "}, {"kind": "lost"}):
        answer = chen.post(page + "pass-on/", good | wrong)
        assert answer.status_code == 422, wrong
        assert "There is a problem" in answer.content.decode()
    assert chen.post("/concerns/NOTHERE/pass-on/", good).status_code == 404
    assert not ConcernStep.objects.exists()
    assert chen.post(page + "pass-on/", good).status_code == 302
    assert chen.post(page + "pass-on/", good | {"kind": "assigned", "staff": wu.public_id}).status_code == 302
    assert "ten days late" in chen.get(page).content.decode()
    hers = world.as_borrower(filled.wang)
    seen = hers.get(f"/speak/{hold}/").content.decode()
    assert wu.staff_number in seen
    assert "ten days late" not in seen, "why is inside the house"
    assert concern_queries.clocks(clock.business_day("CN"), 3).late == 2
    assert chen.post("/concerns/", {"hold": hold, "answer": "upheld"}).status_code == 302
    assert chen.post(page + "pass-on/", good).status_code == 422, "answered already"
    assert concern_queries.clocks(clock.business_day("CN"), 3).answered_late == 1
