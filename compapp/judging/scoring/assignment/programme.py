"""The linear programme behind an assignment, solved by HiGHS.

Its rows are two nested families (judges of an institution within an entry,
and the loads of judges): a network matrix, so that every basic optimum is
whole and the linear optimum is the true one. Arcs beyond the most promising
ones are left out at first and added while their reduced cost says that they
could help, which keeps large rounds quick and the optimum exact.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from compapp.judging.scoring.assignment.highs import Floats, Optimum, Programme, marked, optimum, stacked
from compapp.judging.scoring.assignment.network import Flow, Indices, Network

TOLERANCE = 1e-7
FIRST_ARCS = 40_000
"""Up to this many possible pairs all are taken at once."""
BEST_OF_EACH = 30


def solve_by_programme(network: Network, *, seed: int = 0) -> Flow:
    """Return the best full assignment, loads as even as the optimum allows.

    Where there is none, the largest assignment (and the best of those), with
    the missing reviews and the judges short of their least load.
    """
    entry, judge = np.nonzero(network.allowed)
    if not len(entry):
        return Flow(entry, judge, network.need, network.least)
    chosen = _first_arcs(network, entry, judge)
    slack = not _looks_feasible(network)
    while True:
        problem = _Problem(network, entry[chosen], judge[chosen], slack=slack)
        found = optimum(problem.programme())
        if found is None:
            slack = bool(chosen.all())
            chosen[:] = True
            continue
        left_out = np.flatnonzero(~chosen)
        helpful = left_out[problem.reduced(found, entry[left_out], judge[left_out]) < -TOLERANCE]
        if not len(helpful):
            return problem.flow(problem.even(found, seed))
        chosen[helpful] = True


def _looks_feasible(network: Network) -> bool:
    """Quick necessary conditions, to spare a hopeless first run."""
    enough = np.all(network.allowed.sum(axis=1) >= network.need)
    return bool(enough and network.most.sum() >= network.need.sum() >= network.least.sum())


def _first_arcs(network: Network, entry: Indices, judge: Indices) -> NDArray[np.bool_]:
    """Choose the most promising arcs of each entry and each judge; all in a small round."""
    if len(entry) <= FIRST_ARCS:
        return np.ones(len(entry), dtype=np.bool_)
    keep = np.zeros(network.gain.shape, dtype=np.bool_)
    entries, judges = network.gain.shape
    of_entry = min(max(BEST_OF_EACH, 2 * int(network.need.max(initial=0))), judges)
    of_judge = min(max(BEST_OF_EACH, -(-entries * of_entry // judges)), entries)
    best_judges = np.argpartition(-network.gain, of_entry - 1, axis=1)[:, :of_entry]
    np.put_along_axis(keep, best_judges, True, axis=1)
    best_entries = np.argpartition(-network.gain, of_judge - 1, axis=0)[:of_judge]
    np.put_along_axis(keep, best_entries, True, axis=0)
    kept: NDArray[np.bool_] = keep[entry, judge]
    return kept


class _Problem:
    """The linear programme over a set of arcs.

    Columns: arcs, then (with ``slack``) missing reviews per entry and missing
    reads per judge. Equal rows: needs of entries. Rows from above: loads, minus
    loads, and one judge per institution and entry.
    """

    def __init__(self, network: Network, entry: Indices, judge: Indices, *, slack: bool) -> None:
        self.network, self.entry, self.judge, self.slack = network, entry, judge, slack
        self.entries, self.judges = network.gain.shape
        self.arcs = len(entry)
        self.houses = max(int(network.house.max(initial=-1)) + 1, 1)
        at = np.arange(self.arcs)
        housed = np.flatnonzero(network.house[judge] >= 0)
        keys = entry[housed] * self.houses + network.house[judge[housed]]
        self.house_keys, house_rows = np.unique(keys, return_inverse=True)
        self.needs = marked(entry, at, (self.entries, self.arcs))
        self.loads = marked(judge, at, (self.judges, self.arcs))
        self.alone = marked(house_rows.astype(np.int64), housed, (len(self.house_keys), self.arcs))

    def programme(self) -> Programme:
        """Return the programme; with slack it always has a solution."""
        network, cost, high = self.network, -self.network.gain[self.entry, self.judge], np.ones(self.arcs)
        equal, below = self.needs, stacked([[self.loads], [-self.loads], [self.alone]])
        if self.slack:
            # A least load outweighs any exchange of affinities along a chain of pairs,
            # and a review outweighs the two least loads that such a chain may touch.
            chain = 2.0 * (self.entries + self.judges) + 1
            lacking, short = np.arange(self.entries), np.arange(self.judges)
            width = self.entries + self.judges
            equal = stacked([[equal, marked(lacking, lacking, (self.entries, width))]])
            rows = marked(self.judges + short, self.entries + short, (below.shape[0], width), -1.0)
            below = stacked([[below, rows]])
            cost = np.concatenate([cost, np.full(self.entries, 4 * chain), np.full(self.judges, chain)])
            high = np.concatenate([high, np.full(width, np.inf)])
        limit = np.concatenate([network.most, -network.least, np.ones(len(self.house_keys))])
        return Programme(cost, equal, network.need.astype(float), below, limit, np.zeros(len(cost)), high)

    def reduced(self, found: Optimum, entry: Indices, judge: Indices) -> Floats:
        """Return the reduced costs of pairs that are not in the programme."""
        prices = found.below_prices
        price = found.equal_prices[entry] + prices[judge] - prices[self.judges + judge]
        house = self.network.house[judge]
        if len(self.house_keys):
            keys = entry * self.houses + house
            at = np.minimum(np.searchsorted(self.house_keys, keys), len(self.house_keys) - 1)
            known = (house >= 0) & (self.house_keys[at] == keys)
            price = price + np.where(known, prices[2 * self.judges + at], 0.0)
        reduced: Floats = -self.network.gain[entry, judge] - price
        return reduced

    def even(self, found: Optimum, seed: int) -> Floats:
        """Even the loads without leaving the set of optimal assignments.

        Columns with a reduced cost keep their value and rows with a price stay
        tight: exactly the optimal face. On it the sum of squared loads is made
        smallest; what is still equal is drawn from ``seed``.
        """
        free = np.abs(found.reduced) <= TOLERANCE
        if not np.any(free[: self.arcs] & (found.values[: self.arcs] == 0)):
            return found.values
        second = optimum(self._face(found, free, seed))
        return found.values if second is None else second.values[: len(found.values)]

    def _face(self, found: Optimum, free: NDArray[np.bool_], seed: int) -> Programme:
        """Return the programme of the even loads: each judge's n-th read costs 2n - 1."""
        first = self.programme()
        tight = np.abs(found.below_prices) > TOLERANCE
        reads = np.minimum(np.bincount(self.judge, minlength=self.judges), self.network.most)
        units = int(reads.sum())
        owner = np.repeat(np.arange(self.judges), reads)
        nth = np.arange(units) - np.repeat(np.cumsum(reads) - reads, reads)
        drawn = np.zeros(len(first.cost))
        drawn[: self.arcs] = np.random.default_rng(seed).random(self.arcs) / (2 * max(int(self.network.need.sum()), 1))
        none = marked(owner[:0], owner[:0], (int((~tight).sum()), units))
        equal = [
            [first.equal, None],
            [first.below[tight], None],
            [first.below[: self.judges], marked(owner, np.arange(units), (self.judges, units), -1.0)],
        ]
        return Programme(
            cost=np.concatenate([drawn, 2.0 * (nth + self.network.held[owner]) + 1.0]),
            equal=stacked(equal),
            target=np.concatenate([first.target, first.limit[tight], np.zeros(self.judges)]),
            below=stacked([[first.below[~tight], none]]),
            limit=first.limit[~tight],
            low=np.concatenate([np.where(free, 0.0, found.values), np.zeros(units)]),
            high=np.concatenate([np.where(free, first.high, found.values), np.ones(units)]),
        )

    def flow(self, values: Floats) -> Flow:
        """Return the chosen pairs of a solution."""
        picked = values[: self.arcs] > 0.5
        entry, judge = self.entry[picked], self.judge[picked]
        lacking = self.network.need - np.bincount(entry, minlength=self.entries)
        short = np.maximum(self.network.least - np.bincount(judge, minlength=self.judges), 0)
        return Flow(entry, judge, lacking, short)
