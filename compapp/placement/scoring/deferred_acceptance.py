"""Team-proposing deferred acceptance (Gale and Shapley, 1962), with heaps.

Every team proposes to its incubators in its own order; an incubator keeps the
best it has seen and lets the others go on. The outcome is stable, the best
stable one for every team, independent of the order of proposals, and no team
can gain by listing another order than its true one. Reserved places follow
the "minority reserves" of Hafalir, Yenmez and Yildirim (2013): teams of the
sector fill them first, what they leave is open to all, so no place is wasted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any

from compapp.placement.scoring.market import Market, check_market, read_market
from compapp.placement.scoring.priority import UNLISTED, UNSUITABLE_SECTOR, Priorities

PLACED, FULL, NO_PLACES, NOT_REACHED = "placed", "full", "no_places", "not_reached"


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one choice of a team.

    ``outcome``: ``placed``, ``full`` (teams that the incubator ranks higher
    hold all places), ``no_places``, ``sector``, ``unlisted``, or
    ``not_reached`` (an earlier choice was granted). ``last_held`` is the
    lowest-ranked team that holds an open place of a full incubator.
    """

    incubator: str
    choice: int
    outcome: str
    last_held: str | None = None


@dataclass(frozen=True, slots=True)
class Matching:
    """A stable outcome.

    ``matches`` holds every team; ``choice`` the number of the choice granted
    (1: first); ``waiting`` every incubator's waiting list, its first-ranked
    team first; ``held`` every incubator's teams in the same order.
    """

    matches: Mapping[str, str | None]
    choice: Mapping[str, int | None]
    waiting: Mapping[str, tuple[str, ...]]
    held: Mapping[str, tuple[str, ...]]
    steps: Mapping[str, tuple[Step, ...]]


@dataclass(slots=True)
class _Seats:
    """An incubator while proposals come in: reserved places per sector, and open ones.

    The heaps hold (minus position, team), so the worst held team is on top.
    """

    places: int
    reserved: Mapping[str, int]
    by_sector: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    open: list[tuple[int, str]] = field(default_factory=list)

    def offer(self, position: int, team: str, sector: str | None) -> str | None:
        """Take a team in, and return the team that has to leave, if any."""
        bumped = (-position, team)
        limit = self.reserved.get(sector or "", 0)
        if limit:
            heap = self.by_sector.setdefault(sector or "", [])
            heappush(heap, bumped)
            if len(heap) > limit:
                heappush(self.open, heappop(heap))
        else:
            heappush(self.open, bumped)
        kept = sum(len(heap) for heap in self.by_sector.values()) + len(self.open)
        return heappop(self.open)[1] if kept > self.places else None

    def held(self) -> list[str]:
        """Return the teams held, the first-ranked first."""
        everyone = [*self.open, *(pair for heap in self.by_sector.values() for pair in heap)]
        return [team for _, team in sorted(everyone, reverse=True)]

    def last_open(self) -> str | None:
        """Return the lowest-ranked team on an open place."""
        return self.open[0][1] if self.open else None


def match(market: Market, *, seed: int | str = 0) -> Matching:
    """Return the team-optimal stable matching.

    ``seed`` draws the one lottery between teams of equal merit. Raises
    ``MarketFault`` for unknown or doubled codes.
    """
    check_market(market)
    priorities = Priorities.of(market, seed)
    seats = {incubator.code: _Seats(incubator.places, incubator.reserved) for incubator in market.incubators}
    refused: dict[str, list[str]] = {incubator.code: [] for incubator in market.incubators}
    reached = _propose(market, priorities, seats, refused)
    matches: dict[str, str | None] = {team.code: None for team in market.teams}
    held = {code: tuple(found.held()) for code, found in seats.items()}
    for code, teams in held.items():
        matches.update(dict.fromkeys(teams, code))
    waiting = {code: priorities.in_order(code, teams) for code, teams in refused.items()}
    steps = {team.code: _steps(team.code, reached[team.code], priorities, seats, matches) for team in market.teams}
    choice = {
        code: next((step.choice for step in taken if step.outcome == PLACED), None) for code, taken in steps.items()
    }
    return Matching(matches, choice, waiting, held, steps)


def _propose(
    market: Market, priorities: Priorities, seats: Mapping[str, _Seats], refused: Mapping[str, list[str]]
) -> dict[str, int]:
    """Run the proposals; return how many choices each team went through."""
    reached = {team.code: 0 for team in market.teams}
    free = deque(team.code for team in market.teams)
    while free:
        code = free.popleft()
        team = priorities.teams[code]
        while reached[code] < len(team.preferences):
            wanted = team.preferences[reached[code]]
            reached[code] += 1
            if priorities.refusal(wanted, code) is not None:
                continue
            leaving = seats[wanted].offer(priorities.position(wanted, code), code, team.sector)
            if leaving is not None:
                refused[wanted].append(leaving)
            if leaving != code:
                if leaving is not None:
                    free.append(leaving)
                break
    return reached


def _steps(
    team: str,
    reached: int,
    priorities: Priorities,
    seats: Mapping[str, _Seats],
    matches: Mapping[str, str | None],
) -> tuple[Step, ...]:
    """Explain each choice of a team from the final outcome."""
    steps: list[Step] = []
    for number, wanted in enumerate(priorities.teams[team].preferences, start=1):
        last_held: str | None = None
        if number > reached:
            outcome = NOT_REACHED
        elif matches[team] == wanted:
            outcome = PLACED
        else:
            outcome = priorities.refusal(wanted, team) or (FULL if seats[wanted].places else NO_PLACES)
            last_held = seats[wanted].last_open() if outcome == FULL else None
        steps.append(Step(wanted, number, outcome, last_held))
    return tuple(steps)


def match_market(document: object, *, seed: int | str = 0) -> dict[str, Any]:
    """Read a market and return what ``flask placement match`` writes.

    Raises ``MarketFault`` naming the JSON path.
    """
    found = match(read_market(document), seed=seed)
    return {
        "matches": dict(found.matches),
        "waiting": {code: list(teams) for code, teams in found.waiting.items()},
        "rank": dict(found.choice),
        "explain": {code: explain(found, code) for code in found.matches},
    }


def explain(found: Matching, team: str) -> str:
    """Return one team's outcome in plain English sentences (for the command line)."""
    steps = [step for step in found.steps[team] if step.outcome != NOT_REACHED]
    if not steps:
        return "No preference given."
    sentences = [_SENTENCES[step.outcome].format(step=step, last=_last(step)) for step in steps]
    if found.matches[team] is None:
        sentences.append("No further choice: not placed.")
    return " ".join(sentences)


_SENTENCES = {
    PLACED: "Placed at {step.incubator}, choice {step.choice}.",
    FULL: "{step.incubator} (choice {step.choice}): all places went to teams it ranks higher{last}.",
    NO_PLACES: "{step.incubator} (choice {step.choice}): it has no free place.",
    UNSUITABLE_SECTOR: "{step.incubator} (choice {step.choice}): it does not take this sector.",
    UNLISTED: "{step.incubator} (choice {step.choice}): the team is not on its list.",
}


def _last(step: Step) -> str:
    return f", the last of them {step.last_held}" if step.last_held else ""
