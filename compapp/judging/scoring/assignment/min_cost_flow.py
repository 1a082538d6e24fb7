"""The optimum as a min-cost flow, solved by OR-Tools.

Entries send as many units as they need reviews through pairs to judges, past one node for each institution within
an entry where at most one judge of it may read; judges pass them on to one sink. A judge's least load is a demand of
its own, so that every flow keeps it; further reads cost a little more each (2n - 1 for the n-th), so that among
optima the loads are even. In large rounds only the most promising pairs are offered first, more where they do not
suffice (Goldberg 1997; `SimpleMinCostFlow` works by cost scaling on whole numbers).
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compapp.judging.scoring.assignment.network import Flow, Indices, Network

DENSE = 600_000
"""Up to this many pairs all are offered at once; the optimum is then exact to ``LARGEST_COST``'s rounding."""
WIDTHS = (30, 90)
"""Candidates of each entry (and as many pairs of each judge), then more, then all."""
LARGEST_COST = 2**61
FINEST = 10**9
"""Affinities are rounded to one part in this many, coarser where the whole numbers would overflow."""


def is_available() -> bool:
    """Whether OR-Tools is installed."""
    return find_spec("ortools") is not None


def solve_by_flow(network: Network, *, seed: int = 0) -> Flow | None:
    """Return the best full assignment with loads as even as it allows; None where there is no full assignment."""
    widths: tuple[int | None, ...] = (None,) if network.gain.size <= DENSE else (*WIDTHS, None)
    for width in widths:
        found = _least_cost(network, *_candidates(network, width), seed)
        if found is not None:
            return found
    return None


def _candidates(network: Network, width: int | None) -> tuple[Indices, Indices]:
    """Return the pairs that are offered: all, or the best of each entry and of each judge."""
    gain = network.gain
    if width is None:
        every_entry, every_judge = np.nonzero(network.allowed)
        return every_entry, every_judge
    entries, judges = gain.shape
    of_entry = min(max(width, 2 * int(network.need.max(initial=0))), judges)
    of_judge = min(max(width, -(-entries * of_entry // judges)), entries)
    keep = np.zeros(gain.shape, dtype=np.bool_)
    for start in range(0, entries, 1000):
        rows = gain[start : start + 1000]
        best = np.argpartition(rows, judges - of_entry, axis=1)[:, judges - of_entry :]
        np.put_along_axis(keep[start : start + 1000], best, True, axis=1)
    for start in range(0, judges, 100):
        columns = np.ascontiguousarray(gain[:, start : start + 100].T)
        best = np.argpartition(columns, entries - of_judge, axis=1)[:, entries - of_judge :]
        keep[best.ravel(), np.repeat(np.arange(start, start + len(columns)), of_judge)] = True
    entry, judge = np.nonzero(keep)
    possible = np.isfinite(gain[entry, judge])
    return entry[possible], judge[possible]


def _least_cost(network: Network, entry: Indices, judge: Indices, seed: int) -> Flow | None:
    if network.most.sum() < network.need.sum() or network.least.sum() > network.need.sum():
        return None
    order = np.random.default_rng(seed).permutation(len(entry))
    entry, judge = entry[order], judge[order]
    chosen = _chosen(network, entry, judge)
    if chosen is None:
        return None
    taken, by = entry[chosen], judge[chosen]
    ranked = np.lexsort((by, taken))
    entries, judges = network.gain.shape
    return Flow(taken[ranked], by[ranked], np.zeros(entries, dtype=np.int64), np.zeros(judges, dtype=np.int64))


def _chosen(network: Network, entry: Indices, judge: Indices) -> NDArray[np.bool_] | None:
    """Return which of the offered pairs carry flow in the optimum; None where no flow meets all needs."""
    from ortools.graph.python import min_cost_flow

    entries, judges = network.gain.shape
    tail, group_entry = _tails(network, entry, judge)
    sink = entries + judges + len(group_entry)
    owner, unit_cost, capacity = _further_reads(network, judge)
    scale, evenness = _scales(network, unit_cost, sink + 1)
    rounded = np.rint(network.gain[entry, judge] * scale).astype(np.int64)
    once, groups = np.ones(len(entry), dtype=np.int64), len(group_entry)
    flow: Any = min_cost_flow.SimpleMinCostFlow()
    add = flow.add_arcs_with_capacity_and_unit_cost
    pairs = add(tail, entries + judge, once, -rounded * evenness)
    add(group_entry, entries + judges + np.arange(groups), np.ones(groups, np.int64), np.zeros(groups, np.int64))
    add(entries + owner, np.full(len(owner), sink), capacity, unit_cost if evenness > 1 else unit_cost * 0)
    supply = np.zeros(sink + 1, dtype=np.int64)
    supply[:entries] = network.need
    supply[entries : entries + judges] = -network.least
    supply[sink] = network.least.sum() - network.need.sum()
    flow.set_nodes_supplies(np.arange(sink + 1), supply)
    return np.asarray(flow.flows(pairs) > 0) if flow.solve() == flow.OPTIMAL else None


def _tails(network: Network, entry: Indices, judge: Indices) -> tuple[Indices, Indices]:
    """Return the node each pair starts from, and the entry behind each node of an institution within an entry."""
    entries, judges = network.gain.shape
    house = network.house[judge]
    housed = np.flatnonzero(house >= 0)
    keys, group = np.unique(entry[housed] * (judges + 1) + house[housed], return_inverse=True)
    tail = entry.copy()
    tail[housed] = entries + judges + group
    return tail, keys // (judges + 1)


def _further_reads(network: Network, judge: Indices) -> tuple[Indices, Indices, Indices]:
    """Return the arcs of reads beyond the least load: owner, cost, capacity; one arc a read, the last for the rest."""
    offered = np.bincount(judge, minlength=len(network.most))
    room = np.minimum(network.most, offered) - network.least
    fair = 3 * int(network.need.sum()) // max(len(network.most), 1) + 3
    single = np.clip(room, 0, fair)
    owner = np.repeat(np.arange(len(room)), single)
    nth = np.arange(len(owner)) - np.repeat(np.cumsum(single) - single, single)
    cost = 2 * (nth + network.held[owner] + network.least[owner]) + 1
    rest = np.flatnonzero(room > fair)
    dearest = 2 * (fair + network.held[rest] + network.least[rest]) + 1
    capacity = np.concatenate([np.ones(len(owner), dtype=np.int64), (room - fair)[rest]])
    return np.concatenate([owner, rest]), np.concatenate([cost, dearest]), capacity


def _scales(network: Network, unit_cost: Indices, nodes: int) -> tuple[int, int]:
    """Return how finely affinities are rounded, and by what they outweigh evenness (1: evenness is left out)."""
    reads = int(network.need.sum())
    evenness = int(unit_cost.max(initial=0)) * reads + 1
    for scale in (FINEST, FINEST // 10, FINEST // 100, FINEST // 1000):
        if scale * evenness * nodes < LARGEST_COST:
            return scale, evenness
    return FINEST // 1000, 1
