"""What an aggregation method receives and returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Mark:
    """One valid sheet, reduced to its total."""

    entry: str
    board: str
    judge: str
    total: Fraction


@dataclass(frozen=True, slots=True)
class Figures:
    """The unrounded figure of every entry that has a mark.

    ``method`` is the one really used: a guarded method may fall back, and
    ``guards`` then holds the codes of the reasons.
    """

    values: Mapping[str, Fraction]
    method: str
    guards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Method:
    """A registered way of aggregating all marks of a round."""

    name: str
    figures: Callable[[Sequence[Mark]], Figures]
    lower_is_better: bool = False


def totals_by_entry(marks: Sequence[Mark]) -> dict[str, list[Fraction]]:
    """Gather the sheet totals of each entry."""
    gathered: dict[str, list[Fraction]] = {}
    for mark in marks:
        gathered.setdefault(mark.entry, []).append(mark.total)
    return gathered
