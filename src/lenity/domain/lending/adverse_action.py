"""The notice of adverse action in the United States: when it is due, which reasons it gives, its words.

Less than was asked for is a counter-offer. It is told together with why the whole was not given, as form C-4 of
appendix C has it, so that no second notice is due when nobody takes it (docs/decisions/0065).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources

from lenity.base.money import minor_digits
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending.consumer_report import ConsumerReport
from lenity.law.reader import Rulebook

LANGUAGES = {"en": "en", "zh-hans": "zh"}
SETTINGS = {
    "lender": "Set LENITY_LENDER_NAME_EN, or name it.",
    "address": "Set LENITY_LENDER_ADDRESS, or name it.",
    "agency": "Set LENITY_SUPERVISOR, or name it.",
}


@dataclass(frozen=True)
class Sender:
    """Who sends the notice; `agency` is the federal agency that supervises it, with its address."""

    lender: str
    address: str
    agency: str


@dataclass(frozen=True)
class CounterOffer:
    """What was asked for and what is offered instead, as the notice tells them."""

    asked: str
    offered: str


def is_counter_offer(asked_minor: int, limit_minor: int, binding_cap: str, currency: str) -> bool:
    """US-RB-9a: less than was asked for. Limits are whole units: what is rounded off was asked for, too.

    >>> is_counter_offer(500_000, 300_000, "affordability", "USD")
    True
    >>> is_counter_offer(500_050, 500_000, "risk", "USD"), is_counter_offer(550_000, 500_000, "asked", "USD")
    (False, False)
    """
    unit = 10 ** minor_digits(currency)
    return binding_cap != "asked" and 0 < limit_minor < asked_minor // unit * unit


def stands_until(decided_on: date, rulebook: Rulebook) -> date:
    """US-RB-9a: the last day on which a counter-offer can be taken."""
    days = int(rulebook.value("US-RB-9a", decided_on)["after_counteroffer_days"])
    return decided_on + timedelta(days=days)


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
    report: ConsumerReport | None = None,
    offer: CounterOffer | None = None,
) -> str:
    """US-RB-9b2: the specific principal reasons that were used, no more than helps; the ECOA notice.

    US-FCRA-615a: where a consumer report was used, what its score was, who made it, and the rights against it.
    """
    for name in ("lender", "address", "agency"):
        if not getattr(sender, name).strip():
            raise InputRefused([Problem("notice.sender", f"The notice needs the {name}.", SETTINGS[name])])
    if language not in LANGUAGES:
        raise InputRefused([Problem("notice.language", f"Languages are: {', '.join(LANGUAGES)}.")])
    most = int(rulebook.value("US-RB-9b2", decided_on)["reasons"])
    told = [one[LANGUAGES[language]] for one in json.loads(reasons)][:most]
    if not told:
        says = "The decision has no specific reason that a notice could give."
        raise InputRefused([Problem("notice.reasons", says, "Have a person decide.")])
    said = f"us_offered.{LANGUAGES[language]}" if offer else f"us_declined.{LANGUAGES[language]}"
    decided = _form(said).rstrip("\n")
    if offer:
        until = stands_until(decided_on, rulebook).isoformat()
        decided = decided.format(asked=offer.asked, offered=offer.offered, until=until)
    return _form(f"us_adverse_action.{LANGUAGES[language]}").format(
        decided=decided,
        lender=sender.lender,
        address=sender.address,
        agency=sender.agency,
        date=decided_on.isoformat(),
        application=application,
        reasons="\n".join(f"{number}. {one}" for number, one in enumerate(told, start=1)),
        report=_disclosed(report, decided_on, language, rulebook) if report else "",
    )


def _form(name: str) -> str:
    return resources.files(__package__).joinpath(f"notices/{name}.txt").read_text("utf-8")


def _disclosed(report: ConsumerReport, on_date: date, language: str, rulebook: Rulebook) -> str:
    """The part on the consumer report; without a score in it, the part on the score is left out."""
    law, short = rulebook.value("US-FCRA-615a", on_date), LANGUAGES[language]
    scored = ""
    if report.score is not None:
        most = int(law["factors"]) + (int(law["inquiry_factor"]) if report.inquiries else 0)
        scored = _form(f"us_report_score.{short}").format(
            score=report.score,
            lowest=report.lowest,
            highest=report.highest,
            date=report.scored_on.isoformat() if report.scored_on else "",
            provider=report.provider or report.agency,
            factors="\n".join(
                f"{number}. {one}" for number, one in enumerate(report.factors[:most], start=1)
            ),
        )
    return _form(f"us_report.{short}").format(
        agency=report.agency,
        agency_address=report.address,
        telephone=report.telephone,
        days=int(law["free_copy_days"]),
        scored=scored,
    )
