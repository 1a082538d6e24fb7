"""What a mode of scoring is: what a judge does, how it is checked, how figures and outcomes come out, in which words.

Every mode ends in sheets (one per entry and judge, with an exact total), so that assignment, conflicts, blindness,
progress, voiding, standings, shortlist and publication are the same for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compapp.judging.scoring.marks import Figures, Mark, Method
from compapp.judging.scoring.model import RUBRIC_MODE, Comparison

RUBRIC = RUBRIC_MODE
"""The mode of a round that names none."""

PASSES, FAILS, UNDECIDED = "passes", "fails", "undecided"

Options = Mapping[str, int]
Outcome = Callable[[Iterable[Any], Options, bool | None], str]


@dataclass(frozen=True, slots=True)
class Option:
    """A whole number that a mode lets the organiser choose, with its bounds; ``label`` is marked for translation."""

    name: str
    label: str
    least: int
    most: int
    default: int


@dataclass(frozen=True, slots=True)
class Mode:
    """A way of judging a round.

    ``label``, ``judge_does`` and ``decides`` are marked for translation; ``decides`` may name options.
    ``sheet``: the rubric (as the contest file writes one) that a sheet of this mode is; None: the contest's own.
    ``method``: how an entry's totals become its figure; None: the rule's aggregation. ``compared``: the figure from
    comparisons instead, where the mode has them.
    ``outcome``: from an entry's totals, the options and the chair's word (None: none) to whether it passes; None:
    the best go through. ``whole_pile``: a judge fills in one page for all entries, not a sheet for each.
    """

    name: str
    label: str
    judge_does: str
    decides: str
    options: tuple[Option, ...] = ()
    sheet: Callable[[Options], Mapping[str, Any]] | None = None
    method: Method | None = None
    compared: Callable[[Sequence[Mark], Sequence[Comparison]], Figures] | None = None
    outcome: Outcome | None = None
    whole_pile: bool = False
