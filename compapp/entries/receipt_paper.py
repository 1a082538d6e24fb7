"""The receipt as a page to keep: what was handed in when, its hash, and a code that anyone can check."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import segno

_FONTS = Path(__file__).resolve().parents[1] / "static" / "vendor" / "fonts" / "ttf"
_FAMILY = "be-vietnam-pro"
_GREEN, _INK, _QUIET, _LINE = (11, 92, 61), (24, 32, 38), (96, 106, 112), (214, 220, 216)


@dataclass(frozen=True)
class Receipt:
    """What stands on the page, in its reader's language: rows are (label, text)."""

    heading: str
    number: str
    rows: Sequence[tuple[str, str]]
    files_heading: str
    files: Sequence[tuple[str, str]]
    note: str
    check: str
    address: str
    at: datetime


def receipt_pdf(receipt: Receipt) -> bytes:
    """Return the receipt as a PDF of one A4 page (more where the team sent many files)."""
    from fpdf import FPDF  # heavy: nobody but who draws a paper loads it

    pdf: Any = FPDF(unit="mm", format="A4")
    pdf.set_creation_date(receipt.at)
    pdf.set_title(f"{receipt.heading} {receipt.number}")
    pdf.set_margins(25, 22, 20)
    pdf.set_auto_page_break(True, margin=20)
    pdf.add_font(_FAMILY, "", _FONTS / "BeVietnamPro_400Regular.ttf")
    pdf.add_font(_FAMILY, "B", _FONTS / "BeVietnamPro_700Bold.ttf")
    pdf.add_page()
    _words(pdf, receipt.heading, 22, bold=True, colour=_GREEN)
    _words(pdf, receipt.number, 15, bold=True)
    pdf.ln(4)
    for label, text in receipt.rows:
        _row(pdf, label, text)
    if receipt.files:
        pdf.ln(3)
        _words(pdf, receipt.files_heading, 12, bold=True)
        for name, digest in receipt.files:
            _row(pdf, name, digest)
    pdf.ln(5)
    _code(pdf, receipt)
    return bytes(pdf.output())


def _words(pdf: Any, text: str, size: int, *, bold: bool = False, colour: tuple[int, int, int] = _INK) -> None:
    pdf.set_font(_FAMILY, "B" if bold else "", size)
    pdf.set_text_color(*colour)
    pdf.multi_cell(0, size * 0.5, text, align="L", new_x="LMARGIN", new_y="NEXT")


def _row(pdf: Any, label: str, text: str) -> None:
    pdf.set_draw_color(*_LINE)
    pdf.set_font(_FAMILY, "", 9)
    pdf.set_text_color(*_QUIET)
    pdf.multi_cell(0, 5, label, align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font(_FAMILY, "", 11)
    pdf.set_text_color(*_INK)
    pdf.multi_cell(0, 5.5, text, align="L", border="B", new_x="LMARGIN", new_y="NEXT", wrapmode="CHAR")
    pdf.ln(1.5)


def _code(pdf: Any, receipt: Receipt) -> None:
    sink = io.BytesIO()
    segno.make(receipt.address, error="m").save(sink, kind="png", scale=8, border=2)
    sink.seek(0)
    if pdf.get_y() > 235:
        pdf.add_page()
    top = pdf.get_y()
    pdf.image(sink, x=25, y=top, w=34)
    pdf.set_left_margin(64)
    pdf.set_xy(64, top + 2)
    _words(pdf, receipt.check, 10, bold=True)
    _words(pdf, receipt.address, 10)
    _words(pdf, receipt.note, 9, colour=_QUIET)
