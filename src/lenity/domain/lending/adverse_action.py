"""The notice of adverse action in the United States: when it is due, which reasons it gives, its words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources

from lenity.base.outcomes import InputRefused, Problem
from lenity.law.reader import Rulebook

LANGUAGES = {"en": "en", "zh-hans": "zh"}


@dataclass(frozen=True)
class Sender:
    """Who sends the notice; `agency` is the federal agency that supervises it, with its address."""

    lender: str
    address: str
    agency: str


def due_on(received_on: date, rulebook: Rulebook) -> date:
    """US-RB-9a: the last day to notify, counted from the day the application was received, not decided."""
    return received_on + timedelta(days=int(rulebook.value("US-RB-9a", received_on)["days"]))


def text(
    *,
    application: str,
    decided_on: date,
    reasons: str,
    sender: Sender,
    language: str,
    rulebook: Rulebook,
) -> str:
    """US-RB-9b2: the specific principal reasons that were used, no more than helps; the ECOA notice."""
    for name in ("lender", "address", "agency"):
        if not getattr(sender, name).strip():
            raise InputRefused([Problem("notice.sender", f"The notice needs the {name}.", "Name it.")])
    if language not in LANGUAGES:
        raise InputRefused([Problem("notice.language", f"Languages are: {', '.join(LANGUAGES)}.")])
    most = int(rulebook.value("US-RB-9b2", decided_on)["reasons"])
    told = [one[LANGUAGES[language]] for one in json.loads(reasons)][:most]
    if not told:
        says = "The decision has no specific reason that a notice could give."
        raise InputRefused([Problem("notice.reasons", says, "Have a person decide.")])
    file = resources.files(__package__).joinpath(f"notices/us_adverse_action.{LANGUAGES[language]}.txt")
    return file.read_text("utf-8").format(
        lender=sender.lender,
        address=sender.address,
        agency=sender.agency,
        date=decided_on.isoformat(),
        application=application,
        reasons="\n".join(f"{number}. {one}" for number, one in enumerate(told, start=1)),
    )
