"""The two papers only organisers see: the school's confirmation and a guardian's consent. They do name people."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from compapp.demo.content.attachments.paper import Paper

PURPOSES: tuple[str, ...] = (
    "Xử lý hồ sơ để tổ chức cuộc thi",
    "Liên hệ với phụ huynh và nhà trường trong thời gian cuộc thi",
)
"""What every guardian agrees to; publishing photographs is asked apart."""


def school_confirmation_pdf(school: str, members: Iterable[Mapping[str, Any]], signed: date | None = None) -> bytes:
    """Return the school's confirmation that the members study there.

    `members` carry `name`, `born` (ISO date) and `class`; `signed` is left open where None.
    """
    paper = _official(school)
    paper.line_of_text("GIẤY XÁC NHẬN", 15, bold=True, align="C")
    paper.line_of_text("Về việc học sinh, sinh viên đang học tại trường", 12, align="C")
    paper.ln(5)
    paper.line_of_text(f"{school} xác nhận các bạn có tên sau đang học tại trường:", 12)
    paper.ln(3)
    _list_of_members(paper, members)
    paper.ln(4)
    paper.line_of_text(
        "Nhà trường đồng ý để các bạn tham gia cuộc thi. Giấy này không kèm ảnh căn cước của học sinh, sinh viên.", 12
    )
    _signature(paper, signed, "HIỆU TRƯỞNG", "(mẫu: không có chữ ký thật)")
    return paper.finished()


def guardian_consent_pdf(
    pupil: str, born: date, school: str, guardian: str, photographs: bool = False, signed: date | None = None
) -> bytes:
    """Return a guardian's consent for a pupil under 18; `photographs` allows name and picture to be published."""
    paper = Paper()
    paper.add_page()
    _motto(paper)
    paper.line_of_text("PHIẾU ĐỒNG Ý CỦA CHA MẸ, NGƯỜI GIÁM HỘ", 15, bold=True, align="C")
    paper.ln(5)
    paper.line_of_text(f"Tôi là {guardian}, người giám hộ của em {pupil}, sinh ngày {_day(born)}, học tại {school}.")
    paper.ln(2)
    paper.line_of_text("Tôi đã đọc thể lệ và đồng ý cho em tham gia, cho phép ban tổ chức:")
    for purpose in PURPOSES:
        paper.line_of_text(f"–  {purpose}.")
    published = "ĐỒNG Ý" if photographs else "KHÔNG ĐỒNG Ý"
    paper.line_of_text(f"–  Công bố tên và hình ảnh của em: {published}.")
    paper.ln(2)
    paper.line_of_text("Tôi biết mình có thể rút lại sự đồng ý bất cứ lúc nào.")
    _signature(paper, signed, "NGƯỜI GIÁM HỘ", guardian)
    return paper.finished()


def _official(school: str) -> Paper:
    paper = Paper()
    paper.add_page()
    paper.line_of_text(school.upper(), 11, bold=True)
    paper.line_of_text("Số:        /XN", 11)
    paper.ln(4)
    _motto(paper)
    return paper


def _motto(paper: Paper) -> None:
    paper.line_of_text("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, bold=True, align="C")
    paper.line_of_text("Độc lập - Tự do - Hạnh phúc", 13, bold=True, align="C")
    paper.ln(8)


def _list_of_members(paper: Paper, members: Iterable[Mapping[str, Any]]) -> None:
    rows = [("STT", "Họ và tên", "Ngày sinh", "Lớp")]
    for number, member in enumerate(members, start=1):
        born = _day(date.fromisoformat(str(member["born"])))
        rows.append((str(number), str(member["name"]), born, str(member.get("class") or "")))
    for index, row in enumerate(rows):
        paper.letters(11, bold=index == 0)
        for width, text in zip((15, 75, 35, 35), row, strict=True):
            paper.cell(width, 8, text, border=1)
        paper.ln(8)


def _signature(paper: Paper, signed: date | None, office: str, name: str) -> None:
    paper.ln(10)
    if signed is None:
        written = "Ngày      tháng      năm"
    else:
        written = f"Vĩnh Long, ngày {signed.day:02d} tháng {signed.month} năm {signed.year}"
    paper.line_of_text(written, 11, align="R")
    paper.line_of_text(office, 12, bold=True, align="R")
    paper.ln(18)
    paper.line_of_text(name, 12, align="R")


def _day(moment: date) -> str:
    return moment.strftime("%d/%m/%Y")
