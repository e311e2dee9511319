"""`lenity contacts`: hand queued messages over, and take receipts in."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.debt_collection import strategy
from lenity.gateways import clock, sinks
from lenity.gateways.email import SmtpGateway
from lenity.gateways.sms import SmppGateway
from lenity.interfaces.cli import json_input
from lenity.operations.plan_contacts import plan_contacts
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


@app.command()
def plan(
    on_date: Annotated[str, typer.Option("--date", help="The day of the close, YYYY-MM-DD.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON with each wish.")] = False,
) -> None:
    """Choose contacts under each borrower's points left; tell what is spent and left. Asks for nothing yet."""
    try:
        day = date.fromisoformat(on_date)
    except ValueError as error:
        raise InputRefused([Problem("plan.date", f"{error}.", "Write 2026-12-31.")]) from error
    made = plan_contacts(treatment=strategy.shipped(), on_date=day, actor="command line")
    told = {
        "wishes": len(made.wishes),
        "borrowers": made.borrowers,
        "points_before": made.points_before,
        "points_spent": made.points_spent,
        "points_left": made.points_left,
        "passed_over": made.passed_over,
        "left_alone": made.left_alone,
        "cure_model": made.cure_model,
    }
    json_input.say({**told, "contacts": [one.__dict__ for one in made.wishes]} if as_json else told)
