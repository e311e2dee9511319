"""`lenity setup`: make keys and tables."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from rich.console import Console


def command() -> None:
    """Make the keys (if missing) and bring the tables up to date. Safe to repeat."""
    call_command("migrate", verbosity=0, interactive=False)
    Console().print(f"Ready: keys, tables and files live in [bold]{settings.HOME}[/].")
