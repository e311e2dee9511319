"""Short messages over SMPP 3.4 (smpp34). SMPP has no idempotency: what is unanswered is never sent again.

A session that is lost is bound again, for as long as the gateway is open: what had not been submitted goes out in
the new one, what was submitted and not answered is unknown and stays so.

Long texts go whole in the `message_payload` parameter, so no sign is ever cut in two. Our contact id goes
along in a vendor parameter. Receipts are matched by the provider's id, whatever their order.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import re
import threading
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import smpp34

from lenity.gateways import clock
from lenity.gateways.delivery import Accepted, Answer, Message, Receipt, RefusedByProvider, Reply, Unknown

LOG = logging.getLogger(__name__)
PROVIDER = "smpp"
UCS2 = 8
LONGEST_SHORT_MESSAGE = 140
WANTS_RECEIPT = 1
IS_RECEIPT = 0x04
HAS_HEADER = 0x40
CONTACT_ID_TAG = 0x1400
MESSAGE_PAYLOAD_TAG = 0x0424
A_MOMENT = 0.02
STATES = {
    "DELIVRD": "delivered",
    "UNDELIV": "undelivered",
    "EXPIRED": "expired",
    "REJECTD": "rejected",
    "ACCEPTD": "accepted",
    "ENROUTE": "accepted",
}
Result = TypeVar("Result")


@dataclass(frozen=True)
class SmppSettings:
    """The message centre to bind to. `window` is how many submits may be unanswered at once."""

    host: str
    port: int
    system_id: str
    password: str
    window: int = 50
    answer_seconds: int = 20
    bind_seconds: int = 10
    rebind_seconds: tuple[int, ...] = (0, 1, 2, 5, 10, 30)
    """How long is waited before each new try to bind; the last one again and again."""


class SmppGateway:
    """The SMS channel: one session on an event loop of its own."""

    def __init__(self, settings: SmppSettings) -> None:
        self._settings = settings
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smpp", daemon=True)
        self._session: tuple[smpp34.Client, smpp34.Smsc] | None = None
        self._receipts: list[Receipt] = []
        self._replies: list[Reply] = []
        self._lock = threading.Lock()

    def __enter__(self) -> SmppGateway:
        self._thread.start()
        try:
            self._run(self._open())
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._close())
        self._stop()

    def _stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    def hand_over_many(self, messages: list[Message]) -> Mapping[str, Answer]:
        """Submit messages, at most a window of them unanswered; an answer for each by contact id."""
        return self._run(self._submit_all(messages))

    def receipts(self) -> list[Receipt]:
        """Receipts that came since the last call."""
        with self._lock:
            came, self._receipts = self._receipts, []
        return came

    def replies(self) -> list[Reply]:
        """Texts that people sent since the last call."""
        with self._lock:
            came, self._replies = self._replies, []
        return came

    def _run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _open(self) -> None:
        """The first session; a centre that cannot be reached is the caller's to know."""
        self._session = await self._bind()
        self._keeper = self._loop.create_task(self._keep())

    async def _bind(self) -> tuple[smpp34.Client, smpp34.Smsc]:
        own = self._settings
        client = smpp34.Client(
            host=own.host,
            port=own.port,
            system_id=own.system_id,
            password=own.password,
            bind_type="TRX",
        )
        try:
            return client, await asyncio.wait_for(client.connect(), own.bind_seconds)
        except BaseException:
            with suppress(smpp34.SmppError, OSError):
                await client.stop()
            raise

    async def _close(self) -> None:
        self._keeper.cancel()
        await asyncio.gather(self._keeper, return_exceptions=True)
        if self._session is not None:
            with suppress(smpp34.SmppError, OSError):
                await self._session[0].stop()

    async def _keep(self) -> None:
        """Listen, and bind again whenever the session has ended."""
        while True:
            if self._session is not None:
                client, smsc = self._session
                await self._listen(smsc)
                self._session = None
                with suppress(smpp34.SmppError, OSError):
                    await client.stop()
            await self._bind_again()

    async def _bind_again(self) -> None:
        waits = self._settings.rebind_seconds
        for tried in itertools.count():
            await asyncio.sleep(waits[min(tried, len(waits) - 1)])
            try:
                self._session = await self._bind()
            except (smpp34.SmppError, TimeoutError, OSError) as error:
                LOG.warning("The message centre cannot be bound to: %s.", type(error).__name__)
            else:
                return

    async def _listen(self, smsc: smpp34.Smsc) -> None:
        """Take in receipts and replies until the session ends."""
        while isinstance(event := await smsc.next(), smpp34.DeliverSmEvent):
            payload = next((one.value for one in event.tlvs if one.tag == MESSAGE_PAYLOAD_TAG), b"")
            raw = event.short_message or payload
            with self._lock:
                if event.esm_class & IS_RECEIPT:
                    self._receipts.append(read_receipt(raw, clock.now()))
                else:
                    text = read_text(raw, event.data_coding, has_header=bool(event.esm_class & HAS_HEADER))
                    self._replies.append(Reply(f"+{event.source_addr.lstrip('+')}", text, clock.now()))

    async def _alive(self) -> smpp34.Smsc | None:
        """A session that is bound, waiting for one as long as for an answer."""
        end = self._loop.time() + self._settings.answer_seconds
        while self._loop.time() < end:
            if self._session is not None and await self._session[0].is_alive():
                return self._session[1]
            await asyncio.sleep(A_MOMENT)
        return None

    async def _submit_all(self, messages: list[Message]) -> dict[str, Answer]:
        places = asyncio.Semaphore(self._settings.window)

        async def one(message: Message) -> tuple[str, Answer]:
            async with places:
                return message.contact_id, await self._submit(message)

        return dict(await asyncio.gather(*(one(message) for message in messages)))

    async def _submit(self, message: Message) -> Answer:
        smsc = await self._alive()
        if clock.now() > message.not_after:
            return RefusedByProvider("late", "Its time had passed before it was handed over.")
        if smsc is None:
            return RefusedByProvider("bind", "There is no session; it was not handed over.")
        try:
            text = message.body.encode("utf-16-be")
        except UnicodeError:
            return RefusedByProvider("unfit", "The text has signs that no message can carry.")
        parameters = [smpp34.Tlv(CONTACT_ID_TAG, message.contact_id.encode())]
        if len(text) > LONGEST_SHORT_MESSAGE:
            parameters.append(smpp34.Tlv(MESSAGE_PAYLOAD_TAG, text))
            text = b""
        submit = smsc.submit_sm(
            message.to.lstrip("+"),
            text,
            source_addr=message.sender,
            data_coding=UCS2,
            registered_delivery=WANTS_RECEIPT,
            validity_period=validity(clock.now(), message.not_after),
            tlvs=parameters,
        )
        try:
            answer = await asyncio.wait_for(submit, self._settings.answer_seconds)
        except (smpp34.SmppError, TimeoutError, OSError) as error:
            return Unknown(f"No answer to the submit: {type(error).__name__}.")
        if answer.is_success and answer.message_id:
            return Accepted(PROVIDER, answer.message_id)
        return RefusedByProvider(f"{answer.command_status:#06x}", "The message centre refused it.")


def read_text(raw: bytes, coding: int, *, has_header: bool = False) -> str:
    """What somebody wrote. Signs that cannot be read stand as U+FFFD, so that nothing is lost.

    >>> read_text(b"STOP", 0), read_text("退订".encode("utf-16-be") + b"x", UCS2)
    ('STOP', '退订�')
    """
    body = raw[1 + raw[0] :] if has_header and raw else raw
    return body.decode("utf-16-be" if coding == UCS2 else "latin-1", "replace")


def validity(now: datetime, not_after: datetime) -> str:
    """SMPP 3.4, 7.1.1: a relative validity period, so that nothing arrives when the gate has closed.

    At least a minute, at most a day.
    """
    seconds = min(max(int((not_after - now).total_seconds()), 60), 86_399)
    hours, rest = divmod(seconds, 3600)
    return f"000000{hours:02d}{rest // 60:02d}{rest % 60:02d}000R"


def read_receipt(text: bytes, at: datetime) -> Receipt:
    """SMPP 3.4, appendix B: the text of a delivery receipt. What cannot be read is `unknown`, and kept."""
    raw = text.decode("latin-1")
    found = dict(re.findall(r"\b(id|stat|err):(\S+)", raw))
    return Receipt(PROVIDER, found.get("id", ""), STATES.get(found.get("stat", ""), "unknown"), at, raw)
