"""Reading activities: a club's, those open to a person, and who is registered for one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from compapp.accounts.models import Organisation, Person, StudentIdentity
from compapp.accounts.policy import clean_number
from compapp.clubs.lifecycle import (
    CANCELLED,
    HELD,
    OF_EVERYONE,
    OF_MEMBERS,
    OF_SCHOOL,
    OPEN,
    PLANNED,
    REGISTERED,
    WAITING,
    WITHDRAWN,
)
from compapp.clubs.models import Activity, Cohort, CohortMember, Registration
from compapp.clubs.policy import ActivityFacts, AttendanceFacts, may_look_after_activity, may_see_activity
from compapp.clubs.policy import may_see_attendance as sees_attendance
from compapp.clubs.queries.clubs import facts_of, studies_at
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import NotFound
from compapp.core.paging import Page, paginate
from compapp.core.text import N_, fold

PER_PAGE = 30
PEOPLE_PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """How a list of activities is narrowed; empty means all."""

    state: str = ""
    kind: str = ""
    cohort_id: int | None = None
    search: str = ""
    page: int = 1


def activity(activity_id: int) -> Activity:
    """Return an activity with its club; NotFound for an unknown one."""
    statement = select(Activity).where(Activity.id == activity_id)
    found = session().scalars(statement.options(joinedload(Activity.club), joinedload(Activity.cohort))).one_or_none()
    if found is None:
        raise NotFound(N_("There is no such activity."))
    return found


def activity_facts(actor: Actor, activity_id: int, **_more: Any) -> ActivityFacts | None:
    """Return what the policies judge; nothing for an activity that ``actor`` may not know of."""
    found = session().get(Activity, activity_id, options=[joinedload(Activity.club)])
    if found is None:
        return None
    facts = facts_about(actor, found)
    return facts if may_see_activity(actor, facts) else None


def inner_activity_facts(actor: Actor, activity_id: int, **_more: Any) -> ActivityFacts | None:
    """Return what the policies judge; nothing for who does not look after the club."""
    facts = activity_facts(actor, activity_id)
    return facts if facts is not None and may_look_after_activity(actor, facts) else None


def facts_about(actor: Actor, found: Activity) -> ActivityFacts:
    """Return what the policies judge of an activity at hand."""
    club = facts_of(actor, found.club, cohort_id=found.cohort_id)
    own = registration_of(found.id, actor.person_id) if actor.person_id is not None else None
    return ActivityFacts(
        activity_id=found.id,
        club=club,
        state=found.state,
        audience=found.audience,
        is_of_school=actor.person_id is not None and _is_of_school(actor.person_id, club.school_id),
        has_registration=own is not None,
    )


def _is_of_school(person_id: int, school_id: int | None) -> bool:
    return bool(session().scalar(select(exists().where(studies_at(person_id, school_id)))))


def registration_of(activity_id: int, person_id: int | None) -> Registration | None:
    """Return a person's registration for an activity, of whatever state."""
    statement = select(Registration).where(Registration.activity_id == activity_id, Registration.person_id == person_id)
    return session().scalars(statement).one_or_none()


def place_in_queue(registration: Registration) -> int:
    """Return which place on the waiting list a registration has, the first being 1."""
    before = select(func.count()).where(
        Registration.activity_id == registration.activity_id,
        Registration.state == WAITING,
        or_(
            Registration.queued_at < registration.queued_at,
            and_(Registration.queued_at == registration.queued_at, Registration.id < registration.id),
        ),
    )
    return 1 + (session().scalar(before.select_from(Registration)) or 0)


def waiting_count(activity_id: int) -> int:
    """Return how many people wait for a place."""
    statement = select(func.count()).where(Registration.activity_id == activity_id, Registration.state == WAITING)
    return session().scalar(statement.select_from(Registration)) or 0


def _waiting() -> Any:
    """Return how many wait for the activity at hand, as a column."""
    return (
        select(func.count())
        .where(Registration.activity_id == Activity.id, Registration.state == WAITING)
        .correlate(Activity)
        .scalar_subquery()
    )


def activities_page(club_id: int, wanted: ActivityFilter) -> Page:
    """Return one page of (activity, how many wait) of a club, the newest first."""
    statement = (
        select(Activity, _waiting())
        .where(Activity.club_id == club_id)
        .options(joinedload(Activity.cohort))
        .order_by(Activity.starts_at.desc(), Activity.id.desc())
    )
    if wanted.cohort_id is not None:
        statement = statement.where(Activity.cohort_id == wanted.cohort_id)
    return paginate(_narrowed(statement, wanted), wanted.page, PER_PAGE)


def _narrowed(statement: Any, wanted: ActivityFilter) -> Any:
    if wanted.state:
        statement = statement.where(Activity.state == wanted.state)
    if wanted.kind:
        statement = statement.where(Activity.kind == wanted.kind)
    searched = fold(wanted.search)[:100]
    if searched:
        statement = statement.where(Activity.title_fold.contains(searched, autoescape=True))
    return statement


def coming_of(club_id: int, at: datetime, most: int = 4) -> Sequence[Activity]:
    """Return a club's next activities that are not over, the first to begin first, those in preparation too."""
    statement = (
        select(Activity)
        .where(Activity.club_id == club_id, Activity.state.in_((PLANNED, OPEN)), Activity.ends_at > at)
        .order_by(Activity.starts_at, Activity.id)
        .limit(most)
    )
    return session().scalars(statement).all()


def to_conclude(club_ids: Collection[int], at: datetime) -> Sequence[Activity]:
    """Return the activities of these clubs that are over and whose attendance has not been closed."""
    statement = (
        select(Activity)
        .where(Activity.club_id.in_(club_ids), Activity.state == OPEN, Activity.ends_at <= at)
        .order_by(Activity.ends_at, Activity.id)
    )
    return session().scalars(statement).all()


def public_activities(club_id: int, at: datetime) -> Sequence[Activity]:
    """Return what a club offers to more than its members, still to begin, the first first."""
    statement = (
        select(Activity)
        .where(
            Activity.club_id == club_id,
            Activity.state == OPEN,
            Activity.audience != OF_MEMBERS,
            Activity.starts_at > at,
        )
        .order_by(Activity.starts_at, Activity.id)
    )
    return session().scalars(statement).all()


def held_count(club_id: int) -> int:
    """Return how many activities a club has held."""
    statement = select(func.count()).where(Activity.club_id == club_id, Activity.state == HELD)
    return session().scalar(statement.select_from(Activity)) or 0


def open_activities_page(actor: Actor, wanted: ActivityFilter, at: datetime) -> Page:
    """Return one page of (activity, school) that are open to ``actor`` and still to begin, the first to begin first."""
    school = aliased(Organisation)
    club = aliased(Organisation)
    statement = (
        select(Activity, school)
        .join(club, club.id == Activity.club_id)
        .outerjoin(school, school.id == club.parent_id)
        .where(Activity.state == OPEN, Activity.starts_at > at, _meant_for(actor, club))
        .options(contains_eager(Activity.club, alias=club))
        .order_by(Activity.starts_at, Activity.id)
    )
    return paginate(_narrowed(statement, wanted), wanted.page, PER_PAGE)


def _meant_for(actor: Actor, club: Any) -> Any:
    """Return the condition that an activity is meant for ``actor``: of the club, of the school, or everybody."""
    if actor.person_id is None:
        return Activity.audience.in_((OF_EVERYONE, OF_SCHOOL))
    in_club = exists().where(
        Cohort.club_id == Activity.club_id,
        CohortMember.cohort_id == Cohort.id,
        CohortMember.person_id == actor.person_id,
        CohortMember.left_at.is_(None),
    )
    of_school = exists().where(studies_at(actor.person_id, club.parent_id))
    return or_(Activity.audience == OF_EVERYONE, in_club, and_(Activity.audience == OF_SCHOOL, of_school))


def people_page(activity_id: int, search: str, number: int, *, state: str = "") -> Page:
    """Return one page of (registration, where they study): registered first by given name, then the waiting list."""
    statement = _people(activity_id)
    if state:
        statement = statement.where(Registration.state == state)
    wanted = fold(search)[:100]
    if wanted:
        statement = statement.where(Person.name_fold.contains(wanted, autoescape=True))
    return paginate(statement, number, PEOPLE_PER_PAGE)


def attendance_rows(activity_id: int) -> Sequence[Any]:
    """Return (registration, where they study) of everybody who registered or came, by given name."""
    return session().execute(_people(activity_id)).all()


def _people(activity_id: int) -> Select[Registration, StudentIdentity]:
    return (
        select(Registration, StudentIdentity)
        .join(Person, Person.id == Registration.person_id)
        .join(Activity, Activity.id == Registration.activity_id)
        .join(Organisation, Organisation.id == Activity.club_id)
        .outerjoin(StudentIdentity, studies_at(Person.id, Organisation.parent_id))
        .where(Registration.activity_id == activity_id, Registration.state != WITHDRAWN)
        .options(contains_eager(Registration.person))
        .order_by(Registration.state, Person.name_sort, Person.id)
    )


def _in_club(found: Activity) -> Any:
    """Return the condition that a person is or was in the club that holds the activity."""
    return exists().where(
        Cohort.club_id == found.club_id, CohortMember.cohort_id == Cohort.id, CohortMember.person_id == Person.id
    )


def _has_number(found: Activity, number: str) -> Any:
    """Return the condition that a person has said to have this student number at the club's school."""
    return exists().where(
        studies_at(Person.id, found.club.parent_id), StudentIdentity.number_fold == clean_number(number)
    )


def belongs(found: Activity, person_id: int, *, number: str = "") -> bool:
    """Whether a person is or was in the club that holds the activity, or has this number at its school."""
    inside = or_(_in_club(found), _has_number(found, number)) if clean_number(number) else _in_club(found)
    statement = select(Person.id).where(Person.id == person_id, Person.active, inside)
    return session().scalar(statement) is not None


def people_to_find(found: Activity, search: str, most: int = 8) -> Sequence[Person]:
    """Return people who have not come, to be ticked as walk-ins: of the club by name, of its school by their number.

    Who is not in the club is found by the whole student number alone, which they say on the spot: names of a school's
    students are not for searching.
    """
    wanted = fold(search)[:100]
    if len(wanted) < 2:
        return []
    here = exists().where(
        Registration.activity_id == found.id,
        Registration.person_id == Person.id,
        or_(Registration.came_at.is_not(None), Registration.state == REGISTERED),
    )
    by_name = and_(Person.name_fold.contains(wanted, autoescape=True), _in_club(found))
    known = or_(by_name, _has_number(found, search)) if clean_number(search) else by_name
    statement = select(Person).where(Person.active, known, ~here).order_by(Person.name_sort, Person.id)
    return session().scalars(statement.limit(most)).all()


def registered_ids(activity_id: int, *states: str) -> list[int]:
    """Return the people whose registration is in one of these states (registered without one)."""
    statement = select(Registration.person_id).where(
        Registration.activity_id == activity_id, Registration.state.in_(states or (REGISTERED,))
    )
    return list(session().scalars(statement.order_by(Registration.person_id)))


def to_remind(at: datetime, until: datetime) -> Sequence[Activity]:
    """Return the open activities that begin between two moments, with their clubs."""
    statement = select(Activity).where(Activity.state == OPEN, Activity.starts_at > at, Activity.starts_at <= until)
    return session().scalars(statement.options(joinedload(Activity.club)).order_by(Activity.starts_at)).all()


def attendance_facts(actor: Actor, registration_id: int, **_more: Any) -> AttendanceFacts | None:
    """Return what the policies judge; nothing for an attendance that ``actor`` may not know of."""
    found = session().get(
        Registration, registration_id, options=[joinedload(Registration.activity).joinedload(Activity.club)]
    )
    if found is None or found.came_at is None:
        return None
    facts = AttendanceFacts(found.id, found.person_id, facts_of(actor, found.activity.club))
    return facts if sees_attendance(actor, facts) else None


def attendance(registration_id: int) -> Registration:
    """Return one person's attendance with activity, club and person; NotFound where nobody came."""
    statement = select(Registration).where(Registration.id == registration_id, Registration.came_at.is_not(None))
    return _one_attendance(statement)


def attendance_by_certificate(certificate: str) -> Registration | None:
    """Return the attendance that a printed certificate names."""
    statement = select(Registration).where(Registration.certificate == certificate, Registration.came_at.is_not(None))
    try:
        return _one_attendance(statement)
    except NotFound:
        return None


def _one_attendance(statement: Select[Registration]) -> Registration:
    found = (
        session()
        .scalars(
            statement.options(
                joinedload(Registration.activity).joinedload(Activity.club), joinedload(Registration.person)
            )
        )
        .one_or_none()
    )
    if found is None or found.activity.state == CANCELLED:
        raise NotFound(N_("There is no such certificate."))
    return found


def miscounted() -> Sequence[tuple[int, int, int, int, int]]:
    """Return (activity, taken, came, registered, present) where the kept counts disagree with the registrations.

    A walk-in may sit on the seat of somebody who did not come, and then takes no place of its own.
    """
    had_place = Registration.state == REGISTERED
    counted = (
        select(
            Registration.activity_id,
            func.sum(case((had_place, 1), else_=0)).label("registered"),
            func.sum(case((had_place & ~Registration.is_walk_in, 1), else_=0)).label("before"),
            func.count(Registration.came_at).label("present"),
        )
        .group_by(Registration.activity_id)
        .subquery()
    )
    registered, before, present = (
        func.coalesce(column, 0) for column in (counted.c.registered, counted.c.before, counted.c.present)
    )
    rows = session().execute(
        select(Activity.id, Activity.taken, Activity.came, registered, present)
        .outerjoin(counted, counted.c.activity_id == Activity.id)
        .where(or_(Activity.came != present, Activity.taken > registered, Activity.taken < before))
        .order_by(Activity.id)
    )
    return [(int(one), int(taken), int(came), int(has), int(here)) for one, taken, came, has, here in rows]
