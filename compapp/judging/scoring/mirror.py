"""A judge's own mirror: the own totals beside those of colleagues on the same entries. Pure; for that judge alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from statistics import mean

from compapp.judging.scoring.model import Rubric, Sheet, SheetAdder

FEWEST = 3
"""With fewer entries in common there is nothing to compare."""


@dataclass(frozen=True, slots=True)
class Mirror:
    """One judge in one round; colleagues are the other judges of the same entries, taken together per entry.

    ``agreed`` of ``pairs`` of entries stand in the same order for both; ``again`` entries were given to more judges
    than was due. Means and extremes are None with fewer than three entries in common.
    """

    sheets: int
    common: int
    own_mean: Fraction | None
    others_mean: Fraction | None
    own_range: tuple[Fraction, Fraction] | None
    others_range: tuple[Fraction, Fraction] | None
    apart: Fraction | None
    pairs: int
    agreed: int
    again: int
    by_entry: tuple[tuple[str, Fraction, Fraction], ...] = ()
    """Entry, own total and the mean of colleagues, where they lie farthest apart first."""

    @property
    def lean(self) -> Fraction:
        """How much higher (lower: below 0) the judge scores than colleagues."""
        return (self.own_mean or Fraction(0)) - (self.others_mean or Fraction(0))


def mirror(sheets: Iterable[Sheet], rubric: Rubric, judge: str, *, due: int | None) -> Mirror:
    """Return how ``judge`` scored beside colleagues; ``due`` is how many judges an entry normally gets."""
    adder = SheetAdder(rubric)
    totals: dict[str, dict[str, Fraction]] = {}
    for sheet in sheets:
        if sheet.valid:
            totals.setdefault(sheet.entry, {})[sheet.judge] = adder.total(sheet)
    own = {entry: by_judge[judge] for entry, by_judge in totals.items() if judge in by_judge}
    others = {
        entry: mean(total for one, total in totals[entry].items() if one != judge)
        for entry in own
        if len(totals[entry]) > 1
    }
    enough = len(others) >= FEWEST
    mine = [own[entry] for entry in others]
    pairs = _pairs(own, others)
    return Mirror(
        sheets=len(own),
        common=len(others),
        own_mean=mean(mine) if enough else None,
        others_mean=mean(others.values()) if enough else None,
        own_range=(min(mine), max(mine)) if enough else None,
        others_range=(min(others.values()), max(others.values())) if enough else None,
        apart=mean(abs(own[entry] - others[entry]) for entry in others) if enough else None,
        pairs=len(pairs),
        agreed=sum(pairs),
        again=sum(1 for entry in own if due is not None and len(totals[entry]) > due),
        by_entry=tuple(_farthest_first(own, others)) if enough else (),
    )


def _farthest_first(
    own: Mapping[str, Fraction], others: Mapping[str, Fraction]
) -> list[tuple[str, Fraction, Fraction]]:
    rows = [(entry, own[entry], mean_of_others) for entry, mean_of_others in others.items()]
    return sorted(rows, key=lambda row: (-abs(row[1] - row[2]), row[0]))


def _pairs(own: Mapping[str, Fraction], others: Mapping[str, Fraction]) -> list[bool]:
    """Return, per pair of entries that neither side finds equal, whether both put it in the same order."""
    return [
        (own[one] > own[other]) == (others[one] > others[other])
        for one, other in combinations(sorted(others), 2)
        if own[one] != own[other] and others[one] != others[other]
    ]
