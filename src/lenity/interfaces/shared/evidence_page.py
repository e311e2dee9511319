"""The pages of an evidence pack: A4, the pack's digest at the head of each, numbered, with bookmarks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from fpdf import FPDF, Align, FontFace
from fpdf.enums import MethodReturnValue, TableBordersLayout, VAlign
from fpdf.outline import OutlineSection

from lenity.interfaces.shared.statement_pdf import FONT, INK, LINE, MUTED, font_file

PAPER = (244, 243, 238)
WHITE = (255, 255, 255)
PLAIN = FontFace(emphasis="", color=INK)
QUOTED = "quoted"
INDENT, LABEL = 9, 25
HEAD = FontFace(emphasis="", color=MUTED)
_LOOSE = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[0-9A-Za-z])|(?<=[0-9A-Za-z]) (?=[\u4e00-\u9fff])")


class Page(FPDF):
    """An A4 page in the house's type."""

    def __init__(self, *, header: str, digest: str, footer: str) -> None:
        super().__init__(format="A4")
        self._head, self._digest, self._foot = header, digest, footer
        self.set_margins(18, 24, 18)
        self.add_font(FONT, "", str(font_file()))
        self.set_auto_page_break(True, margin=20)

    def header(self) -> None:
        """Whose pack it is, and its digest."""
        self.set_y(11)
        self.type(7, MUTED)
        self.cell(0, 4, self._head)
        self.set_x(self.l_margin)
        self.cell(0, 4, f"SHA-256 {self._digest}", align="R")
        self.set_draw_color(*LINE)
        self.line(self.l_margin, 16.5, self.w - self.r_margin, 16.5)
        self.set_y(self.t_margin)

    def footer(self) -> None:
        """The page's number of all."""
        self.set_y(-14)
        self.type(7.5, MUTED)
        self.cell(0, 5, self._foot.format(page=self.page_no(), pages="{nb}"), align="C")

    def multi_cell(self, w: float, h: float | None = None, text: str = "", *more: Any, **named: Any) -> Any:
        """Lines of text; a space between a Chinese sign and a number ends no line, or half a line stays empty."""
        return super().multi_cell(w, h, _LOOSE.sub("\u00a0", text), *more, **named)

    def type(self, size: float, colour: tuple[int, int, int] = INK) -> None:
        """Size and colour of what follows."""
        self.set_font(FONT, size=size)
        self.set_text_color(*colour)

    def paragraph(self, text: str, *, size: float = 9, colour: tuple[int, int, int] = INK) -> None:
        """Text over the whole width."""
        self.type(size, colour)
        self.multi_cell(0, size * 0.56, text, align=Align.L, new_x="LMARGIN", new_y="NEXT")

    def section(self, title: str, says: str = "", *, room: float = 55) -> None:
        """A part of the paper, which the contents and the bookmarks name; it keeps with what follows."""
        if self.get_y() + room > self.h - 20:
            self.add_page()
        elif self.get_y() > self.t_margin + 1:
            self.ln(7)
        self.start_section(title)
        self.type(14)
        self.cell(0, 8, title, new_x="LMARGIN", new_y="NEXT")
        self.ln(0.5)
        if says:
            self.paragraph(says, size=8, colour=MUTED)
        self.ln(2)

    def room_for(self, height: float) -> None:
        """Begin a new page where less than this is left of it."""
        if self.get_y() + height > self.h - 20:
            self.add_page()

    def small_head(self, title: str) -> None:
        """A heading within a part."""
        self.room_for(25)
        self.ln(2)
        self.type(10.5)
        self.cell(0, 7, title, new_x="LMARGIN", new_y="NEXT")

    def pairs(self, rows: Iterable[tuple[str, str]], *, label: float = 52) -> None:
        """Labels and texts."""
        for name, text in rows:
            if self.get_y() > self.h - 32:
                self.add_page()
            top = self.get_y()
            self.type(8.5, MUTED)
            self.multi_cell(label - 3, 5.2, name, align=Align.L, new_x="LMARGIN", new_y="NEXT")
            under, page = self.get_y(), self.page
            self.set_xy(self.l_margin + label, top)
            self.type(9)
            width = self.w - self.r_margin - self.l_margin - label
            self.multi_cell(width, 5.2, text, align=Align.L, new_x="LMARGIN", new_y="NEXT")
            if self.page == page:
                self.set_y(max(under, self.get_y()))
            self.ln(0.9)

    def grid(
        self,
        head: Sequence[str],
        rows: Iterable[Sequence[str]],
        widths: Sequence[int],
        numbers: Sequence[int] = (),
    ) -> None:
        """A table whose head comes again on the next page; `numbers` are columns set to the right."""
        self.type(8)
        self.set_draw_color(*LINE)
        self.set_fill_color(*WHITE)
        align = [Align.R if place in numbers else Align.L for place in range(len(head))]
        with self.table(
            col_widths=tuple(widths),
            text_align=tuple(align),
            line_height=4.6,
            padding=(1.1, 1.6, 1.1, 0),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            headings_style=HEAD,
            v_align=VAlign.T,
        ) as table:
            table.row(head)
            for cells in rows:
                table.row(cells, style=PLAIN)
        self.ln(1)

    def rows_or(
        self,
        nothing: str,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[int],
        numbers: Sequence[int] = (),
    ) -> None:
        """A table, or a line that says that there is nothing."""
        if rows:
            self.grid(head, rows, widths, numbers)
        else:
            self.paragraph(nothing)

    def tag(self, text: str, *, strong: bool) -> None:
        """A verdict at the right of its line: dark where it was allowed, in outline where not."""
        self.type(8, WHITE if strong else INK)
        width = self.get_string_width(text) + 6
        self.set_x(self.w - self.r_margin - width)
        self.set_fill_color(*(INK if strong else WHITE))
        self.set_draw_color(*INK)
        self.cell(width, 5.4, text, border=1, align="C", fill=True, new_x="LMARGIN", new_y="NEXT")

    def told(self, rows: Sequence[tuple[str, str]]) -> None:
        """Lines under a contact, a label and a text each; under `QUOTED` the words of somebody else."""
        for label, text in rows:
            if label == QUOTED:
                self.quote(text)
                continue
            self.set_x(self.l_margin + INDENT)
            self.type(8, MUTED)
            self.cell(LABEL, 4.6, label)
            self.type(8)
            width = self.epw - INDENT - LABEL
            self.multi_cell(width, 4.6, text, align=Align.L, new_x="LMARGIN", new_y="NEXT")

    def quote(self, text: str) -> None:
        """Words of somebody else, on a ground of their own."""
        self.type(8.5)
        self.set_fill_color(*PAPER)
        self.set_x(self.l_margin + INDENT)
        width = self.epw - INDENT
        self.multi_cell(width, 5, text, align=Align.L, fill=True, padding=2, new_x="LMARGIN", new_y="NEXT")
        self.ln(1)

    def keep_together(self, rows: Sequence[tuple[str, str]]) -> None:
        """Begin a new page where these lines would be torn apart; what is longer than a page is."""
        height = 14.0
        for label, text in rows:
            is_quote = label == QUOTED
            self.type(8.5 if is_quote else 8)
            width = self.epw - INDENT - (4 if is_quote else LABEL)
            height += 5 if is_quote else 0
            line = 5 if is_quote else 4.6
            lines = self.multi_cell(
                width, line, text, align=Align.L, dry_run=True, output=MethodReturnValue.LINES
            )
            height += line * len(lines) if isinstance(lines, list) else 0
        if self.get_y() + height > self.h - 20 and height < self.eph:
            self.add_page()

    def rule(self) -> None:
        """A thin line."""
        self.ln(1.6)
        self.set_draw_color(*LINE)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())
        self.ln(2.4)

    def contents(self, outline: list[OutlineSection], title: str) -> None:
        """The contents, on the page that was kept free for them."""
        self.set_x(self.l_margin)
        self.type(14)
        self.cell(0, 9, title, new_x="LMARGIN", new_y="NEXT")
        self.ln(1)
        for part in outline:
            link = self.add_link(page=part.page_number)
            self.type(9.5)
            self.cell(self.epw - 16, 6.6, part.name, link=link)
            self.cell(16, 6.6, str(part.page_number), align="R", link=link, new_x="LMARGIN", new_y="NEXT")
            self.set_draw_color(*LINE)
            self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())
