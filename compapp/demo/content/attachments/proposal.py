"""The written proposal of an entry, for judges who must not know who wrote it."""

from collections.abc import Mapping
from typing import Any

from compapp.demo.content.attachments.paper import INK, QUIET, RIVER, Paper

SECTIONS: tuple[tuple[str, str], ...] = (
    ("problem", "Vấn đề và tính cần thiết"),
    ("solution", "Giải pháp, sản phẩm; tính mới"),
    ("customers", "Khách hàng, thị trường, đối thủ"),
    ("model", "Mô hình kinh doanh, kế hoạch sản xuất"),
    ("finance", "Dự toán, doanh thu, điểm hòa vốn"),
    ("impact", "Kết quả tiềm năng và tác động"),
    ("resources", "Nguồn lực thực hiện"),
    ("channels", "Kênh truyền thông, bán hàng"),
)
"""Answers printed in a proposal, all of them for judges; what only organisers may read never is."""


def proposal_pdf(entry_code: str, title: str, answers: Mapping[str, Any]) -> bytes:
    """Return the proposal: cover lines, then the eight answers under numbered headings. No names inside."""
    return _written(entry_code, title, answers).finished()


def leaky_proposal_pdf(entry_code: str, title: str, answers: Mapping[str, Any], school: str) -> bytes:
    """Return a proposal whose text layer names the school, as teams do by mistake.

    It shows the check for blind judging: the file must be stopped before a judge opens it.
    """
    paper = _written(entry_code, title, answers)
    paper.ln(6)
    paper.ink(QUIET)
    paper.line_of_text(f"Thuyết minh do nhóm sinh viên {school} thực hiện, tháng 11 năm 2026.", 10)
    return paper.finished()


def _written(entry_code: str, title: str, answers: Mapping[str, Any]) -> Paper:
    paper = Paper()
    paper.add_page()
    _cover(paper, entry_code, title, str(answers.get("one_liner", "")))
    written = [(heading, str(answers[key])) for key, heading in SECTIONS if answers.get(key)]
    for number, (heading, text) in enumerate(written, start=1):
        paper.ink(RIVER)
        paper.line_of_text(f"{number}. {heading}", 13, bold=True)
        paper.ink(INK)
        paper.ln(1)
        paper.line_of_text(text, 12, align="J")
        paper.ln(5)
    return paper


def _cover(paper: Paper, entry_code: str, title: str, one_liner: str) -> None:
    paper.ink(QUIET)
    paper.line_of_text(f"BẢN THUYẾT MINH Ý TƯỞNG · mã bài {entry_code}", 11)
    paper.ln(3)
    paper.ink(RIVER)
    paper.line_of_text(title, 22, bold=True)
    paper.ink(INK)
    paper.ln(2)
    paper.line_of_text(one_liner, 13)
    paper.ln(3)
    paper.set_draw_color(*RIVER)
    paper.set_line_width(0.8)
    paper.line(30, paper.get_y(), 190, paper.get_y())
    paper.ln(6)
