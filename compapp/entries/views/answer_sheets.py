"""What a workbook of answers holds beside the answers: who is on the teams, and each table line by line.

Every row begins with the entry's code and number, so that sheets can be joined and filtered by them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from compapp.contests.definition import FormField
from compapp.core.spreadsheets import Cell, Column, Sheet
from compapp.entries.queries.screening import QueueRow
from compapp.entries.queries.team import born_of, members_of
from compapp.entries.ruling import ADVISOR
from compapp.entries.structured import laid_out
from compapp.web.i18n import _, localized


def keys() -> list[Column]:
    """Return the columns with which every sheet begins."""
    return [Column(_("Entry code"), width=12), Column(_("Entry number"), width=18)]


def table_sheets(
    fields: Sequence[FormField], rows: Sequence[QueueRow], given: Mapping[int, Mapping[str, Any]]
) -> list[Sheet]:
    """Return a sheet for every table of the form: a row a line, figures as numbers, units in the headings."""
    return [_table_sheet(field, rows, given) for field in fields if field.type == "table"]


def _table_sheet(field: FormField, rows: Sequence[QueueRow], given: Mapping[int, Mapping[str, Any]]) -> Sheet:
    columns = [*keys(), Column(_("Line"), "number", 8)]
    for column in field.columns:
        unit = "VND" if column.type == "money" else localized(column.unit) if column.unit else ""
        heading = f"{localized(column.label)} ({unit})" if unit else localized(column.label)
        columns.append(Column(heading, "number" if column.type in {"number", "money"} else "text", 24))
    lines: list[list[Cell]] = []
    for row in rows:
        layout = laid_out(field, given.get(row.entry_id, {}).get(field.key))
        for number, cells in enumerate(layout.lines, start=1):
            shown = [localized(cell.label) if cell.label is not None else cell.value for cell in cells]
            lines.append([row.code, row.number, number, *shown])
    return Sheet(localized(field.label), columns, lines)


def member_sheet(rows: Sequence[QueueRow]) -> Sheet:
    """Return who is on the teams now, advisors too: what the dossier shows of them, a row a person."""
    teams = members_of([row.entry_id for row in rows])
    columns = [*keys(), Column(_("Title"), width=40), Column(_("School"), width=36), Column(_("Role"), width=16)]
    columns += [Column(_("Full name"), width=28), Column(_("Date of birth"), "date", 12)]
    columns += [Column(_("Class"), width=14), Column(_("Student number"), width=16)]
    people: list[list[Cell]] = []
    for row in rows:
        school = localized(row.institution) if row.institution else ""
        for one in teams[row.entry_id]:
            cells: list[Cell] = [row.code, row.number, localized(row.title), school, _role(one.role), one.name]
            people.append([*cells, born_of(one), one.class_name, one.student_number])
    return Sheet(_("Members"), columns, people)


def _role(role: str) -> str:
    return _("Lead") if role == "lead" else _("Advisor") if role == ADVISOR else _("Member")
