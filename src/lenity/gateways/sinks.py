"""A mail exchanger and a short-message centre on loopback, for demos and tests. Nothing leaves the machine.

They keep what they received, by our contact id, so that a test can say that nothing came twice. A stable
hash of the number decides which short messages are not delivered.
"""

from __future__ import annotations

import asyncio
import email
import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.policy import default as mail_policy
from pathlib import Path

import smpp34
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from lenity.gateways.email import SmtpSettings
from lenity.gateways.sms import CONTACT_ID_TAG, MESSAGE_PAYLOAD_TAG, SmppSettings

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Received:
    """One message that reached a sink."""

    channel: str
    contact_id: str
    to: str
    sender: str
    subject: str
    body: str


@dataclass
class Sinks:
    """Both sinks while they run."""

    smtp: SmtpSettings
    smpp: SmppSettings
    received: list[Received] = field(default_factory=list)

    def times(self, contact_id: str) -> int:
        """How often a contact reached a sink."""
        return sum(one.contact_id == contact_id for one in self.received)


@contextmanager
def running(*, inbox: Path | None = None, undelivered_per_mille: int = 20) -> Iterator[Sinks]:
    """Start both sinks on free ports of loopback; `inbox` keeps each message as a line of JSON."""
    sinks = Sinks(
        SmtpSettings(HOST, _free_port(), "lender.example", "http://localhost:8000/contacts/"),
        SmppSettings(HOST, _free_port(), "lenity", "loopback"),
    )
    keep = _Keeper(sinks, inbox)
    mail = Controller(_MailSink(keep), hostname=HOST, port=sinks.smtp.port, ready_timeout=30)
    centre = _Centre(sinks.smpp, keep, undelivered_per_mille)
    mail.start()
    centre.start()
    try:
        yield sinks
    finally:
        centre.stop()
        mail.stop()


class _Keeper:
    def __init__(self, sinks: Sinks, inbox: Path | None) -> None:
        self._sinks, self._inbox, self._lock = sinks, inbox, threading.Lock()

    def __call__(self, one: Received) -> None:
        with self._lock:
            self._sinks.received.append(one)
            if self._inbox is not None:
                with self._inbox.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(one.__dict__, ensure_ascii=False) + "\n")


class _MailSink:
    def __init__(self, keep: _Keeper) -> None:
        self._keep = keep

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody@"):
            return "550 5.1.1 there is no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        mail = email.message_from_bytes(_bytes(envelope.content), policy=mail_policy)
        contact_id = str(mail["Message-ID"]).strip("<>").partition("@")[0]
        body = mail.get_content() if not mail.is_multipart() else ""
        self._keep(
            Received("email", contact_id, str(mail["To"]), str(mail["From"]), str(mail["Subject"]), body)
        )
        return "250 2.0.0 kept"


class _Centre:
    """A short-message centre that accepts everything and sends a receipt for each message."""

    def __init__(self, settings: SmppSettings, keep: _Keeper, undelivered_per_mille: int) -> None:
        self._settings, self._keep, self._share = settings, keep, undelivered_per_mille
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="message-centre", daemon=True)
        self._sessions: dict[str, smpp34.Esme] = {}
        self._number = 0

    def start(self) -> None:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(timeout=30)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(timeout=30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    async def _open(self) -> None:
        self._server = smpp34.Server(host=HOST, port=self._settings.port, system_id="sink")
        await self._server.start()
        self._task = self._loop.create_task(self._serve())

    async def _close(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        await self._server.stop()

    async def _serve(self) -> None:
        while True:
            event = await self._server.next()
            if isinstance(event, smpp34.Esme):
                self._sessions[event.session_id] = event
            elif isinstance(event, smpp34.SubmitSmEvent):
                await self._take(event)

    async def _take(self, event: smpp34.SubmitSmEvent) -> None:
        self._number += 1
        message_id = f"S{self._number:08d}"
        parameters = {one.tag: one.value for one in event.tlvs}
        text = parameters.get(MESSAGE_PAYLOAD_TAG, event.short_message)
        contact_id = parameters.get(CONTACT_ID_TAG, b"").decode()
        self._keep(
            Received(
                "sms", contact_id, event.destination_addr, event.source_addr, "", text.decode("utf-16-be")
            )
        )
        event.accept(message_id=message_id)
        draw = int.from_bytes(hashlib.sha256(event.destination_addr.encode()).digest()[:4], "big") % 1000
        state = "UNDELIV" if draw < self._share else "DELIVRD"
        receipt = f"id:{message_id} sub:001 dlvrd:001 stat:{state} err:000 text:"
        with suppress(smpp34.SmppError):
            await self._sessions[event.session_id].deliver_sm(
                source_addr=event.destination_addr,
                destination_addr=event.source_addr,
                esm_class=0x04,
                short_message=receipt.encode(),
            )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _bytes(content: bytes | str | None) -> bytes:
    return content if isinstance(content, bytes) else (content or "").encode()
