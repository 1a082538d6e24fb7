"""What teams answered as a spreadsheet: one row an entry, one column a question, parts in columns of their own.

A table of lines stands in one cell, a line each, with its totals as numbers beside it; a canvas has a column a block;
codes are written as words, and a number's unit stands in its heading. A workbook has members and tables once more, on
sheets of their own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from compapp.contests.definition import EntryForm, FormField
from compapp.contests.models import Contest
from compapp.contests.queries import contest_by_code
from compapp.core import audit, clock
from compapp.core.actor import current_actor
from compapp.core.db import unit_of_work
from compapp.core.spreadsheets import Cell, Column, Sheet
from compapp.entries import policy, queries
from compapp.entries.forms import shown_choices
from compapp.entries.queries import screening
from compapp.entries.queries.answer_lists import answered
from compapp.entries.queries.screening import QueueRow
from compapp.entries.structured import laid_out
from compapp.entries.views.answer_sheets import keys, member_sheet, table_sheets
from compapp.entries.views.blueprint import bp
from compapp.entries.views.queue import rows_of_queue, wanted_filter
from compapp.web.access import require
from compapp.web.downloads import spreadsheet, workbook
from compapp.web.filters import number
from compapp.web.i18n import _, localized
from compapp.web.pages import redirect_to, warning

MOST = 2_000
"""Entries in one file: more would keep everybody waiting; filters divide them."""
_WIDE = frozenset({"text", "longtext", "table", "link"})


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """A column and what it shows of the answer ``key``: the whole, a canvas's block, or a table's total."""

    column: Column
    field: FormField
    block: int | None = None
    total: int | None = None


def columns_of(fields: Sequence[FormField]) -> list[AnswerColumn]:
    """Return the columns of a form's questions in their order."""
    return [column for field in fields for column in _columns_of(field)]


def _columns_of(field: FormField) -> Iterator[AnswerColumn]:
    heading = localized(field.label)
    if field.type == "canvas":
        for place, block in enumerate(field.blocks):
            yield AnswerColumn(Column(f"{heading} – {localized(block.label)}", width=40), field, block=place)
        return
    if field.type in {"number", "money"}:
        unit = "VND" if field.type == "money" else localized(field.unit) if field.unit else ""
        yield AnswerColumn(Column(f"{heading} ({unit})" if unit else heading, "number", 16), field)
        return
    if field.type == "date":
        yield AnswerColumn(Column(heading, "date", 12), field)
        return
    yield AnswerColumn(Column(heading, width=50 if field.type in _WIDE else 24), field)
    for place, column in enumerate(field.columns):
        if column.total:
            total = _("total: %(column)s", column=localized(column.label))
            yield AnswerColumn(Column(f"{heading} – {total}", "number", 18), field, total=place)


def cell_of(shown: AnswerColumn, value: Any, choices: Mapping[str, str]) -> Cell:
    """Return the cell of one answer; empty where nothing was answered."""
    field = shown.field
    if value is None:
        return None
    if shown.block is not None:
        return laid_out(field, value).blocks[shown.block][1]
    if shown.total is not None:
        total = laid_out(field, value).totals[shown.total]
        return total.value if total is not None else None
    if field.type == "table":
        return "\n".join(_line(cells) for cells in laid_out(field, value).lines)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int | float):
        return value
    if field.type == "date" and isinstance(value, str):
        return _day(value)
    if isinstance(value, str):
        return choices.get(value, value)
    chosen = [key for key, given in value.items() if given] if isinstance(value, Mapping) else value
    return "; ".join(choices.get(str(one), str(one)) for one in chosen)


def _line(cells: Sequence[Any]) -> str:
    words = []
    for cell in cells:
        if cell.label is not None:
            words.append(localized(cell.label))
        elif isinstance(cell.value, int | float):
            words.append(f"{number(cell.value)} VND" if cell.is_money else number(cell.value))
        elif cell.value is not None:
            words.append(str(cell.value))
    return " · ".join(words)


def _day(text: str) -> Cell:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


@bp.get("/contests/<code>/answers/table")
@require(policy.may_run_queue, facts=queries.queue_facts)
def answers_table(code: str) -> ResponseReturnValue:
    """Hand out what the filtered entries answered, as it was handed in (noted in the audit chain)."""
    contest, wanted, at = contest_by_code(code), wanted_filter(), clock.now()
    ids = screening.matching(contest, wanted, at, MOST + 1)
    if len(ids) > MOST:
        warning(_("At most %(most)s entries fit into one file. Narrow the list with filters.", most=MOST))
        return redirect_to("entries.eligibility", code=code, **wanted.address)
    kind = "csv" if request.args.get("format") == "csv" else "xlsx"
    with unit_of_work():
        audit.record(
            "entries.answers.exported",
            ("contest", contest.id),
            actor=current_actor(),
            at=at,
            contest_id=contest.id,
            data={"rows": len(ids), "format": kind, **wanted.address},
        )
    title, fields = _("Answers %(code)s", code=contest.code), list(EntryForm.of(contest).fields)
    found, given = rows_of_queue(contest, ids), answered(ids)
    columns, rows = _table(contest, fields, found, given)
    if kind == "csv":
        return spreadsheet(kind, title, columns, rows)
    return workbook(
        title, [Sheet(_("Answers"), columns, rows), member_sheet(found), *table_sheets(fields, found, given)]
    )


def _table(
    contest: Contest, fields: Sequence[FormField], found: Sequence[QueueRow], given: Mapping[int, Mapping[str, Any]]
) -> tuple[list[Column], list[list[Cell]]]:
    shown, choices = columns_of(fields), shown_choices(contest, fields)
    head = [*keys(), Column(_("Board"), width=22)]
    head += [Column(_("School"), width=36), Column(_("Handed in"), "moment", 18)]
    rows: list[list[Cell]] = []
    for row in found:
        answers = given.get(row.entry_id, {})
        cells: list[Cell] = [row.code, row.number, localized(row.board)]
        cells += [localized(row.institution) if row.institution else "", row.submitted_at]
        rows.append(cells + [cell_of(one, answers.get(one.field.key), choices[one.field.key]) for one in shown])
    return head + [one.column for one in shown], rows
