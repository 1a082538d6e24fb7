"""Tables out as XLSX or CSV and in again: one reader and one writer for every list of the product.

What leaves never runs as a formula: CSV text that a spreadsheet would take for one is preceded by an
apostrophe; XLSX cells are written as text. What comes in is read as text, NFC, with an upper bound on
everything.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from compapp.core import clock
from compapp.core.errors import Invalid
from compapp.core.text import N_, fold, nfc

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 200
MOST_UNPACKED = 60 * 1024 * 1024
MOST_CELLS = 2_000_000
"""A sheet is laid out in memory from its first to its last cell, the empty ones between included."""
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,3})(\d{1,9})["']""")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"

Cell = str | int | float | Decimal | Fraction | date | datetime | bool | None


@dataclass(frozen=True)
class Column:
    """A column of a list: its heading in the reader's language, what it holds, its width in characters."""

    heading: str
    kind: Literal["text", "number", "moment", "date"] = "text"
    width: int = 20


@dataclass(frozen=True)
class Row:
    """A row that was read: ``number`` is what a spreadsheet shows at its left (the headings are row 1)."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A sheet that was read: its headings and the rows that are not empty, every cell as NFC text."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]

    def column(self, *names: str) -> int | None:
        """Return the place of the first heading equal to one of ``names`` (marks, case, spaces ignored)."""
        wanted = {" ".join(fold(name).split()) for name in names}
        for place, heading in enumerate(self.headings):
            if " ".join(fold(heading).split()) in wanted:
                return place
        return None

    def value(self, row: Row, *names: str) -> str:
        """Return the cell of ``row`` under one of the headings ``names``; empty if there is none."""
        place = self.column(*names)
        return row.cells[place] if place is not None and place < len(row.cells) else ""


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: its name in the reader's language, its columns, its rows."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


def xlsx(title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a workbook of one sheet: bold frozen headings, a filter, real dates and numbers."""
    return workbook([Sheet(title, columns, rows)])


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """Return a workbook of several sheets; where two names are the same to Excel, the later one is numbered."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(
        out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        formats = {
            "moment": book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
            "date": book.add_format({"num_format": "dd/mm/yyyy"}),
        }
        taken: set[str] = set()
        for one in sheets:
            name = _free_name(_sheet_name(one.title), taken)
            taken.add(name.casefold())
            _fill(book.add_worksheet(name), one, heading, formats)
    return out.getvalue()


def _fill(
    sheet: xlsxwriter.worksheet.Worksheet,
    given: Sheet,
    heading: xlsxwriter.format.Format,
    formats: Mapping[str, xlsxwriter.format.Format],
) -> None:
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(given.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.heading, heading)
    last = 0
    for last, row in enumerate(given.rows, start=1):
        for place, (column, cell) in enumerate(zip(given.columns, row, strict=True)):
            _write(sheet, last, place, cell, formats.get(column.kind))
    sheet.autofilter(0, 0, last, max(len(given.columns) - 1, 0))


def csv_file(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a CSV in UTF-8 with the mark that Excel needs; ISO dates, local time, decimal points."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([harmless(column.heading) for column in columns])
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


_SIGNS = frozenset("=+-@＝＋－＠")


def harmless(text: str) -> str:
    """Return ``text`` so that no spreadsheet takes it for a formula (OWASP: CSV injection, wide signs included)."""
    return f"'{text}" if text.lstrip()[:1] in _SIGNS or text[:1] in {"\t", "\r", "\n"} else text


def read_table(data: bytes) -> Table:
    """Read the first sheet of an XLSX, ODS or XLS workbook, or a CSV (comma, semicolon or tab).

    At most 5 MB, 5,000 rows and 200 columns. Raises Invalid with the sentence of the rule that is broken.
    """
    if len(data) > MOST_BYTES:
        raise Invalid(N_("The file is larger than 5 MB. Split it and upload the parts one by one."))
    raw = _workbook(data) if data[:4] in {b"PK\x03\x04", b"\xd0\xcf\x11\xe0"} else _comma_separated(data)
    numbered = [
        Row(number, tuple(nfc(_read(cell)).strip() for cell in cells)) for number, cells in enumerate(raw, start=1)
    ]
    filled = [row for row in numbered if any(row.cells)]
    if not filled:
        raise Invalid(N_("The file holds no rows. The first row must be the headings."))
    if len(filled) > MOST_ROWS + 1:
        raise Invalid(N_("The file holds more than 5,000 rows. Split it and upload the parts one by one."))
    if max(len(row.cells) for row in filled) > MOST_COLUMNS:
        raise Invalid(N_("The file holds more than 200 columns. Keep those that the template names."))
    return Table(filled[0].cells, tuple(filled[1:]))


def _workbook(data: bytes) -> Sequence[Sequence[object]]:
    unreadable = N_("The file cannot be read as a spreadsheet. Save it as XLSX or CSV and try again.")
    try:
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED or _is_vast(archive):
                    raise Invalid(unreadable)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        if not book.sheet_names:
            return []
        sheet = book.get_sheet_by_index(0)
        if sheet.total_height * sheet.total_width > MOST_CELLS:
            raise Invalid(unreadable)
        return sheet.to_python(skip_empty_area=False)
    except (CalamineError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError) as error:
        raise Invalid(unreadable) from error


def _is_vast(archive: zipfile.ZipFile) -> bool:
    """Whether a sheet names a cell so far out that two cells would fill the memory; reading also unmasks forged sizes.

    Binary workbooks (XLSB) cannot be looked through like this and are not taken.
    """
    if any(name.endswith(".bin") and "workbook" in name for name in archive.namelist()):
        return True
    for part in archive.infolist():
        rows = columns = 1
        for letters, digits in _PLACE.findall(archive.read(part)):
            rows, columns = max(rows, int(digits)), max(columns, _column(letters))
        if rows * columns > MOST_CELLS:
            return True
    return False


def _column(letters: bytes) -> int:
    """Return the number of a column by its letters: A is 1, XFD 16384."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _comma_separated(data: bytes) -> Sequence[Sequence[object]]:
    try:
        text = data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(
            N_("The file is not in UTF-8. In Excel choose “CSV UTF-8”, or upload the XLSX itself.")
        ) from error
    if "\x00" in text:
        raise Invalid(N_("The file cannot be read as a spreadsheet. Save it as XLSX or CSV and try again."))
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Invalid(N_("The file cannot be read as a spreadsheet. Save it as XLSX or CSV and try again.")) from error


def _read(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell).removeprefix("'") if str(cell)[:2] in _ESCAPED else str(cell)


_ESCAPED = frozenset(f"'{sign}" for sign in (*_SIGNS, "\t", "\r", "\n"))


def _plain(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return f"{clock.local(cell):%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Fraction):
        return str(float(cell))
    return "" if cell is None else harmless(cell) if isinstance(cell, str) else str(cell)


def _write(
    sheet: xlsxwriter.worksheet.Worksheet, row: int, place: int, cell: Cell, form: xlsxwriter.format.Format | None
) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        sheet.write_datetime(row, place, clock.local(cell).replace(tzinfo=None), form)
    elif isinstance(cell, date):
        sheet.write_datetime(row, place, datetime(cell.year, cell.month, cell.day), form)  # noqa: DTZ001 - a cell has no zone
    elif isinstance(cell, int | float | Decimal | Fraction) and not isinstance(cell, bool):
        sheet.write_number(row, place, float(cell))
    else:
        sheet.write_string(row, place, str(cell)[:32_767])


def _sheet_name(title: str) -> str:
    r"""Excel's limits: 31 characters, none of ``[]:*?/\\``, no apostrophe at an end."""
    kept = "".join(" " if character in "[]:*?/\\" else character for character in title)
    return kept[:31].strip(" '") or "1"


def _free_name(name: str, taken: Collection[str]) -> str:
    """Return ``name``, numbered where Excel would take it for one that stands already."""
    number, free = 1, name
    while free.casefold() in taken:
        number += 1
        free = f"{name[: 31 - len(str(number)) - 1]} {number}"
    return free
