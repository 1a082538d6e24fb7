"""The stage: who acts when, and the path that every step of the story takes.

A step is what a request is: one reading of the clock, one session, one acting person, one unit of work around calls
of the rooms' services. Nothing in the demonstration adds a row otherwise.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from compapp.accounts import queries as accounts
from compapp.accounts.models import Organisation
from compapp.contests import queries as contests
from compapp.contests.models import Contest, Round
from compapp.core import clock
from compapp.core.actor import Actor, acting
from compapp.core.db import session_scope, unit_of_work
from compapp.demo.calendar import Calendar
from compapp.demo.making import Workshop
from compapp.entries import queries as entries
from compapp.entries.models import Entry
from compapp.judging import queries as judging
from compapp.judging.models import Assignment, Seat

SYSTEM = ""
"""The key of the system itself among those who act."""

STAGE_HAND = Actor.system("demonstration")


@dataclass
class Stage:
    """What the story stands on: its documents, its calendar, and who is who.

    ``people`` maps a key of the story (``S01-1``, ``J02``, ``TK01``, ``rep-I01``) to a person's id;
    ``codes`` a contest's code and an entry's code in the sample to the code it got; ``notes`` keeps
    single-use tokens between a step and the next.
    """

    document: Mapping[str, Any]
    second: Mapping[str, Any]
    words: Mapping[str, Any]
    calendar: Calendar
    workshop: Workshop
    password_hash: str
    people: dict[str, int] = field(default_factory=dict)
    codes: dict[tuple[str, str], str] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The code of the large contest."""
        return str(self.document["contest"]["code"])

    def actor(self, who: str) -> Actor:
        """Return the acting person with the roles of the moment; the system for ``SYSTEM``."""
        return STAGE_HAND if who == SYSTEM else accounts.actor_for(self.people[who])

    def text(self, incident: int, key: str) -> str:
        """Return what was written about an incident, its dates moved."""
        found = next(one for one in self.words["incidents"] if one["n"] == incident)
        return self.calendar.words(str(found[key]))


@dataclass(frozen=True)
class Step:
    """One deed of the story: when, who, and what."""

    at: datetime
    who: str
    act: Callable[["Moment"], None]


@dataclass(frozen=True)
class Moment:
    """One step while it happens: who acts, the clock, and rows by their codes in the sample."""

    stage: Stage
    actor: Actor
    at: datetime

    @property
    def by(self) -> dict[str, Any]:
        """Who acts and when, as every service takes them."""
        return {"actor": self.actor, "at": self.at}

    def contest(self, code: str | None = None) -> Contest:
        """Return the large contest, or the one of this code."""
        return contests.contest_by_code(code or self.stage.code)

    def round(self, code: str, contest: str | None = None) -> Round:
        """Return a round."""
        return contests.round_of(self.contest(contest), code)

    def entry(self, code: str, contest: str | None = None) -> Entry:
        """Return an entry by its code in the sample."""
        owner = self.contest(contest)
        return entries.entry_by_code(owner.id, self.stage.codes[owner.code, code])

    def seat(self, code: str, contest: str | None = None) -> Seat:
        """Return a judge's seat; KeyError for an unknown code."""
        found = judging.seat_of(self.contest(contest).id, code)
        if found is None:
            raise KeyError(code)
        return found

    def assignment(self, round_code: str, entry: str, seat: str, contest: str | None = None) -> Assignment:
        """Return who reads what; KeyError where nobody does."""
        found = judging.assignment_of(
            self.round(round_code, contest).id, self.entry(entry, contest).id, self.seat(seat, contest).id
        )
        if found is None:
            raise KeyError(f"{entry}-{seat}")
        return found

    def organisation(self, section: str, code: str, contest: str | None = None) -> Organisation:
        """Return the organisation behind a code of the contest file; KeyError for an unknown one."""
        found = contests.body_of(self.contest(contest).id, section, code)
        if found is None:
            raise KeyError(code)
        return found


def play(stage: Stage, steps: Iterable[Step]) -> int:
    """Let every step up to the end of today happen in order of time; return how many there were."""
    count = 0
    for step in sorted(steps, key=lambda one: one.at):
        take(stage, step.who, step.at, step.act)
        count += 1
    return count


def take(stage: Stage, who: str, at: datetime, act: Callable[[Moment], None]) -> None:
    """Let one step happen as a request would."""
    with clock.reading(stage.calendar.taken(at)) as moment, session_scope():
        actor = stage.actor(who)
        with acting(actor), unit_of_work():
            act(Moment(stage, actor, moment))
