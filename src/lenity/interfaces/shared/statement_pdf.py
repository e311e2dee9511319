"""A statement as a PDF with its Chinese font embedded, so that it shows and prints the same everywhere."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

from fpdf import FPDF

from lenity.domain.servicing.statement import Row, Statement
from lenity.interfaces.shared import conventions

INK, MUTED, LINE = (32, 33, 31), (96, 98, 92), (205, 203, 192)
FONT = "body"
WIDTHS = (10, 24, 28, 28, 20, 22, 26, 28)


def render(statement: Statement, lender: str) -> bytes:
    """The PDF's bytes, A4."""
    page = Page(statement.words["page"])
    page.add_font(FONT, "", str(font_file()))
    page.set_title(f"{statement.words['title']} {statement.head[1][1]}")
    page.set_author(lender)
    page.set_lang("zh-Hans" if statement.language == "zh-hans" else "en")
    page.set_auto_page_break(True, margin=18)
    page.add_page()
    page.heading(statement.words["title"], lender)
    page.pairs(statement.head)
    page.ln(3)
    page.pairs(statement.foot)
    days = conventions.statement_style(statement.language, "medium").day
    page.section(statement.words["events"])
    for event in statement.events:
        page.event(days(event.on_date), event.what, event.amount, event.how)
    page.section(statement.words["plan"])
    page.instalments(statement)
    page.ln(4)
    for note in statement.notes:
        page.small(note)
    return bytes(page.output())


@cache
def font_file() -> Path:
    """Noto Sans SC (SIL Open Font Licence) as the package zhplot carries it; nothing of that package runs."""
    found = importlib.util.find_spec("zhplot")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("The font for PDFs is missing: install requirements/run.txt.")
    return Path(found.submodule_search_locations[0]) / "fonts" / "NotoSansSC-Regular.ttf"


class Page(FPDF):
    """An A4 page in the house's type."""

    def __init__(self, foot: str) -> None:
        super().__init__(format="A4")
        self.foot = foot
        self.set_margins(12, 14, 12)

    def footer(self) -> None:
        """The page's number."""
        self.set_y(-14)
        self._text(8, MUTED)
        self.cell(0, 6, self.foot.format(page=self.page_no()), align="C")

    def heading(self, title: str, lender: str) -> None:
        """Lender and title."""
        self._text(9, MUTED)
        self.cell(0, 5, lender, new_x="LMARGIN", new_y="NEXT")
        self._text(18, INK)
        self.cell(0, 11, title, new_x="LMARGIN", new_y="NEXT")
        self.ln(2)

    def pairs(self, rows: tuple[tuple[str, str], ...]) -> None:
        """Labels and texts."""
        for label, text in rows:
            self._text(9, MUTED)
            self.cell(48, 6, label)
            self._text(9.5, INK)
            self.multi_cell(0, 6, text, align="L", new_x="LMARGIN", new_y="NEXT")

    def section(self, title: str) -> None:
        """A heading with a line."""
        self.ln(4)
        self._text(12, INK)
        self.cell(0, 8, title, new_x="LMARGIN", new_y="NEXT")
        self._rule()

    def event(self, day: str, what: str, amount: str, how: str) -> None:
        """One thing that happened."""
        self._text(9, INK)
        self.cell(26, 6, day)
        self.cell(110, 6, what)
        self.cell(0, 6, amount, align="R", new_x="LMARGIN", new_y="NEXT")
        if how:
            self._text(8, MUTED)
            self.cell(26, 5, "")
            self.multi_cell(0, 5, how, align="L", new_x="LMARGIN", new_y="NEXT")
        self._rule()

    def instalments(self, statement: Statement) -> None:
        """The table of instalments, each with how its interest was computed."""
        words = statement.words
        days = conventions.statement_style(statement.language, "medium").day
        names = ("number", "due", "principal", "interest", "fees", "late", "paid", "open")
        labels = [words["principal_short" if name == "principal" else name] for name in names]
        self._cells(labels, MUTED, 8)
        self._rule()
        for row in statement.rows:
            if self.get_y() > self.h - 32:
                self.add_page()
            self._instalment(row, days(row.due_date))

    def _instalment(self, row: Row, day: str) -> None:
        cells = [str(row.number), day, row.principal, row.interest, row.fees, row.late]
        self._cells([*cells, row.paid, row.open], INK, 8)
        if row.how:
            self._text(7.5, MUTED)
            self.cell(34, 4.4, "")
            self.multi_cell(0, 4.4, row.how, align="L", new_x="LMARGIN", new_y="NEXT")
        self._rule()

    def small(self, text: str) -> None:
        """A note."""
        self._text(8, MUTED)
        self.multi_cell(0, 5, text, align="L", new_x="LMARGIN", new_y="NEXT")

    def _cells(self, cells: list[str], colour: tuple[int, int, int], size: float) -> None:
        self._text(size, colour)
        for place, (width, text) in enumerate(zip(WIDTHS, cells, strict=True)):
            self.cell(width, 6, text, align="L" if place < 2 else "R")
        self.ln(6)

    def _text(self, size: float, colour: tuple[int, int, int]) -> None:
        self.set_font(FONT, size=size)
        self.set_text_color(*colour)

    def _rule(self) -> None:
        self.set_draw_color(*LINE)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())
        self.ln(0.8)
