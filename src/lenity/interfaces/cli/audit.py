"""`lenity audit`: the evidence log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from rich.console import Console

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import clock
from lenity.interfaces.shared import evidence_pack
from lenity.operations.restore_checkpoints import restore_checkpoints
from lenity.operations.seal_evidence import seal_evidence
from lenity.records.audit import queries
from lenity.records.people import queries as people

app = typer.Typer(help="The evidence log: seal, verify, receipts.", no_args_is_help=True)


@app.command()
def verify(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    checkpoints: Annotated[Path | None, typer.Option(help="Folder of checkpoints kept elsewhere.")] = None,
) -> None:
    """Recompute the whole log and hold it against every signed checkpoint (exit code 1 if it fails).

    Rows are held against the events that wrote them. A checkpoint that was lost outside is written again.
    """
    restored = [] if checkpoints else restore_checkpoints(actor="command line")
    report = queries.verify(checkpoints)
    if as_json:
        typer.echo(json.dumps({**report.__dict__, "restored": restored, "holds": report.holds}))
    else:
        console = Console()
        console.print(f"{report.size:,} events, root {report.root}", highlight=False)
        console.print(f"{report.rows:,} rows held against their events")
        console.print(
            f"{report.checkpoints} checkpoints in the database, {report.files} outside; "
            f"{report.unsealed:,} events not sealed yet"
        )
        for name in restored:
            console.print(f"{name} was missing outside and was written again")
        for fault in report.faults:
            console.print(f"[red]{fault}[/]")
        console.print("It holds." if report.holds else "[red]It does not hold.[/]")
    raise typer.Exit(0 if report.holds else 1)


@app.command()
def seal() -> None:
    """Give new events their place in the log and sign its head."""
    head = seal_evidence(actor="command line")
    typer.echo(f"{head.tree_size} {head.root_hash}" if head else "The log is empty.")


@app.command()
def receipt(subject: Annotated[str, typer.Argument(help="Public id of a contact, hold, book ...")]) -> None:
    """Print a receipt (JSON) that proves an event is in the log; it verifies without the database."""
    try:
        typer.echo(json.dumps(queries.receipt(subject), ensure_ascii=False, indent=1))
    except LookupError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error


@app.command()
def consistency(
    old: Annotated[int, typer.Argument(help="Events covered by the older checkpoint.")],
    new: Annotated[
        int | None, typer.Argument(help="Events covered by the newer one; the newest without it.")
    ] = None,
) -> None:
    """Print a proof (JSON) that an old signed head is a beginning of a later one, for the verifier."""
    try:
        typer.echo(json.dumps(queries.consistency(old, new), ensure_ascii=False, indent=1))
    except LookupError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error


@app.command("pack")
def pack(
    borrower: Annotated[str, typer.Argument(help="The borrower's id.")],
    out: Annotated[Path, typer.Argument(help="The ZIP to write.")],
    audience: Annotated[str, typer.Option(help=f"{', '.join(evidence_pack.AUDIENCES)}.")] = "borrower",
    language: Annotated[str, typer.Option(help="zh-hans or en.")] = "zh-hans",
) -> None:
    """Write a borrower's evidence pack: contacts, reasons, receipts, verifier, statements."""
    if audience not in evidence_pack.AUDIENCES or language not in evidence_pack.LANGUAGES:
        known = f"{', '.join(evidence_pack.AUDIENCES)}; {', '.join(evidence_pack.LANGUAGES)}"
        raise InputRefused([Problem("pack", "No such audience or language.", f"Known: {known}.")])
    if people.find_borrower(borrower) is None:
        raise InputRefused([Problem("borrower.unknown", f"There is no borrower {borrower[:20]!r}.")])
    names = settings.LENITY_LENDER_NAMES
    raw = evidence_pack.build(
        borrower,
        audience=audience,
        language=language,
        lender=names[language],
        on_date=clock.business_day("CN"),
    )
    out.write_bytes(raw)
    typer.echo(json.dumps({"file": str(out), "bytes": len(raw), "audience": audience}))
