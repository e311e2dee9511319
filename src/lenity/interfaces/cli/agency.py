"""`lenity agency`: loans placed with agencies."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated

import typer

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import clock
from lenity.interfaces.cli import json_input
from lenity.operations.place_loan import place_loan
from lenity.operations.recall_placement import recall_placement
from lenity.operations.send_notices import send_notices
from lenity.records.debt_collection import notice_list, placement_queries

app = typer.Typer(
    help="Loans placed with agencies; each contact goes through the one gate.", no_args_is_help=True
)


@app.command("place")
def place(
    agency: Annotated[
        str, typer.Argument(help="The agency's program: `lenity client add NAME --scope contacts`.")
    ],
    loan: Annotated[str, typer.Argument(help="The loan's id.")],
    channel: Annotated[list[str], typer.Option(help="sms, email, call or letter; may be given again.")],
    until: Annotated[str, typer.Option(help="Last day, YYYY-MM-DD.")],
    opens: Annotated[str, typer.Option(help="From, HH:MM.")] = "09:00",
    closes: Annotated[str, typer.Option(help="Until, HH:MM.")] = "18:00",
) -> None:
    """Place a loan for some channels, hours and days."""
    try:
        hours, last = (time.fromisoformat(opens), time.fromisoformat(closes)), date.fromisoformat(until)
    except ValueError as error:
        raise InputRefused([Problem("placement.time", f"{error}.", "Write 09:00 and 2026-12-31.")]) from error
    made = place_loan(
        agency=agency,
        loan_id=loan,
        channels=tuple(channel),
        opens=hours[0],
        closes=hours[1],
        until=last,
        actor="command line",
    )
    json_input.say({"placement": made.public_id})


@app.command("recall")
def recall(placement: Annotated[str, typer.Argument(help="The placement's id.")]) -> None:
    """Take a loan back; the agency's next request is refused."""
    recall_placement(placement_id=placement, actor="command line")
    json_input.say({"placement": placement, "recalled": True})


@app.command("notices")
def notices(
    send: Annotated[bool, typer.Option("--send", help="Ask the gate for those that are due.")] = False,
) -> None:
    """Notices of agencies, assignments and validation: those that wait, with their clocks, then those sent."""
    asked = send_notices(actor="command line") if send else None
    found = notice_list.listed(clock.business_day)
    json_input.say(
        {
            "asked": asked,
            **notice_list.counts(found),
            "notices": [
                {
                    "notice": one.purpose,
                    "loan": one.loan.public_id,
                    "because_of": one.other,
                    "state": one.state,
                    "verdict": one.verdict or None,
                    "first_communication": one.first_on.isoformat() if one.first_on else None,
                    "send_by": one.by.isoformat() if one.by else None,
                    "dispute_until": one.dispute_by.isoformat() if one.dispute_by else None,
                }
                for one in found
            ],
        }
    )


@app.command("list")
def list_() -> None:
    """Placements, newest first."""
    json_input.say(
        [
            {
                "placement": one.public_id,
                "agency": one.agency,
                "loan": one.loan.public_id,
                "channels": one.channels,
                "hours": f"{one.opens:%H:%M}-{one.closes:%H:%M}",
                "until": one.until.isoformat(),
                "recalled": one.recalled_at is not None,
            }
            for one in placement_queries.placements()
        ]
    )
