"""``median``: the middle sheet total, or the mean of the two middle ones."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from compapp.judging.scoring.marks import Figures, Mark, totals_by_entry


def median(marks: Sequence[Mark]) -> Figures:
    """Return the median of each entry's sheet totals (contest file, "Aggregation")."""
    gathered = totals_by_entry(marks)
    return Figures({entry: _middle(totals) for entry, totals in gathered.items()}, "median")


def _middle(totals: list[Fraction]) -> Fraction:
    ordered = sorted(totals)
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2
