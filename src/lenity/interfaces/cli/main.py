"""The `lenity` command.

Exit codes: 0 done, 1 refused or a check failed, 2 the input or the call is wrong.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from typing import Annotated

import django
import typer

ROOMS = {
    "demo": "demo",
    "setup": "setup",
    "serve": "serve",
    "import": "book",
    "close": "close",
    "contacts": "contacts",
    "score": "score",
    "application": "application",
    "policy": "policy",
    "gate": "gate",
    "law": "law",
    "messages": "messages",
    "borrower": "borrower",
    "loan": "loan",
    "payments": "payments",
    "schedule": "schedule",
    "apr": "apr",
    "furnish": "furnish",
    "audit": "audit",
    "ledger": "ledger",
    "staff": "staff",
    "client": "client",
    "agency": "agency",
    "webhook": "webhook",
    "keys": "keys",
    "records": "records",
    "bench": "bench",
}
"""Each word after `lenity` and the module of this folder that answers to it."""


def run() -> None:
    """Set up Django and answer one command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lenity.config.settings")
    django.setup()
    from django.conf import settings

    from lenity.base.outcomes import InputRefused
    from lenity.gateways import clock
    from lenity.interfaces.cli import problem_words

    if settings.LENITY_CLOCK_SHIFT:
        clock.install(clock.ShiftedClock(settings.LENITY_CLOCK_SHIFT))

    app = build()
    gc.freeze()  # what is loaded now stays for good: collections need not look at it again
    try:
        app(prog_name="lenity")
    except InputRefused as refused:
        chinese = problem_words.speaks_chinese()
        for problem in refused.problems:
            sys.stderr.write(f"{problem_words.told(problem, chinese)}\n")
        sys.exit(2)
    except OSError as error:
        if not error.filename:
            raise
        sys.stderr.write(f"{error.filename}: {error.strerror}. Check the path.\n")
        sys.exit(2)


def _choose(
    lang: Annotated[str, typer.Option("--lang", help="Errors in `en` or `zh` (or LENITY_LANG).")] = "",
) -> None:
    """Consumer credit, lawful by construction: score, decide, service, remind, report."""
    if lang:
        os.environ["LENITY_LANG"] = lang


def build() -> typer.Typer:
    """The whole command line, each room's part put together."""
    app = typer.Typer(
        name="lenity",
        help="Consumer credit, lawful by construction: score, decide, service, remind, report.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_choose)
    for word, module in ROOMS.items():
        part = importlib.import_module(f"lenity.interfaces.cli.{module}")
        if hasattr(part, "command"):
            app.command(word)(part.command)
        else:
            app.add_typer(part.app, name=word)
    return app


if __name__ == "__main__":
    run()
