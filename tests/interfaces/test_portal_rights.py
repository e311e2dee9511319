"""The borrower's rights as pages: concerns with words and files, wishes that the gate obeys, data, reports."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils.html import escape

from lenity.domain.debt_collection import reach
from lenity.gateways import clock
from lenity.law import reader
from lenity.operations.answer_data_request import answer_data_request
from lenity.operations.request_contact import request_contact
from lenity.records import encrypted
from lenity.records.arrangements import support_queries
from lenity.records.arrangements.models import (
    ConcernFile,
    ConcernNote,
    DataRequest,
    Helper,
    HelperEnd,
    HelperKey,
    NoteFile,
    ToldContact,
)
from lenity.records.debt_collection.models import Contact, Hold, OutboxMessage
from lenity.records.people.models import Preference
from tests import factories, world

pytestmark = [pytest.mark.database, pytest.mark.django_db]
PDF = b"%PDF-1.7\n%%EOF"


@pytest.fixture
def filled(now: clock.ManualClock) -> world.World:
    return world.build()


@pytest.fixture
def client(filled: world.World) -> Client:
    browser = world.as_borrower(filled.wang)
    browser.cookies["django_language"] = "en"
    return browser


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def file(content: bytes, name: str = "../../etc/passwd.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def test_no_model_is_at_odds_with_another() -> None:
    call_command("check", fail_level="WARNING")


def test_a_concern_keeps_words_and_files_sealed(client: Client, filled: world.World) -> None:
    fields = {
        "about": "already_paid",
        "loan": filled.values["loan_id"],
        "words": "Paid on <1 May>",
        "files": [file(PDF), file(b"\x89PNG\r\n\x1a\nx")],
    }
    answer = client.post("/speak/", fields)
    hold = Hold.objects.latest("id")
    assert answer["Location"] == f"/speak/{hold.public_id}/"
    text = page(client, answer["Location"])
    assert "Paid on &lt;1 May&gt;" in text
    assert "20 days left for our answer" in text
    assert "application/pdf" in text
    assert "passwd" not in text
    assert "Paid on" not in ConcernNote.objects.get().words_sealed
    kept = ConcernFile.objects.order_by("id").first()
    assert kept is not None
    assert support_queries.file_content(hold.public_id, kept.public_id) == ("application/pdf", PDF)
    client.post("/speak/", {**fields, "words": "and once more", "files": []})
    assert ConcernNote.objects.count() == 2, "nothing that is added later is lost"
    assert Hold.objects.filter(detail__about="already_paid").count() == 1
    letter = page(client, f"/speak/{hold.public_id}/letter/")
    assert "I have paid already" in letter
    assert hold.public_id in letter
    stranger = world.as_borrower(filled.other)
    for path in ("", "letter/"):
        assert stranger.get(f"/speak/{hold.public_id}/{path}").status_code == 404


@pytest.mark.parametrize(
    "files",
    [
        [b"<html>"],
        [b"MZ\x90"],
        [b""],
        [PDF] * 4,
        [PDF + b"x" * 1_000_000],
        [PDF, b"GIF89a"],
    ],
    ids=["html", "program", "empty", "four", "large", "one_wrong"],
)
def test_a_file_that_is_none_of_ours_is_refused_and_words_are_kept(
    client: Client, files: list[bytes]
) -> None:
    before = Hold.objects.count()
    fields = {"about": "wrong_amount", "words": "kept words", "files": [file(one) for one in files]}
    answer = client.post("/speak/", fields)
    assert answer.status_code == 422
    assert "kept words" in answer.content.decode()
    assert (Hold.objects.count(), ConcernFile.objects.count()) == (before, 0)


def test_the_last_allowed_size_is_taken(client: Client) -> None:
    whole = PDF + b"x" * (1_000_000 - len(PDF))
    assert client.post("/speak/", {"about": "wrong_amount", "files": [file(whole)]}).status_code == 302


def test_a_late_answer_keeps_reminders_off_and_shows_where_to_go(
    client: Client, filled: world.World, now: clock.ManualClock
) -> None:
    client.post("/speak/", {"about": "not_mine", "loan": filled.values["loan_id"]})
    hold = Hold.objects.latest("id")
    now.advance(timedelta(days=21))
    late = world.as_borrower(filled.wang)
    late.cookies["django_language"] = "en"
    text = page(late, f"/speak/{hold.public_id}/")
    assert "We should have answered by December 14, 2026" in text
    assert "12363" in text
    assert _contact(filled) == "refused"


def _contact(filled: world.World, channel: str = "sms", **more: Any) -> str:
    wish: dict[str, Any] = {
        "borrower_id": filled.wang.public_id,
        "channel": channel,
        "purpose": "collection",
        "point_id": filled.values["point_id"],
        "loan_ids": (filled.values["second_loan_id"],),
        "actor": "test",
        **more,
    }
    return request_contact(**wish).verdict


@pytest.fixture
def calm(filled: world.World, now: clock.ManualClock) -> world.World:
    """Wang without the concern that stops everything, a week later, at 10:12 on a Tuesday."""
    for hold in filled.wang.holds.all():
        from lenity.operations.end_hold import end_hold

        end_hold(hold_id=hold.public_id, reason="test", actor="test")
    now.advance(timedelta(days=7))
    return filled


@pytest.fixture
def mine(calm: world.World) -> Client:
    browser = world.as_borrower(calm.wang)
    browser.cookies["django_language"] = "en"
    return browser


@pytest.mark.parametrize(
    ("start", "end", "channel", "days", "verdict"),
    [
        ("09:00", "10:12", "", [], "allowed"),
        ("09:00", "10:13", "", [], "deferred"),
        ("10:12", "11:00", "", [], "deferred"),
        ("10:13", "11:00", "", [], "allowed"),
        ("09:00", "11:00", "sms", [], "deferred"),
        ("09:00", "11:00", "call", [], "allowed"),
        ("09:00", "11:00", "", ["tue"], "deferred"),
        ("09:00", "11:00", "", ["wed"], "allowed"),
        ("22:00", "10:13", "", [], "deferred"),
    ],
)
def test_the_gate_keeps_to_quiet_hours(
    mine: Client, calm: world.World, start: str, end: str, channel: str, days: list[str], verdict: str
) -> None:
    fields = {"do": "quiet", "hours": start, "until": end, "quiet_channel": channel, "weekdays": days}
    assert mine.post("/preferences/", fields).status_code == 302
    assert _contact(calm) == verdict


def test_quiet_hours_are_taken_back_by_their_owner_only(mine: Client, calm: world.World) -> None:
    mine.post("/preferences/", {"do": "quiet", "hours": "09:00", "until": "11:00"})
    found = re.search(
        r'name="wish" value="(\w+)"><button class="btn quiet small">Remove', page(mine, "/preferences/")
    )
    assert found
    ending = {"do": "end_quiet", "wish": found.group(1)}
    assert world.as_borrower(calm.other).post("/preferences/", ending).status_code == 422
    assert _contact(calm) == "deferred"
    assert mine.post("/preferences/", ending).status_code == 302
    assert mine.post("/preferences/", ending).status_code == 422
    assert _contact(calm) == "allowed"


@pytest.mark.parametrize(
    "fields",
    [
        {"hours": "21:00", "until": "21:00"},
        {"hours": "25:00", "until": "21:00"},
        {"hours": "", "until": ""},
        {"hours": "21:00", "until": "09:00", "quiet_channel": "pigeon"},
        {"hours": "21:00", "until": "09:00", "weekdays": ["xyz"]},
    ],
)
def test_hours_that_cannot_be_are_refused(mine: Client, fields: dict[str, Any]) -> None:
    assert mine.post("/preferences/", {"do": "quiet", **fields}).status_code == 422


def test_stop_all_is_kept_by_the_gate_and_can_be_undone(mine: Client, calm: world.World) -> None:
    for want, verdict in (("on", "refused"), ("on", "refused"), ("off", "allowed")):
        mine.post("/preferences/", {"do": "wish", "wish": "cease", "want": want})
        assert _contact(calm) == verdict


MORNINGS_SHUT = [one for one in reach.cells() if one != "sms-morning"]
CHANGES = [
    ("/preferences/", {"do": "channel", "channel": "sms", "want": "off"}, "refused", "Not by this channel"),
    ("/preferences/", {"do": "reach", "open": MORNINGS_SHUT}, "deferred", "Quiet hours"),
    ("/preferences/", {"do": "quiet", "hours": "09:00", "until": "11:00"}, "deferred", "09:00 – 11:00"),
    ("/preferences/", {"do": "wish", "wish": "cease", "want": "on"}, "refused", "No reminder on any channel"),
    ("/preferences/points/", {"points": "1"}, "refused", "Most points in a week"),
    ("/preferences/points/", {"points": "2"}, "allowed", "Most points in a week"),
]


@pytest.mark.parametrize(
    ("path", "change", "verdict", "words"), CHANGES, ids=[str(one[1]) for one in CHANGES]
)
def test_a_change_holds_at_the_very_next_contact_and_says_since_when(
    mine: Client, calm: world.World, path: str, change: dict[str, Any], verdict: str, words: str
) -> None:
    before = page(mine, "/preferences/")
    assert "You have switched nothing off." in before
    assert mine.post(path, change).status_code == 302
    assert _contact(calm) == verdict
    said = page(mine, "/preferences/")
    held = said[said.index("What holds now") : said.index("When, and how")]
    assert words in held
    assert "since Dec 1, 2026, 10:12, at the very next contact" in held
    assert "You have switched nothing off." not in held


def test_neutral_e_mails_say_no_word_of_a_debt(
    mine: Client, calm: world.World, now: clock.ManualClock
) -> None:
    point = factories.contact_point(calm.wang, kind="email", value="wang@example.com")

    def body() -> str:
        more = {"point_id": point.public_id, "template": "cn-reminder-email"}
        assert _contact(calm, "email", **more) == "allowed"
        message = OutboxMessage.objects.latest("contact_id")
        place = {"table": "debt_collection_outboxmessage", "column": "body", "row": message.contact.public_id}
        return str(json.loads(encrypted.unseal(message.body_sealed, **place)))

    assert "到期" in body()
    mine.post("/preferences/", {"do": "wish", "wish": "neutral", "want": "on"})
    now.advance(timedelta(days=7))
    assert not re.search("到期|金额|欠|逾期|还款|款项|王小明", body())
    sent = Contact.objects.latest("id")
    assert sent.template == "cn-neutral-email"
    kept = sent.decision.facts + sent.decision.certificate
    assert "cn-reminder-email" not in kept, "what was sent is what is kept"


def test_messages_come_in_the_language_chosen(mine: Client, calm: world.World) -> None:
    assert mine.post("/preferences/", {"do": "language", "language": "en"}).status_code == 302
    assert mine.post("/preferences/", {"do": "language", "language": "tlh"}).status_code == 422
    calm.wang.refresh_from_db()
    assert calm.wang.language == "en"


def test_a_helper_is_named_seen_sealed_and_ended(client: Client, filled: world.World) -> None:
    good = {"name": "李律师", "reach": "010-12345678", "scope": "talk", "until": "2026-12-31"}
    for wrong in (
        {"name": ""},
        {"reach": " "},
        {"scope": "sign"},
        {"until": "2026-11-23"},
        {"until": "2027-11-25"},
        {"until": "x"},
    ):
        assert client.post("/helper/", {**good, **wrong}).status_code == 422, wrong
    assert client.post("/helper/", good).status_code == 302
    helper = Helper.objects.get()
    assert "李律师" in page(client, "/helper/")
    assert "李律师" not in helper.name_sealed
    ending = {"do": "end", "helper": helper.public_id}
    assert world.as_borrower(filled.other).post("/helper/", ending).status_code == 422
    assert client.post("/helper/", ending).status_code == 302
    assert client.post("/helper/", ending).status_code == 302, "twice changes nothing"
    assert HelperEnd.objects.count() == 1
    assert "李律师" not in page(client, "/helper/")


KEY = re.compile(r'class="mono key">([^<]+)<')


def test_a_key_opens_what_was_given_until_it_is_ended(client: Client, filled: world.World) -> None:
    named = {"name": "李律师", "reach": "010-1", "scope": "see", "until": "2027-11-01", "key": "yes"}
    answer = client.post("/helper/", named)
    found = KEY.search(answer.content.decode())
    assert found
    assert not KEY.search(page(client, "/helper/")), "shown once"
    assert found[1] not in str(list(HelperKey.objects.values()))
    stranger = Client()
    stranger.cookies["django_language"] = "en"
    read = stranger.post("/helping/", {"key": found[1]}).content.decode()
    assert "You read as 李律师, until February 22, 2027" in read, "a key lasts 90 days"
    assert "Contact log" in read
    assert "Owed in all" in read
    assert "What was raised" not in read, "not given"
    assert "13800138000" not in read
    assert stranger.post("/helping/", {"key": found[1][:-1]}).status_code == 422
    assert stranger.get("/").status_code == 302, "a key signs nobody in"
    assert "Your helper read" in page(client, "/data/looked/")
    assert "Your helper read" not in page(world.as_borrower(filled.other), "/data/looked/")
    client.post("/helper/", {"do": "end", "helper": Helper.objects.get().public_id})
    assert stranger.post("/helping/", {"key": found[1]}).status_code == 422


def test_who_looked_is_seen_with_the_reason(client: Client, filled: world.World) -> None:
    staff = world.as_staff("collector", name="li")
    loan = filled.wang.loans.order_by("id").first()
    assert loan is not None
    asked = {"account": loan.account_number, "reason": "she_called", "words": "about her plan"}
    assert staff.post("/work/look-up/", asked).status_code == 302
    text = page(client, "/data/looked/")
    assert "Looked you up" in text
    assert "You called us" in text
    assert "about her plan" not in text, "words of staff about her are not shown here"


def test_what_staff_read_of_a_concern_is_seen_with_its_reason(client: Client, filled: world.World) -> None:
    officer = world.as_staff("compliance", name="chen")
    hold = filled.values["hold_id"]
    sent = {"kind": "concern", "subject": hold, "reason": "to_check", "words": "asked by audit"}
    assert officer.post("/readings/", sent).status_code == 302
    text = page(client, "/data/looked/")
    assert "Read what you told us, with its files" in text
    assert "04chen" in text
    assert "To check an answer" in text
    assert f"/speak/{hold}/" in text
    assert "asked by audit" not in text, "words of staff about her are not shown here"
    assert "To check an answer" not in page(world.as_borrower(filled.other), "/data/looked/")


def test_a_report_of_an_impostor_has_an_answer_for_its_writer(client: Client, filled: world.World) -> None:
    told = {"told": "He wanted 500 yuan to a private account."}
    first = client.post("/verify/report/", told)
    path = first["Location"]
    assert client.post("/verify/report/", told)["Location"] == path, "sent twice, kept once"
    assert "Thank you. We have your report." in page(client, path)
    officer = world.as_staff("compliance", name="chen")
    sent = {"report": path.split("/")[3], "did": "police", "words": "Filed at the station, case 7."}
    assert officer.post("/compliance/impostors/", sent).status_code == 302
    mine = page(client, "/verify/report/")
    assert "We told the police" in mine
    assert path in mine
    stranger = Client()
    stranger.cookies["django_language"] = "en"
    by_reference = page(stranger, path)
    assert "Filed at the station, case 7." in by_reference
    assert "500 yuan" not in by_reference, "a reference shows the answer, not what was told"
    assert path not in page(stranger, "/verify/report/")
    assert stranger.get("/verify/report/NOTHERE/").status_code == 404


M4A = b"\x00\x00\x00\x20ftypM4A \x00\x00"


def test_own_words_and_files_stand_beside_a_contact(client: Client, filled: world.World) -> None:
    path = f"/contacts/{filled.values['contact_id']}/"
    assert client.post(path, {"words": "  "}).status_code == 422
    assert client.post(path, {"words": "x", "files": file(b"<html>")}).status_code == 422
    many = [file(M4A) for _ in range(4)]
    assert client.post(path, {"words": "x", "files": many}).status_code == 422
    said = {"words": "他说他姓张 <b>", "files": [file(M4A, "x.exe"), file(b"%PDF-1.7")]}
    assert client.post(path, said).status_code == 302
    text = page(client, path)
    assert "他说他姓张 &lt;b&gt;" in text
    assert text.count("audio/mp4") == 1
    assert not NoteFile.objects.filter(content_sealed__contains="ftyp").exists()
    assert world.as_borrower(filled.other).post(path, said).status_code == 404
    assert NoteFile.objects.count() == 2


def test_a_contact_outside_the_log_becomes_a_complaint_that_compliance_reads(
    client: Client, filled: world.World
) -> None:
    good = {"how": "call", "on": "2026-11-23", "at": "22:40", "number": "13900009999", "who": "自称张经理"}
    for wrong in ({"how": "fax"}, {"on": "2026-11-25"}, {"on": ""}, {"at": "x"}, {"on": "2020-01-01"}):
        assert client.post("/contacts/told/", {**good, **wrong}).status_code == 422, wrong
    assert client.post("/contacts/told/", {**good, "files": file(b"<html>")}).status_code == 422
    answer = client.post("/contacts/told/", {**good, "words": "催我马上还钱", "files": file(M4A)})
    assert answer["Location"].startswith("/speak/")
    told = ToldContact.objects.get()
    assert told.happened_at == datetime(2026, 11, 23, 14, 40, tzinfo=UTC), "on her own clock"
    assert "13900009999" not in told.number_sealed
    text = page(client, answer["Location"])
    assert "13900009999" in text
    assert "Nov 23, 2026, 22:40" in text
    assert "days left for our answer" in text
    assert "Contacts you told us of" in page(client, "/contacts/")
    staff = world.as_staff("compliance", name="c")
    staff.cookies["django_language"] = "en"
    concern = f"/concerns/{told.hold.public_id}/"
    assert "自称张经理" not in page(staff, concern), "not before she says why she reads it"
    staff.post("/readings/", {"kind": "concern", "subject": told.hold.public_id, "reason": "to_answer"})
    seen = page(staff, concern)
    assert "Made outside the gate, or by a stranger" in seen
    assert "自称张经理" in seen
    assert world.as_borrower(filled.other).get(answer["Location"]).status_code == 404
    again = client.post("/contacts/told/", {**good, "at": "23:05"})
    assert again["Location"] == answer["Location"], "one complaint, two contacts"
    assert ToldContact.objects.count() == 2


def test_the_grid_of_channels_and_times_is_kept_by_the_gate(mine: Client, calm: world.World) -> None:
    everything = list(reach.cells())
    assert mine.post("/preferences/", {"do": "reach", "open": ["fax-noon"]}).status_code == 422
    without = [one for one in everything if one != "sms-morning"]
    assert mine.post("/preferences/", {"do": "reach", "open": without}).status_code == 302
    assert _contact(calm) == "deferred", "it is 10:12"
    shown = page(mine, "/preferences/")
    assert re.search(r'value="sms-morning">', shown)
    assert re.search(r'value="sms-evening" checked>', shown)
    changed = Preference.objects.count()
    mine.post("/preferences/", {"do": "reach", "open": without})
    assert Preference.objects.count() == changed, "twice changes nothing"
    mine.post("/preferences/", {"do": "reach", "open": [one for one in everything if "sms" not in one]})
    assert _contact(calm) == "refused"
    mine.post("/preferences/", {"do": "reach", "open": everything})
    assert _contact(calm) == "allowed"


def test_home_says_what_happens_next(client: Client, filled: world.World, now: clock.ManualClock) -> None:
    text = page(client, "/")
    assert "What happens next" in text
    assert "Our answer to what you told us; we do not remind you before" in text
    assert "We may remind you" not in text, "a complaint is open"
    assert "Why did you contact me?" in text
    assert text.index("1,214.56") < text.index("What happens next"), "amounts first"
    other = world.as_borrower(factories.borrower())
    other.cookies["django_language"] = "en"
    empty = page(other, "/")
    assert "What happens next" not in empty
    late = factories.borrower()
    factories.late_loan(late)
    calm = world.as_borrower(late)
    calm.cookies["django_language"] = "en"
    assert "We may remind you, as rarely as your limits say" in page(calm, "/")


def test_large_type_is_for_this_device_and_leads_nowhere_else(client: Client) -> None:
    answer = client.post("/large-type/", {"next": "https://evil.example/"})
    assert answer["Location"] == "/"
    assert 'class="large"' in page(client, "/me/")
    client.post("/large-type/", {"next": "/me/"})
    assert 'class="large"' not in page(client, "/me/")


def test_a_copy_of_my_data_is_mine_whole_and_readable(client: Client, filled: world.World) -> None:
    plain = json.loads(client.get("/data/copy.json").content)
    assert plain["person"]["name"] == "王小明"
    assert len(plain["loans"]) == 2
    assert plain["loans"][0]["payments"][0]["amount_minor"] == 2_000
    assert len(plain["contacts"]) == filled.wang.contacts.count()
    assert "李雷" not in json.dumps(plain, ensure_ascii=False)
    assert "王小明" in page(client, "/data/read/")


def test_a_request_about_data_has_a_clock_and_one_answer(client: Client, filled: world.World) -> None:
    assert client.post("/data/", {"kind": "everything", "words": "x"}).status_code == 422
    assert client.post("/data/", {"kind": "correction", "words": " "}).status_code == 422
    assert client.post("/data/", {"kind": "correction", "words": "my address"})["Location"] == "/data/"
    assert "We answer by December 9, 2026" in page(client, "/data/")
    [(owner, waiting, _)] = support_queries.requests_waiting(lambda kind, subject: True)
    assert owner == filled.wang.public_id
    answer_data_request(request_id=waiting.public_id, answer="done", words="corrected", actor="staff")
    with pytest.raises(Exception, match="answered already"):
        answer_data_request(request_id=waiting.public_id, answer="done", words="again", actor="staff")
    assert "corrected" in page(client, "/data/")
    for count in range(10):
        client.post("/data/", {"kind": "deletion", "words": f"the old number, {count}"})
    assert client.post("/data/", {"kind": "deletion", "words": "one more"}).status_code == 422
    assert DataRequest.objects.count() == 11


def test_reports_show_what_would_be_said_and_take_a_statement(client: Client) -> None:
    text = page(client, "/reports/")
    assert "40 days late" in text
    assert "Nothing was reported about you from here." in text
    answer = client.post("/data/", {"kind": "bureau_statement", "words": "I was in hospital."})
    assert answer["Location"] == "/reports/"
    assert "I was in hospital." in page(client, "/reports/")


@pytest.mark.parametrize(
    ("place", "number", "law"),
    [
        ("CN", "12378", "CN-GBT-TIME"),
        ("US", "consumerfinance.gov", "US-RF-6b1-TIME"),
        ("HK", "2878 1378", "HK-HKMA-3.4.1"),
        ("UK", "0300 123 9 123", "UK-CONC-7.3.4"),
    ],
)
def test_rights_and_bodies_follow_the_place(filled: world.World, place: str, number: str, law: str) -> None:
    stranger = Client()
    stranger.cookies["django_language"] = "en"
    assert number in page(stranger, f"/help/complain/?place={place}")
    rights = page(stranger, f"/rights/?place={place}")
    says = next(one.says["en"] for one in reader.rulebook(place).provisions if one.id == law)
    assert escape(says) in rights
    assert len(rights.encode()) < 100_000
    court = page(stranger, f"/help/court/?place={place}")
    assert ("3 years" in court) == (place == "CN")
    complain = page(stranger, f"/help/complain/?place={place}")
    assert complain.count("Not confirmed by us") == (place == "CN"), "12315 stands apart"


@pytest.mark.parametrize(
    ("place", "zone", "number", "shown"),
    [
        ("US", "America/Chicago", "consumerfinance.gov/complaint", "CST"),
        ("HK", "Asia/Hong_Kong", "2878 1378", ""),
    ],
)
def test_a_page_has_the_lines_the_day_and_the_clock_of_its_reader(
    now: clock.ManualClock, place: str, zone: str, number: str, shown: str
) -> None:
    owner = factories.borrower(jurisdiction=place, language="en")
    factories.contact_point(owner, value="+13125550188", zones=(zone,))
    factories.late_loan(owner, currency="USD")
    now.move_to(datetime(2026, 11, 24, 17, 30, tzinfo=UTC))
    client = world.as_borrower(owner)
    client.cookies["django_language"] = "en"
    text = page(client, "/help/complain/")
    assert number in text
    assert "12378" not in text + page(client, "/budget/") + page(client, "/")
    client.post("/speak/", {"about": "not_mine"})
    text = page(client, f"/speak/{owner.holds.get().public_id}/")
    assert ("Nov 24, 2026, 11:30 CST" in text) == bool(shown)
    assert ("Nov 25, 2026, 01:30" in text) == (place == "HK")
    until = {"name": "Ann", "reach": "1", "scope": "see"}
    yesterday = {"US": "2026-11-23", "HK": "2026-11-24"}[place]
    assert client.post("/helper/", {**until, "until": yesterday}).status_code == 422, "its own day has begun"
