"""An official Vietnamese paper as an editable DOCX, laid out as decree 30/2020/NĐ-CP, annex I, says.

A4; margins 20 mm above and below, 30 left, 15 right; Times New Roman, black; the page number 13 pt,
centred in the top margin from page 2 on; issuing body left and national motto right; number and date;
kind and abstract; content; recipients left and signature right. Number, date and signature stay blank
for the office where they are not given. The words are the paper's language, Vietnamese by law.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import segno
from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as DocxTable
from docx.table import _Cell

from compapp.core.document_tables import Grid as Grid
from compapp.core.document_tables import column_widths

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
_MOTTO = "Độc lập - Tự do - Hạnh phúc"
_LEFT, _RIGHT = 30, 15
SEALED = "Niêm phong trong nhật ký:"
CHECK_HERE = "Kiểm tra kết quả này với bản đã niêm phong tại:"
RIGHT_HEAD = 91
"""Millimetres that nation and motto take at the right of the head; the bodies have the rest."""
_UNSOUND = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Text:
    """A paragraph of the content; ``style`` is plain, bold, italic or centred (bold, centred)."""

    text: str
    style: Literal["plain", "bold", "italic", "centred"] = "plain"


@dataclass(frozen=True)
class Signature:
    """Who signs: the authority (“TM. HỘI ĐỒNG”, “KT. GIÁM ĐỐC”), the office, the name."""

    authority: str = ""
    office: str = ""
    name: str = ""


@dataclass(frozen=True)
class OfficialPaper:
    """What a paper says. ``sign`` is what follows the number, as in ``QĐ-SKHCN``."""

    issuing_body: str
    kind: str
    content: Sequence[Text | Grid]
    superior_body: str = ""
    number: str = ""
    sign: str = ""
    place: str = ""
    dated: date | None = None
    abstract: str = ""
    signatures: Sequence[Signature] = field(default_factory=lambda: (Signature(),))
    recipients: Sequence[str] = ()
    file_note: str = "Lưu: VT."
    landscape: bool = False
    """Wide lists lie across the page."""
    numbered: bool = True
    """Whether the office gives it a number: an annex, a list to sign, a score sheet has none of its own."""
    check: str = ""
    """Where anybody checks what the paper tells; printed at its end beside a square code."""
    head: str = ""
    """Under which number and seal the record holds the result, printed there, too."""


def docx(*papers: OfficialPaper) -> bytes:
    """Return papers as one DOCX file: each begins on a page of its own and counts its own pages."""
    document = Document()
    _page(document, landscape=papers[0].landscape)
    for number, paper in enumerate(papers):
        if number:
            _begin_again(document)
        _write(document, paper)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _begin_again(document: Paper) -> None:
    """Begin another paper on a page of its own, whose first page bears no number."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    start = OxmlElement("w:pgNumType")
    start.set(qn("w:start"), "1")
    for known in section._sectPr.findall(qn("w:pgNumType")):
        section._sectPr.remove(known)
    section._sectPr.insert_element_before(start, "w:cols", "w:titlePg", "w:docGrid")


def _write(document: Paper, paper: OfficialPaper) -> None:
    _head(document, paper)
    if paper.kind:
        _line(document, paper.kind.upper(), 14, bold=True, centred=True, before=12)
    if paper.abstract:
        _line(document, paper.abstract, 14, bold=True, centred=True)
        _rule(document, (_text_width(document) - 55) // 2)
    for block, following in zip(paper.content, (*paper.content[1:], None), strict=True):
        if isinstance(block, Grid):
            _grid(document, block, kept=following is None)
        else:
            _paragraph(document, block, kept=following is None or is_heading(block, following))
    _foot(document, paper)


def is_heading(block: Text, following: Text | Grid | None) -> bool:
    """Whether a paragraph heads what follows it and so must not stand alone at the end of a page."""
    return block.style == "bold" or isinstance(following, Grid)


def dated_line(place: str, dated: date | None) -> str:
    """Return ``Vĩnh Long, ngày 06 tháng 4 năm 2018``: days under 10 and months 1 and 2 with a zero; else blank."""
    if dated is None:
        return f"{place}, ngày      tháng      năm" if place else "ngày      tháng      năm"
    month = f"{dated.month:02d}" if dated.month <= 2 else str(dated.month)
    day = f"ngày {dated.day:02d} tháng {month} năm {dated.year}"
    return f"{place}, {day}" if place else day


def _sound(text: str) -> str:
    """Return ``text`` without what XML cannot hold; the line break of slides (VT) that people paste becomes one."""
    return _UNSOUND.sub("", text.replace("\x0b", "\n"))


def _page(document: Paper, *, landscape: bool) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(_LEFT), Mm(_RIGHT)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size, normal.font.color.rgb = "Times New Roman", Pt(14), RGBColor(0, 0, 0)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "Times New Roman")
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = number.add_run()
        run.font.size = Pt(13)
        run._r.append(_field(kind, text))


def _text_width(document: Paper) -> int:
    """Return how wide the text is, in millimetres."""
    return round((document.sections[0].page_width or Mm(210)) / Mm(1)) - _LEFT - _RIGHT


def _field(kind: str, instruction: str) -> BaseOxmlElement:
    element = OxmlElement("w:fldChar" if kind else "w:instrText")
    if kind:
        element.set(qn("w:fldCharType"), kind)
    else:
        element.text = instruction
    return element


def _head(document: Paper, paper: OfficialPaper) -> None:
    wide = _text_width(document) - RIGHT_HEAD
    left, right = _columns(document, [wide, RIGHT_HEAD])
    if paper.superior_body:
        _line(left, paper.superior_body.upper(), 13, centred=True)
    _line(left, paper.issuing_body.upper(), 13, bold=True, centred=True)
    _rule(left, (wide - 32) // 2)
    _line(right, _NATION, 12, bold=True, centred=True)
    _line(right, _MOTTO, 13, bold=True, centred=True)
    _rule(right, 20)
    if paper.numbered:
        sign = f"/{paper.sign}" if paper.sign else ""
        _line(left, f"Số: {paper.number or '      '}{sign}", 13, centred=True)
    _line(right, dated_line(paper.place, paper.dated), 14, italic=True, centred=True)


def _foot(document: Paper, paper: OfficialPaper) -> None:
    _line(document, "", 6)
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    wide, count = _text_width(document), len(paper.signatures)
    if count > 1:
        cells = _columns(document, [wide // count] * (count - 1) + [wide - wide // count * (count - 1)])
        for cell, signature in zip(cells, paper.signatures, strict=True):
            _signature(cell, signature)
    else:
        cells = _columns(document, [wide - 85, 85])
        if paper.signatures:
            _signature(cells[1], paper.signatures[0])
    if paper.recipients:
        place: Paper | _Cell = document if count > 1 else cells[0]
        _line(place, "Nơi nhận:", 12, bold=True, italic=True)
        for recipient in paper.recipients:
            _line(place, f"- {recipient};", 11)
        _line(place, f"- {paper.file_note}", 11)
    if paper.check:
        _checked_at(cells[0], paper)
    for cell in cells:
        if not cell.paragraphs:
            _line(cell, "", 6)  # a cell without any paragraph is no sound DOCX


def square_code(address: str) -> io.BytesIO:
    """Return a picture (PNG) of an address that telephones read."""
    sink = io.BytesIO()
    segno.make(address, error="m").save(sink, kind="png", scale=8, border=1)
    sink.seek(0)
    return sink


def checked_where(paper: OfficialPaper) -> str:
    """Return where a paper is checked, and under which seal the record holds what it tells."""
    sealed = f"\n{SEALED}\n{paper.head}" if paper.head else ""
    return f"{CHECK_HERE}\n{paper.check}{sealed}"


def _checked_at(cell: _Cell, paper: OfficialPaper) -> None:
    """Write where the paper is checked beside the signature, so that it never stands alone on a page."""
    _line(cell, "", 6)
    cell.add_paragraph().add_run().add_picture(square_code(paper.check), width=Mm(20))
    _line(cell, checked_where(paper), 9)


def _signature(cell: _Cell, signature: Signature) -> None:
    for text in (signature.authority, signature.office):
        if text:
            _line(cell, text.upper(), 14, bold=True, centred=True)
    for _space in range(4):
        _line(cell, "", 14)
    _line(cell, signature.name, 14, bold=True, centred=True)


def _columns(document: Paper, widths: Sequence[int]) -> tuple[_Cell, ...]:
    table = document.add_table(rows=1, cols=len(widths))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _widths(table, widths)
    _keep_rows_whole(table)
    _no_padding(table)
    cells = tuple(table.rows[0].cells)
    for cell in cells:
        cell._element.remove(cell.paragraphs[0]._element)
    return cells


def _no_padding(table: DocxTable) -> None:
    """Let the text of a head or foot stand at the very margin: an organ's name is long."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), "0")
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")


def _grid(document: Paper, grid: Grid, *, kept: bool = False) -> None:
    """Write a table; ``kept``: its last rows stand on the page of the signatures after it."""
    table = document.add_table(rows=1, cols=len(grid.headings))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _repeat_heading(table)
    for cell, heading in zip(table.rows[0].cells, grid.headings, strict=True):
        _fill(cell, heading, bold=True, alignment=WD_ALIGN_PARAGRAPH.CENTER)
    for row in grid.rows:
        for place, (cell, text) in enumerate(zip(table.add_row().cells, row, strict=True)):
            _fill(cell, text, alignment=WD_ALIGN_PARAGRAPH.RIGHT if place in grid.right else WD_ALIGN_PARAGRAPH.LEFT)
    _widths(table, [int(one) for one in column_widths(grid, _text_width(document))])
    _keep_rows_whole(table)
    _line(document, "", 6)
    if kept:
        last = (paragraph for row in table.rows[-2:] for cell in row.cells for paragraph in cell.paragraphs)
        for paragraph in (*last, document.paragraphs[-1]):
            paragraph.paragraph_format.keep_with_next = True


def _repeat_heading(table: DocxTable) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)


def _keep_rows_whole(table: DocxTable) -> None:
    """No row is cut in two by the end of a page."""
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _widths(table: DocxTable, widths: Sequence[int]) -> None:
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _fill(cell: _Cell, text: str, alignment: WD_ALIGN_PARAGRAPH, *, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = alignment
    run = paragraph.add_run(_sound(text))
    run.font.size, run.bold = Pt(12), bold


def _paragraph(document: Paper, block: Text, *, kept: bool) -> None:
    """Write a paragraph; ``kept``: on the page of what follows, so that no signature stands alone."""
    paragraph = document.add_paragraph()
    run = paragraph.add_run(_sound(block.text))
    run.font.size = Pt(14)
    run.bold, run.italic = block.style in {"bold", "centred"}, block.style == "italic"
    layout = paragraph.paragraph_format
    layout.space_after, layout.line_spacing, layout.keep_with_next = Pt(6), 1.15, kept
    if block.style == "centred":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    else:
        paragraph.alignment, layout.first_line_indent = WD_ALIGN_PARAGRAPH.JUSTIFY, Mm(10)


def _line(
    place: Paper | _Cell,
    text: str,
    size: int,
    *,
    bold: bool = False,
    italic: bool = False,
    centred: bool = False,
    before: int = 0,
) -> None:
    paragraph = place.add_paragraph()
    layout = paragraph.paragraph_format
    layout.space_before, layout.space_after = Pt(before), Pt(0)
    layout.line_spacing_rule = WD_LINE_SPACING.SINGLE
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(_sound(text))
    run.font.size, run.bold, run.italic = Pt(size), bold, italic


def _rule(place: Paper | _Cell, inset: int) -> None:
    """Draw the line that stands under body, motto and abstract, ``inset`` mm short on either side."""
    paragraph = place.add_paragraph()
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Mm(inset)
    layout.space_before, layout.space_after, layout.line_spacing = Pt(0), Pt(4), Pt(3)
    edges, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    edges.append(bottom)
    paragraph._p.get_or_add_pPr().insert_element_before(edges, "w:spacing", "w:ind", "w:jc")
