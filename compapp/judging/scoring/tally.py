"""What the valid sheets of a round say about each entry.

An evening's standings are reckoned many times while few sheets change: what the same sheets of an entry say is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

from compapp.judging.scoring.exact import exact_mean
from compapp.judging.scoring.model import Rubric, Sheet, SheetAdder


@dataclass(frozen=True)
class Tally:
    """One entry's sheets: totals of the valid ones by judge, their scores by criterion, and whose are left out."""

    entry: str
    totals: dict[str, Fraction]
    scores: dict[str, list[Fraction]]
    total_only: bool
    left_out: tuple[str, ...]

    @property
    def sheets(self) -> int:
        """How many valid sheets the entry has."""
        return len(self.totals)

    @cached_property
    def spread(self) -> Fraction:
        """Highest minus lowest sheet total."""
        return max(self.totals.values()) - min(self.totals.values())

    @cached_property
    def criterion_means(self) -> dict[str, Fraction]:
        """The exact mean score of each criterion, over sheets that have scores."""
        return {code: exact_mean(scores) for code, scores in self.scores.items()}

    @cached_property
    def given_zero(self) -> tuple[str, ...]:
        """The criteria to which a valid sheet gives 0."""
        return tuple(code for code, scores in self.scores.items() if not all(scores))

    @property
    def mean_zero(self) -> tuple[str, ...]:
        """The criteria whose mean is 0."""
        return tuple(code for code, mean in self.criterion_means.items() if not mean)


def tally(sheets: Iterable[Sheet], rubric: Rubric) -> dict[str, Tally]:
    """Gather the sheets by entry; entries without a valid sheet are left out.

    Raises ``ScoringFault`` for a valid sheet that lacks a score.
    """
    adder = _adder(rubric)
    gathered: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        gathered.setdefault(sheet.entry, []).append(sheet)
    tallies = {entry: _of_entry(tuple(own), adder) for entry, own in gathered.items()}
    return {entry: found for entry, found in tallies.items() if found.totals}


_adder = lru_cache(maxsize=16)(SheetAdder)


@lru_cache(maxsize=4_096)
def _of_entry(sheets: tuple[Sheet, ...], adder: SheetAdder) -> Tally:
    valid = [sheet for sheet in sheets if sheet.valid]
    totals = {sheet.judge: adder.total(sheet) for sheet in valid}
    scored = [sheet.scores for sheet in valid if sheet.scores is not None]
    scores = {code: [one[code] for one in scored] for code in adder.codes} if scored else {}
    left_out = tuple(sheet.judge for sheet in sheets if not sheet.valid)
    return Tally(sheets[0].entry, totals, scores, len(scored) < len(valid), left_out)
