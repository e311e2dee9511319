"""What a borrower in arrears is told to do, and the page that serves each step: `python -m tests.steps`.

Writes docs/borrower-steps.md. A test reads every page named here as the borrower and finds the words on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "borrower-steps.md"


@dataclass(frozen=True)
class Step:
    """One step of what advisers say, the provisions behind it, and where it is served: address and words."""

    told: str
    law: tuple[str, ...]
    pages: tuple[tuple[str, str], ...]


PAY, PLAN = "/loans/<loan_id>/pay/", "/loans/<loan_id>/plan/"
STEPS = (
    Step("Stay calm and see where you stand", (), (("/", "What happens next"),)),
    Step(
        "Find out who calls or writes before you answer",
        ("CN-ZX-REPAIR-2025",),
        (
            ("/verify/", "Check that we are real"),
            ("/verify/", "Staff number, if you have no code"),
            ("/verify/report/", "Report an impostor"),
        ),
    ),
    Step(
        "Give no numbers or codes; pay into the lender's account only",
        ("CN-CC-1034-1038",),
        ((PAY, "Pay into this account only"), ("/verify/", "ask for passwords or one-time codes")),
    ),
    Step(
        "Check the debt, line by line",
        ("CN-CC-561",),
        (("/loans/<loan_id>/statement/", "Keep it as a PDF"), ("/speak/", "The amount is wrong")),
    ),
    Step(
        "Do not accept interest and fees above the ceiling",
        ("CN-XD-2025-COST",),
        (("/rights/", "Our program obeys these same lines."), ("/help/court/", "interest above the cap")),
    ),
    Step(
        "Negotiate early and in writing",
        ("CN-XYK-70",),
        (
            ("/budget/", "I cannot pay now"),
            (PLAN, "Your own amount and payday"),
            ("/talk/", "nothing is agreed until you sign"),
        ),
    ),
    Step(
        "Keep what was said",
        ("CN-XYK-70",),
        (("/contacts/<contact_id>/", "What happened, as you remember it"),),
    ),
    Step(
        "Write down each contact",
        ("CN-XYK-68",),
        (("/contacts/", "Evidence pack (ZIP)"), ("/contacts/told/", "A contact that is not in my list")),
    ),
    Step(
        "Know the limits of contacts, and lower them",
        ("CN-GBT-TIME", "HOUSE-STRESS"),
        (("/contacts/<contact_id>/", "What it counts toward"), ("/preferences/", "Most points in a week")),
    ),
    Step(
        "Family and friends need not pay, and nobody may tell them",
        ("CN-CBA-3RD",),
        (("/", "We will not contact your family"), ("/verify/", "speak about you to family")),
    ),
    Step(
        "Beware of people who sell debt relief or a clean record",
        ("CN-ZX-REPAIR-2025",),
        (("/help/complain/", "erase a record or to stop a debt for a fee"),),
    ),
    Step(
        "See what is reported, dispute it, add a statement",
        ("CN-ZX-15", "CN-ZX-25"),
        (("/reports/", "Credit reports"), ("/reports/", "A statement of your own")),
    ),
    Step(
        "Complain to the lender, then to whom you like",
        ("CN-COMPLAIN",),
        (("/speak/", "Tell us what is wrong"), ("/help/complain/", "12378"), ("/help/complain/", "110")),
    ),
    Step(
        "Know about courts and limitation",
        ("CN-CC-188",),
        (("/help/court/", "Limitation"), ("/help/court/", "If a claim is brought against you")),
    ),
    Step(
        "Ask for your data, and for a person to look at a machine's decision",
        ("CN-PIPL-24",),
        (
            ("/data/", "Download it (JSON)"),
            ("/data/looked/", "Who looked at my data"),
            ("/decisions/", "Decisions by machine"),
        ),
    ),
    Step(
        "In distress, talk to somebody",
        (),
        (("/", "12356"), ("/budget/", "If it is more than money")),
    ),
)


def document() -> str:
    """The table as Markdown."""
    lines = [
        "# What a borrower is told to do, and the page that serves it",
        "",
        "Made by `python -m tests.steps`; a test reads each page as the borrower, in both languages.",
        "",
        "| step | law | pages |",
        "|---|---|---|",
    ]
    for number, one in enumerate(STEPS, 1):
        law = ", ".join(f"`{name}`" for name in one.law) or "advice only"
        pages = "<br>".join(f"`{path}`: {words}" for path, words in one.pages)
        lines.append(f"| {number}. {one.told} | {law} | {pages} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), "utf-8")
