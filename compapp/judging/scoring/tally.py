"""What the valid sheets of a round say about each entry, gathered in one pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from compapp.judging.scoring.exact import exact_mean
from compapp.judging.scoring.model import Rubric, Sheet, SheetAdder


@dataclass(slots=True)
class Tally:
    """One entry's valid sheets: totals by judge, and scores by criterion."""

    entry: str
    totals: dict[str, Fraction] = field(default_factory=dict)
    scores: dict[str, list[Fraction]] = field(default_factory=dict)
    total_only: bool = False
    left_out: list[str] = field(default_factory=list)

    @property
    def sheets(self) -> int:
        """How many valid sheets the entry has."""
        return len(self.totals)

    @property
    def spread(self) -> Fraction:
        """Highest minus lowest sheet total."""
        return max(self.totals.values()) - min(self.totals.values())

    def criterion_means(self) -> dict[str, Fraction]:
        """Return the exact mean score of each criterion, over sheets that have scores."""
        return {code: exact_mean(scores) for code, scores in self.scores.items()}

    def given_zero(self) -> tuple[str, ...]:
        """Return the criteria to which a valid sheet gives 0."""
        return tuple(code for code, scores in self.scores.items() if not all(scores))

    def mean_zero(self) -> tuple[str, ...]:
        """Return the criteria whose mean is 0."""
        return tuple(code for code, scores in self.scores.items() if not exact_mean(scores))


def tally(sheets: Iterable[Sheet], rubric: Rubric) -> dict[str, Tally]:
    """Gather the sheets by entry; entries without a valid sheet are left out.

    Raises ``ScoringFault`` for a valid sheet that lacks a score.
    """
    adder = SheetAdder(rubric)
    codes = [criterion.code for criterion in rubric.criteria]
    gathered: dict[str, Tally] = {}
    for sheet in sheets:
        of_entry = gathered.get(sheet.entry)
        if of_entry is None:
            of_entry = gathered[sheet.entry] = Tally(sheet.entry)
        if not sheet.valid:
            of_entry.left_out.append(sheet.judge)
            continue
        of_entry.totals[sheet.judge] = adder.total(sheet)
        if sheet.scores is None:
            of_entry.total_only = True
            continue
        for code in codes:
            of_entry.scores.setdefault(code, []).append(sheet.scores[code])
    return {entry: found for entry, found in gathered.items() if found.totals}
