"""Reads of schools: who speaks for which, the body above one that has nobody of its own included."""

from collections.abc import Sequence

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from compapp.accounts.models import Membership, Organisation, Person
from compapp.accounts.policy import REPRESENTATIVE, SCHOOL_KINDS, OrganisationFacts
from compapp.accounts.queries.grants import holds_at
from compapp.accounts.queries.organisations import organisations_by_kind
from compapp.core import clock
from compapp.core.actor import ORGANISATION, Actor
from compapp.core.db import session


def schools() -> Sequence[Organisation]:
    """Return every school in Vietnamese order."""
    return organisations_by_kind(*sorted(SCHOOL_KINDS))


def school_facts(_actor: Actor, organisation_id: int, **_rest: int) -> OrganisationFacts | None:
    """Return what the policies judge of a school; nothing for what is none."""
    found = session().get(Organisation, organisation_id)
    if found is None or found.kind not in SCHOOL_KINDS:
        return None
    above = found.parent_id if found.parent_id is not None and not _own_people(organisation_id) else None
    return OrganisationFacts(found.id, spoken_for_by=above)


def schools_of(actor: Actor) -> Sequence[Organisation]:
    """Return the schools that ``actor`` speaks for, in Vietnamese order."""
    spoken_for = schools_spoken_for(actor)
    if not spoken_for:
        return []
    statement = select(Organisation).where(Organisation.id.in_(spoken_for), Organisation.kind.in_(SCHOOL_KINDS))
    return session().scalars(statement.order_by(Organisation.name_sort, Organisation.id)).all()


def schools_spoken_for(actor: Actor) -> frozenset[int]:
    """Return the organisations that the actor represents, and the schools below them that have nobody of their own.

    So a department of education speaks for the schools that are not on the platform themselves.
    """
    own = actor.scopes(REPRESENTATIVE, ORGANISATION)
    if not own:
        return own
    theirs = aliased(Membership)
    has_somebody = exists().where(
        theirs.organisation_id == Organisation.id, theirs.role == REPRESENTATIVE, theirs.until.is_(None)
    )
    below = select(Organisation.id).where(
        Organisation.parent_id.in_(own), Organisation.kind.in_(SCHOOL_KINDS), ~has_somebody
    )
    return own | frozenset(session().scalars(below))


def spokespeople_of(organisation_id: int) -> list[int]:
    """Return the ids of those who speak for a school; for one that has nobody, those of the body above it."""
    above = select(Organisation.parent_id).where(Organisation.id == organisation_id).scalar_subquery()
    rows = session().execute(
        select(Membership.organisation_id, Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            or_(Membership.organisation_id == organisation_id, Membership.organisation_id == above),
            Membership.role == REPRESENTATIVE,
            holds_at(clock.now()),
            Person.active,
        )
        .order_by(Membership.person_id)
    )
    speaking: dict[int | None, list[int]] = {}
    for body_id, person_id in rows:
        speaking.setdefault(body_id, []).append(person_id)
    return speaking.pop(organisation_id, None) or next(iter(speaking.values()), [])


def _own_people(organisation_id: int) -> bool:
    statement = select(
        exists().where(
            Membership.organisation_id == organisation_id,
            Membership.role == REPRESENTATIVE,
            Membership.until.is_(None),
        )
    )
    return bool(session().scalar(statement))
