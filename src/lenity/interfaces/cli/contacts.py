"""`lenity contacts`: hand queued messages over, and take receipts in."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings

from lenity.gateways import clock, sinks
from lenity.gateways.email import SmtpGateway
from lenity.gateways.sms import SmppGateway
from lenity.operations.record_receipts import record_receipts
from lenity.operations.seal_evidence import seal_evidence
from lenity.operations.send_contacts import Channel, send_contacts
from lenity.operations.take_reply import take_reply

app = typer.Typer(help="Messages on their way out.", no_args_is_help=True)
SEAL_EVERY_SECONDS = 30


@app.callback()
def _group() -> None:
    """Messages on their way out."""


@app.command()
def work(
    to_sinks: Annotated[
        bool, typer.Option("--to-sinks", help="Send to sinks on loopback (the demo), nowhere else.")
    ] = True,
) -> None:
    """Hand over what is queued, once a second, until interrupted; seal the log every half minute."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if not to_sinks:
        raise typer.BadParameter("Providers are not configured in this version; use --to-sinks.")
    with ExitStack() as stack:
        both = stack.enter_context(sinks.running(inbox=Path(settings.HOME) / "inbox.jsonl"))
        sms = stack.enter_context(SmppGateway(both.smpp))
        channels: dict[str, Channel] = {"sms": sms, "email": SmtpGateway(both.smtp)}
        sealed = clock.stopwatch()
        try:
            while True:
                if not send_contacts(channels=channels, actor="dispatcher").claimed:
                    clock.pause(1)
                if receipts := sms.receipts():
                    record_receipts(receipts=receipts, actor="message centre")
                for reply in sms.replies():
                    take_reply(reply=reply, actor="message centre")
                if clock.stopwatch() - sealed > SEAL_EVERY_SECONDS:
                    seal_evidence(actor="dispatcher")
                    sealed = clock.stopwatch()
        except KeyboardInterrupt:
            seal_evidence(actor="dispatcher")
