"""`lenity serve`: the pages and the API, behind gunicorn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.core.management import call_command


def command(
    address: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1:8000",
    threads: Annotated[int, typer.Option(help="Threads of the one worker.", min=1, max=64)] = 8,
) -> None:
    """Serve the pages until interrupted."""
    start(address, threads)


def start(address: str, threads: int = 8) -> None:
    """Collect the static files, start the dispatcher beside, and become the web server.

    After a demo, both go on in the demo's own day.
    """
    call_command("collectstatic", verbosity=0, interactive=False)
    os.environ["LENITY_CLOCK_SHIFT"] = str(_shift())
    dispatcher = [sys.executable, "-m", "lenity.interfaces.cli.main", "contacts", "work", "--to-sinks"]
    subprocess.Popen(dispatcher)  # noqa: S603 - a fixed program, no shell
    arguments = [sys.executable, "-m", "gunicorn", "lenity.config.wsgi:application"]
    arguments += ["--bind", address, "--worker-class", "gthread", "--threads", str(threads)]
    arguments += ["--access-logfile", "/dev/null", "--log-level", "warning"]
    os.execv(sys.executable, arguments)  # noqa: S606 - a fixed program, no shell


def _shift() -> int:
    """Seconds between the machine's clock and the demo's, fixed when the demo ended; 0 without a demo.

    It is the same at every start, so that the demo's clock never runs backwards.
    """
    marker = Path(settings.HOME) / "demo.json"
    if not marker.is_file():
        return settings.LENITY_CLOCK_SHIFT
    return int(json.loads(marker.read_text("utf-8")).get("clock_shift", 0))
