"""What would make an assignment complete that is not: each way is tried on the instance itself, the cheapest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from compapp.judging.scoring.assignment.instance import Instance, JudgeLoad, read_instance
from compapp.judging.scoring.assignment.solve import Assignment, assign

LOWER_LEAST, READ_MORE, NEW_JUDGES, SEVERAL_OF_HOUSE, FEWER_REVIEWS = (
    "lower_least",
    "read_more",
    "new_judges",
    "several_of_house",
    "fewer_reviews",
)
LARGEST = 60_000
"""Up to this many pairs the ways are tried one by one; beyond, only what needs no trying is named."""
SMALL, FURTHEST, NEAREST = 12_000, 8, 2
"""Up to so many pairs eight numbers of entries or judges are tried, beyond two; the least that could do comes first."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """One way that makes the assignment complete by itself.

    ``lower_least``: without the least loads of ``who``. ``read_more``: each judge up to ``amount`` entries more than
    allowed now; ``who`` would. ``new_judges``: ``amount`` more judges without a conflict, of institutions of their own.
    ``several_of_house``: several judges of one institution on an entry. ``fewer_reviews``: ``amount`` reviews fewer in
    all, of the entries ``who``.
    """

    kind: str
    amount: int
    who: tuple[str, ...] = ()


def remedies(instance: Instance, found: Assignment) -> list[Remedy]:
    """Return the ways to a complete assignment, the cheapest first; none where it is complete."""
    if found.complete:
        return []
    tried = len(instance.entries) * len(instance.judges) <= LARGEST
    ways: list[Callable[[Instance, Assignment], Iterator[Remedy]]] = [_lower_least, _read_more, _new_judges, _houses]
    named = [remedy for way in (ways if tried else ()) for remedy in way(instance, found)]
    lacking = tuple(one.entry for one in found.unmet if one.entry is not None)
    if lacking:
        amount = sum(one.lacking for one in found.unmet if one.entry is not None)
        named.append(Remedy(FEWER_REVIEWS, amount, lacking))
    return named


def _lower_least(instance: Instance, _found: Assignment) -> Iterator[Remedy]:
    free = assign(_with_judges(instance, (replace(judge, least=0) for judge in instance.judges)))
    if free.complete:
        below = [judge for judge in instance.judges if free.loads[judge.code] < judge.least]
        yield Remedy(LOWER_LEAST, sum(judge.least - free.loads[judge.code] for judge in below), _codes(below))


def _read_more(instance: Instance, found: Assignment) -> Iterator[Remedy]:
    if all(judge.most is None for judge in instance.judges) or not any(one.entry for one in found.unmet):
        return
    if not _without_limit(instance).complete:
        return
    fewest = max(1, -(-_short(found) // max(len(instance.judges), 1)))
    for more in range(fewest, fewest + _tries(instance)):
        judges = (replace(one, most=None if one.most is None else one.most + more) for one in instance.judges)
        tried = assign(_with_judges(instance, judges))
        if tried.complete:
            above = [one for one in instance.judges if one.most is not None and tried.loads[one.code] > one.most]
            yield Remedy(READ_MORE, more, _codes(above))
            return


def _without_limit(instance: Instance) -> Assignment:
    return assign(_with_judges(instance, (replace(one, most=None) for one in instance.judges)))


def _new_judges(instance: Instance, found: Assignment) -> Iterator[Remedy]:
    if not any(one.entry for one in found.unmet):
        return
    limits = [judge.most for judge in instance.judges if judge.most is not None]
    most = max(limits) if limits else None
    fewest = 1 if most is None else max(1, -(-_short(found) // most))
    for more in range(fewest, fewest + _tries(instance)):
        added = tuple(JudgeLoad(f"+{number}", None, 0, most) for number in range(more))
        affinity = np.hstack([np.asarray(instance.affinity, dtype=float), np.zeros((len(instance.entries), more))])
        if assign(replace(instance, judges=(*instance.judges, *added), affinity=affinity)).complete:
            yield Remedy(NEW_JUDGES, more)
            return


def _tries(instance: Instance) -> int:
    return FURTHEST if len(instance.entries) * len(instance.judges) <= SMALL else NEAREST


def _short(found: Assignment) -> int:
    """Return how many reviews are missing; so many more reads are needed at the least."""
    return sum(one.lacking for one in found.unmet if one.entry is not None)


def _houses(instance: Instance, _found: Assignment) -> Iterator[Remedy]:
    if instance.one_per_institution and assign(replace(instance, one_per_institution=False)).complete:
        yield Remedy(SEVERAL_OF_HOUSE, 0)


def _with_judges(instance: Instance, judges: Iterable[JudgeLoad]) -> Instance:
    return replace(instance, judges=tuple(judges))


def _codes(judges: Iterable[JudgeLoad]) -> tuple[str, ...]:
    return tuple(judge.code for judge in judges)


def in_words(remedy: Remedy) -> str:
    """Return a remedy as a sentence for the command line."""
    who = ", ".join(remedy.who[:10]) + (", …" if len(remedy.who) > 10 else "")
    return {
        LOWER_LEAST: f"lower min of {who} (by {remedy.amount} reads in all)",
        READ_MORE: f"raise max by {remedy.amount} ({who} would read more than now)",
        NEW_JUDGES: f"add {remedy.amount} judges without a conflict, of institutions of their own",
        SEVERAL_OF_HOUSE: "set one_per_institution to false",
        FEWER_REVIEWS: f"ask for fewer reviews: {remedy.amount} in all, of {who}",
    }[remedy.kind]


def ways_out(document: object, *, seed: int = 0) -> list[str]:
    """Return the remedies of the JSON of ``flask judging assign`` as sentences, none for a large instance.

    Raises ``InstanceFault``.
    """
    instance = read_instance(document)
    if len(instance.entries) * len(instance.judges) > LARGEST:
        return []
    return [in_words(one) for one in remedies(instance, assign(instance, seed=seed))]
