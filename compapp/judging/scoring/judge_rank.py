"""``judge_rank``: the mean of the ranks that an entry's judges gave it; lower is better."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from compapp.judging.scoring.exact import exact_mean
from compapp.judging.scoring.marks import Figures, Mark


def judge_rank(marks: Sequence[Mark]) -> Figures:
    """Return each entry's mean rank (contest file, "Aggregation").

    A judge's marks are ranked among what that judge scored in that board; 1 is
    best and ties share the average rank.
    """
    piles: dict[tuple[str, str], list[Mark]] = {}
    for mark in marks:
        piles.setdefault((mark.judge, mark.board), []).append(mark)
    ranks: dict[str, list[Fraction]] = {}
    for pile in piles.values():
        places = _average_ranks([mark.total for mark in pile])
        for mark in pile:
            ranks.setdefault(mark.entry, []).append(places[mark.total])
    return Figures({entry: exact_mean(given) for entry, given in ranks.items()}, "judge_rank")


def _average_ranks(totals: list[Fraction]) -> dict[Fraction, Fraction]:
    """Map each total to its average rank, the highest total being first."""
    places: dict[Fraction, Fraction] = {}
    ahead = 0
    for total in sorted(set(totals), reverse=True):
        equal = totals.count(total)
        places[total] = Fraction(2 * ahead + equal + 1, 2)
        ahead += equal
    return places
