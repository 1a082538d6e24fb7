"""The public vote: counting it, and what in it looks unusual. Pure; it names ballots, never people.

Nothing here proves anything: a full lecture hall votes in one minute from one network. The report says what stands
out against the rest of the same vote, so that a person looks.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

BURST, ADDRESS, NETWORK, FRESH, SCHOOL, DOMAIN = "burst", "address", "network", "fresh", "school", "domain"
PERSON = "person"
WINDOW = timedelta(minutes=10)
"""The stretch of time in which a burst is counted."""
FRESH_WITHIN = timedelta(hours=1)
"""An account is fresh that was made so shortly before it voted."""
RARE = 0.001
"""A burst is told when chance alone would bring one in fewer than one of a thousand such votes."""
LEAST_TOGETHER, LEAST_AT_ADDRESS = 10, 5
"""How many ballots have to stand together before anybody is told."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """One vote that counts: for which entry, when, and marks that ballots may share (None: not known, or dropped).

    ``person`` holds what one person has only once (a student number at a school, a mailbox); ``is_confirmed``: a
    school confirmed the number. ``paper`` tells which of a voter's votes it is, where there is one for every board.
    """

    id: int
    entry: str
    cast_at: datetime
    account_made_at: datetime
    address: str | None = None
    network: str | None = None
    school: str | None = None
    domain: str | None = None
    person: frozenset[str] = frozenset()
    is_confirmed: bool = False
    paper: str = ""


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Ballots for one entry that stand out. ``count`` of them among ``of`` for the entry; ``mark``: what they share.

    ``others_percent`` is the share of the same mark among all ballots for other entries, in whole percent.
    """

    kind: str
    entry: str
    ballots: tuple[int, ...]
    of: int
    mark: str | None = None
    begins: datetime | None = None
    others_percent: int | None = None

    @property
    def count(self) -> int:
        """How many ballots stand together."""
        return len(self.ballots)

    @property
    def percent(self) -> int:
        """Their share of the entry's ballots, in whole percent."""
        return round(100 * self.count / self.of)


def count(ballots: Iterable[Ballot], entries: Iterable[str]) -> dict[str, int]:
    """Return how many ballots each entry got; 0 for one that got none."""
    given = Counter(ballot.entry for ballot in ballots)
    return {entry: given[entry] for entry in sorted({*entries, *given})}


def anomalies(ballots: Iterable[Ballot], opens: datetime, closes: datetime) -> list[Anomaly]:
    """Return what stands out in a vote, entry by entry, most ballots first; the order of ballots does not matter."""
    every = sorted(ballots, key=lambda ballot: (ballot.cast_at, ballot.id))
    found: list[Anomaly] = []
    surplus = _second_votes(every)
    for entry in sorted({ballot.entry for ballot in every}):
        own = [ballot for ballot in every if ballot.entry == entry]
        others = [ballot for ballot in every if ballot.entry != entry]
        found += _burst(entry, own, opens, closes)
        if twice := tuple(ballot.id for ballot in own if ballot.id in surplus):
            found.append(Anomaly(PERSON, entry, twice, len(own)))
        found += _same_address(entry, own)
        found += _shared(NETWORK, entry, own, others, lambda one: one.network)
        found += _shared(FRESH, entry, own, others, _fresh)
        found += _shared(SCHOOL, entry, own, others, lambda one: one.school)
        found += _shared(DOMAIN, entry, own, others, lambda one: one.domain)
    return sorted(found, key=lambda one: (-one.count, one.entry, one.kind, one.mark or ""))


def _second_votes(every: Iterable[Ballot]) -> set[int]:
    """Return the ballots that somebody seems to have cast besides another: all of a person's but one.

    The one that a school's confirmation stands behind is the person's own, else the earliest.
    """
    first: dict[tuple[str, str], int] = {}
    surplus: set[int] = set()
    for ballot in sorted(every, key=lambda one: (not one.is_confirmed, one.cast_at, one.id)):
        if any(first.setdefault((ballot.paper, mark), ballot.id) != ballot.id for mark in sorted(ballot.person)):
            surplus.add(ballot.id)
    return surplus


def _fresh(ballot: Ballot) -> str | None:
    return FRESH if ballot.cast_at - ballot.account_made_at < FRESH_WITHIN else None


def _burst(entry: str, own: Sequence[Ballot], opens: datetime, closes: datetime) -> list[Anomaly]:
    """Return the densest stretch of an entry's ballots if chance hardly makes it so dense.

    A scan statistic (Naus 1965) with the simple bound: the Poisson tail at the entry's own mean rate, times the number
    of ballots at which a stretch can begin.
    """
    best: Sequence[Ballot] = ()
    last = 0
    for first in range(len(own)):
        while last < len(own) and own[last].cast_at - own[first].cast_at < WINDOW:
            last += 1
        if last - first > len(best):
            best = own[first:last]
    if len(best) < LEAST_TOGETHER:
        return []
    stretches = max((closes - opens) / WINDOW, 1.0)
    expected = len(own) / stretches
    if len(own) * _at_least(len(best), expected) >= RARE:
        return []
    return [Anomaly(BURST, entry, tuple(one.id for one in best), len(own), begins=best[0].cast_at)]


def _at_least(count: int, expected: float) -> float:
    """Return how likely a Poisson variable of mean ``expected`` is ``count`` or more."""
    total, here = 0.0, count
    term = math.exp(count * math.log(expected) - expected - math.lgamma(count + 1))
    while here <= expected or term > total * 1e-15:
        total += term
        here += 1
        term *= expected / here
    return min(total, 1.0)


def _same_address(entry: str, own: Sequence[Ballot]) -> list[Anomaly]:
    groups: dict[str, list[int]] = {}
    for ballot in own:
        if ballot.address is not None:
            groups.setdefault(ballot.address, []).append(ballot.id)
    return [
        Anomaly(ADDRESS, entry, tuple(ids), len(own), mark=mark)
        for mark, ids in sorted(groups.items())
        if len(ids) >= LEAST_AT_ADDRESS
    ]


def _shared(
    kind: str,
    entry: str,
    own: Sequence[Ballot],
    others: Sequence[Ballot],
    mark_of: Callable[[Ballot], str | None],
) -> list[Anomaly]:
    """Return the mark that at least half of an entry's ballots share, if it is twice as common as among the others."""
    marks = Counter(mark for ballot in own if (mark := mark_of(ballot)) is not None)
    elsewhere = Counter(mark for ballot in others if (mark := mark_of(ballot)) is not None)
    found: list[Anomaly] = []
    for mark, many in sorted(marks.items()):
        if many < LEAST_TOGETHER or 2 * many < len(own):
            continue
        if many * len(others) < 2 * elsewhere[mark] * len(own):
            continue
        ids = tuple(ballot.id for ballot in own if mark_of(ballot) == mark)
        percent = round(100 * elsewhere[mark] / len(others)) if others else None
        found.append(Anomaly(kind, entry, ids, len(own), mark=mark, others_percent=percent))
    return found
