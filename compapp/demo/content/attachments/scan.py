"""A scanned decision: a picture of a signed page with an invisible layer of text, as office scanners make it."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

from fpdf.enums import TextMode
from PIL import Image, ImageDraw, ImageFont

from compapp.demo.content.attachments.paper import BOLD, REGULAR, Paper

WIDTH, HEIGHT = 1000, 1414
"""The scanned page in pixels: A4 at about 120 dots an inch."""

PAGE_GREY = 246
INK_GREY = 40
SEAL_GREY = 150
TILT = 0.6
"""Degrees by which the sheet lay askew on the glass."""

ISSUER = "BAN TỔ CHỨC CUỘC THI (MẪU)"

Row = tuple[str, int, bool, str]


def decision_scan_pdf(number: str, date: date, signer: str, lines: Sequence[str], issuer: str = ISSUER) -> bytes:
    """Return a one-page scan of a decision.

    `number` as printed ("12/QĐ-BTC"), `lines` the paragraphs of its body, `signer` the name under the seal. The seal
    says that it is a sample.
    """
    rows = _rows(number, date, lines, issuer)
    paper = Paper(numbered=False)
    paper.add_page()
    paper.image(BytesIO(_page(rows, signer)), x=0, y=0, w=210, h=297)
    paper.text_mode = TextMode.INVISIBLE
    for text, _size, _bold, _align in rows:
        paper.line_of_text(text, 11)
    paper.line_of_text(signer, 11)
    return paper.finished()


def _rows(number: str, signed: date, lines: Sequence[str], issuer: str) -> list[Row]:
    place = f"Vĩnh Long, ngày {signed.day:02d} tháng {signed.month} năm {signed.year}"
    return [
        (issuer, 24, True, "left"),
        (f"Số: {number}", 22, False, "left"),
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 24, True, "centre"),
        ("Độc lập - Tự do - Hạnh phúc", 25, True, "centre"),
        (place, 22, False, "right"),
        ("QUYẾT ĐỊNH", 30, True, "centre"),
        *((line, 23, False, "left") for line in lines),
    ]


def _page(rows: Sequence[Row], signer: str) -> bytes:
    """Draw the page in grey, tilt it and return a JPEG."""
    sheet = Image.new("L", (WIDTH, HEIGHT), PAGE_GREY)
    draw = ImageDraw.Draw(sheet)
    y = 100
    for text, size, bold, align in rows:
        y = _row(draw, y, text, size, bold, align) + 12
    _seal(draw, 700, y + 90, signer)
    tilted = sheet.rotate(TILT, resample=Image.Resampling.BILINEAR, fillcolor=PAGE_GREY)
    target = BytesIO()
    tilted.save(target, "JPEG", quality=50)
    return target.getvalue()


def _row(draw: ImageDraw.ImageDraw, y: int, text: str, size: int, bold: bool, align: str) -> int:
    font = ImageFont.truetype(BOLD if bold else REGULAR, size)
    for line in _broken(draw, text, font, WIDTH - 240):
        spare = WIDTH - 240 - draw.textlength(line, font=font)
        shift = {"left": 0.0, "centre": spare / 2, "right": spare}[align]
        draw.text((140 + shift, y), line, font=font, fill=INK_GREY)
        y += int(size * 1.4)
    return y


def _broken(
    draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, room: int
) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and draw.textlength(longer, font=font) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _seal(draw: ImageDraw.ImageDraw, x: int, y: int, signer: str) -> None:
    """Draw a round seal that says MẪU (sample), a pen stroke and the signer's name."""
    draw.ellipse((x - 150, y - 80, x + 10, y + 80), outline=SEAL_GREY, width=5)
    draw.text((x - 102, y - 24), "MẪU", font=ImageFont.truetype(BOLD, 34), fill=SEAL_GREY)
    stroke = [(x - 60 + 12 * step, y + (34, -30, 22, -18, 10)[step % 5]) for step in range(18)]
    draw.line(stroke, fill=INK_GREY, width=4, joint="curve")
    draw.text((x - 70, y + 100), signer, font=ImageFont.truetype(BOLD, 24), fill=INK_GREY)
