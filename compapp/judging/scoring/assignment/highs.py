"""HiGHS behind a typed door: one linear programme in, values and prices out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_INFEASIBLE = 2


@dataclass(frozen=True, slots=True)
class Programme:
    """Smallest ``cost · x`` with ``equal x = target``, ``below x <= limit``, ``low <= x <= high``.

    The matrices are scipy sparse ones.
    """

    cost: Floats
    equal: Any
    target: Floats
    below: Any
    limit: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Optimum:
    """A basic optimum: values, prices of the rows, reduced costs of the columns."""

    values: Floats
    equal_prices: Floats
    below_prices: Floats
    reduced: Floats


def optimum(programme: Programme) -> Optimum | None:
    """Solve by the dual simplex method; None where nothing fits."""
    from scipy.optimize import linprog

    solver: Any = linprog
    found = solver(
        programme.cost,
        A_eq=programme.equal.tocsr(),
        b_eq=programme.target,
        A_ub=programme.below.tocsr(),
        b_ub=programme.limit,
        bounds=np.column_stack([programme.low, programme.high]),
        method="highs-ds",
    )
    if found.status == _INFEASIBLE:
        return None
    if found.status != 0:
        raise RuntimeError(f"The linear programme was not solved: {found.message}")
    return Optimum(
        values=np.round(found.x),
        equal_prices=found.eqlin.marginals,
        below_prices=found.ineqlin.marginals,
        reduced=found.lower.marginals + found.upper.marginals,
    )


def stacked(parts: list[list[Any]]) -> Any:
    """Return a sparse matrix from blocks; None is a block of zeros."""
    from scipy import sparse

    block: Any = sparse.bmat
    return block(parts, format="csr")


def marked(rows: NDArray[np.int64], columns: NDArray[np.int64], shape: tuple[int, int], value: float = 1.0) -> Any:
    """Return a sparse matrix that holds ``value`` at the given places."""
    from scipy import sparse

    build: Any = sparse.csr_matrix
    return build((np.full(len(rows), value), (rows, columns)), shape=shape)
