"""Reviews as arrays: who scored what, and which judges can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Review:
    """One judge's score of one entry; ``group`` is a sector or board."""

    entry: str
    judge: str
    score: float
    group: str = ""


@dataclass(frozen=True, slots=True)
class Design:
    """Reviews by position: ``entry``, ``judge`` index into the sorted codes."""

    entries: list[str]
    judges: list[str]
    groups: list[str]
    entry: Indices
    judge: Indices
    group_of_entry: Indices
    score: Floats

    @classmethod
    def of(cls, reviews: Sequence[Review]) -> Design:
        """Return the design of some reviews, everything numbered in the order of codes.

        The reviews are put in order too: sums of floating numbers depend on it, and no figure may depend on the order
        in which a file lists its rows.
        """
        reviews = sorted(reviews, key=lambda review: (review.entry, review.judge))
        entries = sorted({review.entry for review in reviews})
        judges = sorted({review.judge for review in reviews})
        groups = sorted({review.group for review in reviews})
        entry_at = {code: at for at, code in enumerate(entries)}
        judge_at = {code: at for at, code in enumerate(judges)}
        group_at = {code: at for at, code in enumerate(groups)}
        group_of_entry = np.zeros(len(entries), dtype=np.int64)
        for review in reviews:
            group_of_entry[entry_at[review.entry]] = group_at[review.group]
        return cls(
            entries=entries,
            judges=judges,
            groups=groups,
            entry=np.array([entry_at[review.entry] for review in reviews], dtype=np.int64),
            judge=np.array([judge_at[review.judge] for review in reviews], dtype=np.int64),
            group_of_entry=group_of_entry,
            score=np.array([review.score for review in reviews], dtype=np.float64),
        )

    def per_entry(self, values: Floats) -> Floats:
        """Sum one value per review over each entry."""
        return np.bincount(self.entry, values, minlength=len(self.entries)).astype(np.float64)

    def per_judge(self, values: Floats) -> Floats:
        """Sum one value per review over each judge."""
        return np.bincount(self.judge, values, minlength=len(self.judges)).astype(np.float64)

    def incidence(self, weights: Floats) -> Any:
        """Return the weighted entries × judges matrix, sparse."""
        from scipy import sparse

        shape = (len(self.entries), len(self.judges))
        return sparse.csr_matrix((weights, (self.entry, self.judge)), shape=shape)

    def components(self) -> int:
        """Count the groups of judges that no common entry connects."""
        return count_components(len(self.judges), self.entry, self.judge)


def count_components(judges: int, entry: Indices, judge: Indices) -> int:
    """Count connected sets of judges, two being connected by an entry both read."""
    parent = list(range(judges))

    def root(of: int) -> int:
        while parent[of] != of:
            parent[of] = parent[parent[of]]
            of = parent[of]
        return of

    first_judge: dict[int, int] = {}
    for at_entry, at_judge in zip(entry.tolist(), judge.tolist(), strict=True):
        parent[root(at_judge)] = root(first_judge.setdefault(at_entry, at_judge))
    return len({root(at) for at in range(judges)})
