"""`lenity application`: it comes in, is decided, told in plain words, reviewed by a person, made again."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending import adverse_action
from lenity.domain.underwriting import request
from lenity.gateways import clock
from lenity.interfaces.cli import application_file, json_input, outcomes_file
from lenity.interfaces.cli.person import Staff, staff_id
from lenity.interfaces.shared import page
from lenity.law import reader
from lenity.operations.answer_review import answer_review
from lenity.operations.ask_review import ask_review
from lenity.operations.decide_application import decide_application
from lenity.operations.decide_applications import VOUCHED
from lenity.operations.give_notice import give_notice
from lenity.operations.receive_application import receive_application
from lenity.operations.record_outcomes import record_outcomes
from lenity.records.lending import (
    applicant_queries,
    application_details,
    application_lists,
    application_queries,
    notice_queries,
    review_queries,
)
from lenity.records.lending.application_lists import Wanted

app = typer.Typer(
    help="Applications: add, decide, show, explain, review by a person, replay.", no_args_is_help=True
)
Application = Annotated[str, typer.Argument(help="The application's id.")]
SOURCE = "command line"


@app.command()
def add(
    file: Annotated[
        Path | None, typer.Argument(help="JSON (docs/decisions.md); standard input without.")
    ] = None,
    decide_now: Annotated[bool, typer.Option("--decide", help="Decide it at once.")] = False,
    source: Annotated[str, typer.Option(help="Where it came from.")] = SOURCE,
) -> None:
    """Keep an application from JSON; nothing is kept when a part of it is wrong."""
    raw = json_input.read(file)
    told = request.read(raw, reader.places(), clock.business_day("CN"))
    made = receive_application(request=told, source=source[:40], decide=decide_now, actor="command line")
    json_input.say({"application": made.public_id, "reference": made.reference, "decided": decide_now})


@app.command()
def decide(
    application: Annotated[
        str, typer.Argument(help="The application's id; with --all or --file, none.")
    ] = "",
    every: Annotated[bool, typer.Option("--all", help="Every application that is not decided.")] = False,
    file: Annotated[
        Path | None, typer.Option(help="A CSV file of clients whom the lender knows, one application a row.")
    ] = None,
    key: Annotated[str, typer.Option(help="With --file: its column of references.")] = "reference",
    place: Annotated[str, typer.Option(help="With --file: whose law.")] = "CN",
    currency: Annotated[str, typer.Option(help="With --file: the currency of what is asked for.")] = "CNY",
    source: Annotated[str, typer.Option(help="With --file: where it came from.")] = SOURCE,
    unchecked: Annotated[
        bool,
        typer.Option("--unchecked", help="With --file: the lender did not check identity and age itself."),
    ] = False,
) -> None:
    """Decide by the policy and the model in force. One that cannot be decided is named; the others go on."""
    if [bool(application), every, file is not None].count(True) != 1:
        raise InputRefused([Problem("application", "Name one application, or say --all or --file.")])
    if file is not None:
        done = application_file.decide(
            file, key=key, place=place, currency=currency, source=source, vouched=() if unchecked else VOUCHED
        )
        json_input.say(done)
        raise typer.Exit(1 if done["refused"] else 0)
    refused = 0
    for one in applicant_queries.undecided() if every else [application]:
        try:
            made = decide_application(application_id=one, actor="command line")
            json_input.say({"application": one, "outcome": made.outcome, "limit_minor": made.limit_minor})
        except InputRefused as problem:
            if not every:
                raise
            refused += 1
            typer.echo(f"{one}: {problem}", err=True)
    raise typer.Exit(1 if refused else 0)


@app.command("list")
def list_(
    outcome: Annotated[str, typer.Option(help=f"{', '.join(application_lists.OUTCOMES)}; all without.")] = "",
    state: Annotated[str, typer.Option(help=f"{', '.join(application_lists.STATES)}; all without.")] = "",
    most: Annotated[int, typer.Option(min=1, max=1000)] = 50,
) -> None:
    """Applications, newest first."""
    for name, value, known in (
        ("outcome", outcome, application_lists.OUTCOMES),
        ("state", state, application_lists.STATES),
    ):
        if value and value not in known:
            says = f"There is no {name} {value!r}."
            raise InputRefused([Problem(f"application.{name}", says, f"Use: {', '.join(known)}.")])
    found = application_lists.applications(Wanted(outcome=outcome, state=state), most=most)
    json_input.say([_plain(asdict(one)) for one in found.rows])


@app.command()
def show(application: Application) -> None:
    """One application: inputs, checks, score, points, caps, reasons, and whether it replays."""
    found = application_details.application(application, clock.home_day())
    if found is None:
        raise InputRefused([Problem("application", f"There is no application {application!r}.")])
    plain = asdict(found)
    if found.made and found.made.replayed:
        plain["made"]["replayed"] = found.made.replayed.equal
    json_input.say(_plain(plain))


@app.command()
def replay(
    application: Annotated[str, typer.Argument(help="The application's id; all without.")] = "",
) -> None:
    """Decide again from stored inputs, facts, model and policy: equal, byte for byte (else exit code 1)."""
    done, different = 0, 0
    for one in application_queries.replay(application):
        done += 1
        if not one.equal:
            different += 1
            typer.echo(f"{one.application}: {', '.join(one.different)}", err=True)
    if application and not done:
        raise InputRefused([Problem("application", f"There is no decision on {application!r}.")])
    typer.echo(f"{done} decisions made again, {different} differently")
    raise typer.Exit(1 if different else 0)


@app.command()
def outcomes(
    file: Annotated[Path, typer.Argument(help="CSV with a reference and 1 (defaulted) or 0.")],
    observed_on: Annotated[str, typer.Option(help="The day on which that was known, YYYY-MM-DD.")],
    source: Annotated[str, typer.Option(help="The source of the applications.")] = SOURCE,
    key: Annotated[str, typer.Option(help="The column of references.")] = "reference",
    column: Annotated[str, typer.Option(help="The column of outcomes.")] = "defaulted",
) -> None:
    """Tell how the credit of applications went, once each; reports of trials live on it."""
    try:
        day = date.fromisoformat(observed_on)
    except ValueError as error:
        raise InputRefused([Problem("outcomes.day", "The day is written YYYY-MM-DD.")]) from error
    found = outcomes_file.outcomes(file, key=key, column=column)
    kept = record_outcomes(
        outcomes=found, source=source, observed_on=day, told_by=file.name[:60], actor="command line"
    )
    json_input.say({"outcomes": kept})


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
    lender: Annotated[str, typer.Option(help="The creditor's name; as set without.")] = "",
    address: Annotated[str, typer.Option(help="The creditor's address; as set without.")] = "",
    agency: Annotated[
        str, typer.Option(help="The supervising federal agency, with its address; as set without.")
    ] = "",
    language: Annotated[str, typer.Option(help="en or zh-hans.")] = "en",
    give: Annotated[
        bool, typer.Option("--give", help="Give it: kept word for word, shown in the portal.")
    ] = False,
) -> None:
    """The United States' notice of a decline or a counter-offer (Regulation B; FCRA 615(a))."""
    known = page.notice_sender()
    sender = adverse_action.Sender(lender or known.lender, address or known.address, agency or known.agency)
    found = notice_queries.adverse_notice(application, sender, language)
    if found is None:
        says = f"Nothing to notify of {application!r}: no decline and no counter-offer stands on it."
        raise InputRefused([Problem("notice.application", says)])
    if give:
        give_notice(application_id=application, sender=sender, actor="command line")
    typer.echo(found.text, nl=False)
    typer.echo(f"({'given; ' if give else ''}to be given by {found.due_on.isoformat()})", err=True)


@app.command()
def notices() -> None:
    """Notices of adverse action that are due, the most urgent first."""
    found = notice_queries.due(clock.business_day(notice_queries.PLACE), most=1000)
    json_input.say([_plain(asdict(one)) for one in found])


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
    done = answer_review(
        review_id=review_id, outcome=outcome, limit_minor=limit_minor, reason=reason, actor=staff_id(staff)
    )
    json_input.say({"review": review_id, "outcome": outcome, "waits_for_second_person": not done.is_final})


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
