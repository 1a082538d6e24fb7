"""Rows of the room, one at a time or by their parent."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from compapp.core.db import session
from compapp.core.errors import NotFound
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.incubation.lifecycle import ACTIVE, HELD, MISSED
from compapp.incubation.models import (
    Mentor,
    MentoringSession,
    Mentorship,
    Milestone,
    ProgressFigure,
    Residency,
)
from compapp.incubation.plan import Plan
from compapp.placement.queries import plan_of as stored_plan
from compapp.placement.queries import plans_of as stored_plans

_ABSENT = N_("This page does not exist, or it is not open to you.")


def _one(statement: Select[Any]) -> Any:
    found = session().scalars(statement).one_or_none()
    if found is None:
        raise NotFound(_ABSENT)
    return found


def plan_of(contest_id: int) -> Plan:
    """Return the contest's plan of an incubation."""
    return Plan.read(stored_plan(contest_id))


def plans_of(contest_ids: Iterable[int]) -> dict[int, Plan]:
    """Return the plans of several contests by contest id, in one statement."""
    stored = stored_plans(contest_ids)
    return {contest_id: Plan.read(piece) for contest_id, piece in stored.items()}


def residency(residency_id: int) -> Residency:
    """Return a residency with contest, entry and incubator; NotFound."""
    found: Residency = _one(
        select(Residency)
        .where(Residency.id == residency_id)
        .options(
            joinedload(Residency.contest),
            joinedload(Residency.entry).joinedload(Entry.sector),
            joinedload(Residency.incubator),
            joinedload(Residency.offer),
        )
    )
    return found


def residency_of_entry(entry_id: int) -> Residency | None:
    """Return a team's residency, in whatever state."""
    return session().scalars(select(Residency).where(Residency.entry_id == entry_id)).one_or_none()


def milestone(milestone_id: int) -> Milestone:
    """Return a milestone with its residency; NotFound."""
    found: Milestone = _one(
        select(Milestone)
        .where(Milestone.id == milestone_id)
        .options(
            joinedload(Milestone.residency).joinedload(Residency.entry),
            joinedload(Milestone.residency).joinedload(Residency.contest),
        )
    )
    return found


def milestones_of(residency_id: int) -> list[Milestone]:
    """Return a team's milestones by their dates."""
    return list(
        session().scalars(
            select(Milestone).where(Milestone.residency_id == residency_id).order_by(Milestone.due_at, Milestone.id)
        )
    )


def mentor(mentor_id: int) -> Mentor:
    """Return a mentor with the person; NotFound."""
    found: Mentor = _one(select(Mentor).where(Mentor.id == mentor_id).options(joinedload(Mentor.person)))
    return found


def mentor_by_code(contest_id: int, code: str) -> Mentor | None:
    """Return the mentor with this code of the contest file."""
    return (
        session()
        .scalars(
            select(Mentor)
            .where(Mentor.contest_id == contest_id, Mentor.code == code)
            .options(joinedload(Mentor.person))
        )
        .one_or_none()
    )


def mentors_of(contest_id: int) -> list[Mentor]:
    """Return the mentors of a contest in the file's order."""
    return list(
        session().scalars(
            select(Mentor)
            .where(Mentor.contest_id == contest_id)
            .options(joinedload(Mentor.person))
            .order_by(Mentor.position, Mentor.id)
        )
    )


def mentorship(mentorship_id: int) -> Mentorship:
    """Return a mentorship with mentor and residency; NotFound."""
    found: Mentorship = _one(
        select(Mentorship)
        .where(Mentorship.id == mentorship_id)
        .options(
            joinedload(Mentorship.mentor).joinedload(Mentor.person),
            joinedload(Mentorship.residency).joinedload(Residency.entry),
            joinedload(Mentorship.residency).joinedload(Residency.contest),
            joinedload(Mentorship.residency).joinedload(Residency.incubator),
        )
    )
    return found


def mentorship_of(residency_id: int, mentor_id: int) -> Mentorship | None:
    """Return the mentorship of the two, in whatever state."""
    return (
        session()
        .scalars(select(Mentorship).where(Mentorship.residency_id == residency_id, Mentorship.mentor_id == mentor_id))
        .one_or_none()
    )


def mentorships_of(residency_id: int, *, active_only: bool = False) -> list[Mentorship]:
    """Return who mentors (or mentored) a team, the first first."""
    statement = (
        select(Mentorship)
        .where(Mentorship.residency_id == residency_id)
        .options(joinedload(Mentorship.mentor).joinedload(Mentor.person))
        .order_by(Mentorship.since, Mentorship.id)
    )
    if active_only:
        statement = statement.where(Mentorship.state == ACTIVE)
    return list(session().scalars(statement))


def mentoring_session(session_id: int) -> MentoringSession:
    """Return a session with mentor, residency, entry and incubator; NotFound."""
    found: MentoringSession = _one(
        select(MentoringSession).where(MentoringSession.id == session_id).options(*with_team())
    )
    return found


def with_team() -> tuple[Any, ...]:
    """Return how a session is loaded with its mentor, team and incubator."""
    link = joinedload(MentoringSession.mentorship)
    return (
        link.joinedload(Mentorship.mentor).joinedload(Mentor.person),
        link.joinedload(Mentorship.residency).joinedload(Residency.entry),
        link.joinedload(Mentorship.residency).joinedload(Residency.contest),
        link.joinedload(Mentorship.residency).joinedload(Residency.incubator),
    )


def sessions_of(residency_id: int) -> list[MentoringSession]:
    """Return a team's sessions, the newest first."""
    return list(
        session().scalars(
            select(MentoringSession)
            .join(Mentorship, Mentorship.id == MentoringSession.mentorship_id)
            .where(Mentorship.residency_id == residency_id)
            .options(*with_team())
            .order_by(MentoringSession.starts_at.desc(), MentoringSession.id.desc())
        )
    )


def session_before(one: MentoringSession) -> MentoringSession | None:
    """Return the session of the same mentorship before this one that was held or missed."""
    return (
        session()
        .scalars(
            select(MentoringSession)
            .where(
                MentoringSession.mentorship_id == one.mentorship_id,
                MentoringSession.starts_at < one.starts_at,
                MentoringSession.state.in_([HELD, MISSED]),
            )
            .order_by(MentoringSession.starts_at.desc())
            .limit(1)
        )
        .one_or_none()
    )


def figures_of(residency_id: int) -> list[ProgressFigure]:
    """Return a team's figures in the order of time."""
    return list(
        session().scalars(
            select(ProgressFigure)
            .where(ProgressFigure.residency_id == residency_id)
            .order_by(ProgressFigure.at, ProgressFigure.id)
        )
    )
