"""Mail over SMTP. 250 after DATA means that the next hop has it; silence is not a reading.

A connection that dies after the text went out is `Unknown`; what cannot be written as a mail is refused before
it leaves, and takes no other message with it. No tracking, plain text only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY

import aiosmtplib

from lenity.gateways import clock
from lenity.gateways.delivery import Accepted, Answer, Message, RefusedByProvider, Unknown

PROVIDER = "smtp"


@dataclass(frozen=True)
class SmtpSettings:
    """Where mail goes. `domain` is ours and names messages; `unsubscribe` is a page for one-click opt-out."""

    host: str
    port: int
    domain: str
    unsubscribe: str
    username: str = ""
    password: str = ""
    start_tls: bool = False
    timeout_seconds: int = 30


class SmtpGateway:
    """The e-mail channel."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings

    def hand_over_many(self, messages: list[Message]) -> Mapping[str, Answer]:
        """Hand messages over on one connection; an answer for each by contact id."""
        return asyncio.run(self._send(messages))

    async def _send(self, messages: list[Message]) -> dict[str, Answer]:
        own = self._settings
        client = aiosmtplib.SMTP(
            hostname=own.host, port=own.port, timeout=own.timeout_seconds, start_tls=own.start_tls
        )
        answers: dict[str, Answer] = {}
        for message in messages:
            answers[message.contact_id] = await self._one(client, message)
        if client.is_connected:
            try:
                await client.quit()
            except (aiosmtplib.SMTPException, OSError):
                client.close()
        return answers

    async def _one(self, client: aiosmtplib.SMTP, message: Message) -> Answer:
        if clock.now() > message.not_after:
            return RefusedByProvider("late", "Its time had passed before it was handed over.")
        try:
            if not client.is_connected:
                await client.connect()
                if self._settings.username:
                    await client.login(self._settings.username, self._settings.password)
        except (aiosmtplib.SMTPException, OSError) as error:
            return RefusedByProvider("connect", f"No connection: {type(error).__name__}.")
        try:
            await client.send_message(compose(message, self._settings))
        except aiosmtplib.SMTPRecipientsRefused as error:
            first = error.recipients[0]
            return RefusedByProvider(str(first.code), first.message[:160])
        except aiosmtplib.SMTPResponseException as error:
            return RefusedByProvider(str(error.code), error.message[:160])
        except (aiosmtplib.SMTPException, OSError) as error:
            return Unknown(f"The connection ended: {type(error).__name__}.")
        except ValueError as error:
            return RefusedByProvider("unfit", f"It cannot be written as a mail: {error}"[:160])
        return Accepted(PROVIDER, message_id(message, self._settings))


def message_id(message: Message, settings: SmtpSettings) -> str:
    """The same id each time, so that a receiving side can see a double."""
    return f"<{message.contact_id}@{settings.domain}>"


def compose(message: Message, settings: SmtpSettings) -> EmailMessage:
    """The mail: plain text, stable Message-ID, a way to stop."""
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["From"] = message.sender
    mail["To"] = message.to
    mail["Subject"] = message.subject
    mail["Message-ID"] = message_id(message, settings)
    mail["Date"] = clock.now()
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = "zh-Hans" if message.language.startswith("zh") else "en"
    mail["List-Unsubscribe"] = f"<{settings.unsubscribe}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.body)
    return mail
