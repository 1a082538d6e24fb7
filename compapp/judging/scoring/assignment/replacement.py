"""Changes to a running round: a judge leaves, or one more reader is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from compapp.judging.scoring.assignment.instance import EntryNeed, Instance, InstanceFault, JudgeLoad
from compapp.judging.scoring.assignment.solve import Assignment, assign


@dataclass(frozen=True, slots=True)
class Pair:
    """An entry and a judge as assigned now; ``scored`` once a sheet is handed in."""

    entry: str
    judge: str
    scored: bool = False


def replacement(instance: Instance, pairs: Iterable[Pair], removed: str, *, seed: int = 0) -> Assignment:
    """Give the unscored entries of a judge who leaves to others, best overall.

    Every other pair stays as it is, and so do the leaving judge's scored
    entries. The result holds all pairs; the new ones are those that were not
    there. Raises :class:`InstanceFault` for an unknown judge.
    """
    pairs = list(pairs)
    if removed not in {judge.code for judge in instance.judges}:
        raise InstanceFault(f"judges: there is no judge {removed!r}.")
    kept = [pair for pair in pairs if pair.judge != removed or pair.scored]
    had = Counter(pair.entry for pair in pairs)
    entries = tuple(replace(entry, reviews=had[entry.code]) for entry in instance.entries)
    stays = sum(1 for pair in kept if pair.judge == removed)
    judges = tuple(
        replace(judge, least=0, most=stays) if judge.code == removed else replace(judge, least=0)
        for judge in instance.judges
    )
    changed = replace(instance, entries=entries, judges=judges, fixed=tuple((pair.entry, pair.judge) for pair in kept))
    return assign(changed, seed=seed)


def extra_reader(instance: Instance, pairs: Iterable[Pair], entry: str) -> str | None:
    """Return one more judge for an entry: no conflict, least loaded, then closest.

    Judges at their most are left out, as are judges of an institution already
    present where one of each is allowed. None where nobody is free. Raises
    :class:`InstanceFault` for an unknown entry.
    """
    pairs = list(pairs)
    position = {need.code: at for at, need in enumerate(instance.entries)}
    if entry not in position:
        raise InstanceFault(f"entries: there is no entry {entry!r}.")
    need, affinity = instance.entries[position[entry]], instance.affinity[position[entry]]
    present = {pair.judge for pair in pairs if pair.entry == entry}
    houses = {judge.institution for judge in instance.judges if judge.code in present and judge.institution}
    loads = Counter(pair.judge for pair in pairs)
    ranked = [
        (loads[judge.code], -affinity[at], judge.code)
        for at, judge in enumerate(instance.judges)
        if judge.code not in present and _may_read(instance, need, judge, loads[judge.code], houses)
    ]
    return min(ranked)[2] if ranked else None


def _may_read(instance: Instance, entry: EntryNeed, judge: JudgeLoad, load: int, houses: set[str]) -> bool:
    if not instance.allows(entry, judge) or (judge.most is not None and load >= judge.most):
        return False
    return not (instance.one_per_institution and judge.institution in houses)
