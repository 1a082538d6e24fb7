"""Tables go out and come in unchanged, and never as a formula."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from compapp.core.errors import Invalid
from compapp.core.spreadsheets import Column, csv_file, harmless, read_table, xlsx
from compapp.core.text import nfc

TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=30).map(
    lambda text: nfc(text).strip()
)


@given(st.lists(st.tuples(TEXT.filter(bool), TEXT), min_size=1, max_size=8))
def test_text_comes_back_as_it_went(rows: list[tuple[str, str]]) -> None:
    """In both formats, formula-like text included; one apostrophe before an operator is ours."""
    rows = [row for row in rows if not any(cell[:1] == "'" for cell in row)] or [("=1+1", "đ")]
    columns = [Column("Họ và tên"), Column("Lớp")]
    for data in (xlsx("Danh sách: [1]", columns, rows), csv_file(columns, rows)):
        table = read_table(data)
        assert table.headings == ("Họ và tên", "Lớp")
        assert [row.cells for row in table.rows] == rows


def test_values_are_written_as_a_spreadsheet_knows_them() -> None:
    """A moment is local, a day a day, a fraction a number; empty rows are left out but counted."""
    columns = [Column("a", "moment"), Column("b", "date"), Column("c", "number"), Column("d")]
    at = datetime(2026, 11, 15, 10, 0, tzinfo=UTC)
    rows = [
        (at, date(2026, 1, 2), Fraction(1, 4), "=cmd()"),
        (None, None, None, None),
        (at, None, Decimal("7"), "0123"),
    ]
    table = read_table(xlsx("t", columns, rows))
    assert [(row.number, row.cells) for row in table.rows] == [
        (2, ("2026-11-15 17:00:00", "2026-01-02", "0.25", "=cmd()")),
        (4, ("2026-11-15 17:00:00", "", "7", "0123")),
    ]
    assert b"'=cmd()" in csv_file(columns, rows)
    assert [harmless(text) for text in ("＝1+1", " @x", "\n=1", "a=1")] == ["'＝1+1", "' @x", "'\n=1", "a=1"]


def test_headings_are_found_without_marks() -> None:
    """By any of their names."""
    table = read_table("Mã  sinh viên;Họ và tên\n21004;Đặng Thị Ánh\n".encode())
    assert table.value(table.rows[0], "Student number", "ma sinh vien") == "21004"
    assert table.value(table.rows[0], "Class") == ""


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "holds no rows"),
        (b"\n\n;;\n", "holds no rows"),
        (b"a\n" + b"1\n" * 5001, "more than 5,000 rows"),
        (b"a," * 201, "holds no rows|more than 200 columns"),
        (b"x," * 201 + b"x", "more than 200 columns"),
        ("a\nđ".encode("cp1258", "replace"), "not in UTF-8"),
        (b"PK\x03\x04 no workbook", "cannot be read"),
        (b"\xd0\xcf\x11\xe0 no workbook", "cannot be read"),
        (b"a\x00b", "cannot be read"),
        (b"a" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
    ],
)
def test_a_broken_file_is_refused_with_its_rule(data: bytes, sentence: str) -> None:
    """Never an error page."""
    with pytest.raises(Invalid, match=sentence):
        read_table(data)


def test_two_cells_far_apart_do_not_fill_the_memory() -> None:
    """Five kilobytes would be laid out as seventeen thousand million cells, and end the whole process."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Mã bài")
        sheet.write(1_048_575, 16_383, "x")
    with pytest.raises(Invalid, match="cannot be read"):
        read_table(out.getvalue())
