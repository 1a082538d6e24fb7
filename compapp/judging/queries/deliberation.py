"""The jury's room: who may be in it, what is on the agenda, what was said and voted.

Whoever has a conflict with an entry has left the room for it: no query here returns anything of it to that person.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from compapp.contests.models import Round
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.reading import read_once
from compapp.entries.models import Entry
from compapp.entries.queries.anonymous import AnonymousEntry, anonymous_titles
from compapp.judging.lifecycle import ACCEPTED, CLOSED, OPEN, SUBMITTED
from compapp.judging.models import Assignment, Ballot, Deliberation, JuryRemark, Motion, Seat, Sheet
from compapp.judging.policy import RoomFacts
from compapp.judging.queries.conflicts import conflicted, hidden_from, on_team
from compapp.judging.queries.jury import contest_facts
from compapp.judging.queries.results import entry_names, hidden_entries
from compapp.judging.queries.rounds import round_of
from compapp.judging.queries.standings import RoundInputs
from compapp.judging.scoring.doubt import Doubt, doubts


@read_once
def deliberation_of(round_id: int) -> Deliberation | None:
    """Return the room of a round; nothing where it was never opened."""
    return session().scalars(select(Deliberation).where(Deliberation.round_id == round_id)).one_or_none()


def _reads(round_id: int) -> ColumnElement[bool]:
    """Return the condition that a seat belongs to the round's own jury: it reads in it, or nothing was given out."""
    given = exists().where(Assignment.round_id == round_id, Assignment.state == OPEN)
    own = given.where(Assignment.seat_id == Seat.id).correlate(Seat)
    scored = exists().where(Sheet.round_id == round_id, Sheet.seat_id == Seat.id, Sheet.state == SUBMITTED)
    return and_(Seat.state == ACCEPTED, or_(own, scored.correlate(Seat), ~given))


@read_once
def seat_in_room(round_: Round, person_id: int | None) -> Seat | None:
    """Return the seat with which a person belongs to the jury of this round."""
    own = select(Seat).where(Seat.contest_id == round_.contest_id, Seat.person_id == person_id)
    return session().scalars(own.where(_reads(round_.id))).one_or_none()


def voters(round_: Round, entry_id: int) -> list[Seat]:
    """Return who may vote on an entry: the round's jury without those in conflict with it, by code."""
    free = ~exists().where(Entry.id == entry_id, conflicted()).correlate(Seat)
    own = select(Seat).where(Seat.contest_id == round_.contest_id, _reads(round_.id), free)
    return list(session().scalars(own.options(joinedload(Seat.person)).order_by(Seat.code)))


def jury_people(round_: Round) -> list[int]:
    """Return the people of the round's jury."""
    return list(
        session().scalars(select(Seat.person_id).where(Seat.contest_id == round_.contest_id, _reads(round_.id)))
    )


def room_facts(actor: Actor, code: str, round_code: str, entry_code: str = "", **_more: object) -> RoomFacts | None:
    """Load what decides about the room of a round; nothing for an unknown round or entry, or one in conflict."""
    contest = contest_facts(actor, code)
    round_ = None if contest is None else round_of(contest.contest_id, round_code)
    if contest is None or round_ is None:
        return None
    if entry_code and entry_in_room(round_, entry_code, actor.person_id) is None:
        return None
    return facts_of_room(actor, round_)


def facts_of_room(actor: Actor, round_: Round) -> RoomFacts:
    """Load the facts of a round's room for one person: the room and the seat in one statement."""
    row = (
        session()
        .execute(
            select(Round.id, Deliberation, Seat.id)
            .outerjoin(Deliberation, Deliberation.round_id == Round.id)
            .outerjoin(
                Seat,
                and_(Seat.contest_id == Round.contest_id, Seat.person_id == actor.person_id, _reads(round_.id)),
            )
            .where(Round.id == round_.id)
        )
        .one()
    )
    deliberation_of.keep(row[1], round_.id)
    return RoomFacts(
        contest_id=round_.contest_id,
        seat_id=row[2],
        is_known=row[1] is not None,
        on_team=on_team(actor.person_id, round_.contest_id),
    )


@read_once
def entry_in_room(round_: Round, code: str, person_id: int | None) -> Entry | None:
    """Return an entry that was scored in the round; nothing where the person has left the room for it."""
    scored = exists().where(Sheet.round_id == round_.id, Sheet.entry_id == Entry.id).correlate(Entry)
    found = select(Entry).where(Entry.contest_id == round_.contest_id, Entry.code == code, scored)
    return session().scalars(found.where(~hidden_from(person_id))).one_or_none()


def remarks_of(round_id: int, person_id: int | None, entry_id: int | None = None) -> list[JuryRemark]:
    """Return what was said, oldest first, of the entries that this person may know of."""
    found = (
        select(JuryRemark)
        .join(JuryRemark.entry)
        .where(JuryRemark.round_id == round_id, ~hidden_from(person_id))
        .options(contains_eager(JuryRemark.entry), joinedload(JuryRemark.person))
        .order_by(JuryRemark.id)
    )
    return list(session().scalars(found if entry_id is None else found.where(JuryRemark.entry_id == entry_id)))


@dataclass(frozen=True)
class MotionView:
    """A vote: how many may and did, and the own ballot (``voted`` is true also where the choice is secret).

    ``ballots`` name who chose what, once an open vote is closed.
    """

    motion: Motion
    voted: int
    has_voted: bool
    choice: str | None
    ballots: Sequence[tuple[str, str]]
    seats: frozenset[int]
    """Who has voted, by seat."""


def motions_of(round_id: int, person_id: int | None, entry_id: int | None = None) -> list[MotionView]:
    """Return the votes of a round, oldest first, on entries that this person may know of: two statements."""
    found = (
        select(Motion)
        .join(Motion.entry)
        .where(Motion.round_id == round_id, ~hidden_from(person_id))
        .options(contains_eager(Motion.entry))
        .order_by(Motion.id)
    )
    motions = list(session().scalars(found if entry_id is None else found.where(Motion.entry_id == entry_id)))
    if not motions:
        return []
    ballots: dict[int, list[Ballot]] = {}
    of_these = select(Ballot).join(Ballot.seat).where(Ballot.motion_id.in_([one.id for one in motions]))
    for ballot in session().scalars(of_these.options(contains_eager(Ballot.seat)).order_by(Seat.code)):
        ballots.setdefault(ballot.motion_id, []).append(ballot)
    return [_motion_view(motion, ballots.get(motion.id, []), person_id) for motion in motions]


def _motion_view(motion: Motion, ballots: Sequence[Ballot], person_id: int | None) -> MotionView:
    own = next((one for one in ballots if one.seat.person_id == person_id), None)
    shown = motion.state == CLOSED and not motion.is_secret
    return MotionView(
        motion=motion,
        voted=len(ballots),
        has_voted=own is not None,
        choice=own.choice if own is not None else None,
        ballots=[(one.seat.code, one.choice or "") for one in ballots] if shown else [],
        seats=frozenset(one.seat_id for one in ballots),
    )


@dataclass(frozen=True)
class AgendaItem:
    """An entry to talk about, without its team; ``rank`` and ``total`` are for those who see the standings."""

    entry: AnonymousEntry
    doubt: Doubt
    remarks: int
    motions: Sequence[MotionView]
    rank: int | None
    total: str | None


def agenda(inputs: RoundInputs, person_id: int | None) -> list[AgendaItem]:
    """Return the agenda as one person may see it, the greatest doubt first."""
    hidden = hidden_entries(inputs.contest.id, person_id)
    remarks, motions = list[JuryRemark](), list[MotionView]()
    if deliberation_of(inputs.round.id) is not None:
        remarks, motions = remarks_of(inputs.round.id, person_id), motions_of(inputs.round.id, person_id)
    found = doubts(
        inputs.rows,
        inputs.own.rule.advance,
        apart={alert.entry for alert in inputs.spread_alerts() if not alert.answered},
        flagged={one.entry.code for one in remarks if one.is_flag} | {one.motion.entry.code for one in motions},
    )
    shown = [one for one in found if one.entry not in hidden]
    names = entry_names(inputs.contest.id)
    titles = anonymous_titles([names[one.entry].id for one in shown])
    rows = {row.entry: row for of_board in inputs.rows.values() for row in of_board}
    return [
        AgendaItem(
            entry=titles[names[one.entry].id],
            doubt=one,
            remarks=sum(remark.entry.code == one.entry for remark in remarks),
            motions=[motion for motion in motions if motion.motion.entry.code == one.entry],
            rank=rows[one.entry].rank,
            total=rows[one.entry].total,
        )
        for one in shown
    ]


def own_assignment(round_id: int, entry_id: int, seat_id: int | None) -> int | None:
    """Return the number of the open assignment through which a judge reads this entry."""
    own = select(Assignment.id).where(Assignment.round_id == round_id, Assignment.entry_id == entry_id)
    return session().scalar(own.where(Assignment.seat_id == seat_id, Assignment.state == OPEN))


def codes_of_seats(contest_id: int) -> dict[int, tuple[str, bool]]:
    """Return the code of every judge, and whether it is the chair's, by person."""
    rows = session().execute(select(Seat.person_id, Seat.code, Seat.chair).where(Seat.contest_id == contest_id))
    return {person: (code, is_chair) for person, code, is_chair in rows}


def votes_closed(round_id: int, hidden: set[str]) -> dict[str, list[Motion]]:
    """Return the closed votes of a round by entry code, oldest first."""
    rows = session().scalars(
        select(Motion)
        .join(Motion.entry)
        .where(Motion.round_id == round_id, Motion.state == CLOSED, Entry.code.not_in(hidden))
        .options(contains_eager(Motion.entry))
        .order_by(Motion.id)
    )
    found: dict[str, list[Motion]] = {}
    for motion in rows:
        found.setdefault(motion.entry.code, []).append(motion)
    return found


def rooms_waiting(person_id: int | None) -> list[tuple[Round, int]]:
    """Return the open rooms to which this person belongs as a judge, and how many votes there wait for the person."""
    own = (
        select(Deliberation)
        .join(Deliberation.round)
        .join(Seat, Seat.contest_id == Round.contest_id)
        .where(Deliberation.closed_at.is_(None), Seat.person_id == person_id, Seat.state == ACCEPTED)
        .options(contains_eager(Deliberation.round).joinedload(Round.contest))
    )
    found = []
    for room in session().scalars(own):
        if seat_in_room(room.round, person_id) is None:
            continue
        open_ones = [one for one in motions_of(room.round_id, person_id) if one.motion.state == OPEN]
        found.append((room.round, sum(not one.has_voted for one in open_ones)))
    return found
