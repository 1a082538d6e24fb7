"""How good an assignment is, in plain figures: who meets whom, and which pairs are the weakest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from compapp.judging.scoring.assignment.instance import Instance

FIRM, FAIR = 1.0, 0.3
"""From this algebraic connectivity on judges hang together firmly, or well enough (above 1 more gains little)."""


@dataclass(frozen=True, slots=True)
class Meetings:
    """Which judges share entries: pairs that do, of how many, who shares with the fewest, and the groups they form.

    ``fewest`` maps judges to the number of colleagues they share an entry with. ``groups`` are sorted by size.
    """

    met: int
    possible: int
    fewest: dict[str, int]
    groups: tuple[tuple[str, ...], ...]


def meetings(pairs: Iterable[tuple[str, str]], *, most: int = 3) -> Meetings:
    """Return who meets whom over the pairs (entry, judge); at most ``most`` of those who meet the fewest."""
    readers: dict[str, set[str]] = defaultdict(set)
    for entry, judge in pairs:
        readers[entry].add(judge)
    colleagues: dict[str, set[str]] = {judge: set() for group in readers.values() for judge in group}
    for group in readers.values():
        for one, other in combinations(sorted(group), 2):
            colleagues[one].add(other)
            colleagues[other].add(one)
    ordered = sorted(colleagues, key=lambda judge: (len(colleagues[judge]), judge))
    count = len(colleagues)
    return Meetings(
        met=sum(len(others) for others in colleagues.values()) // 2,
        possible=count * (count - 1) // 2,
        fewest={judge: len(colleagues[judge]) for judge in ordered[:most]},
        groups=_groups(colleagues),
    )


def _groups(colleagues: dict[str, set[str]]) -> tuple[tuple[str, ...], ...]:
    left, groups = set(colleagues), []
    while left:
        group, reached = set(), {min(left)}
        while reached:
            group |= reached
            reached = {other for judge in reached for other in colleagues[judge]} - group
        groups.append(tuple(sorted(group)))
        left -= group
    return tuple(sorted(groups, key=lambda one: (-len(one), one)))


def weakest_pairs(
    instance: Instance, pairs: Iterable[tuple[str, str]], *, below: float, most: int = 5
) -> list[tuple[str, str, float]]:
    """Return at most ``most`` pairs (entry, judge, affinity) under ``below``, the weakest first."""
    row = {need.code: at for at, need in enumerate(instance.entries)}
    column = {judge.code: at for at, judge in enumerate(instance.judges)}
    weighed = [(entry, judge, float(instance.affinity[row[entry]][column[judge]])) for entry, judge in pairs]
    return sorted((one for one in weighed if one[2] < below), key=lambda one: (one[2], one[0], one[1]))[:most]
