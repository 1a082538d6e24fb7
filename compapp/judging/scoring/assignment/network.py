"""The problem of who reads what, by position, and its answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Network:
    """A problem by position: what remains to be assigned.

    ``gain`` is entries × judges, minus infinity where a pair is not allowed.
    ``need`` per entry; ``least`` and ``most`` per judge; ``house`` numbers the
    institution of each judge (-1: none, so no limit).
    """

    gain: Floats
    need: Indices
    least: Indices
    most: Indices
    house: Indices
    held: Indices
    """Reads that each judge has already: they count for evenness only."""

    @property
    def allowed(self) -> NDArray[np.bool_]:
        """Which pairs are possible."""
        return np.isfinite(self.gain)


@dataclass(frozen=True, slots=True)
class Flow:
    """The chosen pairs by position, and what stays unmet."""

    entry: Indices
    judge: Indices
    lacking: Indices
    """Missing reviews per entry."""
    short: Indices
    """Missing reads per judge below ``least``."""
