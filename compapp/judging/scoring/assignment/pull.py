"""A judge who has finished asks for more: which entries come next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that a judge could read: free of conflict, not read or given back by the judge.

    ``reviews`` stand already, ``needed`` shall stand in the end; ``affinity`` is 0 to 1; ``houses`` are the
    institutions of the judges who read it.
    """

    entry: int
    reviews: int
    needed: int
    affinity: float
    houses: frozenset[int] = frozenset()


def next_batch(
    candidates: Iterable[Candidate], *, count: int, room: int | None, house: int | None = None, seed: int = 0
) -> list[int]:
    """Return at most ``count`` entries for a judge with ``room`` left (None: no limit), in the order to read them.

    Entries that have all their reviews never come, nor those that a judge of the same institution (``house``) reads.
    The fewest reviews come first, then the closest to the judge's expertise; what is equal is drawn from ``seed``.
    """
    most = count if room is None else min(count, room)
    if most <= 0:
        return []
    free = [one for one in candidates if one.reviews < one.needed and (house is None or house not in one.houses)]
    Random(seed).shuffle(free)  # noqa: S311 - an order, no secret
    return [one.entry for one in sorted(free, key=lambda one: (one.reviews, -one.affinity))[:most]]
