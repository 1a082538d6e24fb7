"""Paper to write on: an A4 document with Vietnamese letters, no author, no title and a fixed date."""

from datetime import UTC, datetime
from pathlib import Path

from fpdf import FPDF

FONT_FOLDER = Path(__file__).resolve().parents[3] / "static" / "vendor" / "fonts" / "ttf"
REGULAR = FONT_FOLDER / "BeVietnamPro_400Regular.ttf"
BOLD = FONT_FOLDER / "BeVietnamPro_700Bold.ttf"

FAMILY = "be-vietnam-pro"

Colour = tuple[int, int, int]
INK: Colour = (24, 32, 38)
QUIET: Colour = (96, 106, 112)
RIVER: Colour = (14, 94, 111)

WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)
"""The creation date in every file: fixed, so that the bytes and their hash are too."""


class Paper(FPDF):  # type: ignore[misc, unused-ignore]
    """A document in Be Vietnam Pro with page numbers from the second page on, where wanted."""

    def __init__(self, orientation: str = "portrait", numbered: bool = True) -> None:
        super().__init__(orientation=orientation, unit="mm", format="A4")
        self.numbered = numbered
        self.set_creation_date(WRITTEN)
        self.add_font(FAMILY, "", REGULAR)
        self.add_font(FAMILY, "B", BOLD)
        self.set_margins(30, 20, 20)
        self.set_auto_page_break(True, margin=20)

    def header(self) -> None:
        """Write the page number centred in the top margin, as official papers have it (none on page 1)."""
        if not self.numbered or self.page_no() == 1:
            return
        self.ink(QUIET)
        self.letters(11)
        self.set_y(10)
        self.cell(0, 6, str(self.page_no()), align="C", new_x="LMARGIN", new_y="NEXT")
        self.set_y(20)
        self.ink()

    def letters(self, size: float, bold: bool = False) -> None:
        """Choose the size in points and the weight."""
        self.set_font(FAMILY, "B" if bold else "", size)

    def ink(self, colour: Colour = INK) -> None:
        """Choose the colour of the letters."""
        self.set_text_color(*colour)

    def line_of_text(self, text: str, size: float = 12, bold: bool = False, align: str = "L") -> None:
        """Write one paragraph across the page and go below it."""
        self.letters(size, bold)
        self.multi_cell(0, size * 0.5, text, align=align, new_x="LMARGIN", new_y="NEXT")

    def finished(self) -> bytes:
        """Return the file."""
        return bytes(self.output())
