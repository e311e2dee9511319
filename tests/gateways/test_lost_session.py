"""A short-message session that is lost in mid-stream is bound again: nothing is lost, nothing is sent twice."""

from __future__ import annotations

import asyncio
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

import pytest
import smpp34

from lenity.gateways import delivery
from lenity.gateways.sms import CONTACT_ID_TAG, SmppGateway, SmppSettings
from tests.gateways.test_loopback import _message, _wait

BIND, SUBMIT, UNBIND, ALIVE, DELIVER = 0x09, 0x04, 0x06, 0x15, 0x05
ANSWER = 0x80000000


class Centre:
    """A message centre that breaks the line after so many submits, the last of them unanswered."""

    def __init__(self, break_after: list[int], unanswered: int = 3, deaf: float = 0) -> None:
        self.taken: Counter[str] = Counter()
        self.binds = 0
        self.port = 0
        self._breaks, self._unanswered, self._deaf = list(break_after), unanswered, deaf

    async def serve(self, ready: threading.Event, done: asyncio.Event) -> None:
        server = await asyncio.start_server(self._session, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await done.wait()
        server.close()
        others = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
        for one in others:
            one.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.binds += 1
        if self.binds > 1 and self._deaf:
            self._deaf -= 1
            writer.transport.abort()
            return
        limit = self._breaks.pop(0) if self._breaks else 10**9
        here = 0
        with closing(writer), suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readexactly(16)
                length, command, _, number = struct.unpack(">IIII", head)
                raw = head + await reader.readexactly(length - 16)
                body = b""
                if command == BIND:
                    body = b"test\x00"
                if command == SUBMIT:
                    here += 1
                    submit = smpp34.decode(raw)
                    assert isinstance(submit, smpp34.SubmitSm)
                    contact = next(one.value for one in submit.tlvs if one.tag == CONTACT_ID_TAG).decode()
                    self.taken[contact] += 1
                    if here >= limit:
                        writer.transport.abort()
                        return
                    if here > limit - self._unanswered:
                        continue
                    body = f"M{contact}\x00".encode()
                if command in (BIND, SUBMIT, UNBIND, ALIVE):
                    writer.write(struct.pack(">IIII", 16 + len(body), command | ANSWER, 0, number) + body)
                if command == SUBMIT:
                    writer.write(_receipt(contact, number))


def _receipt(contact: str, number: int) -> bytes:
    text = f"id:M{contact} sub:001 dlvrd:001 stat:DELIVRD err:000 text:".encode()
    body = b"\x00\x01\x01138\x00\x01\x0110690000\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00"
    body += bytes([len(text)]) + text
    return struct.pack(">IIII", 16 + len(body), DELIVER, 0, 10_000 + number) + body


@contextmanager
def running(centre: Centre) -> Iterator[Centre]:
    loop, ready, done = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(centre.serve(ready, done)), daemon=True)
    thread.start()
    assert ready.wait(10)
    yield centre
    loop.call_soon_threadsafe(done.set)
    thread.join(10)
    loop.close()


def _gateway(centre: Centre, **changes: object) -> SmppGateway:
    known = {"window": 10, "answer_seconds": 5, "bind_seconds": 1, "rebind_seconds": (0, 0, 1)}
    return SmppGateway(SmppSettings("127.0.0.1", centre.port, "lenity", "pw", **{**known, **changes}))  # type: ignore[arg-type]


def test_a_session_lost_in_mid_stream_is_bound_again() -> None:
    with running(Centre([30, 25])) as centre, _gateway(centre) as gateway:
        messages = [_message(f"C{number:03d}", "sms") for number in range(120)]
        answers = gateway.hand_over_many(messages)
        came = _wait(gateway, 80)
        later = gateway.hand_over_many([_message("LATER", "sms")])
    assert centre.binds == 3
    assert set(answers) == {one.contact_id for one in messages}, "each has its answer"
    assert max(centre.taken.values()) == 1, "nothing is sent twice"
    kinds = Counter(type(one).__name__ for one in answers.values())
    assert set(kinds) == {"Accepted", "Unknown"}
    assert kinds["Unknown"] <= 2 * 10, "what was on its way when the line broke, a window each time"
    accepted = {name for name, one in answers.items() if isinstance(one, delivery.Accepted)}
    assert accepted <= set(centre.taken), "what was accepted reached the centre"
    assert {name for name, one in answers.items() if name not in centre.taken} <= set(answers) - accepted
    told = {one.provider_id for one in came}
    assert told <= {f"M{name}" for name in accepted}
    assert len(accepted) - len(told) <= 2 * 10, (
        "receipts go on after each loss; a real centre repeats the rest"
    )
    assert isinstance(later["LATER"], delivery.Accepted)


def test_a_centre_that_is_away_for_a_while_is_tried_again() -> None:
    with running(Centre([5], deaf=2)) as centre, _gateway(centre) as gateway:
        answers = gateway.hand_over_many([_message(f"D{number:03d}", "sms") for number in range(40)])
    assert centre.binds == 4
    assert max(centre.taken.values()) == 1
    assert sum(isinstance(one, delivery.Accepted) for one in answers.values()) >= 40 - 10


def test_without_a_session_a_message_is_certainly_not_sent() -> None:
    with running(Centre([1], deaf=10**6)) as centre, _gateway(centre, answer_seconds=1) as gateway:
        gateway.hand_over_many([_message("FIRST", "sms")])
        began = time.monotonic()
        answers = gateway.hand_over_many([_message("SECOND", "sms")])
    refused = answers["SECOND"]
    assert isinstance(refused, delivery.RefusedByProvider)
    assert refused.code == "bind"
    assert "SECOND" not in centre.taken
    assert time.monotonic() - began < 5


def test_a_centre_that_was_never_there_is_the_callers_to_know() -> None:
    with (
        pytest.raises((smpp34.SmppError, OSError, TimeoutError)),
        SmppGateway(SmppSettings("127.0.0.1", 1, "a", "b")),
    ):
        pass
