"""A table of an official paper: its cells and how wide its columns are, in DOCX and PDF alike."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_PADDING = 4.5
"""Millimetres of a cell that hold no text."""
_CODE = re.compile(r"\b[A-Z0-9]+(?:-[A-Z0-9]+)*-[0-9]+\b")
"""The number of an entry, of whatever contest."""


@dataclass(frozen=True)
class Grid:
    """A table of the content: headings, rows, and the width of each column as parts of the whole."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float] = ()
    right: frozenset[int] = frozenset()
    """Columns whose figures stand at the right."""


def column_widths(grid: Grid, width: float) -> list[float]:
    """Return how wide each column of a table is: its part of ``width``, but no heading is broken within a word.

    Nor is a code such as VL-KNST-2026-001 where there is room: who searches the paper for it finds only whole ones.
    """
    parts = grid.widths or [1] * len(grid.headings)
    wanted = [width * part / sum(parts) for part in parts]
    least = [max(map(_word_width, heading.split()), default=0.0) + _PADDING for heading in grid.headings]
    whole = [max(need, code) for need, code in zip(least, _code_widths(grid), strict=True)]
    least = whole if sum(whole) < width else least
    if sum(least) >= width:
        return wanted
    lacking = sum(max(0.0, need - has) for need, has in zip(least, wanted, strict=True))
    spare = sum(max(0.0, has - need) for need, has in zip(least, wanted, strict=True))
    return [
        need if has <= need else has - lacking * (has - need) / spare for need, has in zip(least, wanted, strict=True)
    ]


def _code_widths(grid: Grid) -> list[float]:
    """Return about how many millimetres the longest code of each column needs; 0 where a column holds none."""
    found = [0.0] * len(grid.headings)
    for row in grid.rows:
        for place, text in enumerate(row):
            for code in _CODE.findall(text):
                found[place] = max(found[place], _word_width(code) + _PADDING)
    return found


def _word_width(word: str) -> float:
    """Return about how many millimetres a word takes in bold 12 pt."""
    return sum(3.1 if letter.isupper() else 1.5 if letter == "-" else 2.4 for letter in word)
