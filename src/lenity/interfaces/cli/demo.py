"""`lenity demo`: the main job on real clients, from score to a lawful, provable reminder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from rich.console import Console

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways.datasets import DatasetUnavailable
from lenity.interfaces.cli import demo_steps, demo_story, json_input, serve

BUSINESS_DATE = "2026-11-03"
"""Shortly after a month's end: nothing is known of payments in the days since, so none is invented."""


def command(
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="Use a seeded invented book instead of the real clients.")
    ] = False,
    serving: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the pages at the end.")] = True,
    business_date: Annotated[str, typer.Option(help="The demo's business day, YYYY-MM-DD.")] = BUSINESS_DATE,
    seed: Annotated[int, typer.Option(help="Seed of all inventions.")] = 42,
    address: Annotated[str, typer.Option(help="Where to serve.")] = "127.0.0.1:8000",
) -> None:
    """Run the main job from end to end; what it makes lies in the installation's folder."""
    console = Console()
    marker = Path(settings.HOME) / "demo.json"
    story = demo_story.Story(console, json_input.day(business_date), seed, synthetic=synthetic)
    try:
        demo_steps.fresh_start(marker)
        demo_steps.run(story, marker)
    except DatasetUnavailable as error:
        raise InputRefused([Problem("demo.data", str(error))]) from error
    if serving:
        console.print(f"\nThe pages: [bold]http://{address}/demo/[/]  (Ctrl-C ends)")
        serve.start(address)
