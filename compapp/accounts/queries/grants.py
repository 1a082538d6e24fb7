"""Which roles a person holds: memberships here, and what the rooms above add."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, bindparam, case, or_, select, union_all
from sqlalchemy.orm import joinedload

from compapp.accounts.models import Membership, Person
from compapp.core import clock
from compapp.core.actor import ORGANISATION, PLATFORM, Actor, Grant
from compapp.core.db import session
from compapp.core.types import UtcDateTime

GrantSource = Callable[[Any], Select[str, str, int | None]]
"""Of a person (an id, or a column or subquery that gives it): role, scope and scope id of the grants held."""

_AT: Any = bindparam("at", type_=UtcDateTime())
_sources: list[GrantSource] = []


def register_grants(source: GrantSource) -> None:
    """Let ``source`` select the grants that a room above keeps; called by ``app`` only."""
    if source not in _sources:
        _sources.append(source)


def holds_at(at: datetime) -> ColumnElement[bool]:
    """Return the condition under which a membership counts at ``at``."""
    return and_(Membership.since <= at, or_(Membership.until.is_(None), Membership.until > at))


def select_grants(person_id: Any) -> CompoundSelect[str, str, int | None]:
    """Select all grants of a person at the moment bound as ``at``: memberships, and what the rooms above add."""
    scope = case((Membership.organisation_id.is_(None), PLATFORM), else_=ORGANISATION)
    own = select(Membership.role.label("role"), scope.label("scope"), Membership.organisation_id.label("scope_id"))
    return union_all(
        own.where(Membership.person_id == person_id, holds_at(_AT)), *(source(person_id) for source in _sources)
    )


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
    rows = session().execute(select_grants(person_id), {"at": clock.now()})
    return frozenset(Grant(role, scope, scope_id) for role, scope, scope_id in rows)


def actor_for(person_id: int) -> Actor:
    """Return the person as an actor (for jobs and commands); a visitor where there is none or it is inactive."""
    found = session().get(Person, person_id)
    if found is None or not found.active:
        return Actor.anonymous()
    return Actor(found.id, found.name, found.email, found.locale, grants_of(found.id))
