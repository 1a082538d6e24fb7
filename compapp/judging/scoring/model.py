"""The values that scoring works on: rubric, sheets, rule (contest file, version 1).

All frozen, all exact; built from the database by queries or from a contest
file by :mod:`compapp.judging.scoring.from_file`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from math import lcm

from compapp.judging.scoring.exact import ScoringFault

RUBRIC_MODE = "rubric"

BELOW_MIN_TOTAL = "below_min_total"
ZERO_CRITERION = "zero_criterion"
SCREENED_OUT = "screened_out"
"""A screening jury's consensus, or the chair, did not let the entry pass."""
NO_CONSENSUS = "no_consensus"
"""A screening jury does not agree on the entry (yet)."""

CRITERION_MEAN = "criterion_mean"
LOWER_SPREAD = "lower_spread"
EARLIER_SUBMISSION = "earlier_submission"
CHAIR_DECISION = "chair_decision"
TIE_STEPS = (CRITERION_MEAN, LOWER_SPREAD, EARLIER_SUBMISSION, CHAIR_DECISION)

ZERO_ANY_JUDGE = "any_judge"
ZERO_MEAN = "mean"

EVERYBODY = 1_000_000
"""More places than any board has entries: everybody who passes goes through."""

MINIMUM_SHEETS = 2
"""An entry with fewer valid sheets is unranked (contest file, "Ranks")."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The marks a judge may give for a criterion: from minimum to maximum by step."""

    minimum: Fraction
    maximum: Fraction
    step: Fraction | None = None

    def holds(self, score: Fraction) -> bool:
        """Whether ``score`` is one of the scale's marks."""
        if not self.minimum <= score <= self.maximum:
            return False
        return self.step is None or ((score - self.minimum) / self.step).denominator == 1


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of a rubric; ``weight`` is what a full score is worth."""

    code: str
    weight: Fraction
    scale: Scale

    @property
    def worth(self) -> Fraction:
        """What one mark of the scale adds to a sheet total: weight ÷ max."""
        return self.weight / self.scale.maximum


@dataclass(frozen=True, slots=True)
class Rubric:
    """The criteria of a score sheet, in the order of the sheet."""

    code: str
    criteria: tuple[Criterion, ...]

    @property
    def maximum(self) -> Fraction:
        """The highest possible sheet total: the sum of the weights."""
        return sum((criterion.weight for criterion in self.criteria), Fraction(0))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One judge's sheet of one entry: scores per criterion, or a total alone (paper).

    ``void`` sheets and drafts (``submitted`` false) never count.
    """

    entry: str
    judge: str
    scores: Mapping[str, Fraction] | None = None
    total: Fraction | None = None
    void: bool = False
    submitted: bool = True

    def __hash__(self) -> int:
        """Return what is equal for equal sheets; scores are not looked at, so that looking a sheet up stays cheap."""
        return hash((self.entry, self.judge, self.void, self.submitted))

    @property
    def valid(self) -> bool:
        """Whether the sheet counts: submitted and not void."""
        return self.submitted and not self.void


@dataclass(frozen=True, slots=True)
class Entrant:
    """What scoring may know of an entry: its code, board and time of submission.

    ``sector`` is known only where a rule lets so many of each sector through.
    """

    code: str
    board: str
    submitted: datetime | None = None
    sector: str | None = None


@dataclass(frozen=True, slots=True)
class Aggregation:
    """How an entry's sheets become one figure, and how that figure is rounded."""

    method: str = "mean"
    decimals: int = 2
    rounding: str = "half_up"


@dataclass(frozen=True, slots=True)
class TieStep:
    """One step of the tie-break chain; ``criterion`` only for ``criterion_mean``."""

    name: str
    criterion: str | None = None

    @property
    def label(self) -> str:
        """The step as standings name it: ``criterion_mean:innovation``, ``lower_spread``."""
        return f"{self.name}:{self.criterion}" if self.criterion else self.name


@dataclass(frozen=True, slots=True)
class Gates:
    """What an entry must reach to advance, whatever its rank."""

    min_total: Fraction | None = None
    no_zero: str | None = None


@dataclass(frozen=True, slots=True)
class ExtraPoint:
    """Points outside the rubric that a round may add, at most ``maximum``."""

    code: str
    maximum: Fraction


@dataclass(frozen=True, slots=True)
class Point:
    """Extra points given to one entry in one round."""

    entry: str
    code: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class Comparison:
    """One judge's word on two entries of a board: ``winner`` is one of them, or None for “cannot say”."""

    judge: str
    left: str
    right: str
    winner: str | None


@dataclass(frozen=True, slots=True)
class ChairDecision:
    """A named person's order of tied entries, best first, with a reason.

    With ``passes`` it is no order: the word on entries on which a screening jury did not agree.
    """

    entries: tuple[str, ...]
    by: str = ""
    reason: str = ""
    passes: bool | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Everything fixed before a round opens that decides its standings.

    ``carry`` maps round codes to percent, summing to 100; ``advance`` maps a
    board to its number of places. ``mode`` names a registered way of judging; one
    that ``screens`` lets everybody through who passes where no number is said.
    """

    round: str
    rubric: Rubric
    aggregation: Aggregation = Aggregation()
    tie_break: tuple[TieStep, ...] = ()
    gates: Gates = Gates()
    advance: Mapping[str, int] = field(default_factory=dict)
    extra_points: tuple[ExtraPoint, ...] = ()
    carry: Mapping[str, Fraction] = field(default_factory=dict)
    spread_alert: Fraction | None = None
    mode: str = RUBRIC_MODE
    options: Mapping[str, int] = field(default_factory=dict)
    screens: bool = False
    waived: tuple[tuple[str, str], ...] = ()
    """(entry, gate) that count as passed because an appeal against the result was upheld."""
    per_sector: bool = False
    """Whether the numbers of ``advance`` hold for each sector of a board, not for the board as a whole."""

    @property
    def maximum(self) -> Fraction:
        """The round's possible maximum: the weights and the extra points."""
        return self.rubric.maximum + sum((extra.maximum for extra in self.extra_points), Fraction(0))

    def places(self, board: str) -> int | None:
        """How many of a board go through at most; None where nobody does by computation."""
        return self.advance.get(board, EVERYBODY if self.screens else None)

    @property
    def chain(self) -> tuple[TieStep, ...]:
        """The tie-break chain, ending in the chair's decision, which is always implied."""
        if self.tie_break and self.tie_break[-1].name == CHAIR_DECISION:
            return self.tie_break
        return (*self.tie_break, TieStep(CHAIR_DECISION))


@dataclass(frozen=True, slots=True)
class RoundSheets:
    """One round as scoring sees it: its rule and what was handed in."""

    rule: Rule
    sheets: tuple[Sheet, ...] = ()
    points: tuple[Point, ...] = ()
    decisions: tuple[ChairDecision, ...] = ()
    comparisons: tuple[Comparison, ...] = ()


def sheet_total(sheet: Sheet, rubric: Rubric) -> Fraction:
    """Return Σ weight × score ÷ max, exact (contest file, "Sheet total").

    A total-only sheet returns its total. Raises :class:`ScoringFault` when a
    criterion of the rubric has no score.
    """
    return SheetAdder(rubric).total(sheet)


class SheetAdder:
    """Adds up many sheets of one rubric with whole numbers: exact, and quick."""

    def __init__(self, rubric: Rubric) -> None:
        """Prepare the worth of a mark per criterion over one common denominator."""
        worths = {criterion.code: criterion.worth for criterion in rubric.criteria}
        self.codes = tuple(worths)
        self._denominator = lcm(*(worth.denominator for worth in worths.values()))
        self._worths = [
            (code, worth.numerator * (self._denominator // worth.denominator)) for code, worth in worths.items()
        ]

    def total(self, sheet: Sheet) -> Fraction:
        """Return the total of a sheet; see :func:`sheet_total`."""
        scores = sheet.scores
        if scores is None:
            if sheet.total is None:
                raise ScoringFault(f"The sheet of {sheet.judge} for {sheet.entry} is empty.")
            return sheet.total
        gathered: dict[int, int] = {}
        try:
            for code, worth in self._worths:
                score = scores[code]
                below = score.denominator
                gathered[below] = gathered.get(below, 0) + score.numerator * worth
        except KeyError as missing:
            raise ScoringFault(f"The sheet of {sheet.judge} for {sheet.entry} has no score for {missing}.") from None
        total = Fraction(0)
        for below, numerator in gathered.items():
            total += Fraction(numerator, below * self._denominator)
        return total
