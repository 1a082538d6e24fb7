"""Answers that have parts: tables of lines with totals, canvases of blocks. Pure.

A table is a list of ``{column key: value}``, a canvas ``{block key: text}``. A cell that cannot be read stays as it was
typed, and a sentence names its line.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from compapp.contests.definition import Column, FormField, Text
from compapp.core.errors import Invalid, Sentence
from compapp.core.numbers import parse_decimal
from compapp.core.text import N_, nfc

STRUCTURED = frozenset({"table", "canvas"})
MOST_ROWS = 60
MOST_CELL = 1000
MOST_BLOCK = 5000
MOST_FIGURE = 10**15
_WRONG_SHAPE: Sentence = (N_("This answer cannot be read. Please give it again."), {})


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as people read it: a text, a number, an amount in đồng, or the label of an option."""

    value: Any
    is_money: bool = False
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A structured answer ready to be shown: ``heads`` and ``lines`` (``totals`` below), or ``blocks``."""

    heads: tuple[tuple[Text, Text | None, bool], ...] = ()
    lines: tuple[tuple[Cell, ...], ...] = ()
    totals: tuple[Cell | None, ...] = ()
    blocks: tuple[tuple[Text, str], ...] = ()

    @property
    def has_totals(self) -> bool:
        """Whether a line of totals belongs under the table."""
        return any(one is not None for one in self.totals)

    def masked(self, mask: Callable[[str], str]) -> "Layout":
        """Return the same with every text put through ``mask``."""
        lines = tuple(
            tuple(replace(cell, value=mask(cell.value)) if isinstance(cell.value, str) else cell for cell in line)
            for line in self.lines
        )
        return replace(self, lines=lines, blocks=tuple((label, mask(text)) for label, text in self.blocks))


def clean(field: FormField, value: Any) -> tuple[Any, Sentence | None]:
    """Return a structured answer as it is stored, and a sentence when it breaks a limit."""
    return _table(field, value) if field.type == "table" else _canvas(field, value)


def _table(field: FormField, value: Any) -> tuple[Any, Sentence | None]:
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        return None, _WRONG_SHAPE
    rows: list[dict[str, Any]] = []
    fault: Sentence | None = None
    for row in value[: MOST_ROWS * 2]:
        made: dict[str, Any] = {}
        wrong = None
        for column in field.columns:
            cell, sentence = _cell(column, row.get(column.key))
            if cell is not None:
                made[column.key] = cell
            wrong = wrong or sentence
        if not made:
            continue
        rows.append(made)
        if wrong is None and any(column.required and column.key not in made for column in field.columns):
            wrong = (N_("Line %(line)s: fill in every column with a star."), {})
        if wrong is not None and fault is None:
            fault = wrong[0], {**wrong[1], "line": len(rows)}
    fault = fault or _sum_fault(field, [*rows])
    most = min(field.max_rows or MOST_ROWS, MOST_ROWS)
    if len(rows) > most:
        fault = N_("At most %(most)s lines; this table has %(count)s."), {"most": most, "count": len(rows)}
    return rows or None, fault


def _sum_fault(field: FormField, rows: list[Mapping[str, Any]]) -> Sentence | None:
    for column in field.columns:
        total = _total(column, rows)
        if column.sum is not None and rows and total is not None and Decimal(str(total.value)) != column.sum:
            sentence = N_("A column must add up to %(sum)s; its figures add up to %(total)s now.")
            return sentence, {"sum": column.sum, "total": Decimal(str(total.value))}
    return None


def _cell(column: Column, value: Any) -> tuple[Any, Sentence | None]:
    if value is None or isinstance(value, bool) or not isinstance(value, str | int | float):
        return None, None
    if column.type in {"number", "money"}:
        return _figure(column, value)
    text = " ".join(nfc(str(value)).split())[:MOST_CELL]
    if not text:
        return None, None
    if column.type == "choice" and text not in {option.code for option in column.options}:
        return None, (N_("Line %(line)s: choose one of the options."), {})
    if column.max is not None and len(text) > column.max:
        return text, (N_("Line %(line)s: a text is longer than %(most)s characters."), {"most": column.max})
    return text, None


def _figure(column: Column, value: str | int | float) -> tuple[Any, Sentence | None]:
    sentence: Sentence = (N_("Line %(line)s: “%(text)s” is not a number."), {"text": str(value)[:40]})
    if isinstance(value, str):
        text = value.strip().replace("\u00a0", "").replace(" ", "")
        if not text:
            return None, None
        if column.type == "money":
            text = text.replace(".", "").replace(",", "")
        try:
            exact = parse_decimal(text)
        except Invalid:
            return value.strip()[:40], sentence
    else:
        exact = Decimal(str(value))
    if abs(exact) >= MOST_FIGURE or (column.type == "money" and (exact < 0 or exact != exact.to_integral_value())):
        return str(value)[:40], sentence
    return (int(exact) if exact == exact.to_integral_value() else float(exact)), None


def _canvas(field: FormField, value: Any) -> tuple[Any, Sentence | None]:
    if not isinstance(value, Mapping):
        return None, _WRONG_SHAPE
    blocks: dict[str, str] = {}
    fault: Sentence | None = None
    for block in field.blocks:
        text = value.get(block.key)
        if not isinstance(text, str) or not text.strip():
            continue
        blocks[block.key] = nfc(text).replace("\r\n", "\n").strip()[: MOST_BLOCK * 2]
        most = min(block.max or MOST_BLOCK, MOST_BLOCK)
        if fault is None and len(blocks[block.key]) > most:
            length = len(blocks[block.key])
            fault = N_("A block has %(length)s characters; at most %(most)s."), {"length": length, "most": most}
    return blocks or None, fault


def texts(value: Any) -> Iterator[str]:
    """Yield every text of an answer, however deep it stands."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts(one)


def laid_out(field: FormField, value: Any) -> Layout:
    """Return a stored structured answer as it is shown, with the totals of the columns that add up."""
    if field.type == "canvas":
        given = value if isinstance(value, Mapping) else {}
        return Layout(blocks=tuple((block.label, str(given.get(block.key) or "")) for block in field.blocks))
    rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    return Layout(
        heads=tuple((column.label, column.unit, column.type in {"number", "money"}) for column in field.columns),
        lines=tuple(tuple(_shown(column, row.get(column.key)) for column in field.columns) for row in rows),
        totals=tuple(_total(column, rows) for column in field.columns),
    )


def _shown(column: Column, value: Any) -> Cell:
    label = next((option.label for option in column.options if option.code == value), None)
    return Cell(value, column.type == "money" and isinstance(value, int), label)


def _total(column: Column, rows: list[Mapping[str, Any]]) -> Cell | None:
    if not column.total:
        return None
    figures = [row[column.key] for row in rows if isinstance(row.get(column.key), int | float)]
    exact = sum((Decimal(str(one)) for one in figures), Decimal())
    return Cell(int(exact) if exact == exact.to_integral_value() else float(exact), column.type == "money")
