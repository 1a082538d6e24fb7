"""The door: who is here, who is late, who did not come, and what the rule makes of it (never a silent zero)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compapp.contests.models import Round
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import identity_of, session
from compapp.core.errors import Closed, Conflict
from compapp.core.moves import move
from compapp.core.text import N_
from compapp.entries.events import EntryWithdrawn
from compapp.entries.queries.team import people_of
from compapp.judging import policy, queries
from compapp.judging.lifecycle import (
    ABSENT,
    ACCEPTED,
    ASSIGNMENT,
    CALLED,
    DONE,
    EXPECTED,
    ON_STAGE,
    SLOT,
    SUBMITTED,
    WITHDRAWN,
)
from compapp.judging.models import Assignment, Hall, OrderChange, PitchSlot, Sheet
from compapp.judging.notifications import pitch as notices
from compapp.judging.queries.hall import LAST, plan_of
from compapp.judging.queries.results import latest_publication
from compapp.judging.services.hall.order import move_last
from compapp.judging.services.hall.plan import touch
from compapp.judging.services.rights import must, must_know, reason_of

NOT_THERE = N_("Not there when the team was called.")


def report_by(slot: PitchSlot) -> datetime:
    """Return until when a team reports at the door."""
    return slot.starts_at - timedelta(minutes=plan_of(slot.round_id).report_minutes)


def tick_in(slot: PitchSlot, *, actor: Actor, at: datetime) -> PitchSlot:
    """Note that a team is here; late where it comes after the time to report. A second press changes nothing.

    A team that was marked absent is taken back in by :func:`come_after_all`. Raises Refused, NotFound for an entry
    that the actor may not know of, Conflict for a team that withdrew or is absent.
    """
    _at_the_door(slot, actor)
    if slot.state in (ABSENT, WITHDRAWN):
        raise Conflict(N_("This team is marked as absent or withdrawn; say first why it pitches after all."))
    if slot.arrived_at is not None:
        return slot
    slot.arrived_at, slot.arrived_by_name, slot.late = at, actor.name, at > report_by(slot)
    _record("judging.slot.arrive", slot, actor, at, {"late": slot.late})
    return slot


def untick(slot: PitchSlot, *, actor: Actor, at: datetime) -> PitchSlot:
    """Take a tick back that was set by mistake; Conflict once the team is on stage or has pitched."""
    _at_the_door(slot, actor)
    if slot.arrived_at is None:
        return slot
    if slot.state != EXPECTED:
        raise Conflict(N_("The team is on stage or has pitched: it was here."))
    slot.arrived_at, slot.arrived_by_name, slot.late = None, None, False
    _record("judging.slot.unarrive", slot, actor, at, {})
    return slot


def not_there(slot: PitchSlot, reason: str = "", *, actor: Actor, at: datetime) -> str:
    """Do with a team that is not there what the plan's rule says: once to the end of the order, then out.

    Return ``last`` or ``out``. A team that is out gets no sheet, no figure and no rank; its judges are released, and
    its members are told. Raises Refused, NotFound, Conflict for a team that is here, has pitched or is out already.
    """
    _at_the_door(slot, actor)
    _must_not_be_published(slot.round)
    words = reason_of(reason, required=False) or NOT_THERE
    if slot.state not in (EXPECTED, CALLED):
        raise Conflict(N_("Only a team that has not pitched yet can be absent."))
    if slot.state == EXPECTED and slot.arrived_at is not None:
        raise Conflict(N_("The team was ticked in at the door. Take the tick back first."))
    if plan_of(slot.round_id).late_rule == LAST and not was_passed_over(slot) and _others_wait(slot):
        if slot.state == CALLED:
            move(slot, SLOT, "take_back", actor=actor, at=at, contest_id=slot.round.contest_id)
        slot.arrived_at, slot.arrived_by_name, slot.late = None, None, True
        move_last(slot, words, actor=actor, at=at)
        return LAST
    _put_out(slot, words, actor=actor, at=at)
    return "out"


def was_passed_over(slot: PitchSlot) -> bool:
    """Whether the team was sent to the end of its order once already."""
    code = slot.entry.code
    changes = session().scalars(select(OrderChange).where(OrderChange.hall_id == slot.hall_id))
    return any(one.after[-1] == code != one.before[-1] for one in changes)


def _others_wait(slot: PitchSlot) -> bool:
    """Whether another team of the hall still has to pitch (else there is no later place)."""
    waiting = select(PitchSlot.id).where(
        PitchSlot.hall_id == slot.hall_id, PitchSlot.id != slot.id, PitchSlot.state == EXPECTED
    )
    return session().scalar(waiting.limit(1)) is not None


def _put_out(slot: PitchSlot, words: str, *, actor: Actor, at: datetime) -> None:
    """Let a team be absent: its judges no longer wait for it (a draft stays, and counts for nothing)."""
    round_ = slot.round
    sheet = select(Sheet.id).where(
        Sheet.round_id == round_.id, Sheet.entry_id == slot.entry_id, Sheet.state == SUBMITTED
    )
    if session().scalar(sheet.limit(1)) is not None:
        raise Conflict(N_("A judge has handed in a sheet for this team; it cannot be absent."))
    by: dict[str, Any] = {"actor": actor, "at": at, "contest_id": round_.contest_id, "data": {"reason": words}}
    move(slot, SLOT, "miss", **by, arrived_at=None, arrived_by_name=None, ended_at=at)
    for assignment in queries.assignments_of_entry(slot.entry_id):
        if assignment.round_id == round_.id:
            move(assignment, ASSIGNMENT, "withdraw", **by, withdrawn_at=at, reason=words)
    touch(slot.hall)
    notices.pitch_missed(round_, slot.entry.title, people_of(slot.entry_id), entry_id=slot.entry_id, at=at)


def come_after_all(slot: PitchSlot, reason: str, *, actor: Actor, at: datetime) -> PitchSlot:
    """Let an absent team pitch after all, at the end of the order, with a reason; its judges get the entry again.

    Raises Refused, NotFound, Invalid without a reason, Conflict where the team is not absent, Closed once the result
    is published.
    """
    _at_the_door(slot, actor)
    round_ = slot.round
    _must_not_be_published(round_)
    words = reason_of(reason)
    missed_at = slot.ended_at
    by: dict[str, Any] = {"actor": actor, "at": at, "contest_id": round_.contest_id, "data": {"reason": words}}
    arrival: dict[str, Any] = {"late": True, "arrived_at": at, "arrived_by_name": actor.name, "ended_at": None}
    move(slot, SLOT, "come_after_all", **by, **arrival)
    released = select(Assignment).where(
        Assignment.round_id == round_.id,
        Assignment.entry_id == slot.entry_id,
        Assignment.state == WITHDRAWN,
        Assignment.withdrawn_at == missed_at,
    )
    for assignment in list(session().scalars(released.options(joinedload(Assignment.seat)))):
        if assignment.seat.state == ACCEPTED and not queries.has_conflict(assignment.seat_id, slot.entry_id):
            move(assignment, ASSIGNMENT, "give_again", **by, withdrawn_at=None, reason=None, assigned_at=at)
    move_last(slot, words, actor=actor, at=at)
    touch(slot.hall)
    return slot


def take_withdrawn_off(event: EntryWithdrawn) -> None:
    """Take a withdrawn entry off the stage and out of the order (listens to the entries room); what is done stays."""
    rows = session().scalars(
        select(PitchSlot).where(PitchSlot.entry_id == event.entry_id, PitchSlot.state.not_in([DONE, WITHDRAWN]))
    )
    for slot in list(rows):
        was_on_stage = slot.state in ON_STAGE
        move(
            slot,
            SLOT,
            "withdraw",
            actor=event.actor,
            at=event.at,
            contest_id=slot.round.contest_id,
            paused_at=None,
            ended_at=event.at if was_on_stage else slot.ended_at,
        )
        touch(slot.hall)


def _at_the_door(slot: PitchSlot, actor: Actor) -> None:
    must(policy.may_keep_door, actor, slot.round.contest_id)
    must_know(actor, slot.entry)
    session().execute(select(Hall.id).where(Hall.id == slot.hall_id).with_for_update())
    session().refresh(slot)


def _must_not_be_published(round_: Round) -> None:
    if latest_publication(identity_of(round_) or 0) is not None:
        raise Closed(N_("The result of this round is published; the stage is closed."))


def _record(verb: str, slot: PitchSlot, actor: Actor, at: datetime, data: dict[str, object]) -> None:
    contest_id = slot.round.contest_id
    audit.record(verb, slot, actor=actor, at=at, contest_id=contest_id, data={"entry": slot.entry.code, **data})
