"""``mean``: the mean of sheet totals; the default, as anyone can check it by hand."""

from __future__ import annotations

from collections.abc import Sequence

from compapp.judging.scoring.exact import exact_mean
from compapp.judging.scoring.marks import Figures, Mark, totals_by_entry


def mean(marks: Sequence[Mark]) -> Figures:
    """Return the mean of each entry's sheet totals (contest file, "Aggregation")."""
    gathered = totals_by_entry(marks)
    return Figures({entry: exact_mean(totals) for entry, totals in gathered.items()}, "mean")
