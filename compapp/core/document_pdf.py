"""An official Vietnamese paper as a PDF: the same parts, margins and sizes as the DOCX (decree 30/2020, annex I).

Set in Tinos, which has the widths of Times New Roman. The DOCX is for the office to edit; this is for reading, printing
and the file.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, TableHeadingsDisplay

from compapp.core.document_tables import column_widths
from compapp.core.documents import (
    RIGHT_HEAD,
    Grid,
    OfficialPaper,
    Signature,
    Text,
    checked_where,
    dated_line,
    is_heading,
    square_code,
)

PDF = "application/pdf"
_FONTS = Path(__file__).resolve().parents[1] / "static" / "vendor" / "fonts" / "ttf"
_FAMILY = "tinos"
_FACES = {
    "": "Tinos_400Regular.ttf",
    "B": "Tinos_700Bold.ttf",
    "I": "Tinos_400Regular_Italic.ttf",
    "BI": "Tinos_700Bold_Italic.ttf",
}
_LEFT, _RIGHT, _EDGE = 30, 15, 20
_NATION, _MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
_POINT = 0.3528
"""Millimetres of one point."""
_FOOT, _CHECK = 48, 28
"""Millimetres that signature and recipients need, and the square code under them."""
_RECIPIENT = 4.6
"""Millimetres of a line that says who receives the paper."""
_LAST, _ROW = 2, 16
"""Rows of a last table that stay with the signatures, and millimetres that one of them may need."""
_HEADED = 38
"""Millimetres that the heading of a table and its first row may need, below the line that announces it."""
_GAP = 4
"""Millimetres below a paragraph, with some to spare."""
_LETTERS = 70
"""Letters of a line of the text, at least."""
_HYPHEN = re.compile(r"(?<=\w-)(?=\w)")
"""Where a code such as VL-KNST-2026-001 may go on in the next line of a cell that is narrower."""
_PADDED = 2.6
"""Millimetres of a cell that hold no text, with some to spare."""
_UNSOUND = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


class _Sheet(FPDF):
    """A page with its number in the middle of the upper margin, from the second page of a paper on."""

    pages_before = 0
    """Pages of the papers that stand before this one in the file."""

    def header(self) -> None:
        """Write the number of the page."""
        number = self.page_no() - self.pages_before
        if number > 1:
            self.set_y(10)
            self.set_font(_FAMILY, "", 13)
            self.cell(0, 6, str(number), align="C")
            self.set_y(_EDGE)


def pdf(*papers: OfficialPaper) -> bytes:
    """Return papers as one PDF file: each begins on a page of its own and counts its own pages."""
    paper = papers[0]
    sheet: Any = _Sheet(orientation="landscape" if paper.landscape else "portrait", unit="mm", format="A4")
    for style, name in _FACES.items():
        sheet.add_font(_FAMILY, style, _FONTS / name)
    sheet.set_margins(_LEFT, _EDGE, _RIGHT)
    sheet.set_auto_page_break(True, _EDGE)
    sheet.set_title(_sound(f"{paper.kind} {paper.abstract}").replace("\n", " ").strip())
    sheet.set_lang("vi")
    for one in papers:
        sheet.pages_before = sheet.page_no()
        sheet.add_page()
        _write(sheet, one)
    return bytes(sheet.output())


def _write(sheet: Any, paper: OfficialPaper) -> None:
    foot = _foot_height(paper)
    _head(sheet, paper)
    _title(sheet, paper)
    for block, following in zip(paper.content, (*paper.content[1:], None), strict=True):
        if isinstance(block, Grid):
            _grid(sheet, block) if following is not None else _grid_with_foot(sheet, block, foot)
            continue
        if following is None:
            _keep_with(sheet, block, foot)
        elif is_heading(block, following):
            _keep_with(sheet, block, _HEADED)
        _paragraph(sheet, block)
    _foot(sheet, paper, foot)


def _foot_height(paper: OfficialPaper) -> float:
    """Return how many millimetres signatures, recipients and code need, which stand on one page.

    Recipients stand beside one signature, and below several.
    """
    below = _RECIPIENT * (len(paper.recipients) + 2) if len(paper.signatures) > 1 and paper.recipients else 0
    return _FOOT + below + (_CHECK if paper.check else 0)


def _sound(text: str) -> str:
    return _UNSOUND.sub("", text)


def _head(sheet: Any, paper: OfficialPaper) -> None:
    """Write issuing body and number at the left, nation, motto and date at the right."""
    top, wide = sheet.get_y(), sheet.epw
    left = wide - RIGHT_HEAD
    lines = [(paper.superior_body.upper(), 13, "")] if paper.superior_body else []
    bottom = _column(sheet, _LEFT, left, top, [*lines, (paper.issuing_body.upper(), 13, "B")])
    _rule(sheet, _LEFT + left / 2, bottom + 1, 30)
    right = _column(sheet, _LEFT + left, RIGHT_HEAD, top, [(_NATION, 12, "B"), (_MOTTO, 13, "B")])
    _rule(sheet, _LEFT + left + RIGHT_HEAD / 2, right + 1, 48)
    below = max(bottom, right) + 3
    sign = f"/{paper.sign}" if paper.sign else ""
    number = [(f"Số: {paper.number or '      '}{sign}", 13, "")] if paper.numbered else []
    ends = [
        _column(sheet, _LEFT, left, below, number),
        _column(sheet, _LEFT + left, RIGHT_HEAD, below, [(dated_line(paper.place, paper.dated), 14, "I")]),
    ]
    sheet.set_y(max(ends) + 4)


def _column(sheet: Any, x: float, width: float, y: float, lines: Sequence[tuple[str, int, str]]) -> float:
    """Write centred lines in a column; return where they end."""
    sheet.set_xy(x, y)
    for text, size, style in lines:
        sheet.set_font(_FAMILY, style, size)
        sheet.set_x(x)
        sheet.multi_cell(width, size * _POINT * 1.15, _sound(text), align="C", new_x="LMARGIN", new_y="NEXT")
    return float(sheet.get_y())


def _rule(sheet: Any, middle: float, y: float, length: float) -> None:
    sheet.set_line_width(0.25)
    sheet.line(middle - length / 2, y, middle + length / 2, y)


def _title(sheet: Any, paper: OfficialPaper) -> None:
    lines = [(text, 14, "B") for text in (paper.kind.upper(), paper.abstract) if text]
    if not lines:
        return
    end = _column(sheet, _LEFT, sheet.epw, sheet.get_y() + 2, lines)
    if paper.abstract:
        _rule(sheet, _LEFT + sheet.epw / 2, end + 1.5, 50)
    sheet.set_y(end + 5)


def _paragraph(sheet: Any, block: Text) -> None:
    style = {"bold": "B", "centred": "B", "italic": "I"}.get(block.style, "")
    sheet.set_font(_FAMILY, style, 14)
    height = 14 * _POINT * 1.25
    if block.style == "centred":
        sheet.multi_cell(0, height, _sound(block.text), align="C", new_x="LMARGIN", new_y="NEXT")
    else:
        words = sheet.text_columns(text_align="J", line_height=1.25)
        with words, words.paragraph(first_line_indent=10) as paragraph:
            paragraph.write(_sound(block.text))
    sheet.ln(2)


def _keep_with(sheet: Any, block: Text, after: float) -> None:
    """Begin a page where a paragraph would leave what must stand below it, ``after`` mm, alone on the next one."""
    lines = len(block.text) // _LETTERS + 1
    if sheet.will_page_break(lines * 14 * _POINT * 1.25 + _GAP + after):
        sheet.add_page()


def _grid_with_foot(sheet: Any, grid: Grid, foot: float) -> None:
    """Write the table that ends a paper: its last rows stand on the page of the signatures."""
    grid = replace(grid, widths=column_widths(grid, sheet.epw))
    first, last = replace(grid, rows=grid.rows[:-_LAST]), replace(grid, rows=grid.rows[-_LAST:])
    if not first.rows:
        _grid(sheet, grid)
        return
    _grid(sheet, first, space=0)
    on_new_page = sheet.will_page_break(len(last.rows) * _ROW + foot)
    if on_new_page:
        sheet.add_page()
    _grid(sheet, last, with_headings=on_new_page)


def _grid(sheet: Any, grid: Grid, *, with_headings: bool = True, space: float = 3) -> None:
    """Write a table; its headings stand again on every page."""
    sheet.set_font(_FAMILY, "", 12)
    sheet.set_line_width(0.2)
    aligns = tuple("RIGHT" if place in grid.right else "LEFT" for place in range(len(grid.headings)))
    widths = column_widths(grid, sheet.epw)
    with sheet.table(
        col_widths=tuple(widths),
        text_align=aligns,
        align="LEFT",
        v_align="TOP",
        width=sheet.epw,
        line_height=12 * _POINT * 1.2,
        borders_layout=TableBordersLayout.ALL,
        repeat_headings=TableHeadingsDisplay.ON_TOP_OF_EVERY_PAGE,
        padding=(0.5, 1),
        first_row_as_headings=with_headings,
    ) as table:
        if with_headings:
            head = table.row()
            for one in grid.headings:
                head.cell(_sound(one), align="CENTER")
        for row in grid.rows:
            table.row([_fitting(sheet, _sound(one), width) for one, width in zip(row, widths, strict=True)])
    sheet.ln(space)


def _fitting(sheet: Any, text: str, width: float) -> str:
    """Return the text of a cell with words that are wider than it cut after a hyphen; no letter is added.

    A character that only marks where a line may end would stay in the paper's text: searching for the code would
    miss it, and who copies it would carry the mark along.
    """
    return "\n".join(" ".join(_cut(sheet, word, width) for word in line.split(" ")) for line in text.split("\n"))


def _cut(sheet: Any, word: str, width: float) -> str:
    """Return a word in as many lines as it needs, each of them ending with a hyphen."""
    room = width - _PADDED
    if "-" not in word or sheet.get_string_width(word) <= room:
        return word
    lines = [""]
    for piece in _HYPHEN.split(word):
        if lines[-1] and sheet.get_string_width(lines[-1] + piece) > room:
            lines.append("")
        lines[-1] += piece
    return "\n".join(lines)


def _foot(sheet: Any, paper: OfficialPaper, foot: float) -> None:
    """Write recipients at the left and the signature at the right, together on one page."""
    if sheet.will_page_break(foot):
        sheet.add_page()
    top, wide = sheet.get_y() + 3, sheet.epw
    if len(paper.signatures) > 1:
        each = wide / len(paper.signatures)
        ends = [_signature(sheet, _LEFT + at * each, each, top, one) for at, one in enumerate(paper.signatures)]
        sheet.set_y(max(ends) + 2)
    elif paper.signatures:
        end = _signature(sheet, _LEFT + wide - 85, 85, top, paper.signatures[0])
        sheet.set_y(top if paper.recipients else end)
        _recipients(sheet, paper)
        sheet.set_y(max(sheet.get_y(), end))
    if len(paper.signatures) != 1:
        _recipients(sheet, paper)
    if paper.check:
        _checked_at(sheet, paper)


def _checked_at(sheet: Any, paper: OfficialPaper) -> None:
    """Write where anybody checks the paper, beside a square code."""
    top = sheet.get_y() + 3
    sheet.image(square_code(paper.check), x=_LEFT, y=top, w=20)
    sheet.set_font(_FAMILY, "", 10)
    sheet.set_xy(_LEFT + 23, top + (1 if paper.head else 5))
    sheet.multi_cell(sheet.epw - 23, 4.4, checked_where(paper), align="L", new_x="LMARGIN", new_y="NEXT")
    sheet.set_y(max(sheet.get_y(), top + 21))


def _recipients(sheet: Any, paper: OfficialPaper) -> None:
    """Write who receives the paper, where anybody does."""
    if not paper.recipients:
        return
    wide = sheet.epw
    sheet.set_font(_FAMILY, "BI", 12)
    sheet.cell(wide - 85, 5, "Nơi nhận:", new_x="LMARGIN", new_y="NEXT")
    sheet.set_font(_FAMILY, "", 11)
    for line in (*(f"- {one};" for one in paper.recipients), f"- {paper.file_note}"):
        sheet.multi_cell(wide - 85, _RECIPIENT, _sound(line), align="L", new_x="LMARGIN", new_y="NEXT")


def _signature(sheet: Any, x: float, width: float, y: float, signature: Signature) -> float:
    offices = [(text.upper(), 14, "B") for text in (signature.authority, signature.office) if text]
    end = _column(sheet, x, width, y, offices)
    return _column(sheet, x, width, end + 24, [(signature.name, 14, "B")] if signature.name else [])
