"""Reads of organisations, of who holds which role in them, and of ties between people."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from compapp.accounts.models import Membership, Organisation, Person
from compapp.accounts.policy import MANAGER, REPRESENTATIVE, OrganisationFacts
from compapp.accounts.queries.grants import holds_at
from compapp.core import clock
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.paging import Page, paginate
from compapp.core.text import fold


def organisation(organisation_id: int) -> Organisation | None:
    """Return an organisation."""
    return session().get(Organisation, organisation_id)


def organisations(ids: Iterable[int]) -> dict[int, Organisation]:
    """Return organisations by id, in one query."""
    found = session().scalars(select(Organisation).where(Organisation.id.in_(set(ids))))
    return {one.id: one for one in found}


def organisation_named(kind: str, name_vi: str) -> Organisation | None:
    """Return the organisation of this kind and name, marks and case aside."""
    statement = select(Organisation).where(Organisation.kind == kind, Organisation.name_fold == fold(name_vi)[:300])
    return session().scalars(statement.order_by(Organisation.id).limit(1)).one_or_none()


def organisations_by_kind(*kinds: str) -> Sequence[Organisation]:
    """Return the organisations of these kinds (all without one) in Vietnamese order."""
    statement = select(Organisation).order_by(Organisation.name_sort, Organisation.id)
    return session().scalars(statement.where(Organisation.kind.in_(kinds)) if kinds else statement).all()


def organisation_facts(_actor: Actor, organisation_id: int, **_rest: int) -> OrganisationFacts | None:
    """Return what the policies judge; nothing for an unknown organisation."""
    found = session().get(Organisation, organisation_id)
    return None if found is None else OrganisationFacts(found.id)


def organisations_page(search: str, number: int) -> Page:
    """Return one page of (organisation, number of people in it), searched without diacritics."""
    counted = (
        select(Membership.organisation_id, func.count(func.distinct(Membership.person_id)).label("people"))
        .where(holds_at(clock.now()))
        .group_by(Membership.organisation_id)
        .subquery()
    )
    statement = (
        select(Organisation, func.coalesce(counted.c.people, 0))
        .outerjoin(counted, counted.c.organisation_id == Organisation.id)
        .order_by(Organisation.name_sort, Organisation.id)
    )
    if search.strip():
        wanted = fold(search)
        statement = statement.where(
            or_(
                Organisation.name_fold.contains(wanted, autoescape=True),
                func.lower(Organisation.name_en).contains(wanted, autoescape=True),
            )
        )
    return paginate(statement, number)


def _members(organisation_id: int) -> Select[Membership]:
    return (
        select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.organisation_id == organisation_id, holds_at(clock.now()), Person.active)
        .options(joinedload(Membership.person))
        .order_by(Person.name_sort, Membership.role)
    )


def members_of(organisation_id: int, role: str | None = None) -> Sequence[Membership]:
    """Return the memberships in force (of one role, or all) with their people, by given name."""
    statement = _members(organisation_id)
    return session().scalars(statement.where(Membership.role == role) if role else statement).all()


def members_page(organisation_id: int, number: int) -> Page:
    """Return one page of the memberships in force with their people."""
    return paginate(_members(organisation_id), number, scalars=True)


def _people_with(role: str, organisation_id: int | None) -> list[int]:
    statement = (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.role == role, holds_at(clock.now()), Person.active)
        .order_by(Membership.person_id)
    )
    if organisation_id is None:
        statement = statement.where(Membership.organisation_id.is_(None))
    else:
        statement = statement.where(Membership.organisation_id == organisation_id)
    return list(session().scalars(statement))


def representatives_of(organisation_id: int) -> list[int]:
    """Return the ids of who confirms and endorses for a school."""
    return _people_with(REPRESENTATIVE, organisation_id)


def managers_of(organisation_id: int) -> list[int]:
    """Return the ids of who leads a club or an incubator."""
    return _people_with(MANAGER, organisation_id)


def people_with_platform_role(role: str) -> list[int]:
    """Return the ids of administrators or officers."""
    return _people_with(role, None)
