"""Reading what a person has attended: for the person, for lists of a term, and for entries that ask."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from compapp.accounts.models import Organisation, Person, StudentIdentity
from compapp.clubs.lifecycle import CANCELLED, OPEN, REGISTERED, TRAINING, WAITING
from compapp.clubs.models import Activity, Cohort, CohortMember, JoinRequest, Registration
from compapp.clubs.queries.clubs import studies_at
from compapp.clubs.terms import term_name
from compapp.core.actor import current_actor
from compapp.core.db import session
from compapp.core.formats import localized
from compapp.core.text import N_, sort_key


@dataclass(frozen=True, slots=True)
class Attended:
    """A class that somebody attended: what entries may know of it. ``topic`` is a key of ``lifecycle.TOPICS``."""

    person_id: int
    activity_id: int
    title: Mapping[str, str]
    topic: str
    club: Mapping[str, str]
    on: datetime


def training_of(person_ids: Collection[int]) -> dict[int, list[Attended]]:
    """Return the training that these people attended, the newest first, in one query; who has none is left out."""
    if not person_ids:
        return {}
    rows = session().execute(
        select(Registration.person_id, Activity.id, Activity.title, Activity.topic, Organisation, Activity.starts_at)
        .join(Activity, Activity.id == Registration.activity_id)
        .join(Organisation, Organisation.id == Activity.club_id)
        .where(
            Registration.person_id.in_(list(person_ids)),
            Registration.came_at.is_not(None),
            Activity.kind.in_(TRAINING),
            Activity.state != CANCELLED,
        )
        .order_by(Activity.starts_at.desc(), Activity.id)
    )
    found: dict[int, list[Attended]] = {}
    for person_id, activity_id, title, topic, club, starts_at in rows:
        found.setdefault(person_id, []).append(Attended(person_id, activity_id, title, topic, club.name, starts_at))
    return found


def attendance_of(person_id: int) -> Sequence[Registration]:
    """Return everything a person attended with activity and club, the newest first."""
    statement = _own(person_id).where(Registration.came_at.is_not(None), Activity.state != CANCELLED)
    return session().scalars(statement.order_by(Activity.starts_at.desc(), Activity.id)).all()


def coming_of_person(person_id: int, at: datetime) -> Sequence[Registration]:
    """Return a person's places and waits for activities that are not over, the first to begin first."""
    statement = _own(person_id).where(
        Registration.state.in_((REGISTERED, WAITING)), Activity.state == OPEN, Activity.ends_at > at
    )
    return session().scalars(statement.order_by(Activity.starts_at, Activity.id)).all()


def _own(person_id: int) -> Any:
    return (
        select(Registration)
        .join(Activity, Activity.id == Registration.activity_id)
        .join(Organisation, Organisation.id == Activity.club_id)
        .where(Registration.person_id == person_id)
        .options(contains_eager(Registration.activity).contains_eager(Activity.club))
    )


def memberships_of_person(person_id: int) -> Sequence[CohortMember]:
    """Return the cohorts a person is or was in with their clubs, the newest term first."""
    statement = (
        select(CohortMember)
        .join(Cohort, Cohort.id == CohortMember.cohort_id)
        .where(CohortMember.person_id == person_id)
        .options(contains_eager(CohortMember.cohort).joinedload(Cohort.club))
        .order_by(Cohort.term.desc(), CohortMember.id)
    )
    return session().scalars(statement).all()


def requests_of_person(person_id: int) -> Sequence[JoinRequest]:
    """Return a person's requests to join clubs, the newest first."""
    statement = select(JoinRequest).where(JoinRequest.person_id == person_id).options(joinedload(JoinRequest.club))
    return session().scalars(statement.order_by(JoinRequest.asked_at.desc())).all()


@dataclass(frozen=True, slots=True)
class Participant:
    """One line of the list that earns students their conduct points."""

    person_id: int
    name: str
    name_sort: str
    faculty: str
    class_name: str
    student_number: str
    attended: int
    late: int
    points: int
    titles: tuple[Mapping[str, str], ...]


def participants(cohort_id: int) -> list[Participant]:
    """Return who attended something in a term: by faculty, class and, within it, given name, in one query."""
    rows = session().execute(
        select(Person, StudentIdentity, Registration.is_late, Activity.points, Activity.title)
        .join(Registration, Registration.person_id == Person.id)
        .join(Activity, Activity.id == Registration.activity_id)
        .join(Organisation, Organisation.id == Activity.club_id)
        .outerjoin(StudentIdentity, studies_at(Person.id, Organisation.parent_id))
        .where(Activity.cohort_id == cohort_id, Activity.state != CANCELLED, Registration.came_at.is_not(None))
        .order_by(Activity.starts_at, Activity.id)
    )
    found: dict[int, tuple[Person, StudentIdentity | None, list[Any]]] = {}
    for person, record, is_late, points, title in rows:
        found.setdefault(person.id, (person, record, []))[2].append((is_late, points, title))
    return sorted((_participant(*one) for one in found.values()), key=_class_list_order)


def _participant(person: Person, record: StudentIdentity | None, times: list[Any]) -> Participant:
    return Participant(
        person_id=person.id,
        name=person.name,
        name_sort=person.name_sort,
        faculty=(record and record.faculty) or "",
        class_name=(record and record.class_name) or "",
        student_number=record.number if record else "",
        attended=len(times),
        late=sum(is_late for is_late, _points, _title in times),
        points=sum(points for _late, points, _title in times),
        titles=tuple(title for _late, _points, title in times),
    )


def _class_list_order(one: Participant) -> tuple[bool, str, str, str, int]:
    return (not one.faculty, sort_key(one.faculty), sort_key(one.class_name), one.name_sort, one.person_id)


def personal_data(person_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return what clubs keep about a person, under marked headings and labels (for "my data")."""
    locale = current_actor().locale
    return {
        N_("Clubs"): [
            {
                N_("Club"): localized(one.cohort.club.name, locale),
                N_("Term"): localized(term_name(one.cohort.term), locale),
                N_("Since"): one.joined_at,
            }
            for one in memberships_of_person(person_id)
        ],
        N_("What I attended"): [
            {
                N_("Activity"): localized(one.activity.title, locale),
                N_("When"): one.came_at,
                N_("Conduct points"): one.activity.points,
            }
            for one in attendance_of(person_id)
        ],
    }
