"""`lenity serve`: the pages and the API, behind gunicorn."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer
from django.core.management import call_command


def command(
    address: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1:8000",
    threads: Annotated[int, typer.Option(help="Threads of the one worker.", min=1, max=64)] = 8,
) -> None:
    """Serve the pages until interrupted."""
    start(address, threads)


def start(address: str, threads: int = 8) -> None:
    """Collect the static files and become the web server."""
    call_command("collectstatic", verbosity=0, interactive=False)
    arguments = [sys.executable, "-m", "gunicorn", "lenity.config.wsgi:application"]
    arguments += ["--bind", address, "--worker-class", "gthread", "--threads", str(threads)]
    arguments += ["--access-logfile", "/dev/null", "--log-level", "warning"]
    os.execv(sys.executable, arguments)  # noqa: S606 - a fixed program, no shell
