"""An evidence pack: every contact of a borrower with its reasons and proofs, in one ZIP that checks offline.

Three redactions: the borrower sees all of her own, a lawyer too with the statements of her loans, a regulator
sees no name, number, address or account.
"""

from __future__ import annotations

import csv
import hashlib
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
from lenity.records.debt_collection import concern_queries, queries
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
        "raised": "提出的异议、投诉与困难",
        "none": "没有记录",
        "answer_by": "最迟答复日",
        "answered": "答复",
        "open": "尚未答复",
        "files": "文件清单见 MANIFEST.sha256（每个文件的 SHA-256）",
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
        "raised": "What was raised: disputes, complaints, hardship",
        "none": "nothing on record",
        "answer_by": "answer due by",
        "answered": "answered",
        "open": "not answered yet",
        "files": "Files are listed in MANIFEST.sha256 (SHA-256 of each)",
        "how": "To check: with Python 3, run python verifier.py receipts/FILE.json KEY; compare the key with "
        "the one that the lender publishes.",
    },
}


ABOUT = {
    "zh-hans": {
        "not_mine": "不是本人的欠款",
        "already_paid": "已经还款",
        "wrong_amount": "金额有误",
        "how_contacted": "对联系方式的投诉",
        "other_complaint": "其他投诉",
        "cannot_pay": "目前无力还款",
    },
    "en": {
        "not_mine": "not my debt",
        "already_paid": "already paid",
        "wrong_amount": "wrong amount",
        "how_contacted": "how I was contacted",
        "other_complaint": "another complaint",
        "cannot_pay": "cannot pay at the moment",
    },
}


def build(borrower_id: str, *, audience: str, language: str, lender: str, on_date: date) -> bytes:
    """The ZIP's bytes. `audience` is one of AUDIENCES."""
    words = WORDS["zh-hans" if language.startswith("zh") else "en"]
    log = queries.whole_log(borrower_id)
    rows = [_row(one, audience) for one in log]
    receipts = audit.receipts([one.public_id for one in log])
    head = _Head(lender, on_date, len(receipts), concern_queries.concerns_of(borrower_id, on_date))
    whole = [_whole(*pair) for pair in zip(log, rows, strict=True)]
    files: dict[str, str | bytes] = {
        "contacts.csv": _csv(rows),
        "contacts.json": json.dumps(whole, **_JSON),
        "contacts.pdf": _pdf(words, log, rows, language, head),
        "verifier.py": resources.files("lenity.domain.evidence").joinpath("verifier.py").read_text("utf-8"),
        "README.txt": "\n\n".join(WORDS[one]["how"] for one in WORDS) + "\n",
    }
    files |= {f"receipts/{contact}.json": json.dumps(found, **_JSON) for contact, found in receipts.items()}
    if audience != "regulator":
        files |= _statements(borrower_id, language, lender, on_date)
    return _zip(files)


def _statements(borrower_id: str, language: str, lender: str, on_date: date) -> dict[str, bytes]:
    made = {
        loan.public_id: statement.of(servicing_queries.statement_basis(loan), on_date, language)
        for loan in servicing_queries.loans_of(borrower_id)
    }
    return {f"statements/{loan}.pdf": statement_pdf.render(one, lender) for loan, one in made.items()}


def _zip(files: Mapping[str, str | bytes]) -> bytes:
    """The files with a manifest, in the form that `sha256sum --check` reads."""
    raw = {name: text.encode() if isinstance(text, str) else text for name, text in files.items()}
    sums = "".join(f"{hashlib.sha256(one).hexdigest()}  {name}\n" for name, one in sorted(raw.items()))
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, one in raw.items():
            pack.writestr(name, one)
        pack.writestr("MANIFEST.sha256", sums)
    return memory.getvalue()


_JSON: Mapping[str, Any] = {"ensure_ascii": False, "indent": 1}


class _Head:
    def __init__(
        self, lender: str, on_date: date, sealed: int, concerns: list[concern_queries.ConcernView]
    ) -> None:
        self.lender, self.on_date, self.sealed, self.concerns = lender, on_date, sealed, concerns


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


def raised(concerns: list[concern_queries.ConcernView], language: str) -> list[str]:
    """What the borrower raised, by when an answer was due, and when it came, a line each."""
    tongue = "zh-hans" if language.startswith("zh") else "en"
    words, about = WORDS[tongue], ABOUT[tongue]
    lines = []
    for one in concerns:
        answer = words["open"]
        if one.answered_at:
            answer = f"{words['answered']} {one.answered_at.astimezone(HOME):%Y-%m-%d}"
        due = f"{words['answer_by']} {one.answer_by.isoformat()}"
        at = f"{one.opened_at.astimezone(HOME):%Y-%m-%d %H:%M %z}"
        lines.append("  ".join((at, about.get(one.about, one.about), due, answer)))
    return lines or [words["none"]]


def _raised(page: FPDF, title: str, lines: list[str]) -> None:
    page.ln(3)
    page.set_font("body", size=12)
    page.cell(0, 8, title, new_x="LMARGIN", new_y="NEXT")
    page.set_font("body", size=9)
    for line in lines:
        page.multi_cell(0, 5, line, align="L", new_x="LMARGIN", new_y="NEXT")


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
    for text in (words["files"], words["how"]):
        page.multi_cell(0, 6, text, align="L", new_x="LMARGIN", new_y="NEXT")
    _raised(page, words["raised"], raised(head.concerns, language))
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
