"""`lenity webhook`: programs that hear of events, by the Standard Webhooks specification."""

from __future__ import annotations

import signal
from typing import Annotated

import typer
from django.conf import settings

from lenity.base import webhooks
from lenity.gateways import clock
from lenity.gateways.webhooks import Rules
from lenity.interfaces.cli import json_input
from lenity.operations.add_webhook_endpoint import add_webhook_endpoint
from lenity.operations.end_webhook_endpoint import end_webhook_endpoint
from lenity.operations.replay_webhook import replay_webhook
from lenity.operations.rotate_webhook_key import rotate_webhook_key
from lenity.operations.send_test_webhook import send_test_webhook
from lenity.operations.send_webhooks import send_webhooks
from lenity.records.webhooks import queries

app = typer.Typer(help="Programs that hear of events (Standard Webhooks).", no_args_is_help=True)
ACTOR = "command line"
Endpoint = Annotated[str, typer.Argument(help="The endpoint's id; see `lenity webhook list`.")]


@app.command("add")
def add(
    url: Annotated[str, typer.Argument(help="https:// and a host that LENITY_WEBHOOK_HOSTS lists.")],
    kind: Annotated[
        list[str] | None, typer.Option(help="A kind of event; may be given again. All without.")
    ] = None,
) -> None:
    """Register an address; prints the public key that checks its messages."""
    added = add_webhook_endpoint(url=url, kinds=tuple(kind or ()), rules=_rules(), actor=ACTOR)
    json_input.say({"endpoint": added.endpoint.public_id, "public_key": added.public_key})


@app.command("list")
def list_() -> None:
    """Endpoints with the public keys that sign now, and the kinds of events there are."""
    rows = [
        {
            "endpoint": one.id,
            "url": one.url,
            "kinds": list(one.kinds) or "all",
            "public_keys": list(one.keys),
            "ended": one.ended_reason or None,
        }
        for one in queries.endpoints(clock.now())
    ]
    json_input.say({"endpoints": rows, "kinds": list(webhooks.kinds())})


@app.command("rotate")
def rotate(endpoint: Endpoint) -> None:
    """Make a new signing key; the old one signs beside it for a day."""
    json_input.say(
        {"endpoint": endpoint, "public_key": rotate_webhook_key(endpoint_id=endpoint, actor=ACTOR)}
    )


@app.command("end")
def end(endpoint: Endpoint, reason: Annotated[str, typer.Option(help="Why.")]) -> None:
    """Stop an endpoint at once."""
    end_webhook_endpoint(endpoint_id=endpoint, reason=reason, actor=ACTOR)
    json_input.say({"endpoint": endpoint, "ended": True})


@app.command("test")
def test(endpoint: Endpoint) -> None:
    """Queue a test event."""
    json_input.say({"message": send_test_webhook(endpoint_id=endpoint, actor=ACTOR).public_id})


@app.command("replay")
def replay(message: Annotated[str, typer.Argument(help="The message's id (webhook-id).")]) -> None:
    """Send a message again under its own id."""
    replay_webhook(message_id=message, actor=ACTOR)
    json_input.say({"message": message, "due": "now"})


@app.command("log")
def log(
    endpoint: Annotated[str, typer.Option(help="Only this endpoint.")] = "",
    most: Annotated[int, typer.Option(min=1, max=1000)] = 50,
) -> None:
    """The delivery log: messages and what each attempt met, the newest first."""
    json_input.say(
        [
            {
                "message": one.id,
                "endpoint": one.endpoint,
                "kind": one.kind,
                "state": one.state,
                "next": one.next_at.isoformat() if one.next_at else None,
                "attempts": [
                    {"at": two.at.isoformat(), "status": two.status, "note": two.note, "ms": two.milliseconds}
                    for two in one.attempts
                ],
            }
            for one in queries.log(endpoint=endpoint, most=most)
        ]
    )


@app.command("send")
def send() -> None:
    """Send what is due now, and end."""
    total = {"delivered": 0, "waiting": 0, "given_up": 0}
    while (done := send_webhooks(rules=_rules(), actor="webhooks")).claimed:
        total = {name: number + getattr(done, name) for name, number in total.items()}
    json_input.say(total)


@app.command("work")
def work() -> None:
    """Send what is due, once a second, until interrupted."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        while True:
            if not send_webhooks(rules=_rules(), actor="webhooks").claimed:
                clock.pause(1)
    except KeyboardInterrupt:
        return


def _rules() -> Rules:
    return Rules(settings.LENITY_WEBHOOK_HOSTS, settings.LENITY_WEBHOOK_PRIVATE)
