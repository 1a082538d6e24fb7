"""A mentor's hours: stated for the week, changed for a day, and kept to when a team books."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select

from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.clock import local
from compapp.core.db import session
from compapp.core.errors import Invalid, Sentence
from compapp.core.text import N_
from compapp.incubation import policy, queries
from compapp.incubation.hours import NOTICE, WHOLE_DAY, month_of
from compapp.incubation.models import DayHours, Mentor, WeeklyHours
from compapp.placement.services.rights import must

SHORTEST_SPAN = 30
"""Minutes that hours must last to be of use."""
MOST_DAYS = 200
FARTHEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Span:
    """Hours from ``begins`` to ``ends`` (local minutes of the day) on ``weekday``; ``key`` names the form's field."""

    weekday: int
    begins: int
    ends: int
    key: str = ""


def state_week(spans: Sequence[Span], *, actor: Actor, at: datetime) -> None:
    """Replace the hours that a mentor keeps every week; sessions that are booked stay.

    Raises Refused for whom is no mentor, Invalid (by each span's ``key``) for hours that end before they begin, last
    less than half an hour, or overlap.
    """
    must(policy.is_mentor(actor))
    person_id = actor.person_id or 0
    _check_week(spans)
    session().execute(delete(WeeklyHours).where(WeeklyHours.person_id == person_id))
    session().add_all(
        WeeklyHours(person_id=person_id, weekday=one.weekday, begins=one.begins, ends=one.ends) for one in spans
    )
    session().flush()
    data = {"week": [[one.weekday, one.begins, one.ends] for one in spans]}
    audit.record("incubation.hours.state", ("person", person_id), actor=actor, at=at, data=data)


def _check_week(spans: Iterable[Span]) -> None:
    faults: dict[str, list[Sentence]] = {}
    before: Span | None = None
    for one in sorted(spans, key=lambda span: (span.weekday, span.begins)):
        fault = _fault(one.begins, one.ends)
        if fault is None and before is not None and before.weekday == one.weekday and one.begins < before.ends:
            fault = (N_("These hours overlap others of the same day."), {})
        if fault is not None:
            faults[one.key] = [fault]
        before = one
    if faults:
        raise Invalid(fields=faults)


def _fault(begins: int, ends: int) -> Sentence | None:
    if not 0 <= begins < ends <= WHOLE_DAY:
        return (N_("The end must come after the beginning."), {})
    if ends - begins < SHORTEST_SPAN:
        return (N_("Give at least %(minutes)s minutes."), {"minutes": SHORTEST_SPAN})
    return None


def state_day(day: date, begins: int | None, ends: int | None, *, actor: Actor, at: datetime) -> DayHours:
    """Say that a day differs from the week: away (no hours), or free at these hours instead.

    Being away replaces what was said of the day; hours are added to others of the day. Raises Refused for whom is no
    mentor, Invalid for a day that is over or too far away, and for hours that make no sense or overlap.
    """
    must(policy.is_mentor(actor))
    person_id, today = actor.person_id or 0, local(at).date()
    if not 0 <= (day - today).days <= FARTHEST_DAYS:
        raise Invalid(fields={"day": [(N_("Choose a day in the coming 12 months."), {})]})
    known = [one for one in queries.days_of(person_id, today) if one.day == day]
    if len(queries.days_of(person_id, today)) >= MOST_DAYS:
        raise Invalid(
            fields={"day": [(N_("There are %(most)s days already. Remove some first."), {"most": MOST_DAYS})]}
        )
    if begins is not None and ends is not None:
        fault = _fault(begins, ends)
        if fault is None and any(
            one.begins is not None and one.begins < ends and begins < (one.ends or WHOLE_DAY) for one in known
        ):
            fault = (N_("These hours overlap others of the same day."), {})
        if fault is not None:
            raise Invalid(fields={"ends": [fault]})
    for one in known:
        if begins is None or one.begins is None:
            session().delete(one)
    session().flush()
    made = DayHours(person_id=person_id, day=day, begins=begins, ends=ends)
    session().add(made)
    session().flush()
    data = {"day": day.isoformat(), "begins": begins, "ends": ends}
    audit.record("incubation.hours.state_day", ("person", person_id), actor=actor, at=at, data=data)
    return made


def forget_day(row: DayHours, *, actor: Actor, at: datetime) -> None:
    """Let a day be like the week again."""
    must(row.person_id == actor.person_id)
    data = {"day": row.day.isoformat(), "begins": row.begins, "ends": row.ends}
    audit.record("incubation.hours.forget_day", ("person", row.person_id), actor=actor, at=at, data=data)
    session().delete(row)
    session().flush()


def check_hours(
    mentor: Mentor, starts_at: datetime, minutes: int, *, by_team: bool, at: datetime, besides: int | None = None
) -> None:
    """Keep to what a mentor gives: so many hours a month for everybody, the stated hours when a team books.

    Raises Invalid on ``starts_at``. The mentor's row is locked, so that of many at once none goes over.
    """
    session().execute(select(Mentor.id).where(Mentor.id == mentor.id).with_for_update())
    given = queries.minutes_given(mentor.id, besides=besides).get(month_of(starts_at), 0)
    if given + minutes > mentor.hours_per_month * 60:
        there = local(starts_at)
        words = N_("The mentor gives %(hours)s hours a month, and they are taken in %(month)s. Choose another month.")
        values = {"hours": mentor.hours_per_month, "month": f"{there:%m/%Y}"}
        raise Invalid(fields={"starts_at": [(words, values)]})
    if not by_team:
        return
    hours = queries.hours_of(mentor.person_id, at)
    if hours.are_stated and (starts_at < at + NOTICE or not hours.cover(starts_at, minutes)):
        raise Invalid(fields={"starts_at": [(N_("The mentor is not free then. Choose one of the free times."), {})]})
