"""An official paper has the parts and measures of decree 30/2020, annex I."""

import io
from dataclasses import replace
from datetime import date

import pytest
from docx import Document
from docx.shared import Mm
from pypdf import PdfReader

from compapp.core.document_parts import in_parts
from compapp.core.document_pdf import pdf
from compapp.core.document_tables import column_widths
from compapp.core.documents import (
    Grid,
    OfficialPaper,
    Signature,
    Text,
    dated_line,
    docx,
)

PAPER = OfficialPaper(
    superior_body="UBND tỉnh Vĩnh Long",
    issuing_body="Sở Khoa học và Công nghệ",
    kind="Quyết định",
    sign="QĐ-SKHCN",
    place="Vĩnh Long",
    abstract="Về việc thành lập Ban Giám khảo",
    content=[Text("QUYẾT ĐỊNH:", "centred"), Grid(["STT", "Họ và tên"], [["1", "Đặng Thị Ánh"]], [1, 4])],
    signatures=[Signature("KT. Giám đốc", "Phó Giám đốc", "Trần Văn B")],
    recipients=["Như Điều 2"],
)


def test_the_parts_stand_where_the_decree_puts_them() -> None:
    """Body left, motto right, blank number and date, content, recipients left, signature right."""
    paper = Document(io.BytesIO(docx(PAPER)))
    section = paper.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin / Mm(1)) for margin in margins] == [20, 20, 30, 15]
    assert (round(section.page_width / Mm(1)), round(section.page_height / Mm(1))) == (210, 297)
    assert section.different_first_page_header_footer
    assert paper.styles["Normal"].font.name == "Times New Roman"

    def lines(table: int, column: int) -> list[str]:
        return [one.text for one in paper.tables[table].rows[0].cells[column].paragraphs if one.text]

    assert lines(0, 0) == ["UBND TỈNH VĨNH LONG", "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "Số:       /QĐ-SKHCN"]
    assert lines(0, 1) == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Vĩnh Long, ngày      tháng      năm",
    ]
    assert [one.text for one in paper.paragraphs if one.text] == [
        "QUYẾT ĐỊNH",
        "Về việc thành lập Ban Giám khảo",
        "QUYẾT ĐỊNH:",
    ]
    assert [[cell.text for cell in row.cells] for row in paper.tables[1].rows] == [
        ["STT", "Họ và tên"],
        ["1", "Đặng Thị Ánh"],
    ]
    assert lines(2, 0) == ["Nơi nhận:", "- Như Điều 2;", "- Lưu: VT."]
    assert lines(2, 1) == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Trần Văn B"]


@pytest.mark.parametrize(
    ("dated", "line"),
    [
        (date(2018, 4, 6), "Vĩnh Long, ngày 06 tháng 4 năm 2018"),
        (date(2026, 2, 28), "Vĩnh Long, ngày 28 tháng 02 năm 2026"),
        (date(2026, 12, 31), "Vĩnh Long, ngày 31 tháng 12 năm 2026"),
    ],
)
def test_the_date_has_zeros_where_forgery_is_easy(dated: date, line: str) -> None:
    """Days under ten, January and February (annex I, part II, 4b)."""
    assert dated_line("Vĩnh Long", dated) == line


def test_what_is_pasted_from_slides_does_not_keep_a_paper_from_being_written() -> None:
    """A vertical tab is a slide's line break; XML holds no control character and no half of a pair."""
    pasted = "Trạm đo mặn\x0bMiệt Vườn\x01\ud83d"
    paper = OfficialPaper(issuing_body=pasted, kind="", content=[Text(pasted), Grid(["a"], [[pasted]])])
    written = Document(io.BytesIO(docx(paper)))
    assert "Trạm đo mặn\nMiệt Vườn" in [one.text for one in written.paragraphs]
    assert written.tables[1].rows[1].cells[0].text == "Trạm đo mặn\nMiệt Vườn"


def test_a_heading_is_not_broken_within_a_word_and_a_long_list_comes_in_parts() -> None:
    """Narrow columns take what their headings need from the wide ones; a part holds no more rows than it may."""
    wide = column_widths(Grid(["STT", "Đội thi", "Hạng"], [], [1, 40, 1]), 165)
    assert wide[0] > 13 and wide[2] > 14 and round(sum(wide)) == 165
    grids = [Grid(["STT"], [[str(one)] for one in range(many)]) for many in (3, 4)]
    paper = replace(PAPER, content=[Text("A"), grids[0], Text("B"), grids[1], Text("Hết./.")])
    assert in_parts(paper, 7) == [paper]
    parts = in_parts(paper, 3)
    assert [[len(one.rows) if isinstance(one, Grid) else one.text for one in part.content] for part in parts] == [
        ["A", 3],
        ["B", 3],
        [1, "Hết./."],
    ]
    assert [bool(part.signatures) for part in parts] == [False, False, True]
    assert parts[1].abstract.endswith("(Phần 2/3)")


def test_a_code_in_a_table_is_found_and_copied_as_it_was_typed() -> None:
    """In the PDF a code stands on one line where there is room, else is cut after a hyphen; no mark is added."""
    code = "VL-KNST-2026-001"

    def read(grid: Grid) -> str:
        page = PdfReader(io.BytesIO(pdf(replace(PAPER, content=[grid, Text("./.")])))).pages[0]
        return page.extract_text()

    narrow = [["1", code, "Trạm đo mặn Miệt Vườn", "Lâm Hoài Thảo"]]
    roomy = read(Grid(["Hạng", "Mã số", "Tên ý tưởng", "Đội thi"], narrow, (1, 1, 8, 8)))
    assert code in roomy and "\u200b" not in roomy
    many = [f"{code}-{at}-ABCDEFGHIJ" for at in range(4)]
    tight = read(Grid(["A", "B", "C", "D"], [many]))
    assert "\u200b" not in tight and all(one in tight.replace("\n", "").replace(" ", "") for one in many)


def test_the_heading_of_a_table_stands_on_the_page_of_its_first_row() -> None:
    """Wherever the page ends; and each of three who sign has a column."""
    table = Grid(["STT", "Họ và tên"], [["1", "Đặng Thị Ánh"], ["2", "Lê Quốc Đạt"]], [1, 4])
    signing = [Signature(one) for one in ("Người lập", "Kế toán trưởng", "Thủ trưởng đơn vị")]
    for lines in range(19, 27):
        content = [*[Text("Căn cứ")] * lines, Text("Bảng học sinh", "bold"), table, Text("./.")]
        paper = replace(PAPER, content=content, signatures=signing)
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf(paper))).pages]
        (headed,) = [page for page in pages if "Bảng học sinh" in page]
        assert "Đặng Thị Ánh" in headed
        assert all(one in pages[-1] for one in (*(who.authority.upper() for who in signing), "Nơi nhận", "Lưu: VT."))
    written = Document(io.BytesIO(docx(paper)))
    (heading,) = [one for one in written.paragraphs if one.text == "Bảng học sinh"]
    assert heading.paragraph_format.keep_with_next
    assert [cell.text.split()[0] for cell in written.tables[-1].rows[0].cells] == ["NGƯỜI", "KẾ", "THỦ"]
