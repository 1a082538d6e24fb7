"""A long official paper in parts: a file of thousands of rows is drawn while somebody waits."""

from collections.abc import Sequence
from dataclasses import replace

from compapp.core.documents import Grid, OfficialPaper, Text


def in_parts(paper: OfficialPaper, most: int) -> list[OfficialPaper]:
    """Split a paper whose tables hold more than ``most`` rows into papers that hold so many each.

    Each says which part it is; what stands after the tables, signature and recipients stand in the last one.
    """
    last = max((place for place, block in enumerate(paper.content) if isinstance(block, Grid)), default=-1)
    parts: list[list[Text | Grid]] = [[]]
    room = most
    for place, block in enumerate(paper.content):
        rest: Text | Grid | None = block
        while rest is not None:
            if room == 0 and place <= last:
                parts.append([])
                room = most
            here, rest = _cut(rest, room)
            parts[-1].append(here)
            room -= len(here.rows) if isinstance(here, Grid) else 0
    if len(parts) == 1:
        return [paper]
    return [_part(paper, content, number, len(parts)) for number, content in enumerate(parts, start=1)]


def _cut(block: Text | Grid, room: int) -> tuple[Text | Grid, Grid | None]:
    """Return what of a block fits where ``room`` rows are left, and the rest of it."""
    if isinstance(block, Text) or len(block.rows) <= room:
        return block, None
    return replace(block, rows=block.rows[:room]), replace(block, rows=block.rows[room:])


def _part(paper: OfficialPaper, content: Sequence[Text | Grid], number: int, of: int) -> OfficialPaper:
    abstract = f"{paper.abstract}\n(Phần {number}/{of})".strip()
    whole = replace(paper, content=content, abstract=abstract)
    return whole if number == of else replace(whole, signatures=(), recipients=())
