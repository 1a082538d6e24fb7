"""Assign judges to entries: the best full assignment, or the largest with reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

import numpy as np

from compapp.judging.scoring.assignment import min_cost_flow
from compapp.judging.scoring.assignment.connectivity import connectivity
from compapp.judging.scoring.assignment.instance import EntryNeed, Instance, JudgeLoad, read_instance
from compapp.judging.scoring.assignment.network import Floats, Flow, Indices, Network
from compapp.judging.scoring.assignment.programme import solve_by_programme

NO_CANDIDATE, ONE_PER_INSTITUTION, JUDGE_MAX = "conflicts", "one_per_institution", "judge_max"
JUDGE_MIN = "judge_min"


@dataclass(frozen=True, slots=True)
class Unmet:
    """What could not be met: ``lacking`` reviews of an entry, or reads of a judge.

    ``rule`` is the rule that stands in the way: ``conflicts``,
    ``one_per_institution``, ``judge_max`` or (for a judge) ``judge_min``.
    """

    entry: str | None
    judge: str | None
    lacking: int
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """The pairs (entry, judge), fixed ones included, in order of the instance.

    ``objective`` is the sum of affinities, ``weakest`` the lowest affinity of
    a pair (None without pairs).
    """

    pairs: tuple[tuple[str, str], ...]
    objective: float
    weakest: float | None
    loads: dict[str, int]
    unmet: tuple[Unmet, ...]

    @property
    def complete(self) -> bool:
        """Whether every entry and every judge got what was asked."""
        return not self.unmet


def assign(instance: Instance, *, seed: int = 0) -> Assignment:
    """Return the assignment with the largest sum of affinities under all rules.

    Among equal ones the loads are as even as possible, then drawn from
    ``seed``. Where no full assignment exists, the largest one; ``unmet`` says
    what lacks and why.
    """
    flow = best_flow(_network(instance), seed=seed)
    pairs = set(instance.fixed)
    pairs.update(
        (instance.entries[entry].code, instance.judges[judge].code)
        for entry, judge in zip(flow.entry.tolist(), flow.judge.tolist(), strict=True)
    )
    return _assignment(instance, pairs, flow)


def best_flow(network: Network, *, seed: int = 0) -> Flow:
    """Return the optimum by OR-Tools; by HiGHS where it is not installed, or where no full assignment exists."""
    found = min_cost_flow.solve_by_flow(network, seed=seed) if min_cost_flow.is_available() else None
    return found if found is not None else solve_by_programme(network, seed=seed)


def assign_instance(document: object, *, seed: int = 0) -> dict[str, Any]:
    """Read an instance and return what ``flask judging assign`` writes.

    Raises ``InstanceFault`` naming the JSON path. A non-empty ``unmet`` means
    exit status 3.
    """
    found = assign(read_instance(document), seed=seed)
    measured = connectivity(found.pairs)
    return {
        "assignments": [list(pair) for pair in found.pairs],
        "objective": found.objective,
        "weakest": found.weakest,
        "loads": found.loads,
        "connectivity": {"components": measured.components, "lambda2": measured.lambda2, "a": measured.a},
        "unmet": [_unmet_json(unmet) for unmet in found.unmet],
    }


def _unmet_json(unmet: Unmet) -> dict[str, Any]:
    return {
        "entry": unmet.entry,
        "judge": unmet.judge,
        "lacking": unmet.lacking,
        "rule": unmet.rule,
        "reason": unmet.reason,
    }


def _network(instance: Instance) -> Network:
    """Return what remains once the fixed pairs are taken."""
    entries, judges = instance.entries, instance.judges
    entry_at = {entry.code: at for at, entry in enumerate(entries)}
    judge_at = {judge.code: at for at, judge in enumerate(judges)}
    house = _houses(judges)
    gain = np.array(instance.affinity, dtype=np.float64).reshape(len(entries), len(judges))
    _bar(gain, instance, entry_at, judge_at)
    need = np.array([entry.reviews for entry in entries], dtype=np.int64)
    least = np.array([judge.least for judge in judges], dtype=np.int64)
    most = np.array([len(entries) if judge.most is None else judge.most for judge in judges], dtype=np.int64)
    held = np.zeros(len(judges), dtype=np.int64)
    for entry_code, judge_code in instance.fixed:
        at, by = entry_at[entry_code], judge_at[judge_code]
        gain[at, by] = -np.inf
        if instance.one_per_institution and house[by] >= 0:
            gain[at, house == house[by]] = -np.inf
        need[at] -= 1
        held[by] += 1
    return Network(
        gain=gain,
        need=np.maximum(need, 0),
        least=np.maximum(least - held, 0),
        most=np.maximum(most - held, 0),
        house=house if instance.one_per_institution else np.full(len(judges), -1, dtype=np.int64),
        held=held,
    )


def _bar(gain: Floats, instance: Instance, entry_at: dict[str, int], judge_at: dict[str, int]) -> None:
    """Put out of reach what ``Instance.allows`` refuses: conflicts, and judges of the entry's own institution."""
    for entry_code, judge_code in instance.conflicts:
        if entry_code in entry_at and judge_code in judge_at:
            gain[entry_at[entry_code], judge_at[judge_code]] = -np.inf
    at_home: dict[str, list[int]] = {}
    for at, judge in enumerate(instance.judges):
        if judge.institution is not None:
            at_home.setdefault(judge.institution, []).append(at)
    for at, entry in enumerate(instance.entries):
        if entry.institution is not None and entry.institution in at_home:
            gain[at, at_home[entry.institution]] = -np.inf


def _houses(judges: Sequence[JudgeLoad]) -> Indices:
    """Number the judges' institutions; -1 for a judge without one."""
    number: dict[str, int] = {}
    return np.array(
        [number.setdefault(judge.institution, len(number)) if judge.institution else -1 for judge in judges],
        dtype=np.int64,
    )


def _assignment(instance: Instance, pairs: set[tuple[str, str]], flow: Flow) -> Assignment:
    entry_at = {entry.code: at for at, entry in enumerate(instance.entries)}
    judge_at = {judge.code: at for at, judge in enumerate(instance.judges)}
    ordered = sorted(pairs, key=lambda pair: (entry_at[pair[0]], judge_at[pair[1]]))
    affinities = [instance.affinity[entry_at[entry]][judge_at[judge]] for entry, judge in ordered]
    counted = Counter(judge for _, judge in ordered)
    loads = {judge.code: counted[judge.code] for judge in instance.judges}
    unmet = [
        _why_lacking(instance, entry, int(lacking), pairs, loads)
        for entry, lacking in zip(instance.entries, flow.lacking.tolist(), strict=True)
        if lacking > 0
    ]
    unmet.extend(
        _why_short(judge, int(short))
        for judge, short in zip(instance.judges, flow.short.tolist(), strict=True)
        if short > 0
    )
    return Assignment(
        pairs=tuple(ordered),
        objective=round(fsum(affinities), 9),
        weakest=min(affinities, default=None),
        loads=loads,
        unmet=tuple(unmet),
    )


def _why_lacking(
    instance: Instance, entry: EntryNeed, lacking: int, pairs: set[tuple[str, str]], loads: dict[str, int]
) -> Unmet:
    """Name the rule that keeps an entry from its full number of judges."""
    free = [judge for judge in instance.judges if instance.allows(entry, judge)]
    sentence = f"Entry {entry.code} lacks {lacking} of {entry.reviews} judges: "
    if len(free) < entry.reviews:
        reason = f"only {len(free)} of {len(instance.judges)} judges have no conflict with it."
        return Unmet(entry.code, None, lacking, NO_CANDIDATE, sentence + reason)
    houses = {judge.institution or judge.code for judge in free}
    if instance.one_per_institution and len(houses) < entry.reviews:
        reason = f"its possible judges come from only {len(houses)} institutions, and one of each is allowed."
        return Unmet(entry.code, None, lacking, ONE_PER_INSTITUTION, sentence + reason)
    present = {judge.institution for judge in free if (entry.code, judge.code) in pairs and judge.institution}
    spare = [
        judge
        for judge in free
        if (entry.code, judge.code) not in pairs
        and not (instance.one_per_institution and judge.institution in present)
        and (judge.most is None or loads[judge.code] < judge.most)
    ]
    if spare:  # only where a least load elsewhere had to be kept
        return Unmet(entry.code, None, lacking, JUDGE_MIN, sentence + "other entries need the judges' least loads.")
    reason = "every judge who could still read it has reached the most entries allowed."
    return Unmet(entry.code, None, lacking, JUDGE_MAX, sentence + reason)


def _why_short(judge: JudgeLoad, short: int) -> Unmet:
    reason = f"Judge {judge.code} reads {short} fewer than the least load of {judge.least}: no further entry is free."
    return Unmet(None, judge.code, short, JUDGE_MIN, reason)
