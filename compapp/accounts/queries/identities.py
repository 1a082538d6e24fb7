"""Reads of student numbers: one's own, a school's to confirm, and who else says to have the same."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from compapp.accounts.lifecycle import CONFIRMED, REFUSED, STATED
from compapp.accounts.models import Person, StudentIdentity
from compapp.accounts.policy import clean_number
from compapp.core.db import session
from compapp.core.paging import Page, paginate
from compapp.core.text import fold


def identities_of(person_id: int) -> Sequence[StudentIdentity]:
    """Return what a person has said about their student numbers, with the schools, the newest first."""
    statement = select(StudentIdentity).where(StudentIdentity.person_id == person_id)
    statement = statement.options(joinedload(StudentIdentity.organisation))
    return session().scalars(statement.order_by(StudentIdentity.stated_at.desc(), StudentIdentity.id.desc())).all()


def identity(person_id: int, organisation_id: int) -> StudentIdentity | None:
    """Return who a person is at a school; nothing where they have not said so."""
    statement = select(StudentIdentity).where(
        StudentIdentity.person_id == person_id, StudentIdentity.organisation_id == organisation_id
    )
    return session().scalars(statement).one_or_none()


def standing_identity(person_id: int, organisation_id: int | None) -> StudentIdentity | None:
    """Return the same unless the school has refused it (for forms that ask class and number again)."""
    found = identity(person_id, organisation_id) if organisation_id is not None else None
    return None if found is None or found.state == REFUSED else found


def particulars(person_id: int, organisation_id: int | None) -> dict[str, str | None]:
    """Return class_name and student_number of a person at a school, for forms that would ask them again."""
    known = standing_identity(person_id, organisation_id)
    return {"class_name": known.class_name if known else None, "student_number": known.number if known else None}


def holder(organisation_id: int, number: str) -> StudentIdentity | None:
    """Return who holds this number confirmed at the school."""
    statement = select(StudentIdentity).where(
        StudentIdentity.organisation_id == organisation_id,
        StudentIdentity.number_fold == clean_number(number),
        StudentIdentity.state == CONFIRMED,
    )
    return session().scalars(statement.options(joinedload(StudentIdentity.person))).one_or_none()


def _of_school(organisation_id: int) -> Select[StudentIdentity]:
    return (
        select(StudentIdentity)
        .join(Person, Person.id == StudentIdentity.person_id)
        .where(StudentIdentity.organisation_id == organisation_id, Person.active)
        .options(joinedload(StudentIdentity.person))
        .order_by(Person.name_sort, StudentIdentity.id)
    )


def students(organisation_id: int, search: str = "", state: str = "") -> Select[StudentIdentity]:
    """Return the statement of a school's students, by given name; the search ignores diacritics."""
    statement = _of_school(organisation_id)
    if state:
        statement = statement.where(StudentIdentity.state == state)
    if search.strip():
        number = clean_number(search)
        found = Person.name_fold.contains(fold(search).strip(), autoescape=True)
        statement = statement.where(or_(found, StudentIdentity.number_fold.contains(number)) if number else found)
    return statement


def students_page(organisation_id: int, search: str, state: str, number: int) -> Page:
    """Return one page of a school's students with their people."""
    return paginate(students(organisation_id, search, state), number, 50, scalars=True)


def students_to_export(organisation_id: int, search: str, state: str) -> Sequence[StudentIdentity]:
    """Return all of them that match."""
    return session().scalars(students(organisation_id, search, state)).all()


def identities_at(organisation_id: int, ids: Collection[int]) -> Sequence[StudentIdentity]:
    """Return these of a school's rows; others' are left out."""
    statement = _of_school(organisation_id).where(StudentIdentity.id.in_(ids))
    return session().scalars(statement).all()


def identities_numbered(organisation_id: int, numbers: Collection[str]) -> Sequence[StudentIdentity]:
    """Return the rows of a school with one of these numbers (as they are compared), with their people."""
    statement = _of_school(organisation_id).where(StudentIdentity.number_fold.in_(numbers))
    return session().scalars(statement).all()


def contested_numbers(organisation_id: int, numbers: Collection[str]) -> frozenset[str]:
    """Return those numbers (as they are compared) that several people say to have."""
    statement = (
        select(StudentIdentity.number_fold)
        .where(
            StudentIdentity.organisation_id == organisation_id,
            StudentIdentity.number_fold.in_(numbers),
            StudentIdentity.state != REFUSED,
        )
        .group_by(StudentIdentity.number_fold)
        .having(func.count() > 1)
    )
    return frozenset(session().scalars(statement))


def waiting_students(organisation_ids: Collection[int]) -> dict[int, int]:
    """Return how many students of each school wait for its word; schools without one are left out."""
    if not organisation_ids:
        return {}
    statement = (
        select(StudentIdentity.organisation_id, func.count())
        .join(Person, Person.id == StudentIdentity.person_id)
        .where(StudentIdentity.organisation_id.in_(organisation_ids), StudentIdentity.state == STATED, Person.active)
        .group_by(StudentIdentity.organisation_id)
    )
    return {row[0]: row[1] for row in session().execute(statement).all()}
