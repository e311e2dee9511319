"""An evidence pack: everything about a borrower with its proofs, in one ZIP that checks offline.

What is handed out is `evidence.json`, redacted for its reader; its digest is the pack's, and the paper, the tables
and the statements are made from it. `domain.evidence.redaction` says what each of three readers sees.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date
from importlib import resources
from typing import Any

from babel import Locale

from lenity.base import canonical
from lenity.domain.evidence import redaction
from lenity.domain.servicing import statement
from lenity.gateways import clock
from lenity.interfaces.shared import (
    conventions,
    evidence_pdf,
    evidence_tables,
    evidence_words,
    places,
    statement_pdf,
)
from lenity.interfaces.shared.evidence_account import Paper
from lenity.interfaces.shared.evidence_words import Words
from lenity.records.arrangements import evidence_queries
from lenity.records.audit import queries as audit
from lenity.records.lending import servicing_queries

AUDIENCES = redaction.AUDIENCES
LANGUAGES = evidence_words.LANGUAGES
FILES = (
    *("evidence.pdf", "evidence.json", "contacts.csv", "amounts.csv", "payments.csv", "limits.csv"),
    *("concerns.csv", "verifier.py", "README.txt", "MANIFEST.sha256", "receipts/"),
)
STATEMENTS = "statements/"
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def build(borrower_id: str, *, audience: str, language: str, lender: str, on_date: date) -> bytes:
    """The ZIP's bytes. `audience` is one of AUDIENCES, `language` one of LANGUAGES."""
    whole = evidence_queries.whole(borrower_id, on_date, clock.now(), clock.business_zone)
    receipts = audit.receipts_of(borrower_id)
    _place(whole["contacts"], receipts)
    record = {**redaction.redacted(whole, audience), "lender": lender}
    words = Words(language, record["person"]["zone"])
    digest = hashlib.sha256(_json(record)).hexdigest()
    statements = {} if audience == "regulator" else _statements(borrower_id, words.language, lender, on_date)
    files: dict[str, bytes] = {
        "evidence.pdf": evidence_pdf.render(
            Paper(
                record,
                words,
                lender,
                digest,
                {"receipts": len(receipts), "statements": len(statements)},
                _place_name(record["person"]["place"], words.half),
                (*FILES, *((STATEMENTS,) if statements else ())),
            )
        ),
        "evidence.json": _json(record),
        **{name: text.encode() for name, text in evidence_tables.files(record, words).items()},
        **{f"receipts/{_name(one)}.json": _json(one) for one in receipts},
        **statements,
        "verifier.py": resources.files("lenity.domain.evidence").joinpath("verifier.py").read_bytes(),
        "README.txt": _readme(record["person"]["zone"]).encode(),
    }
    return _zip(files)


def _place(contacts: list[dict[str, Any]], receipts: list[dict[str, Any]]) -> None:
    """Say of each contact where its decision stands in the log."""
    found = {
        one["event"]["subject_id"]: one["position"]
        for one in receipts
        if one["event"]["subject_kind"] == "contact" and '"certificate"' in one["event"]["body"]
    }
    for one in contacts:
        one["position"] = found.get(one["id"])


def _name(receipt: Mapping[str, Any]) -> str:
    event = receipt["event"]
    return f"{receipt['position']:09d}-{event['operation']}-{event['subject_id']}"


def _place_name(place: str, half: str) -> str:
    known = Locale.parse("zh_Hans_CN" if half == "zh" else "en_US").territories
    return str(known.get(places.ISO_CODES.get(place, place), place))


def _readme(zone: str) -> str:
    """How to verify, in both languages."""
    both = [Words(language, zone) for language in LANGUAGES]
    return "\n\n".join("\n".join((words["verify_first"], *words.lines("how"))) for words in both) + "\n"


def _statements(borrower_id: str, language: str, lender: str, on_date: date) -> dict[str, bytes]:
    made = {
        loan.public_id: statement.of(
            servicing_queries.statement_basis(loan),
            on_date,
            language,
            conventions.statement_style(language, "medium"),
        )
        for loan in servicing_queries.loans_of(borrower_id)
    }
    return {f"{STATEMENTS}{loan}.pdf": statement_pdf.render(one, lender) for loan, one in made.items()}


def _json(plain: Mapping[str, Any]) -> bytes:
    """JSON that a person can read too; equal records give equal bytes."""
    canonical.text(plain)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _zip(files: Mapping[str, bytes]) -> bytes:
    """The files with a manifest, in the form that `sha256sum --check` reads."""
    sums = "".join(f"{hashlib.sha256(one).hexdigest()}  {name}\n" for name, one in sorted(files.items()))
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, one in {**files, "MANIFEST.sha256": sums.encode()}.items():
            pack.writestr(zipfile.ZipInfo(name, LONG_AGO), one, zipfile.ZIP_DEFLATED)
    return memory.getvalue()
