"""The sheets of a round as they counted before a recorded deed: the record is played backwards. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from compapp.judging.scoring.model import Sheet

COUNTED, LEFT, CHANGED = "counted", "left", "changed"
"""What a deed did to its sheet: it counts from then on; it counts no longer; its total became another."""

Key = tuple[str, str]
"""Entry and judge of a sheet."""


@dataclass(frozen=True, slots=True)
class SheetDeed:
    """A recorded deed on a sheet; ``total`` is what counted before it (None for a deed that made it count)."""

    key: Key
    effect: str
    total: Fraction | None = None


def before_deeds(sheets: Iterable[Sheet], deeds: Iterable[SheetDeed], totals: Mapping[Key, Fraction]) -> list[Sheet]:
    """Return the sheets as they counted before ``deeds`` (newest first); ``totals`` are those of the sheets now.

    A sheet whose total was the same keeps its scores; of another one the record knows the total alone.
    """
    known = {(sheet.entry, sheet.judge): sheet for sheet in sheets}
    counted: dict[Key, Fraction | None] = {}
    for deed in deeds:
        counted[deed.key] = None if deed.effect == COUNTED else deed.total
    for key, total in counted.items():
        now = known.pop(key, None)
        if total is None:
            continue
        if now is not None and totals.get(key) == total:
            known[key] = Sheet(now.entry, now.judge, now.scores, now.total)
        else:
            known[key] = Sheet(key[0], key[1], None, total)
    return [known[key] for key in sorted(known)]
