"""Real protocols against sinks on loopback: what is sent arrives whole, once, and receipts come back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import aiosmtplib
import pytest

from lenity.gateways import clock, delivery, sinks
from lenity.gateways.email import SmtpGateway, SmtpSettings
from lenity.gateways.sms import SmppGateway, read_receipt, read_text, validity
from tests.factories import MORNING

CHINESE = "【样例小贷】您好,这是一条还款提醒。核实请访问验证页面,编号 ABCDEFGH23。😀" * 4


@pytest.fixture(scope="module")
def running() -> Iterator[sinks.Sinks]:
    with sinks.running(undelivered_per_mille=0) as both:
        yield both


def _message(contact_id: str, channel: str, **changes: object) -> delivery.Message:
    fields = {
        "contact_id": contact_id,
        "channel": channel,
        "to": "+8613800138000" if channel == "sms" else "wang@example.com",
        "sender": "10690000" if channel == "sms" else "care@lender.example",
        "subject": "关于您的账户",
        "body": CHINESE,
        "language": "zh-hans",
        "not_after": clock.now() + timedelta(hours=1),
    }
    return delivery.Message(**{**fields, **changes})  # type: ignore[arg-type]


def _wait(gateway: SmppGateway, count: int) -> list[delivery.Receipt]:
    came: list[delivery.Receipt] = []
    end = time.monotonic() + 10
    while len(came) < count and time.monotonic() < end:
        came += gateway.receipts()
        time.sleep(0.01)
    return came


def test_short_messages_arrive_whole_and_once_with_receipts(running: sinks.Sinks) -> None:
    with SmppGateway(running.smpp) as gateway:
        messages = [_message(f"SMS{number:03d}", "sms") for number in range(120)]
        answers = gateway.hand_over_many(messages)
        receipts = _wait(gateway, 120)
    assert all(isinstance(answer, delivery.Accepted) for answer in answers.values())
    assert all(running.times(message.contact_id) == 1 for message in messages)
    arrived = {one.body for one in running.received if one.channel == "sms"}
    assert arrived == {CHINESE}
    accepted = {answer.provider_id for answer in answers.values() if isinstance(answer, delivery.Accepted)}
    assert {receipt.provider_id for receipt in receipts} == accepted
    assert {receipt.state for receipt in receipts} == {"delivered"}


def test_mail_arrives_whole_and_once(running: sinks.Sinks) -> None:
    messages = [_message(f"MAIL{number:03d}", "email") for number in range(20)]
    answers = SmtpGateway(running.smtp).hand_over_many(messages)
    assert all(isinstance(answer, delivery.Accepted) for answer in answers.values())
    kept = [one for one in running.received if one.contact_id.startswith("MAIL0")]
    assert sorted(one.contact_id for one in kept) == [message.contact_id for message in messages]
    assert {one.subject for one in kept} == {"关于您的账户"}
    assert {one.body.strip() for one in kept} == {CHINESE}


def test_a_mailbox_that_is_not_there_is_refused(running: sinks.Sinks) -> None:
    answers = SmtpGateway(running.smtp).hand_over_many([_message("NO", "email", to="nobody@example.com")])
    assert isinstance(answers["NO"], delivery.RefusedByProvider)
    assert answers["NO"].code == "550"


def test_nothing_is_handed_over_after_its_time(running: sinks.Sinks) -> None:
    late = {"not_after": clock.now() - timedelta(seconds=1)}
    mail = SmtpGateway(running.smtp).hand_over_many([_message("LATE1", "email", **late)])
    with SmppGateway(running.smpp) as gateway:
        sms = gateway.hand_over_many([_message("LATE2", "sms", **late)])
    assert isinstance(mail["LATE1"], delivery.RefusedByProvider)
    assert isinstance(sms["LATE2"], delivery.RefusedByProvider)
    assert running.times("LATE1") == running.times("LATE2") == 0


@pytest.mark.parametrize(
    "unfit",
    [{"to": "a@example.com\nBcc: b@example.com"}, {"subject": "a\nb"}, {"to": ""}, {"body": "a\ud800"}],
)
def test_a_mail_that_cannot_be_written_takes_no_other_with_it(
    running: sinks.Sinks, unfit: dict[str, str]
) -> None:
    good = [_message(f"GOOD{len(running.received)}{place}", "email") for place in (1, 2)]
    answers = SmtpGateway(running.smtp).hand_over_many(
        [good[0], _message("UNFIT", "email", **unfit), good[1]]
    )
    assert isinstance(answers["UNFIT"], delivery.RefusedByProvider)
    assert all(isinstance(answers[one.contact_id], delivery.Accepted) for one in good)
    assert running.times("UNFIT") == 0


def test_answers_are_kept_when_the_goodbye_fails(
    running: sinks.Sinks, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dies(_: aiosmtplib.SMTP) -> None:
        raise aiosmtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(aiosmtplib.SMTP, "quit", dies)
    answers = SmtpGateway(running.smtp).hand_over_many([_message("BYE", "email")])
    assert isinstance(answers["BYE"], delivery.Accepted)


@pytest.mark.parametrize(
    ("raw", "coding", "has_header", "text"),
    [
        (b"STOP", 0, False, "STOP"),
        ("退订".encode("utf-16-be") + b"\x00", 8, False, "退订\ufffd"),
        (b"\xd8\x00", 8, False, "\ufffd"),
        (b"\x05\x00\x03\x01\x01\x01STOP", 0, True, "STOP"),
        (b"", 8, True, ""),
    ],
)
def test_replies_are_read_whatever_they_hold(raw: bytes, coding: int, has_header: bool, text: str) -> None:
    assert read_text(raw, coding, has_header=has_header) == text


def test_no_connection_means_certainly_not_sent() -> None:
    closed = SmtpSettings("127.0.0.1", 1, "lender.example", "http://localhost/", timeout_seconds=5)
    answers = SmtpGateway(closed).hand_over_many([_message("X", "email")])
    assert isinstance(answers["X"], delivery.RefusedByProvider)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, "000000000100000R"), (7200, "000000020000000R"), (10**6, "000000235959000R")],
)
def test_validity_ends_with_the_open_window(seconds: int, expected: str) -> None:
    assert validity(MORNING, MORNING + timedelta(seconds=seconds)) == expected


@pytest.mark.parametrize(
    ("text", "state", "provider_id"),
    [
        (b"id:S1 sub:001 dlvrd:001 stat:DELIVRD err:000 text:", "delivered", "S1"),
        (b"id:S2 stat:UNDELIV err:069", "undelivered", "S2"),
        (b"id:S3 stat:EXPIRED", "expired", "S3"),
        (b"id:S4 stat:WHATEVER", "unknown", "S4"),
        (b"\xff\xfe garbage", "unknown", ""),
    ],
)
def test_receipts_are_read_and_nothing_is_lost(text: bytes, state: str, provider_id: str) -> None:
    receipt = read_receipt(text, MORNING)
    assert (receipt.state, receipt.provider_id) == (state, provider_id)
    assert receipt.raw == text.decode("latin-1")
