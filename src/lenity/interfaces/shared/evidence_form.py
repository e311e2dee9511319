"""What the body that takes complaints asks for, filled in as far as the record knows (CN-COMPLAIN, US-COMPLAIN)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from lenity.domain.evidence import redaction
from lenity.interfaces.shared.evidence_tables import VERDICTS, Record
from lenity.interfaces.shared.evidence_words import Words
from lenity.law import lines

Row = tuple[str, str]
BLANK = ""
CN = (
    *("complainant", "reach", "agent", "against", "business", "happened", "facts", "own_words", "before"),
    *("wants", "proof", "send_to", "honest"),
)
US = (
    *("business", "issue", "facts", "own_words", "happened", "resolution", "against", "before", "proof"),
    *("complainant", "reach", "agent", "publish", "send_to"),
)
ORDER: Mapping[str, tuple[str, ...]] = {"CN": CN, "US": US}


def title(place: str) -> str:
    """The name of the page's heading among the words."""
    return {"CN": "form_cn", "US": "form_us"}.get(place, "form_other")


def rows(record: Record, words: Words, lender: str, digest: str, counted: Mapping[str, int]) -> list[Row]:
    """Questions in the order in which they are asked; an empty answer is for the borrower to write."""
    known = _known(record, words, lender, digest, counted)
    order = ORDER.get(record["person"]["place"], CN)
    return [(words.of("form_row", name), known.get(name, BLANK)) for name in order]


def _known(
    record: Record, words: Words, lender: str, digest: str, counted: Mapping[str, int]
) -> dict[str, str]:
    person, contacts = record["person"], record["contacts"]
    first, last = period(record, words)
    facts = words.of("form_row", "facts_says").format(
        first=first or "–",
        last=last or "–",
        number=len(contacts),
        told=len(record["told"]),
        **{name: sum(one["verdict"] == name for one in contacts) for name in VERDICTS},
    )
    said = [one["words"] for concern in record["concerns"] for one in concern["words"]]
    where = lines.of(person["place"], date.fromisoformat(record["on_date"]), "complaint")
    points = [one["mask"] for one in person["points"] if one["role"] == "borrower" and one["mask"]]
    withheld = person["name"] == redaction.MARK
    return {
        "complainant": person["name"],
        "reach": redaction.MARK if withheld else "; ".join(points),
        "against": lender,
        "business": "; ".join(
            f"{words.of('product_name', loan['product'])} {loan['account']}" for loan in record["loans"]
        ),
        "happened": f"{first} – {last}" if first else "",
        "facts": facts if contacts else "",
        "own_words": redaction.MARK if withheld else "\n".join(said),
        "before": "\n".join(before(one, words) for one in record["concerns"]),
        "issue": "; ".join(dict.fromkeys(words.word(one["about"], "concern") for one in record["concerns"])),
        "proof": words.of("form_row", "proof_says").format(digest=digest, **counted),
        "send_to": "\n".join(f"{one.number} ({one.body[words.half]})" for one in where),
    }


def period(record: Record, words: Words) -> tuple[str, str]:
    """The first and the last day on which a contact was asked for."""
    days = [f"{local:%Y-%m-%d}" for one in record["contacts"] if (local := words.local(one["at"]))]
    return (min(days), max(days)) if days else ("", "")


def before(one: Mapping[str, Any], words: Words) -> str:
    """One complaint to the lender with its clock, in a line."""
    answer = words["open"]
    if one["answered_at"]:
        answer = f"{words['answered']} {words.short(one['answered_at'])}: {words.of('answer', one['answer'])}"
    about = words.word(one["about"], "concern")
    return f"{words.short(one['opened_at'])}  {about}; {words['answer_by']} {words.day(one['answer_by'])}; {answer}"
