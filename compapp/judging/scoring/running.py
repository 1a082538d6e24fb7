"""A kept aggregate of one entry's sheet totals, updated sheet by sheet.

Kept in the row of the entry so that a list page never adds up sheets; always
equal to a full recomputation, because sums of fractions are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

Totals = Callable[[], Iterable[Fraction]]
"""Reads the valid totals that remain; called only when an extreme leaves."""


@dataclass(frozen=True, slots=True)
class RunningAggregate:
    """Count, exact sum, lowest and highest of the valid sheet totals."""

    count: int = 0
    total: Fraction = Fraction(0)
    lowest: Fraction | None = None
    highest: Fraction | None = None

    @classmethod
    def of(cls, totals: Iterable[Fraction]) -> RunningAggregate:
        """Return the aggregate of all totals: the full recomputation."""
        kept = list(totals)
        if not kept:
            return cls()
        return cls(len(kept), sum(kept, Fraction(0)), min(kept), max(kept))

    @property
    def mean(self) -> Fraction | None:
        """The exact mean, or None without a sheet."""
        return self.total / self.count if self.count else None

    @property
    def spread(self) -> Fraction | None:
        """Highest minus lowest, or None without a sheet."""
        if self.highest is None or self.lowest is None:
            return None
        return self.highest - self.lowest

    def added(self, total: Fraction) -> RunningAggregate:
        """Return the aggregate with one more sheet."""
        return RunningAggregate(
            self.count + 1,
            self.total + total,
            total if self.lowest is None else min(self.lowest, total),
            total if self.highest is None else max(self.highest, total),
        )

    def removed(self, total: Fraction, remaining: Totals) -> RunningAggregate:
        """Return the aggregate without a sheet (voided, or taken back).

        ``remaining`` gives the totals that stay, read only if an extreme left.
        """
        if self.count <= 1:
            return RunningAggregate()
        lowest, highest = self.lowest, self.highest
        if total in (lowest, highest):
            stay = list(remaining())
            lowest, highest = min(stay), max(stay)
        return RunningAggregate(self.count - 1, self.total - total, lowest, highest)

    def replaced(self, old: Fraction, new: Fraction, remaining: Totals) -> RunningAggregate:
        """Return the aggregate with a sheet's total changed; ``remaining`` excludes it."""
        return self.removed(old, remaining).added(new)
