"""Webhooks: with the event or not at all, signed so that a stranger's library agrees, and nowhere private."""

from __future__ import annotations

import base64
import http.server
import json
import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import transaction

from lenity.base import webhooks
from lenity.base.outcomes import InputRefused
from lenity.gateways import clock
from lenity.gateways import webhooks as gateway
from lenity.operations.add_webhook_endpoint import Added, add_webhook_endpoint
from lenity.operations.end_webhook_endpoint import end_webhook_endpoint
from lenity.operations.open_hold import open_hold
from lenity.operations.replay_webhook import replay_webhook
from lenity.operations.rotate_webhook_key import rotate_webhook_key
from lenity.operations.send_test_webhook import send_test_webhook
from lenity.operations.send_webhooks import send_webhooks
from lenity.records.webhooks import queries
from lenity.records.webhooks.models import Endpoint, EndpointKey, WebhookAttempt, WebhookMessage
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
RULES = gateway.Rules(("hooks.example.com", ".partner.example"))
LOCAL = gateway.Rules(("127.0.0.1",), private=True)
Call = tuple[str, str, dict[str, str]]


class Receiver:
    """Somebody's program: answers as it is told and keeps what it got."""

    def __init__(self, *statuses: int) -> None:
        self.statuses, self.calls = list(statuses), list[Call]()

    def __call__(
        self, url: str, text: str, headers: Mapping[str, str], rules: gateway.Rules
    ) -> gateway.Answer:
        self.calls.append((url, text, dict(headers)))
        return gateway.Answer(self.statuses.pop(0) if self.statuses else 200)


@pytest.fixture
def now() -> Iterator[clock.ManualClock]:
    with clock.use(clock.ManualClock(factories.MORNING)) as moving:
        assert isinstance(moving, clock.ManualClock)
        yield moving


def _added(*kinds: str) -> Added:
    return add_webhook_endpoint(url="https://hooks.example.com/in", kinds=kinds, rules=RULES, actor="test")


def _verified(public: str, call: Call) -> bool:
    """The specification's own steps, with another library's Ed25519 left to do the work."""
    _, text, headers = call
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{text}".encode()
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public.removeprefix("whpk_")))
    for version, signature in (one.split(",") for one in headers["webhook-signature"].split(" ")):
        try:
            key.verify(base64.b64decode(signature), content)
        except InvalidSignature:
            continue
        return version == "v1a"
    return False


def test_a_message_is_born_with_its_event_or_not_at_all(now: clock.ManualClock) -> None:
    _added("hold.opened")
    _added("payment.taken")
    owner = factories.borrower()

    def undone() -> None:
        with transaction.atomic():
            open_hold(borrower_id=owner.public_id, kind="promise", actor="test")
            assert WebhookMessage.objects.count() == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        undone()
    assert WebhookMessage.objects.count() == 0
    hold = open_hold(borrower_id=owner.public_id, kind="promise", actor="test")
    message = WebhookMessage.objects.get()
    assert json.loads(message.body) == {
        "type": "hold.opened",
        "timestamp": "2026-11-24T02:12:00.000000Z",
        "data": {"kind": "hold", "id": hold.public_id, "borrower": owner.public_id},
    }


def test_signatures_verify_and_changes_are_found(now: clock.ManualClock) -> None:
    added, receiver = _added(), Receiver()
    sent = send_test_webhook(endpoint_id=added.endpoint.public_id, actor="test")
    send_webhooks(rules=RULES, actor="test", post=receiver)
    url, text, headers = receiver.calls[0]
    assert headers["webhook-id"] == sent.public_id
    assert _verified(added.public_key, receiver.calls[0])
    assert not _verified(added.public_key, (url, text + " ", headers))
    for name, value in (("webhook-id", "X"), ("webhook-timestamp", "1")):
        assert not _verified(added.public_key, (url, text, {**headers, name: value}))


def test_the_old_key_signs_beside_the_new_one_for_a_day(now: clock.ManualClock) -> None:
    added, receiver = _added(), Receiver()
    endpoint = added.endpoint.public_id
    new = rotate_webhook_key(endpoint_id=endpoint, actor="test")
    for wait in (timedelta(hours=23, minutes=59), timedelta(minutes=1)):
        now.advance(wait)
        send_test_webhook(endpoint_id=endpoint, actor="test")
        send_webhooks(rules=RULES, actor="test", post=receiver)
    assert [_verified(added.public_key, call) for call in receiver.calls] == [True, False]
    assert [_verified(new, call) for call in receiver.calls] == [True, True]
    assert "whsk_" not in "".join(EndpointKey.objects.values_list("private_sealed", flat=True))


def test_retries_keep_the_id_take_a_new_time_and_end(now: clock.ManualClock) -> None:
    added, receiver = _added(), Receiver(*[500] * (len(webhooks.WAITS) + 1))
    sent = send_test_webhook(endpoint_id=added.endpoint.public_id, actor="test")
    for wait in webhooks.WAITS:
        assert send_webhooks(rules=RULES, actor="test", post=receiver).waiting == 1
        now.advance(wait - timedelta(seconds=1))
        assert send_webhooks(rules=RULES, actor="test", post=receiver).claimed == 0
        now.advance(timedelta(seconds=1))
    assert send_webhooks(rules=RULES, actor="test", post=receiver).given_up == 1
    headers = [headers for _, _, headers in receiver.calls]
    assert {one["webhook-id"] for one in headers} == {sent.public_id}
    assert len({one["webhook-timestamp"] for one in headers}) == len(webhooks.WAITS) + 1
    assert all(_verified(added.public_key, call) for call in receiver.calls)
    now.advance(timedelta(days=30))
    assert send_webhooks(rules=RULES, actor="test", post=receiver).claimed == 0
    replay_webhook(message_id=sent.public_id, actor="test")
    assert send_webhooks(rules=RULES, actor="test", post=receiver).delivered == 1
    assert receiver.calls[-1][2]["webhook-id"] == sent.public_id
    assert [one.status for one in queries.log()[0].attempts][-2:] == [500, 200]
    assert WebhookAttempt.objects.count() == len(webhooks.WAITS) + 2


def test_an_endpoint_that_takes_nothing_ends_and_a_replay_opens_it(now: clock.ManualClock) -> None:
    added, receiver = _added(), Receiver(*[500] * (len(webhooks.WAITS) + 1))
    sent = send_test_webhook(endpoint_id=added.endpoint.public_id, actor="test")
    for wait in webhooks.WAITS:
        send_webhooks(rules=RULES, actor="test", post=receiver)
        assert Endpoint.objects.get().ended_at is None
        now.advance(wait)
    later = send_test_webhook(endpoint_id=added.endpoint.public_id, actor="test")
    send_webhooks(rules=RULES, actor="test", post=receiver, at_most=1)
    assert Endpoint.objects.get().ended_reason == webhooks.SILENT
    assert WebhookMessage.objects.get(public_id=later.public_id).state == "ended"
    for one in (sent, later):
        replay_webhook(message_id=one.public_id, actor="test")
    assert Endpoint.objects.get().ended_at is None
    assert send_webhooks(rules=RULES, actor="test", post=receiver).delivered == 2


def test_one_message_that_nobody_wants_does_not_end_an_endpoint(now: clock.ManualClock) -> None:
    added = _added()
    send_test_webhook(endpoint_id=added.endpoint.public_id, actor="test")
    for wait in webhooks.WAITS:
        send_webhooks(rules=RULES, actor="test", post=Receiver(500))
        now.advance(wait)
    send_test_webhook(endpoint_id=added.endpoint.public_id, actor="test")
    done = send_webhooks(rules=RULES, actor="test", post=Receiver(500, 200))
    assert (done.given_up, done.delivered) == (1, 1)
    assert Endpoint.objects.get().ended_at is None


def test_a_sender_that_stopped_is_replaced_and_settles_nothing(now: clock.ManualClock) -> None:
    added, receiver = _added(), Receiver()
    send_test_webhook(endpoint_id=added.endpoint.public_id, actor="test")

    def slow(url: str, text: str, headers: Mapping[str, str], rules: gateway.Rules) -> gateway.Answer:
        assert send_webhooks(rules=RULES, actor="test", post=receiver).claimed == 0
        now.advance(timedelta(minutes=10, seconds=1))
        assert send_webhooks(rules=RULES, actor="test", post=receiver).delivered == 1
        return gateway.Answer(500)

    assert send_webhooks(rules=RULES, actor="test", post=slow).waiting == 0
    assert WebhookMessage.objects.get().state == "delivered"


def test_gone_ends_the_endpoint_and_what_waits(now: clock.ManualClock) -> None:
    added = _added()
    first = send_test_webhook(endpoint_id=added.endpoint.public_id, actor="test")
    send_webhooks(rules=RULES, actor="test", post=Receiver(410))
    assert Endpoint.objects.get().ended_reason == "answered 410 Gone"
    with pytest.raises(InputRefused):
        send_test_webhook(endpoint_id=added.endpoint.public_id, actor="test")
    with pytest.raises(InputRefused):
        replay_webhook(message_id=first.public_id, actor="test")
    other = _added()
    send_test_webhook(endpoint_id=other.endpoint.public_id, actor="test")
    end_webhook_endpoint(endpoint_id=other.endpoint.public_id, reason="no longer needed", actor="test")
    assert send_webhooks(rules=RULES, actor="test", post=Receiver()).claimed == 0


REFUSED = [
    "http://hooks.example.com/in",
    "https://hooks.example.com:8443/in",
    "https://evil.example.com/in",
    "https://hooks.example.com.evil.com/",
    "https://partner.example/",
    "https://xpartner.example/",
    "https://user:secret@hooks.example.com/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://hooks.example.com/\r\nX: y",
    "https://hooks.example.com/#part",
    "file:///etc/passwd",
    "gopher://hooks.example.com/",
    "https://hooks.example.com/" + "a" * 500,
    "https://hooks.example.com:99999/",
    "",
]


@pytest.mark.parametrize("url", REFUSED)
def test_addresses_off_the_list_are_refused(url: str) -> None:
    with pytest.raises(InputRefused):
        gateway.check_url(url, RULES)
    assert gateway.post(url, "{}", {}, RULES).status == 0


def test_addresses_on_the_list_are_taken() -> None:
    for url in ("https://hooks.example.com/in?x=1", "https://a.partner.example:443/"):
        assert gateway.check_url(url, RULES).scheme == "https"


PRIVATE = ["127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.1.1", "100.64.0.1", "::1", "fd00::1",
           "::ffff:127.0.0.1", "0.0.0.0", "224.0.0.1"]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_a_listed_name_that_leads_inside_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def inside(*arguments: Any, **named: Any) -> list[Any]:
        return [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", (address, 443))]

    monkeypatch.setattr("socket.getaddrinfo", inside)
    answer = gateway.post("https://hooks.example.com/in", "{}", {}, RULES)
    assert (answer.status, "not public" in answer.note) == (0, True)


def test_unknown_kinds_and_ids_are_refused_in_words() -> None:
    with pytest.raises(InputRefused, match="no kind of event"):
        _added("payment.invented")
    with pytest.raises(InputRefused):
        rotate_webhook_key(endpoint_id="NOBODY", actor="test")


def test_over_the_wire_and_no_redirects(now: clock.ManualClock) -> None:
    got: list[Call] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            got.append((self.path, text, {name.lower(): value for name, value in self.headers.items()}))
            self.send_response(204 if len(got) > 1 else 302)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *arguments: Any) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}/hooks?a=1"
        added = add_webhook_endpoint(url=url, kinds=(), rules=LOCAL, actor="test")
        send_test_webhook(endpoint_id=added.endpoint.public_id, actor="test")
        assert send_webhooks(rules=LOCAL, actor="test").waiting == 1
        now.advance(timedelta(seconds=5))
        assert send_webhooks(rules=LOCAL, actor="test").delivered == 1
    finally:
        server.shutdown()
        server.server_close()
    assert [path for path, _, _ in got] == ["/hooks?a=1"] * 2
    assert all(_verified(added.public_key, call) for call in got)
    assert len(got[0][1]) < webhooks.MOST_BYTES
