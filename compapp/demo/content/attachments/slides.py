"""A short slide deck of an entry: five landscape pages, no names."""

from collections.abc import Mapping
from typing import Any

from compapp.demo.content.attachments.paper import INK, QUIET, RIVER, Paper

PAGES: tuple[tuple[str, str], ...] = (
    ("problem", "Vấn đề"),
    ("solution", "Giải pháp"),
    ("customers", "Khách hàng"),
    ("finance", "Con số"),
)
"""What stands on pages 2 to 5; the first page carries the title."""

SENTENCES = 3
"""How many sentences of an answer go on a slide: nobody reads more on a screen."""


def slides_pdf(entry_code: str, title: str, answers: Mapping[str, Any]) -> bytes:
    """Return five slides: the title, then problem, solution, customers and figures, in points."""
    paper = Paper(orientation="landscape", numbered=False)
    paper.set_margins(24, 22, 24)
    paper.set_auto_page_break(False)
    _title_page(paper, entry_code, title, str(answers.get("one_liner", "")))
    for number, (key, heading) in enumerate(PAGES, start=2):
        _page(paper, number, heading, _sentences(str(answers.get(key, ""))))
    return paper.finished()


def _sentences(text: str) -> list[str]:
    parts = [part.strip().rstrip(".") for part in text.split(". ")]
    return [part for part in parts if part][:SENTENCES]


def _title_page(paper: Paper, entry_code: str, title: str, one_liner: str) -> None:
    paper.add_page()
    paper.set_fill_color(*RIVER)
    paper.rect(0, 0, 297, 120, style="F")
    paper.ink((255, 255, 255))
    paper.set_xy(24, 62)
    paper.line_of_text(title, 38, bold=True)
    paper.ink(INK)
    paper.set_xy(24, 132)
    paper.line_of_text(one_liner, 20)
    paper.set_xy(24, 188)
    paper.ink(QUIET)
    paper.line_of_text(entry_code, 12)


def _page(paper: Paper, number: int, heading: str, points: list[str]) -> None:
    paper.add_page()
    paper.set_fill_color(*RIVER)
    paper.rect(0, 0, 8, 210, style="F")
    paper.ink(RIVER)
    paper.line_of_text(heading, 30, bold=True)
    paper.ink(INK)
    paper.ln(8)
    for point in points:
        paper.line_of_text(f"–  {point}.", 17)
        paper.ln(5)
    paper.set_xy(24, 194)
    paper.ink(QUIET)
    paper.line_of_text(str(number), 11, align="R")
