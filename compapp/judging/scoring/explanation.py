"""How a row of the standings came about, as data: a page writes the sentences.

Each step has a ``kind``; together, in order, they let anyone redo the row by
hand from the stored sheets.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class SheetStep:
    """A sheet that was considered; a void one, or a draft, did not count."""

    kind: ClassVar[str] = "sheet"
    judge: str
    total: Fraction | None
    counted: bool


@dataclass(frozen=True, slots=True)
class AggregateStep:
    """The figure of the counted sheets; ``used`` differs where a guard fell back."""

    kind: ClassVar[str] = "aggregate"
    method: str
    used: str
    figure: Fraction
    guards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtraStep:
    """Extra points added to the figure."""

    kind: ClassVar[str] = "extra_points"
    code: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class CarryStep:
    """One round's part of a carried figure: percent × figure ÷ maximum.

    ``figure`` and ``part`` are None where the entry has no figure in that round.
    """

    kind: ClassVar[str] = "carry"
    round: str
    percent: Fraction
    figure: Fraction | None
    maximum: Fraction
    part: Fraction | None


@dataclass(frozen=True, slots=True)
class RoundedStep:
    """The one rounding, at the end."""

    kind: ClassVar[str] = "rounded"
    exact: Fraction
    published: Fraction
    decimals: int


@dataclass(frozen=True, slots=True)
class UnrankedStep:
    """Why an entry has no rank: ``too_few_sheets`` or ``missing_figure``."""

    kind: ClassVar[str] = "unranked"
    reason: str


@dataclass(frozen=True, slots=True)
class TieStepTaken:
    """One tie-break step tried on a group; ``value`` is this entry's.

    ``skipped`` names why the step could not be used: ``total_only_sheet``,
    ``no_criterion``, ``no_time`` or ``no_decision``.
    """

    kind: ClassVar[str] = "tie_break"
    step: str
    group: tuple[str, ...]
    value: str | None
    decided: bool
    skipped: str | None = None


@dataclass(frozen=True, slots=True)
class GateStep:
    """A gate and whether the entry passed it; ``limit`` only for ``below_min_total``.

    ``criteria`` got the 0 that stops it. ``waived``: by the figures it did not pass, an upheld appeal lets it.
    """

    kind: ClassVar[str] = "gate"
    gate: str
    passed: bool
    limit: Fraction | None = None
    waived: bool = False
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CutStep:
    """The entry's standing against the cut line of its board."""

    kind: ClassVar[str] = "cut"
    places: int
    advances: bool | None


Step = (
    SheetStep | AggregateStep | ExtraStep | CarryStep | RoundedStep | UnrankedStep | TieStepTaken | GateStep | CutStep
)
