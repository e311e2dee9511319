"""`lenity application`: a decision in plain words, its review by a person, and its replay."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending import adverse_action
from lenity.gateways import clock
from lenity.interfaces.cli import json_input, score
from lenity.interfaces.cli.person import Staff, staff_id
from lenity.operations.answer_review import answer_review
from lenity.operations.ask_review import ask_review
from lenity.records.lending import review_queries

app = typer.Typer(help="Applications: why it was decided, review by a person, replay.", no_args_is_help=True)
Application = Annotated[str, typer.Argument(help="The application's id.")]
app.command("replay")(score.replay)


@app.command()
def explain(application: Application) -> None:
    """Why it was decided so, in both languages, with what people said to it since."""
    found = review_queries.explained(application, clock.business_day("CN"))
    if found is None:
        raise InputRefused([Problem("application", f"There is no decision on {application!r}.")])
    json_input.say(_plain(asdict(found)))


@app.command()
def notice(
    application: Application,
    lender: Annotated[str, typer.Option(help="The creditor's name.")],
    address: Annotated[str, typer.Option(help="The creditor's address.")],
    agency: Annotated[str, typer.Option(help="The supervising federal agency, with its address.")],
    language: Annotated[str, typer.Option(help="en or zh-hans.")] = "en",
) -> None:
    """The United States' notice of adverse action for a declined application (Regulation B, 1002.9)."""
    sender = adverse_action.Sender(lender, address, agency)
    found = review_queries.adverse_notice(application, sender, language)
    if found is None:
        says = f"No declined application {application!r}, or a person has approved it since."
        raise InputRefused([Problem("notice.application", says)])
    typer.echo(found.text, nl=False)
    typer.echo(f"(to be given by {found.due_on.isoformat()})", err=True)


@app.command("ask-review")
def ask(
    application: Application,
    words: Annotated[str, typer.Option(help="What the applicant says to it.")] = "",
) -> None:
    """Ask for a person to look at the decision, on the applicant's word."""
    asked = ask_review(application_id=application, words=words, actor="command line")
    json_input.say(
        {"review": asked.public_id, "number": asked.number, "answer_by": asked.answer_by.isoformat()}
    )


@app.command()
def reviews() -> None:
    """Reviews that wait, the most urgent first."""
    rows = review_queries.waiting(clock.business_day("CN"))
    json_input.say([_plain(asdict(one)) for one in rows])


@app.command()
def review(
    review_id: Annotated[str, typer.Argument(help="The review's id.")],
    outcome: Annotated[str, typer.Option(help="approve or decline.")],
    reason: Annotated[str, typer.Option(help="Why; the applicant reads it.")],
    staff: Staff,
    limit_minor: Annotated[int, typer.Option(help="The limit of an approval, in minor units.")] = 0,
) -> None:
    """Answer a review; the machine's decision stays on record."""
    answer_review(
        review_id=review_id, outcome=outcome, limit_minor=limit_minor, reason=reason, actor=staff_id(staff)
    )
    json_input.say({"review": review_id, "outcome": outcome})


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
