"""Parts of a page that keep themselves up to date: asked for again and again, a 304 while nothing has changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from flask import make_response, request
from flask.typing import ResponseReturnValue

from compapp.judging.lifecycle import DONE, EXPECTED, ON_STAGE, PITCHING, QUESTIONS
from compapp.judging.models import Hall, PitchSlot
from compapp.judging.queries.hall import Called
from compapp.judging.scoring.timetable import seconds_run
from compapp.web.i18n import current_locale


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of the running phase in whole seconds; ``running`` is False while it stands."""

    phase: str
    total: int
    elapsed: int
    running: bool

    @property
    def left(self) -> int:
        """Seconds left; below 0 once the time is over."""
        return self.total - self.elapsed

    @property
    def text(self) -> str:
        """The clock as it is read: ``4:05`` left, ``+0:12`` over the time."""
        minutes, seconds = divmod(abs(self.left), 60)
        return f"{'+' if self.left < 0 else ''}{minutes}:{seconds:02d}"

    @property
    def soon(self) -> int:
        """How many seconds before its end a phase is nearly over: a minute, a fifth of a short one."""
        return min(60, self.total // 5)

    @property
    def tone(self) -> str:
        """How it stands: calm, soon, over."""
        return "over" if self.left <= 0 else "soon" if self.left <= self.soon else "calm"


def clock_of(slot: PitchSlot | Called, hall: Hall | Called, at: datetime) -> Clock:
    """Return the clock of a team on stage; before its start the whole time of the pitch stands on it."""
    minutes = hall.question_minutes if slot.state == QUESTIONS else hall.pitch_minutes
    if slot.state not in (PITCHING, QUESTIONS):
        return Clock("called", minutes * 60, 0, running=False)
    elapsed = seconds_run(slot.phase_at, slot.paused_at, at)
    phase = "pitch" if slot.state == PITCHING else "questions"
    return Clock(phase, minutes * 60, elapsed, running=slot.paused_at is None)


@dataclass(frozen=True)
class OnStage:
    """How a hall stands: who is on stage, who comes, who was last."""

    current: PitchSlot | None
    following: PitchSlot | None
    coming: Sequence[PitchSlot]
    last: PitchSlot | None
    clock: Clock | None


def stage_of(hall: Hall, slots: Sequence[PitchSlot], at: datetime) -> OnStage:
    """Return how a hall stands by its slots in running order."""
    current = next((slot for slot in slots if slot.state in ON_STAGE), None)
    coming = [slot for slot in slots if slot.state == EXPECTED]
    done = [slot for slot in slots if slot.state == DONE and slot.ended_at is not None]
    last = max(done, key=lambda slot: slot.ended_at or at, default=None)
    clock = clock_of(current, hall, at) if current is not None else None
    return OnStage(current, next(iter(coming), None), coming, last, clock)


def kept_up(mark: str, make: Callable[[], str]) -> ResponseReturnValue:
    """Answer with a part of a page, or 304 while ``mark`` and the language are those that the page has already."""
    tag = sha256(f"{mark}\n{current_locale()}".encode()).hexdigest()[:24]
    response = make_response("", 304) if request.if_none_match.contains(tag) else make_response(make())
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    return response
