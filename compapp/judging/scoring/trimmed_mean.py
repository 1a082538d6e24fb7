"""``trimmed_mean``: one highest and one lowest total dropped where there are enough."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from compapp.judging.scoring.exact import exact_mean
from compapp.judging.scoring.marks import Figures, Mark, totals_by_entry

ENOUGH_SHEETS = 5
"""With fewer sheets nothing is dropped."""


def trimmed_mean(marks: Sequence[Mark]) -> Figures:
    """Return each entry's trimmed mean (contest file, "Aggregation")."""
    gathered = totals_by_entry(marks)
    return Figures({entry: _trimmed(totals) for entry, totals in gathered.items()}, "trimmed_mean")


def _trimmed(totals: list[Fraction]) -> Fraction:
    if len(totals) < ENOUGH_SHEETS:
        return exact_mean(totals)
    return exact_mean(sorted(totals)[1:-1])
