"""Whether judges can be compared: the graph that common entries make of them.

With the judge Laplacian L (entries eliminated): ``lambda2`` is its second
smallest eigenvalue, 0 when the judges fall apart; ``a`` is the mean variance
of the difference of two judges' severities, in units of the residual one, and
None when it cannot be estimated.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from compapp.judging.scoring.calibration.design import count_components


@dataclass(frozen=True, slots=True)
class Connectivity:
    """How well an assignment lets judges be compared with each other."""

    components: int
    lambda2: float
    a: float | None


def connectivity(pairs: Iterable[tuple[str, str]]) -> Connectivity:
    """Measure the pairs (entry, judge); judges without a pair are left aside."""
    kept = sorted(set(pairs))
    entry_at = {code: at for at, code in enumerate(sorted({entry for entry, _ in kept}))}
    judge_at = {code: at for at, code in enumerate(sorted({judge for _, judge in kept}))}
    judges = len(judge_at)
    if not judges:
        return Connectivity(0, 0.0, None)
    entry = np.array([entry_at[code] for code, _ in kept], dtype=np.int64)
    judge = np.array([judge_at[code] for _, code in kept], dtype=np.int64)
    components = count_components(judges, entry, judge)
    if judges == 1:
        return Connectivity(components, 0.0, None)
    reads = np.zeros((len(entry_at), judges))
    reads[entry, judge] = 1.0
    laplacian = np.diag(reads.sum(axis=0)) - reads.T @ (reads / reads.sum(axis=1)[:, None])
    values = np.linalg.eigvalsh(laplacian)
    if components > 1:
        return Connectivity(components, 0.0, None)
    spread = 2 * float(np.sum(1 / values[1:])) / (judges - 1)
    return Connectivity(components, round(float(values[1]), 6) + 0.0, round(spread, 6))
