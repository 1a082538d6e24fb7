"""Reads of mentors' hours: what is stated, what is still open, what a month still holds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from sqlalchemy import or_, select

from compapp.core.actor import Actor
from compapp.core.clock import local
from compapp.core.db import session
from compapp.incubation import hours as arithmetic
from compapp.incubation.hours import WHOLE_DAY, Hours, Span, month_of
from compapp.incubation.lifecycle import CANCELLED, MISSED
from compapp.incubation.models import DayHours, HeldMinute, Mentor, MentoringSession, Mentorship, WeeklyHours
from compapp.incubation.policy import DayFacts


def week_of(person_id: int) -> list[WeeklyHours]:
    """Return the hours that a mentor keeps every week, in order."""
    return list(
        session().scalars(
            select(WeeklyHours)
            .where(WeeklyHours.person_id == person_id)
            .order_by(WeeklyHours.weekday, WeeklyHours.begins)
        )
    )


def days_of(person_id: int, since: date) -> list[DayHours]:
    """Return the days from ``since`` on that differ from the week, in order."""
    return list(
        session().scalars(
            select(DayHours)
            .where(DayHours.person_id == person_id, DayHours.day >= since)
            .order_by(DayHours.day, DayHours.begins, DayHours.id)
        )
    )


def hours_of(person_id: int, at: datetime) -> Hours:
    """Return a mentor's hours from the day of ``at`` on."""
    week: dict[int, list[Span]] = {}
    for one in week_of(person_id):
        week.setdefault(one.weekday, []).append((one.begins, one.ends))
    days: dict[date, list[Span]] = {}
    for day in days_of(person_id, local(at).date()):
        spans = days.setdefault(day.day, [])
        if day.begins is not None:
            spans.append((day.begins, day.ends if day.ends is not None else WHOLE_DAY))
    return Hours(week, days)


def minutes_given(mentor_id: int, *, besides: int | None = None) -> dict[tuple[int, int], int]:
    """Return how many minutes of sessions a mentor gives, by local year and month.

    Cancelled sessions and those that the mentor missed do not count; ``besides`` leaves one session out.
    """
    return _minutes_of([mentor_id], besides)[mentor_id]


def _minutes_of(mentor_ids: Collection[int], besides: int | None = None) -> dict[int, dict[tuple[int, int], int]]:
    found: dict[int, dict[tuple[int, int], int]] = {mentor_id: {} for mentor_id in mentor_ids}
    statement = (
        select(Mentorship.mentor_id, MentoringSession.id, MentoringSession.starts_at, MentoringSession.minutes)
        .join(Mentorship, Mentorship.id == MentoringSession.mentorship_id)
        .where(
            Mentorship.mentor_id.in_(found),
            MentoringSession.state != CANCELLED,
            or_(MentoringSession.state != MISSED, MentoringSession.missed_by != "mentor"),
        )
    )
    for mentor_id, session_id, starts_at, minutes in session().execute(statement):
        if session_id != besides:
            month, given = month_of(starts_at), found[mentor_id]
            given[month] = given.get(month, 0) + minutes
    return found


def minutes_left(mentor: Mentor, *, besides: int | None = None) -> dict[tuple[int, int], int]:
    """Return what a mentor still gives in each month that holds a session."""
    given = minutes_given(mentor.id, besides=besides)
    return {month: mentor.hours_per_month * 60 - minutes for month, minutes in given.items()}


@dataclass(frozen=True, slots=True)
class FreeDay:
    """A local day with the starts that are open on it."""

    day: date
    starts: tuple[datetime, ...]


def free_days(mentorship: Mentorship, minutes: int, at: datetime, *, besides: int | None = None) -> list[FreeDay]:
    """Return when a team can meet its mentor for so many minutes in the coming weeks.

    Within the mentor's hours and monthly promise, and where neither is in another session; ``besides`` is a session
    whose own time counts as open.
    """
    mentor = mentorship.mentor
    starts = arithmetic.free_starts(
        hours_of(mentor.person_id, at),
        minutes,
        at=at,
        busy=_busy(mentorship, at, besides),
        left=minutes_left(mentor, besides=besides),
        limit=mentor.hours_per_month * 60,
    )
    return [FreeDay(day, tuple(group)) for day, group in groupby(starts, lambda one: local(one).date())]


def _busy(mentorship: Mentorship, at: datetime, besides: int | None) -> frozenset[int]:
    first = int(at.astimezone(UTC).timestamp() // 60)
    last = int((at + arithmetic.AHEAD + timedelta(days=2)).timestamp() // 60)
    statement = select(HeldMinute.minute).where(
        or_(
            HeldMinute.mentor_person_id == mentorship.mentor.person_id,
            HeldMinute.residency_id == mentorship.residency_id,
        ),
        HeldMinute.minute.between(first, last),
    )
    if besides is not None:
        statement = statement.where(HeldMinute.session_id != besides)
    return frozenset(session().scalars(statement))


def mentors_of_person(person_id: int) -> list[Mentor]:
    """Return the person's places as a mentor, one for each contest."""
    return list(session().scalars(select(Mentor).where(Mentor.person_id == person_id).order_by(Mentor.id)))


def promises(person_id: int, at: datetime) -> list[Mapping[str, int]]:
    """Return for each contest the hours a month and the minutes given this month."""
    month, mentors = month_of(at), mentors_of_person(person_id)
    given = _minutes_of([one.id for one in mentors])
    return [{"hours": one.hours_per_month, "minutes": given[one.id].get(month, 0)} for one in mentors]


def day_facts(actor: Actor, day_id: int) -> DayFacts | None:
    """Load whose day this is; None for anybody else."""
    found = session().get(DayHours, day_id)
    return DayFacts(found.id, found.day) if found is not None and found.person_id == actor.person_id else None
