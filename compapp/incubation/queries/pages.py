"""What the room's pages, home cards and the officers' figures show, in a constant number of statements each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from compapp.core.actor import ORGANISATION, Actor
from compapp.core.db import session
from compapp.core.reading import read_once
from compapp.entries.lifecycle import DRAFT
from compapp.entries.models import Entry
from compapp.entries.queries import teams_of_person
from compapp.incubation.lifecycle import ACTIVE, BOOKED, HELD, MET, PLANNED, REPORTED
from compapp.incubation.models import (
    Mentor,
    MentoringSession,
    Mentorship,
    Milestone,
    ProgressFigure,
    Residency,
)
from compapp.incubation.policy import MANAGER
from compapp.incubation.queries.rows import with_team


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One team of a cohort as its manager sees it."""

    residency: Residency
    mentors: tuple[str, ...]
    next_milestone: Milestone | None
    met: int
    is_late: bool
    to_confirm: int
    last: MentoringSession | None
    upcoming: MentoringSession | None


def cohort_board(actor: Actor, at: datetime) -> list[BoardRow]:
    """Return the teams of the incubators that the actor manages, who needs attention first."""
    incubators = actor.scopes(MANAGER, ORGANISATION)
    if not incubators:
        return []
    found = session().scalars(
        select(Residency)
        .where(Residency.incubator_id.in_(incubators))
        .options(
            joinedload(Residency.entry).joinedload(Entry.sector),
            joinedload(Residency.incubator),
            joinedload(Residency.contest),
            selectinload(Residency.milestones),
        )
        .order_by(Residency.id)
    )
    rows = _rows(list(found), at)
    weight = {"red": 0, "amber": 1}
    return sorted(
        rows,
        key=lambda row: (
            row.residency.state != ACTIVE,
            not row.to_confirm,
            weight.get((row.last.rag or "") if row.last else "", 2),
            not row.is_late,
            bool(row.mentors),
            row.residency.entry.title_sort,
        ),
    )


def _rows(residencies: list[Residency], at: datetime) -> list[BoardRow]:
    ids = [one.id for one in residencies]
    if not ids:
        return []
    mentors: dict[int, list[str]] = {}
    for one in session().scalars(
        select(Mentorship)
        .where(Mentorship.residency_id.in_(ids), Mentorship.state == ACTIVE)
        .options(joinedload(Mentorship.mentor).joinedload(Mentor.person))
        .order_by(Mentorship.id)
    ):
        mentors.setdefault(one.residency_id, []).append(one.mentor.person.name)
    sessions = _sessions(ids)
    return [_row(one, mentors.get(one.id, []), sessions.get(one.id, []), at) for one in residencies]


def _sessions(residency_ids: list[int]) -> dict[int, list[MentoringSession]]:
    found: dict[int, list[MentoringSession]] = {}
    if not residency_ids:
        return found
    for one in session().scalars(
        select(MentoringSession)
        .join(Mentorship, Mentorship.id == MentoringSession.mentorship_id)
        .where(Mentorship.residency_id.in_(residency_ids))
        .options(joinedload(MentoringSession.mentorship))
        .order_by(MentoringSession.starts_at)
    ):
        found.setdefault(one.mentorship.residency_id, []).append(one)
    return found


def _row(residency: Residency, mentors: list[str], sessions: Sequence[MentoringSession], at: datetime) -> BoardRow:
    open_ones = [one for one in residency.milestones if one.state in (PLANNED, REPORTED)]
    logged = [one for one in sessions if one.state in (HELD, "missed")]
    upcoming = [one for one in sessions if one.state == BOOKED and one.starts_at > at]
    return BoardRow(
        residency=residency,
        mentors=tuple(mentors),
        next_milestone=open_ones[0] if open_ones else None,
        met=sum(one.state == MET for one in residency.milestones),
        is_late=any(one.state == PLANNED and one.due_at < at for one in open_ones),
        to_confirm=sum(one.state == REPORTED for one in open_ones),
        last=logged[-1] if logged else None,
        upcoming=upcoming[0] if upcoming else None,
    )


def own_mentorships(actor: Actor) -> list[Mentorship]:
    """Return the teams that the actor mentors now."""
    return list(
        session().scalars(
            select(Mentorship)
            .join(Mentor, Mentor.id == Mentorship.mentor_id)
            .where(Mentor.person_id == actor.person_id, Mentorship.state == ACTIVE)
            .options(
                joinedload(Mentorship.residency).joinedload(Residency.entry).joinedload(Entry.sector),
                joinedload(Mentorship.residency).joinedload(Residency.incubator),
                joinedload(Mentorship.residency).joinedload(Residency.contest),
            )
            .order_by(Mentorship.since)
        )
    )


@read_once
def is_mentor(actor: Actor) -> bool:
    """Whether the actor is a mentor of some contest."""
    if actor.person_id is None:
        return False
    return bool(session().scalar(select(select(Mentor.id).where(Mentor.person_id == actor.person_id).exists())))


def manages_residents(actor: Actor) -> bool:
    """Whether an incubator of the actor has (or had) teams."""
    incubators = actor.scopes(MANAGER, ORGANISATION)
    if not incubators:
        return False
    return bool(session().scalar(select(select(Residency.id).where(Residency.incubator_id.in_(incubators)).exists())))


def mentor_sessions(actor: Actor, at: datetime) -> tuple[list[MentoringSession], list[MentoringSession]]:
    """Return the actor's own sessions as a mentor: those to come, and those begun that nobody logged yet."""
    found = list(
        session().scalars(
            select(MentoringSession)
            .join(Mentorship, Mentorship.id == MentoringSession.mentorship_id)
            .join(Mentor, Mentor.id == Mentorship.mentor_id)
            .where(Mentor.person_id == actor.person_id, MentoringSession.state == BOOKED)
            .options(*with_team())
            .order_by(MentoringSession.starts_at)
        )
    )
    return [one for one in found if one.starts_at > at], [one for one in found if one.starts_at <= at]


@dataclass(frozen=True, slots=True)
class OwnResidency:
    """A residency of the actor's team with what comes next."""

    residency: Residency
    upcoming: MentoringSession | None
    next_milestone: Milestone | None


def own_residencies(actor: Actor, at: datetime) -> list[OwnResidency]:
    """Return the residencies of the teams that the actor is on."""
    own = [one.entry_id for one in teams_of_person(actor.person_id) if one.state != DRAFT]
    if not own:
        return []
    found = list(
        session().scalars(
            select(Residency)
            .where(Residency.entry_id.in_(own))
            .options(joinedload(Residency.entry), joinedload(Residency.incubator), selectinload(Residency.milestones))
            .order_by(Residency.id)
        )
    )
    sessions = _sessions([one.id for one in found])
    rows = [_row(one, [], sessions.get(one.id, []), at) for one in found]
    return [OwnResidency(row.residency, row.upcoming, row.next_milestone) for row in rows]


def funnel_counts(contest_ids: Sequence[int]) -> dict[str, int]:
    """Return aggregates for officers and reports.

    Residencies by state, ``sessions`` held, ``milestones_met``, mentors with a team, and the newest figures of
    every team added up (customers, jobs, revenue_vnd).
    """
    counts: dict[str, int] = {}
    for state, count in session().execute(
        select(Residency.state, func.count()).where(Residency.contest_id.in_(contest_ids)).group_by(Residency.state)
    ):
        counts[state] = count
    counts["residencies"] = sum(counts.values())
    counts["sessions"] = _count(
        select(func.count())
        .select_from(MentoringSession)
        .join(Mentorship, Mentorship.id == MentoringSession.mentorship_id)
        .join(Residency, Residency.id == Mentorship.residency_id)
        .where(Residency.contest_id.in_(contest_ids), MentoringSession.state == HELD)
    )
    counts["milestones_met"] = _count(
        select(func.count())
        .select_from(Milestone)
        .join(Residency, Residency.id == Milestone.residency_id)
        .where(Residency.contest_id.in_(contest_ids), Milestone.state == MET)
    )
    counts["mentors"] = _count(
        select(func.count(func.distinct(Mentorship.mentor_id)))
        .join(Residency, Residency.id == Mentorship.residency_id)
        .where(Residency.contest_id.in_(contest_ids))
    )
    return counts | latest_figures(contest_ids)


def latest_figures(contest_ids: Sequence[int]) -> dict[str, int]:
    """Return the newest figure of every team added up, by key."""
    newest = (
        select(
            ProgressFigure.residency_id.label("residency_id"),
            ProgressFigure.key.label("key"),
            func.max(ProgressFigure.at).label("at"),
        )
        .join(Residency, Residency.id == ProgressFigure.residency_id)
        .where(Residency.contest_id.in_(contest_ids))
        .group_by(ProgressFigure.residency_id, ProgressFigure.key)
        .subquery()
    )
    rows = session().execute(
        select(ProgressFigure.key, func.sum(ProgressFigure.value))
        .join(
            newest,
            (newest.c.residency_id == ProgressFigure.residency_id)
            & (newest.c.key == ProgressFigure.key)
            & (newest.c.at == ProgressFigure.at),
        )
        .group_by(ProgressFigure.key)
    )
    return {key: int(total) for key, total in rows}


def _count(statement: Any) -> int:
    return int(session().scalar(statement) or 0)


DUE_SOON = timedelta(days=7)


def milestones_due(at: datetime) -> list[Milestone]:
    """Return the planned milestones of active teams that are due within 7 days or late."""
    return list(
        session().scalars(
            select(Milestone)
            .join(Residency, Residency.id == Milestone.residency_id)
            .where(Milestone.state == PLANNED, Milestone.due_at <= at + DUE_SOON, Residency.state == ACTIVE)
            .options(
                joinedload(Milestone.residency).joinedload(Residency.entry),
                joinedload(Milestone.residency).joinedload(Residency.contest),
            )
            .order_by(Milestone.id)
        )
    )


def sessions_soon(at: datetime, within: timedelta) -> list[MentoringSession]:
    """Return the booked sessions that begin within a span from ``at``."""
    return list(
        session().scalars(
            select(MentoringSession)
            .where(
                MentoringSession.state == BOOKED,
                MentoringSession.starts_at > at,
                MentoringSession.starts_at <= at + within,
            )
            .options(*with_team())
            .order_by(MentoringSession.starts_at)
        )
    )


def graduated_between(first: datetime, last: datetime) -> list[Residency]:
    """Return the residencies that ended by graduation in a span of time."""
    return list(
        session().scalars(
            select(Residency)
            .where(Residency.state == "graduated", Residency.ended_at > first, Residency.ended_at <= last)
            .options(joinedload(Residency.entry), joinedload(Residency.contest), joinedload(Residency.incubator))
            .order_by(Residency.id)
        )
    )
