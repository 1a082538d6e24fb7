"""Certificates (giấy chứng nhận): one landscape page for each prize, with a code that anyone can check."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import segno

from compapp.core.documents import SEALED, dated_line
from compapp.judging.papers.facts import AwardFact, RoundFacts

_FONTS = Path(__file__).resolve().parents[2] / "static" / "vendor" / "fonts" / "ttf"
_FAMILY = "be-vietnam-pro"
_GREEN, _INK, _QUIET = (11, 92, 61), (24, 32, 38), (96, 106, 112)
_WIDTH, _HEIGHT = 297, 210


@dataclass(frozen=True)
class Certified:
    """A prize with the address where its certificate is checked."""

    award: AwardFact
    address: str
    head: str = ""
    """Under which number and seal the record holds the result."""


def certificates(facts: RoundFacts, prizes: Iterable[Certified]) -> bytes:
    """Return a PDF with one page for each prize; signature and seal stay blank."""
    from fpdf import FPDF  # heavy: nobody but who draws a paper loads it

    pdf: Any = FPDF(orientation="landscape", unit="mm", format="A4")
    pdf.add_font(_FAMILY, "", _FONTS / "BeVietnamPro_400Regular.ttf")
    pdf.add_font(_FAMILY, "B", _FONTS / "BeVietnamPro_700Bold.ttf")
    pdf.set_auto_page_break(False)
    pdf.set_title(f"Giấy chứng nhận – {facts.contest}")
    for one in prizes:
        _page(pdf, facts, one)
    return bytes(pdf.output())


def _page(pdf: Any, facts: RoundFacts, one: Certified) -> None:
    pdf.add_page()
    pdf.set_draw_color(*_GREEN)
    for inset, width in ((9, 1.4), (12, 0.4)):
        pdf.set_line_width(width)
        pdf.rect(inset, inset, _WIDTH - 2 * inset, _HEIGHT - 2 * inset)
    pdf.set_y(21)
    _centred(pdf, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, bold=True)
    _centred(pdf, "Độc lập - Tự do - Hạnh phúc", 12, bold=True, after=4)
    _centred(pdf, facts.organiser.upper(), 13, bold=True, after=4)
    _centred(pdf, "GIẤY CHỨNG NHẬN", 34, bold=True, colour=_GREEN, after=3)
    _centred(pdf, "Chứng nhận đội thi", 14, after=1)
    _names(pdf, one.award.team)
    _centred(pdf, one.award.school, 13, colour=_QUIET, after=3)
    board = f" – {one.award.board}" if one.award.board else ""
    _centred(pdf, f"đạt {one.award.label}{board}", 20, bold=True, colour=_GREEN, after=2)
    _centred(pdf, f"với ý tưởng “{one.award.title}”", 14, after=1)
    _centred(pdf, f"tại {facts.contest}", 13)
    _foot(pdf, facts, one)


def _foot(pdf: Any, facts: RoundFacts, one: Certified) -> None:
    sink = io.BytesIO()
    segno.make(one.address, error="m").save(sink, kind="png", scale=8, border=2)
    sink.seek(0)
    pdf.image(sink, x=20, y=160, w=27)
    pdf.set_font(_FAMILY, "", 8)
    pdf.set_text_color(*_QUIET)
    pdf.set_xy(49, 166)
    sealed = f"\n{SEALED}\n{one.head}" if one.head else ""
    pdf.multi_cell(95, 4, f"Kiểm tra giấy chứng nhận này tại\n{one.address}{sealed}", align="L")
    pdf.set_text_color(*_INK)
    pdf.set_xy(165, 152)
    pdf.set_font(_FAMILY, "", 12)
    pdf.multi_cell(112, 6, dated_line(facts.place, facts.dated), align="C")
    pdf.set_x(165)
    pdf.set_font(_FAMILY, "B", 12)
    pdf.multi_cell(112, 6, "THỦ TRƯỞNG ĐƠN VỊ", align="C")
    pdf.set_xy(165, 188)
    pdf.multi_cell(112, 6, facts.signer, align="C")


def _names(pdf: Any, names: Sequence[str]) -> None:
    """Write who is honoured in as many lines as needed; nobody's name is parted between two."""
    pdf.set_font(_FAMILY, "B", 18)
    lines: list[str] = []
    for at, name in enumerate(names):
        piece = name if at == len(names) - 1 else f"{name},"
        if lines and pdf.get_string_width(f"{lines[-1]} {piece}") < _WIDTH - 48:
            lines[-1] += f" {piece}"
        else:
            lines.append(piece)
    for line in lines:
        _centred(pdf, line, 18, bold=True)
    pdf.ln(1)


def _centred(
    pdf: Any,
    text: str,
    size: int,
    *,
    bold: bool = False,
    colour: tuple[int, int, int] = _INK,
    after: int = 0,
) -> None:
    """Write text across the page, smaller where it is long, so that everything fits on the one page."""
    style = "B" if bold else ""
    pdf.set_font(_FAMILY, style, size)
    room, wanted = _WIDTH - 48, pdf.get_string_width(text)
    fitting = size if wanted <= room else max(int(size * room / wanted), size - 5, 10)
    pdf.set_font(_FAMILY, style, fitting)
    pdf.set_text_color(*colour)
    pdf.set_x(22)
    pdf.multi_cell(_WIDTH - 44, fitting * 0.5, text, align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(after)
