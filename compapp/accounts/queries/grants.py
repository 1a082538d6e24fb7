"""Which roles a person holds: memberships here, and what the rooms above add."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Integer, Select, and_, bindparam, or_, select, union_all
from sqlalchemy.orm import joinedload

from compapp.accounts.models import Membership, Person
from compapp.core import clock
from compapp.core.actor import ORGANISATION, PLATFORM, Actor, Grant
from compapp.core.db import session

GrantSource = Callable[[int], Select[str, str, int | None]]

_sources: list[GrantSource] = []


def register_grants(source: GrantSource) -> None:
    """Let ``source(person_id)`` select role, scope and scope id of the grants that a room above keeps.

    Called by ``app`` only.
    """
    if source not in _sources:
        _sources.append(source)


def added_grants(person_id: int) -> frozenset[Grant]:
    """Return what the registered sources add, in one query for all."""
    if not _sources:
        return frozenset()
    rows = session().execute(_added(tuple(_sources)), {"person_id": person_id})
    return frozenset(Grant(role, scope, scope_id) for role, scope, scope_id in rows)


@cache
def _added(sources: tuple[GrantSource, ...]) -> CompoundSelect[str, str, int | None]:
    """Return the statement that asks all sources, made once: every request asks it."""
    person_id: Any = bindparam("person_id", type_=Integer())
    return union_all(*(source(person_id) for source in sources))


def holds_at(at: datetime) -> ColumnElement[bool]:
    """Return the condition under which a membership counts at ``at``."""
    return and_(Membership.since <= at, or_(Membership.until.is_(None), Membership.until > at))


def as_grant(role: str, organisation_id: int | None) -> Grant:
    """Return the grant that a membership gives."""
    if organisation_id is None:
        return Grant(role, PLATFORM, None)
    return Grant(role, ORGANISATION, organisation_id)


def memberships_of(person_id: int, *, at: datetime | None = None) -> Sequence[Membership]:
    """Return the roles in force (now, or at ``at``) with their organisations."""
    statement = (
        select(Membership)
        .where(Membership.person_id == person_id, holds_at(at or clock.now()))
        .options(joinedload(Membership.organisation))
        .order_by(Membership.organisation_id, Membership.role)
    )
    return session().scalars(statement).all()


def grants_of(person_id: int) -> frozenset[Grant]:
    """Return every grant of a person at this moment."""
    rows = session().execute(
        select(Membership.role, Membership.organisation_id).where(
            Membership.person_id == person_id, holds_at(clock.now())
        )
    )
    return frozenset(as_grant(role, organisation_id) for role, organisation_id in rows) | added_grants(person_id)


def actor_for(person_id: int) -> Actor:
    """Return the person as an actor (for jobs and commands); a visitor where there is none or it is inactive."""
    found = session().get(Person, person_id)
    if found is None or not found.active:
        return Actor.anonymous()
    return Actor(found.id, found.name, found.email, found.locale, grants_of(found.id))
