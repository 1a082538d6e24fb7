"""Mentoring sessions before they begin: booked, moved, cancelled."""

from datetime import datetime, timedelta

from sqlalchemy import select

from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Invalid, Sentence
from compapp.core.moves import move
from compapp.core.text import N_, nfc
from compapp.incubation import notifications, policy, queries
from compapp.incubation.lifecycle import ACTIVE, BOOKED, SESSION
from compapp.incubation.models import MentoringSession, Mentorship
from compapp.incubation.services.hours import check_hours
from compapp.incubation.services.minutes import hold, release
from compapp.placement.services.rights import must

SHORTEST, LONGEST = 10, 480
"""Minutes of a session."""
MOST_REASON = 2000
MOST_TOPIC = 2000
MOST_PLACE = 300
FARTHEST = timedelta(days=366)
_BEGUN = N_("This session has begun. Log it, or say who did not come.")


def book_session(
    mentorship: Mentorship,
    *,
    starts_at: datetime,
    minutes: int,
    place: str = "",
    topic: str = "",
    actor: Actor,
    at: datetime,
) -> MentoringSession:
    """Book a session of a mentor with a team; both are told.

    Raises Refused for whom it is not, Invalid for a moment that is over, too far away or outside what the mentor
    gives, Conflict when mentor or team has another session at that time (also for a double click).
    """
    facts = queries.facts_of_residency(actor, mentorship.residency)
    must(policy.may_book(actor, facts))
    _lock(mentorship)
    if mentorship.state != ACTIVE:
        raise Conflict(N_("This mentor no longer follows the team."))
    _check_time(starts_at, minutes, at)
    check_hours(mentorship.mentor, starts_at, minutes, by_team=facts.is_team, at=at)
    made = MentoringSession(
        mentorship=mentorship,
        starts_at=starts_at,
        minutes=minutes,
        place=nfc(place).strip()[:MOST_PLACE],
        state=BOOKED,
        topic=nfc(topic).strip()[:MOST_TOPIC],
        shared_note="",
        private_note="",
        next_steps="",
        booked_by_id=actor.person_id,
        booked_at=at,
        definition={},
    )
    session().add(made)
    session().flush()
    hold(made)
    audit.record(
        "incubation.session.book",
        made,
        actor=actor,
        at=at,
        contest_id=mentorship.residency.contest_id,
        data={"starts": starts_at.isoformat(), "minutes": minutes},
    )
    notifications.session_booked(made, at=at)
    return made


def _lock(mentorship: Mentorship) -> None:
    session().execute(select(Mentorship.id).where(Mentorship.id == mentorship.id).with_for_update())
    session().refresh(mentorship)


def _check_time(starts_at: datetime, minutes: int, at: datetime) -> None:
    faults: dict[str, list[Sentence]] = {}
    if not at < starts_at <= at + FARTHEST:
        faults["starts_at"] = [(N_("Choose a moment in the coming 12 months."), {})]
    if not SHORTEST <= minutes <= LONGEST:
        faults["minutes"] = [
            (N_("Write a whole number from %(least)s to %(most)s."), {"least": SHORTEST, "most": LONGEST})
        ]
    if faults:
        raise Invalid(fields=faults)


def move_session(
    one: MentoringSession,
    *,
    seen: datetime,
    starts_at: datetime,
    minutes: int,
    place: str = "",
    reason: str = "",
    actor: Actor,
    at: datetime,
) -> None:
    """Move a booked session to another time (or place); everybody who takes part is told of the old and the new.

    ``seen`` is the time that the mover saw. Raises Refused for whom it is not, Closed once it has begun, Invalid for
    a moment that is over or too far away or where nothing would change, Conflict when somebody else moved it in the
    meantime or when mentor or team has another session then.
    """
    facts = queries.facts_of_session(actor, one)
    must(policy.may_change_booking(actor, facts))
    _lock(one.mentorship)
    session().refresh(one)
    if one.state == BOOKED and at >= one.starts_at:
        raise Closed(_BEGUN)
    if one.starts_at != seen:
        raise Conflict(N_("Somebody has moved this session in the meantime. Please look at its time now."))
    _check_time(starts_at, minutes, at)
    place = nfc(place).strip()[:MOST_PLACE]
    before = (one.starts_at, one.minutes, one.place)
    if (starts_at, minutes, place) == before:
        raise Invalid(fields={"starts_at": [(N_("Choose another time than the present one."), {})]})
    if (starts_at, minutes) != before[:2]:
        by_team = facts.residency.is_team
        check_hours(one.mentorship.mentor, starts_at, minutes, by_team=by_team, at=at, besides=one.id)
    words = nfc(reason).strip()[:MOST_REASON]
    move(
        one,
        SESSION,
        "move",
        actor=actor,
        at=at,
        contest_id=one.mentorship.residency.contest_id,
        data={"starts": [seen.isoformat(), starts_at.isoformat()], "minutes": [before[1], minutes], "reason": words},
        starts_at=starts_at,
        minutes=minutes,
        place=place,
        moved_at=at,
    )
    release(one)
    hold(one)
    notifications.session_moved(one, before=before, reason=words, at=at)


def cancel_session(one: MentoringSession, *, reason: str, actor: Actor, at: datetime) -> None:
    """Cancel a session before it begins; both sides are told."""
    must(policy.may_change_booking(actor, queries.facts_of_session(actor, one)))
    if at >= one.starts_at:
        raise Closed(_BEGUN)
    words = nfc(reason).strip()[:MOST_REASON]
    contest_id = one.mentorship.residency.contest_id
    move(one, SESSION, "cancel", actor=actor, at=at, contest_id=contest_id, data={"reason": words})
    release(one)
    notifications.session_cancelled(one, reason=words, at=at)
