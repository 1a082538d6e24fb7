"""The stage: one team at a time, its clock in the server's moments, so that no device's clock and no reload matters.

Every deed is a compare-and-set under the lock of the hall: of two people who press, one acts; who pressed the same
gets the same, who pressed something else is told how it stands.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict
from compapp.core.moves import move
from compapp.core.text import N_
from compapp.judging import policy
from compapp.judging.lifecycle import CALLED, DONE, EXPECTED, ON_STAGE, PITCHING, QUESTIONS, SLOT
from compapp.judging.models import Hall, PitchSlot
from compapp.judging.queries.hall import ORDER, STAGE
from compapp.judging.queries.results import latest_publication
from compapp.judging.scoring.timetable import resumed, seconds_run
from compapp.judging.services.hall.plan import touch
from compapp.judging.services.rights import must, must_know

_CHANGED = N_("This has changed in the meantime. Please look at how it stands now.")
_LEADS_TO = {
    "call": CALLED,
    "start": PITCHING,
    "ask": QUESTIONS,
    "end": DONE,
    "take_back": EXPECTED,
    "go_on": QUESTIONS,
}


def press(slot: PitchSlot, deed: str, *, actor: Actor, at: datetime) -> PitchSlot:
    """Do one of :data:`DEEDS` with a team's slot; the same deed a second time changes nothing.

    Raises Refused without the right, NotFound for an entry that the actor may not know of, Closed before the round
    or after its publication, Conflict where another team has the stage or somebody was faster with something else.
    """
    round_ = slot.round
    must(policy.may_run_stage, actor, round_.contest_id)
    must_know(actor, slot.entry)
    session().execute(select(Hall.id).where(Hall.id == slot.hall_id).with_for_update())
    session().refresh(slot)
    if deed not in DEEDS:
        raise Conflict(_CHANGED)
    if at < round_.opens_at:
        raise Closed(N_("The round has not begun yet; the stage opens with it."))
    if latest_publication(round_.id) is not None:
        raise Closed(N_("The result of this round is published; the stage is closed."))
    if slot.state == _LEADS_TO.get(deed):
        return slot
    DEEDS[deed](slot, actor, at)
    if deed in ("call", "start") and slot.hall.screen_mode == ORDER:
        slot.hall.screen_mode = STAGE
    touch(slot.hall)
    return slot


def _must_be_free(slot: PitchSlot) -> None:
    """Raise Conflict while another team has the stage of this hall."""
    other = (
        session()
        .scalars(
            select(PitchSlot).where(
                PitchSlot.hall_id == slot.hall_id, PitchSlot.id != slot.id, PitchSlot.state.in_(ON_STAGE)
            )
        )
        .first()
    )
    if other is not None:
        raise Conflict(N_("Another team is on stage. End its time first."))


def _call(slot: PitchSlot, actor: Actor, at: datetime) -> None:
    _must_be_free(slot)
    _move(slot, "call", actor, at, **_arrived(slot, actor, at))


def _start(slot: PitchSlot, actor: Actor, at: datetime) -> None:
    _must_be_free(slot)
    fresh: dict[str, Any] = {"phase_at": at, "paused_at": None, "pitch_seconds": None, "question_seconds": None}
    _move(slot, "start", actor, at, started_at=at, ended_at=None, **fresh, **_arrived(slot, actor, at))


def _arrived(slot: PitchSlot, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return that the team is here, where nobody ticked it in: who stands on the stage has come."""
    return {} if slot.arrived_at is not None else {"arrived_at": at, "arrived_by_name": actor.name}


def _ask(slot: PitchSlot, actor: Actor, at: datetime) -> None:
    used = seconds_run(slot.phase_at, slot.paused_at, at)
    _move(slot, "ask", actor, at, phase_at=at, paused_at=None, pitch_seconds=used)


def _end(slot: PitchSlot, actor: Actor, at: datetime) -> None:
    used = seconds_run(slot.phase_at, slot.paused_at, at)
    name = "pitch_seconds" if slot.state == PITCHING else "question_seconds"
    _move(slot, "end", actor, at, paused_at=None, ended_at=at, **{name: used})


def _take_back(slot: PitchSlot, actor: Actor, at: datetime) -> None:
    _move(slot, "take_back", actor, at, started_at=None, phase_at=None, paused_at=None)


def _go_on(slot: PitchSlot, actor: Actor, at: datetime) -> None:
    """Take an end back: the questions' clock goes on where it stood."""
    _must_be_free(slot)
    stopped = slot.ended_at or at
    began = at if slot.question_seconds is None else resumed(slot.phase_at or at, stopped, at)
    _move(slot, "go_on", actor, at, phase_at=began, ended_at=None, question_seconds=None)


def _pause(slot: PitchSlot, actor: Actor, at: datetime) -> None:
    _set_clock(slot, "judging.slot.pause", PitchSlot.paused_at.is_(None), {"paused_at": at}, actor, at)


def _resume(slot: PitchSlot, actor: Actor, at: datetime) -> None:
    if slot.paused_at is None or slot.phase_at is None:
        return
    values = {"phase_at": resumed(slot.phase_at, slot.paused_at, at), "paused_at": None}
    _set_clock(slot, "judging.slot.resume", PitchSlot.paused_at == slot.paused_at, values, actor, at)


def _set_clock(slot: PitchSlot, verb: str, still: Any, values: dict[str, Any], actor: Actor, at: datetime) -> None:
    if slot.state not in (PITCHING, QUESTIONS):
        raise Conflict(_CHANGED)
    if verb == "judging.slot.pause" and slot.paused_at is not None:
        return
    result: Any = session().execute(
        update(PitchSlot)
        .where(PitchSlot.id == slot.id, PitchSlot.state == slot.state, still)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    session().refresh(slot)
    if result.rowcount != 1:
        raise Conflict(_CHANGED)
    contest_id = slot.round.contest_id
    audit.record(verb, slot, actor=actor, at=at, contest_id=contest_id, data={"entry": slot.entry.code})


def _move(slot: PitchSlot, verb: str, actor: Actor, at: datetime, **columns: Any) -> None:
    contest_id, data = slot.round.contest_id, {"entry": slot.entry.code}
    move(slot, SLOT, verb, actor=actor, at=at, contest_id=contest_id, data=data, **columns)


DEEDS: dict[str, Callable[[PitchSlot, Actor, datetime], None]] = {
    "call": _call,
    "start": _start,
    "ask": _ask,
    "end": _end,
    "take_back": _take_back,
    "go_on": _go_on,
    "pause": _pause,
    "resume": _resume,
}
"""What may be done with a team's slot on the stage."""
