"""A list as a file: XLSX or CSV, named without accents so that every phone keeps the name."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from flask import Response

from compapp.core import spreadsheets
from compapp.core.text import fold

Format = Literal["xlsx", "csv"]
FORMATS: tuple[Format, ...] = ("xlsx", "csv")


def spreadsheet(
    kind: str, title: str, columns: Sequence[spreadsheets.Column], rows: Iterable[Sequence[spreadsheets.Cell]]
) -> Response:
    """Return the rows as a download; ``kind`` is ``csv`` or anything else for ``xlsx``.

    ``title`` (translated) names sheet and file. The answer is private and never stored by a browser.
    """
    if kind == "csv":
        return download(spreadsheets.csv_file(columns, rows), spreadsheets.CSV, title, "csv")
    return download(spreadsheets.xlsx(title, columns, rows), spreadsheets.XLSX, title, "xlsx")


def workbook(title: str, sheets: Iterable[spreadsheets.Sheet]) -> Response:
    """Return several sheets as one XLSX, named after ``title`` (translated); private, never stored by a browser."""
    return download(spreadsheets.workbook(sheets), spreadsheets.XLSX, title, "xlsx")


def download(data: bytes, media_type: str, title: str, extension: str) -> Response:
    """Return ``data`` as a file to keep, named after ``title``."""
    response = Response(data, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(title)}.{extension}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def file_name(title: str) -> str:
    """Return ``title`` as a file name of at most 80 letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:80] or "compapp"
