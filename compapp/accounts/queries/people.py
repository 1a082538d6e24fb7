"""Reads of people: by id, by address, searched; their consents; how they are addressed."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import case, or_, select

from compapp.accounts.models import Consent, Membership, Person
from compapp.accounts.policy import ADVISOR, MEMBER, PersonFacts, clean_address
from compapp.accounts.queries.grants import holds_at
from compapp.core import clock
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.paging import Page, paginate
from compapp.core.text import fold, nfc


class FormOfAddress(StrEnum):
    """How a person is addressed: bạn + given name, Thầy/Cô, or Ông/Bà + full name."""

    STUDENT = "student"
    LECTURER = "lecturer"
    OFFICIAL = "official"


FormalSource = Callable[[Collection[int]], Iterable[int]]
DataSource = Callable[[int], Mapping[str, Sequence[Mapping[str, Any]]]]

_formal: list[FormalSource] = []
_data: list[DataSource] = []


def register_formal(source: FormalSource) -> None:
    """Let a room above say who is addressed as an official (judges, mentors): ids in, those among them out."""
    if source not in _formal:
        _formal.append(source)


def register_personal_data(source: DataSource) -> None:
    """Let a room above list what it keeps about a person, for "my data": heading (msgid) to plain rows."""
    if source not in _data:
        _data.append(source)


def personal_data(person_id: int) -> dict[str, Sequence[Mapping[str, Any]]]:
    """Return what the rooms above keep about a person."""
    return {heading: rows for source in _data for heading, rows in source(person_id).items() if rows}


def person(person_id: int) -> Person | None:
    """Return a person."""
    return session().get(Person, person_id)


def person_by_email(email: str) -> Person | None:
    """Return the person with this address, as main or as second one."""
    address = clean_address(email)
    statement = select(Person).where(or_(Person.email == address, Person.second_email == address))
    return session().scalars(statement.order_by(case((Person.email == address, 0), else_=1)).limit(1)).one_or_none()


def people_by_emails(emails: Collection[str]) -> dict[str, Person]:
    """Return people by address (as it is stored), main or second, in one query."""
    found = session().scalars(select(Person).where(or_(Person.email.in_(emails), Person.second_email.in_(emails))))
    by_address = {address: one for one in found for address in (one.second_email, one.email) if address}
    return {address: one for address, one in by_address.items() if address in emails}


def person_facts(_actor: Actor, person_id: int, **_rest: int) -> PersonFacts | None:
    """Return what the policies judge; nothing for an unknown person."""
    found = session().scalar(select(Person.id).where(Person.id == person_id))
    return None if found is None else PersonFacts(found)


def people(ids: Iterable[int]) -> dict[int, Person]:
    """Return people by id, in one query."""
    return {one.id: one for one in session().scalars(select(Person).where(Person.id.in_(set(ids))))}


def people_page(search: str, number: int) -> tuple[Page, dict[int, list[Membership]]]:
    """Return one page of people, and the roles of those on it.

    The search ignores diacritics and puts those who match with them first.
    """
    statement = select(Person)
    if search.strip():
        wanted = fold(search)
        matches = Person.name_fold.contains(wanted, autoescape=True)
        statement = statement.where(or_(matches, Person.email.contains(wanted, autoescape=True)))
        exact = Person.name.icontains(nfc(search).strip(), autoescape=True)
        statement = statement.order_by(case((exact, 0), else_=1))
    page = paginate(statement.order_by(Person.name_sort, Person.id), number, scalars=True)
    return page, _roles_of([one.id for one in page.rows])


def _roles_of(ids: Collection[int]) -> dict[int, list[Membership]]:
    found: dict[int, list[Membership]] = {one: [] for one in ids}
    statement = select(Membership).where(Membership.person_id.in_(ids), holds_at(clock.now())).order_by(Membership.id)
    for membership in session().scalars(statement):
        found[membership.person_id].append(membership)
    return found


def consents_of(person_id: int) -> Sequence[Consent]:
    """Return every consent that was given, withdrawn ones too, the newest first."""
    statement = select(Consent).where(Consent.person_id == person_id)
    return session().scalars(statement.order_by(Consent.given_at.desc(), Consent.id.desc())).all()


def demonstration_accounts_active() -> bool:
    """Whether anybody could sign in as a made-up person."""
    statement = select(Person.id).where(Person.demonstration, Person.active, Person.password_hash.is_not(None))
    return session().scalar(statement.limit(1)) is not None


def forms_of_address(ids: Collection[int]) -> dict[int, FormOfAddress]:
    """Return how each of these people is addressed, in a fixed number of queries."""
    found = dict.fromkeys(ids, FormOfAddress.STUDENT)
    statement = select(Membership.person_id, Membership.role).where(
        Membership.person_id.in_(ids), Membership.role != MEMBER, holds_at(clock.now())
    )
    for person_id, role in session().execute(statement):
        if role != ADVISOR:
            found[person_id] = FormOfAddress.OFFICIAL
        elif found[person_id] is FormOfAddress.STUDENT:
            found[person_id] = FormOfAddress.LECTURER
    for source in _formal:
        found.update(dict.fromkeys(source(ids), FormOfAddress.OFFICIAL))
    return found
