"""An evidence pack: every contact of a borrower with its reasons and proofs, in one ZIP that checks offline.

Three redactions: the borrower sees all of her own, a lawyer too with the statements of her loans, a regulator
sees no name, number, address or account.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from fpdf import FPDF

from lenity.domain.debt_collection import certificate
from lenity.domain.servicing import statement
from lenity.interfaces.shared import statement_pdf
from lenity.records.audit import queries as audit
from lenity.records.debt_collection import queries
from lenity.records.lending import servicing_queries

HOME = ZoneInfo("Asia/Shanghai")
AUDIENCES = ("borrower", "lawyer", "regulator")
COLUMNS = (
    "contact", "code", "at", "channel", "purpose", "verdict", "to", "delivery", "by", "provision", "instrument",
    "article", "earliest",
)  # fmt: skip
WORDS = {
    "zh-hans": {
        "title": "联系记录证据包",
        "made": "生成日期",
        "lender": "机构",
        "contacts": "联系记录条数",
        "allowed": "已允许",
        "deferred": "已推迟",
        "refused": "已拒绝",
        "sealed": "已封存并可离线验证的凭证",
        "how": "如何核实：安装 Python 3，运行 python verifier.py receipts/某文件.json 公钥；"
        "公钥请与机构公布的核对。",
    },
    "en": {
        "title": "Evidence pack: contacts",
        "made": "Made on",
        "lender": "Lender",
        "contacts": "Contacts in the log",
        "allowed": "allowed",
        "deferred": "put off",
        "refused": "not allowed",
        "sealed": "Receipts that check without us",
        "how": "To check: with Python 3, run python verifier.py receipts/FILE.json KEY; compare the key with "
        "the one that the lender publishes.",
    },
}


def build(borrower_id: str, *, audience: str, language: str, lender: str, on_date: date) -> bytes:
    """The ZIP's bytes. `audience` is one of AUDIENCES."""
    words = WORDS["zh-hans" if language.startswith("zh") else "en"]
    log = queries.whole_log(borrower_id)
    rows = [_row(one, audience) for one in log]
    receipts = audit.receipts([one.public_id for one in log])
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("contacts.csv", _csv(rows))
        pack.writestr(
            "contacts.json", json.dumps([_whole(*pair) for pair in zip(log, rows, strict=True)], **_JSON)
        )
        pack.writestr("contacts.pdf", _pdf(words, log, rows, language, _Head(lender, on_date, len(receipts))))
        for contact, found in receipts.items():
            pack.writestr(f"receipts/{contact}.json", json.dumps(found, **_JSON))
        verifier = resources.files("lenity.domain.evidence").joinpath("verifier.py").read_text("utf-8")
        pack.writestr("verifier.py", verifier)
        pack.writestr("README.txt", "\n\n".join(WORDS[one]["how"] for one in WORDS) + "\n")
        if audience != "regulator":
            for loan in servicing_queries.loans_of(borrower_id):
                made = statement.of(servicing_queries.statement_basis(loan), on_date, language)
                pack.writestr(f"statements/{loan.public_id}.pdf", statement_pdf.render(made, lender))
    return memory.getvalue()


_JSON: Mapping[str, Any] = {"ensure_ascii": False, "indent": 1}


class _Head:
    def __init__(self, lender: str, on_date: date, sealed: int) -> None:
        self.lender, self.on_date, self.sealed = lender, on_date, sealed


def _row(one: queries.ContactView, audience: str) -> dict[str, str]:
    leading = one.certificate.get("provisions", [{}])
    stopping = [finding for finding in leading if finding.get("effect") != "allows"] or leading
    return {
        "contact": one.public_id,
        "code": one.code,
        "at": one.at.isoformat(),
        "channel": one.channel,
        "purpose": one.purpose,
        "verdict": one.verdict,
        "to": "" if audience == "regulator" else one.mask,
        "delivery": one.delivery,
        "by": one.by,
        "provision": str(stopping[0].get("id", "")),
        "instrument": str(one.leading_instrument.get("en", "")),
        "article": one.leading_article,
        "earliest": one.earliest.isoformat() if one.earliest else "",
    }


def _csv(rows: list[dict[str, str]]) -> str:
    """With a mark for spreadsheets that it is UTF-8; a cell that could be a formula is made text."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for row in rows:
        writer.writerow(
            {key: f"'{cell}" if cell[:1] in "=+-@" and cell else cell for key, cell in row.items()}
        )
    return "\ufeff" + text.getvalue()


def _whole(one: queries.ContactView, row: dict[str, str]) -> dict[str, Any]:
    return {
        **row,
        "certificate": dict(one.certificate),
        "in_words": {
            language: certificate.in_words(one.certificate, language) if one.certificate else []
            for language in WORDS
        },
    }


def _pdf(
    words: Mapping[str, str],
    log: list[queries.ContactView],
    rows: list[dict[str, str]],
    language: str,
    head: _Head,
) -> bytes:
    page = FPDF(format="A4")
    page.add_font("body", "", str(statement_pdf.font_file()))
    page.set_title(words["title"])
    page.set_auto_page_break(True, margin=16)
    page.add_page()
    page.set_font("body", size=18)
    page.cell(0, 12, words["title"], new_x="LMARGIN", new_y="NEXT")
    page.set_font("body", size=10)
    counted = {
        verdict: sum(row["verdict"] == verdict for row in rows)
        for verdict in ("allowed", "deferred", "refused")
    }
    told = ", ".join(f"{words[verdict]} {number}" for verdict, number in counted.items())
    for label, text in (
        (words["lender"], head.lender),
        (words["made"], head.on_date.isoformat()),
        (words["contacts"], f"{len(rows)} ({told})"),
        (words["sealed"], str(head.sealed)),
    ):
        page.cell(60, 7, label)
        page.cell(0, 7, text, new_x="LMARGIN", new_y="NEXT")
    page.multi_cell(0, 6, words["how"], align="L", new_x="LMARGIN", new_y="NEXT")
    page.ln(3)
    for one, row in zip(log, rows, strict=True):
        page.set_font("body", size=9)
        parts = (
            f"{one.at.astimezone(HOME):%Y-%m-%d %H:%M %z}",
            row["channel"],
            words[row["verdict"]],
            row["to"],
            row["code"],
        )
        page.cell(0, 6, "  ".join(parts), new_x="LMARGIN", new_y="NEXT")
        page.set_font("body", size=8)
        for sentence in certificate.in_words(one.certificate, language)[:3] if one.certificate else []:
            page.multi_cell(0, 4.6, sentence, align="L", new_x="LMARGIN", new_y="NEXT")
        page.ln(1.5)
    return bytes(page.output())
