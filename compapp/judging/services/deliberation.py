"""The jury deliberates: the chair opens the room, the jury speaks and votes, who has a conflict is not there."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from compapp.contests.definition import RoundRule
from compapp.contests.models import Round
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Invalid, NotFound, Refused
from compapp.core.moves import move
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.judging import policy
from compapp.judging.lifecycle import MOTION, OPEN
from compapp.judging.models import Ballot, Deliberation, JuryRemark, Motion
from compapp.judging.notifications import deliberation as notices
from compapp.judging.queries import deliberation as room
from compapp.judging.queries.standings import progress_of
from compapp.judging.services.rights import must_know, reason_of
from compapp.judging.services.standings import read_inputs

CHOICES = ("yes", "no", "abstain")
_COUNTERS = {"yes": "yes", "no": "no", "abstain": "abstained"}
LONGEST_QUESTION = 300
SAME_WITHIN = timedelta(minutes=1)
"""The same words within this time are one press too many, not said twice."""


def open_room(round_: Round, *, is_secret: bool, actor: Actor, at: datetime) -> Deliberation:
    """Open the room of a round, or open it again; its jury is told.

    Where the rules say how it votes, ``is_secret`` is moot.
    Raises Refused for anybody but the chair, Closed while sheets are missing: nobody shall hear others before the
    own sheet is in.
    """
    if not policy.may_run_room(actor, room.facts_of_room(actor, round_)):
        raise Refused(N_("Only the chair opens and closes the deliberation and its votes."))
    session().execute(select(Round.id).where(Round.id == round_.id).with_for_update())
    if not progress_of(read_inputs(round_)).is_complete:
        raise Closed(N_("Sheets are still missing or unconfirmed; the jury deliberates once everybody has scored."))
    found = room.deliberation_of(round_.id)
    if found is not None and found.closed_at is None:
        return found
    fixed = RoundRule.of(round_).ballot
    is_secret = is_secret if fixed is None else fixed == "secret"
    if found is None:
        found = Deliberation(round_id=round_.id, is_secret=is_secret, opened_at=at, opened_by_name=actor.name)
        session().add(found)
    found.is_secret, found.opened_at, found.opened_by_name = is_secret, at, actor.name
    found.closed_at = found.closed_by_name = None
    session().flush()
    data = {"round": round_.code, "secret": is_secret}
    audit.record("judging.deliberation.open", found, actor=actor, at=at, contest_id=round_.contest_id, data=data)
    notices.deliberation_opened(round_, room.jury_people(round_), at=at)
    return found


def close_room(round_: Round, *, actor: Actor, at: datetime) -> None:
    """Close the room; what was said stays to be read. Conflict while a vote is open."""
    if not policy.may_run_room(actor, room.facts_of_room(actor, round_)):
        raise Refused(N_("Only the chair opens and closes the deliberation and its votes."))
    session().execute(select(Round.id).where(Round.id == round_.id).with_for_update())
    found = _open_room_of(round_)
    still = select(Motion.id).where(Motion.round_id == round_.id, Motion.state == OPEN)
    if session().scalar(still.limit(1)) is not None:
        raise Conflict(N_("A vote is still open; count it or drop it first."))
    found.closed_at, found.closed_by_name = at, actor.name
    data = {"round": round_.code}
    audit.record("judging.deliberation.close", found, actor=actor, at=at, contest_id=round_.contest_id, data=data)


def _open_room_of(round_: Round) -> Deliberation:
    found = room.deliberation_of(round_.id)
    if found is not None:
        session().refresh(found)
    if found is None or found.closed_at is not None:
        raise Closed(N_("The deliberation of this round is not open."))
    return found


def say(round_: Round, entry: Entry, text: str, *, is_flag: bool = False, actor: Actor, at: datetime) -> JuryRemark:
    """Say something of an entry to those in the room; ``is_flag`` puts it on the agenda.

    What was said stays and is for the room alone: the record keeps that somebody spoke, not what. Raises Refused
    outside the room, NotFound for whom has left it for this entry, Closed while it is not open, Invalid without words.
    """
    _must_be_in(round_, entry, actor)
    _open_room_of(round_)
    said = {"round_id": round_.id, "entry_id": entry.id, "person_id": actor.person_id, "is_flag": is_flag}
    words = reason_of(text)
    same = select(JuryRemark).filter_by(**said, text=words).where(JuryRemark.said_at > at - SAME_WITHIN)
    twin = session().scalars(same).first()
    if twin is not None:
        return twin
    remark = JuryRemark(**said, text=words, said_at=at)
    session().add(remark)
    session().flush()
    data = {"round": round_.code, "entry": entry.code, "flag": is_flag}
    audit.record("judging.remark.say", remark, actor=actor, at=at, contest_id=round_.contest_id, data=data)
    return remark


def _must_be_in(round_: Round, entry: Entry, actor: Actor) -> policy.RoomFacts:
    facts = room.facts_of_room(actor, round_)
    if not policy.may_enter_room(actor, facts):
        raise Refused(N_("Only the jury of this round deliberates."))
    must_know(actor, entry)
    if room.entry_in_room(round_, entry.code, actor.person_id) is None:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return facts


def open_vote(round_: Round, entry: Entry, question: str, *, actor: Actor, at: datetime) -> Motion:
    """Put a question on an entry to the vote, open or secret as the room is; those who may vote are told.

    Raises Refused for anybody but the chair, Conflict while another vote on the entry is open.
    """
    _must_run(round_, entry, actor)
    words = question.strip()
    if not words or len(words) > LONGEST_QUESTION:
        most = {"most": LONGEST_QUESTION}
        raise Invalid(fields={"question": [(N_("Ask the question in at most %(most)s characters."), most)]})
    session().execute(select(Round.id).where(Round.id == round_.id).with_for_update())
    held = _open_room_of(round_)
    still = select(Motion.id).where(Motion.round_id == round_.id, Motion.entry_id == entry.id, Motion.state == OPEN)
    if session().scalar(still.limit(1)) is not None:
        raise Conflict(N_("A vote is still open; count it or drop it first."))
    motion = Motion(
        round_id=round_.id,
        entry_id=entry.id,
        question=words,
        is_secret=held.is_secret,
        state=OPEN,
        yes=0,
        no=0,
        abstained=0,
        opened_at=at,
        opened_by_name=actor.name,
    )
    session().add(motion)
    session().flush()
    data = {"round": round_.code, "entry": entry.code, "question": words, "secret": held.is_secret}
    audit.record("judging.motion.open", motion, actor=actor, at=at, contest_id=round_.contest_id, data=data)
    notices.vote_opened(round_, motion, [seat.person_id for seat in room.voters(round_, entry.id)], at=at)
    return motion


def cast(motion: Motion, choice: str, *, actor: Actor, at: datetime) -> None:
    """Vote on a motion, once: yes, no or abstain. The record keeps that somebody voted, never what.

    An open vote may be changed until it is counted; of a secret one only the sums are kept. Raises Refused without
    a seat on the round's jury, NotFound with a conflict, Closed once it is counted, Conflict for a second secret vote.
    """
    facts = _must_be_in(motion.round, motion.entry, actor)
    if not policy.may_cast(actor, facts):
        raise Refused(N_("Only the judges of this round vote."))
    if choice not in CHOICES:
        raise Invalid(fields={"choice": [(N_("Choose one of the options."), {})]})
    _lock(motion)
    if motion.state != OPEN:
        raise Closed(N_("This vote is over."))
    own = (
        session()
        .scalars(select(Ballot).where(Ballot.motion_id == motion.id, Ballot.seat_id == facts.seat_id))
        .one_or_none()
    )
    if own is not None:
        _change(motion, own, choice)
        return
    session().add(Ballot(motion_id=motion.id, seat_id=facts.seat_id, choice=None if motion.is_secret else choice))
    _count(motion, choice, 1)
    session().flush()
    contest_id = motion.round.contest_id
    audit.record("judging.motion.cast", motion, actor=actor, at=at, contest_id=contest_id, data={})


def _change(motion: Motion, own: Ballot, choice: str) -> None:
    if own.choice is None:
        raise Conflict(N_("You have voted already; a secret vote cannot be changed."))
    if own.choice != choice:
        _count(motion, own.choice, -1)
        _count(motion, choice, 1)
        own.choice = choice


def _lock(motion: Motion) -> None:
    session().execute(select(Motion.id).where(Motion.id == motion.id).with_for_update())
    session().refresh(motion)


def _count(motion: Motion, choice: str, by: int) -> None:
    column = getattr(Motion, _COUNTERS[choice])
    session().execute(update(Motion).where(Motion.id == motion.id).values({_COUNTERS[choice]: column + by}))
    session().refresh(motion)


def close_vote(motion: Motion, *, actor: Actor, at: datetime) -> None:
    """Count a vote. Conflict where somebody who voted has left the room since: drop it and vote anew."""
    _must_run(motion.round, motion.entry, actor)
    _lock(motion)
    free = {seat.id for seat in room.voters(motion.round, motion.entry_id)}
    voted = set(session().scalars(select(Ballot.seat_id).where(Ballot.motion_id == motion.id)))
    if voted - free:
        raise Conflict(N_("Somebody who voted has left the room for this entry since. Drop this vote and vote anew."))
    data = {"entry": motion.entry.code, "yes": motion.yes, "no": motion.no, "abstained": motion.abstained}
    who = {"closed_at": at, "closed_by_name": actor.name}
    move(motion, MOTION, "close", actor=actor, at=at, contest_id=motion.round.contest_id, data=data, **who)


def drop_vote(motion: Motion, reason: str, *, actor: Actor, at: datetime) -> None:
    """Drop a vote without counting it, with a reason."""
    _must_run(motion.round, motion.entry, actor)
    data = {"entry": motion.entry.code, "reason": reason_of(reason)}
    who = {"closed_at": at, "closed_by_name": actor.name}
    move(motion, MOTION, "drop", actor=actor, at=at, contest_id=motion.round.contest_id, data=data, **who)


def _must_run(round_: Round, entry: Entry, actor: Actor) -> None:
    facts = _must_be_in(round_, entry, actor)
    if not policy.may_run_room(actor, facts):
        raise Refused(N_("Only the chair opens and closes the deliberation and its votes."))
