"""An evidence pack on paper, for somebody who has never heard of Lenity: a lawyer, a regulator, a judge."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from fpdf import FPDF
from fpdf.outline import OutlineSection

from lenity.interfaces.shared import evidence_account, evidence_form, evidence_tables
from lenity.interfaces.shared.evidence_account import Paper
from lenity.interfaces.shared.evidence_page import INDENT, QUOTED, Page
from lenity.interfaces.shared.evidence_tables import Record
from lenity.interfaces.shared.evidence_words import Words
from lenity.interfaces.shared.statement_pdf import MUTED

MOST_LOOKS = 60


def render(paper: Paper) -> bytes:
    """The PDF's bytes, with its Chinese font embedded."""
    words = paper.words
    page = Page(
        header=words["header"].format(lender=paper.lender), digest=paper.digest, footer=words["footer"]
    )
    page.set_title(f"{words['title']} {paper.record['person']['id']}")
    page.set_author(paper.lender)
    page.set_subject(f"SHA-256 {paper.digest}")
    page.set_lang("zh-Hans" if words.language == "zh-hans" else "en")
    page.add_page()
    _cover(page, paper)
    page.add_page()
    page.insert_toc_placeholder(partial(_contents, title=words["contents"]), allow_extra_pages=False)
    for part in PARTS:
        part(page, paper)
    return bytes(page.output())


def _contents(page: FPDF, outline: list[OutlineSection], *, title: str) -> None:
    assert isinstance(page, Page)
    page.contents(outline, title)


def _cover(page: Page, paper: Paper) -> None:
    record, words = paper.record, paper.words
    page.ln(16)
    page.paragraph(paper.lender, size=11, colour=MUTED)
    page.ln(3)
    page.type(30)
    page.cell(0, 16, words["title"], new_x="LMARGIN", new_y="NEXT")
    page.paragraph(words["subtitle"], size=11, colour=MUTED)
    page.ln(9)
    person, log = record["person"], record["log"]
    first, last = evidence_form.period(record, words)
    said = words["period_says"].format(first=first, last=last) if first else words["no_contacts"]
    accounts = [evidence_account.named(one, words) for one in record["loans"]]
    sealed = words["log_says"].format(
        size=log["size"], sealed=words.instant(log["sealed_at"]), root=log["root"]
    )
    page.pairs(
        (
            (words["borrower"], person["name"]),
            (words["borrower_id"], person["id"]),
            (words["lender"], paper.lender),
            (
                words["accounts"],
                "\n".join(accounts) or words["none"],
            ),
            (words["place"], paper.place_name),
            (words["laws"], "\n".join(_instruments(record, words)) or words["none"]),
            (words["period"], said),
            (words["zone"], words["zone_says"].format(zone=person["zone"])),
        )
    )
    page.rule()
    page.pairs(
        (
            (words["made"], words.instant(record["made_at"])),
            (words["made_for"], words.of("audience", record["audience"])),
            (words["digest"], f"{paper.digest}\n{words['digest_says']}"),
            (words["log"], sealed if log["size"] else words["log_none"]),
            (words["key"], log["public_key"]),
        )
    )


def _instruments(record: Record, words: Words) -> list[str]:
    """The instruments that the decisions quote; what is no law comes last."""
    found = sorted(record["provisions"], key=lambda one: one["force"] == "house")
    return list(dict.fromkeys(str(one["instrument"][words.half]) for one in found))


def _glance(page: Page, paper: Paper) -> None:
    words = paper.words
    page.section(words["glance"])
    page.pairs(evidence_tables.glance(paper.record, words, paper.counted["receipts"]), label=84)


def _timeline(page: Page, paper: Paper) -> None:
    words = paper.words
    page.section(words["timeline"], words["timeline_says"])
    if not paper.record["contacts"]:
        page.paragraph(words["none"])
    for one in paper.record["contacts"]:
        _contact(page, one, words)


def _contact(page: Page, one: Mapping[str, Any], words: Words) -> None:
    rows = _contact_rows(one, words)
    page.keep_together(rows)
    page.type(10)
    page.cell(INDENT, 5.4, str(one["number"]))
    page.cell(62, 5.4, words.instant(one["at"]))
    how = f"{words.word(one['channel'], 'channel')} · {words.word(one['purpose'], 'purpose')}"
    page.cell(0, 5.4, how)
    page.tag(words.word(one["verdict"], "verdict"), strong=one["verdict"] == "allowed")
    page.ln(1)
    page.told(rows)
    page.rule()


def _contact_rows(one: Mapping[str, Any], words: Words) -> list[tuple[str, str]]:
    to = f" → {one['to']}" if one["to"] else ""
    rows = [(words["by"], f"{words.maker(one['by'])}{to}"), *_message(one["message"], words)]
    for place, sentence in enumerate(one["in_words"][words.language][1:]):
        rows.append(("" if place else words["why"], sentence))
    if one["earliest"]:
        rows.append((words["earliest"], words.instant(one["earliest"])))
    for found in one["outcomes"]:
        said = f"{words.word(found['outcome'], 'outcome')} {words.short(found['at'])}"
        rows.append((words["outcome"], said))
    rows += [(words["mine"], f"{words.short(note['at'])}  {note['words']}") for note in one["notes"]]
    rows += [(words["attached"], f"{file['media_type']}, SHA-256 {file['sha256']}") for file in one["files"]]
    place_in_log = words["not_sealed"] if one["position"] is None else str(one["position"])
    return [*rows, (words["code"], f"{one['code']}    {words['receipt']} {place_in_log}")]


def _message(message: Mapping[str, Any], words: Words) -> list[tuple[str, str]]:
    """What was sent, word for word, and what became of it."""
    if not message:
        return []
    left = message["state"] not in ("cancelled", "refused", "queued", "leased")
    subject = f"{words['subject']}: {message['subject']}\n" if message["subject"] else ""
    hidden = words["gone"] if message["is_gone"] else words["secret"] if message["is_secret"] else ""
    told = [f"{words.word(one['state'], 'delivery')} {words.short(one['at'])}" for one in message["receipts"]]
    mine = [words.word(message["state"], "delivery"), words.short(message["handed_at"])]
    return [
        (
            words["text"],
            f"{words['from']} {message['sender']}; {words['sent_as' if left else 'prepared_as']}",
        ),
        (QUOTED, hidden or f"{subject}{message['body']}"),
        (words["delivery"], "; ".join((" ".join(filter(None, mine)), *told))),
    ]


def _stopped(page: Page, paper: Paper) -> None:
    words = paper.words
    rows = []
    for one in paper.record["contacts"]:
        if one["verdict"] == "allowed":
            continue
        found = evidence_tables.leading(one)
        instrument = found["instrument"].get(words.half, "")
        rows.append(
            (
                f"{one['number']}  {words.short(one['at'])}",
                words.word(one["channel"], "channel"),
                words.word(one["verdict"], "verdict"),
                f"{found['says'].get(words.half, '')} ({instrument} {words.article(found['article'])})",
                words.short(one["earliest"]) or "–",
            )
        )
    page.section(words["stopped"], words["stopped_says"])
    head = (words["when"], words["channel"], words["state"], words["provision"], words["earliest"])
    page.rows_or(words["none"], head, rows, (30, 18, 18, 80, 28))


def _told(page: Page, paper: Paper) -> None:
    words = paper.words
    page.section(words["told"], words["told_says"])
    rows = [
        (words.short(one["at"]), words.word(one["channel"], "channel"), one["from"], one["who"])
        for one in paper.record["told"]
    ]
    page.rows_or(
        words["none"], (words["when"], words["channel"], words["from"], words["by"]), rows, (36, 30, 54, 54)
    )


def _wishes(page: Page, paper: Paper) -> None:
    words = paper.words
    page.section(words["wishes"])
    rows = [
        (
            words.of("wish", one["kind"]),
            " ".join((words.word(one["channel"], "channel") if one["channel"] else "", one["to"])).strip(),
            ", ".join(f"{value}" for value in one["detail"].values()),
            words.short(one["since"]),
            words.short(one["taken_back_at"] or one["until"]) or words["standing"],
        )
        for one in paper.record["wishes"]
    ]
    head = (words["kind"], words["channel"], "", words["since"], words["until"])
    page.rows_or(words["none"], head, rows, (56, 30, 30, 29, 29))


def _holds(page: Page, paper: Paper) -> None:
    words = paper.words
    page.section(words["holds"])
    rows = []
    for one in paper.record["holds"]:
        until = words.short(one["ended_at"]) or words.day(one["until"]) or words["standing"]
        because = words.of("ended", words.of("answer", one["ended_because"]))
        rows.append((words.word(one["kind"], "stop"), words.short(one["since"]), until, because))
    head = (words["kind"], words["since"], words["until"], words["state"])
    page.rows_or(words["none"], head, rows, (60, 36, 42, 36))


def _concerns(page: Page, paper: Paper) -> None:
    words = paper.words
    page.section(words["concerns"])
    rows = []
    for one in paper.record["concerns"]:
        answer = f"{words.short(one['answered_at'])} {words.of('answer', one['answer'])}".strip()
        rows.append(
            (
                words.word(one["about"], "concern"),
                words.short(one["opened_at"]),
                words.day(one["answer_by"]),
                answer or words["open"],
                words[("in_time" if one["answered_at"] else "not_due") if one["in_time"] else "late"],
            )
        )
    head = (words["about"], words["received"], words["answer_by"], words["answered"], "")
    page.rows_or(words["none"], head, rows, (50, 30, 34, 42, 18))
    for one in paper.record["concerns"]:
        for said in one["words"]:
            page.told([(words["words"], words.short(said["at"])), (QUOTED, said["words"])])
        page.told(
            [(words["attached"], f"{file['media_type']}, SHA-256 {file['sha256']}") for file in one["files"]]
        )


def _plans(page: Page, paper: Paper) -> None:
    words = paper.words
    page.section(words["plans"])
    rows = [
        (
            words.short(one["signed_at"]),
            one["account_ending"],
            words.amount(sum(minor for _, minor in one["old"]), one["currency"]),
            words.amount(one["total_minor"], one["currency"]),
            str(len(one["new"])),
            f"{one['new'][0][0]} – {one['new'][-1][0]}" if one["new"] else "",
        )
        for one in paper.record["agreements"]
    ]
    head = ("signed", "accounts", "old_total", "new_total", "instalments", "first_due")
    page.rows_or(words["none"], tuple(words[one] for one in head), rows, (30, 22, 32, 32, 18, 40), (2, 3, 4))
    for one in paper.record["agreements"]:
        page.paragraph(f"SHA-256 {one['digest']}", size=7.5, colour=MUTED)
    promises = [
        (
            words.amount(one["amount_minor"], one["currency"]),
            words.day(one["by"]),
            words.word(one["outcome"], "promise"),
        )
        for one in paper.record["promises"]
    ]
    if promises:
        page.small_head(words["promise"])
        page.grid((words["amount"], words["day"], words["state"]), promises, (58, 58, 58))


def _looks(page: Page, paper: Paper) -> None:
    words = paper.words
    page.section(words["looks"])
    rows = [
        (
            words.short(one["at"]),
            words.word(one["how"], "look"),
            " ".join(filter(None, (one["who"], one["staff_number"], one["agency"]))),
            words.word(one["reason"], "look_up") if one["reason"] else "",
        )
        for one in paper.record["looks"][-MOST_LOOKS:]
    ]
    head = (words["when"], words["what"], words["by"], words["reason"])
    page.rows_or(words["none"], head, rows, (32, 46, 50, 46))


def _form(page: Page, paper: Paper) -> None:
    words, place = paper.words, paper.record["person"]["place"]
    page.add_page()
    title = evidence_form.title(place)
    page.section(words[title], words[f"{title}_says"])
    for name, text in evidence_form.rows(paper.record, words, paper.lender, paper.digest, paper.counted):
        if page.get_y() > page.h - 40:
            page.add_page()
        page.paragraph(name, size=8, colour=MUTED)
        if text:
            page.paragraph(text, size=9.5)
        else:
            page.paragraph(words["fill"], size=8, colour=MUTED)
            page.ln(5)
        page.rule()


def _law(page: Page, paper: Paper) -> None:
    words = paper.words
    page.section(words["law"], words["law_says"])
    rows = [
        (
            f"{one['instrument'][words.half]} {words.article(one['article'])}\n{one['id']}",
            words.word(one["force"], "force"),
            one["says"][words.half],
        )
        for one in sorted(paper.record["provisions"], key=lambda one: (one["force"] == "house", one["id"]))
    ]
    page.rows_or(words["none"], (words["provision"], words["force"], words["says"]), rows, (62, 24, 88))


def _verify(page: Page, paper: Paper) -> None:
    words = paper.words
    page.section(words["verify"], words["verify_first"])
    for number, line in enumerate(words.lines("how"), start=1):
        page.paragraph(f"{number}.  {line}")
        page.ln(1)
    page.small_head(words["left_out"])
    page.paragraph(words.of("omitted", paper.record["audience"]))
    page.small_head(words["files"])
    rows = [(name, words.of("file_name", name)) for name in paper.files]
    page.grid((words["file"], words["what"]), rows, (52, 122))


PARTS = (
    *(
        _glance,
        _timeline,
        _stopped,
        _told,
        _wishes,
        _holds,
        _concerns,
        _plans,
        evidence_account.amounts,
        evidence_account.limits,
        _looks,
    ),
    *(_law, _verify, _form),
)
