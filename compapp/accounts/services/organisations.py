"""Organisations, roles in them, and ties between people."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from compapp.accounts import notifications, queries
from compapp.accounts.models import Membership, Organisation, Person, Relation
from compapp.accounts.policy import (
    KINDS_ABOVE,
    ORGANISATION_KINDS,
    ORGANISATION_ROLES,
    PLATFORM_ROLES,
    is_admin,
    may_grant,
    role_label,
)
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict, Invalid, Refused
from compapp.core.text import N_, fold, nfc, sort_key


def ensure_organisation(
    kind: str,
    name_vi: str,
    name_en: str = "",
    *,
    parent_id: int | None = None,
    province: str | None = None,
    area_before_merger: str | None = None,
    demonstration: bool = False,
    actor: Actor,
    at: datetime,
) -> Organisation:
    """Return the organisation of this kind and name (marks and case aside), made now where there is none.

    The caller has checked that ``actor`` may add organisations. Invalid for an empty or overlong name.
    """
    cleaned = " ".join(nfc(name_vi).split())
    if not cleaned or len(cleaned) > 300 or len(name_en) > 300:
        raise Invalid(fields={"name_vi": [(N_("Write the name, at most 300 characters."), {})]})
    known = queries.organisation_named(kind, cleaned)
    if known is not None:
        return known
    made = Organisation(
        kind=kind,
        name_vi=cleaned,
        name_en=" ".join(nfc(name_en).split()) or cleaned,
        name_fold=fold(cleaned)[:300],
        name_sort=sort_key(cleaned)[:1000],
        parent_id=parent_id,
        province=province,
        area_before_merger=area_before_merger,
        demonstration=demonstration,
        created_at=at,
    )
    session().add(made)
    audit.record("accounts.organisation.created", made, actor=actor, at=at, data={"kind": kind, "name": cleaned})
    return made


def add_organisation(
    kind: str, name_vi: str, name_en: str, province: str, *, actor: Actor, at: datetime
) -> Organisation:
    """Add an organisation by hand; Conflict when one of this kind and name exists."""
    if not is_admin(actor):
        raise Refused(N_("Only an administrator adds organisations."))
    if kind not in ORGANISATION_KINDS:
        raise Invalid(fields={"kind": [(N_("Choose one of the kinds."), {})]})
    if queries.organisation_named(kind, name_vi) is not None:
        raise Conflict(N_("There is an organisation of this name already."))
    return ensure_organisation(kind, name_vi, name_en, province=nfc(province).strip() or None, actor=actor, at=at)


def place_under(organisation: Organisation, above_id: int | None, *, actor: Actor, at: datetime) -> None:
    """Say which body stands above an organisation (None: none): its papers name it, and a school may be spoken for.

    Refused for everybody but administrators; Invalid for a body that cannot stand there. A club stays its school's.
    """
    if not is_admin(actor) or organisation.kind == "club":
        raise Refused(N_("Only an administrator says which body stands above another."))
    if organisation.parent_id == above_id:
        return
    above = None if above_id is None else session().get(Organisation, above_id)
    if above_id is not None and (above is None or above.kind not in KINDS_ABOVE):
        raise Invalid(fields={"above": [(N_("Choose one of the bodies."), {})]})
    rows = session().execute(select(Organisation.id, Organisation.parent_id).with_for_update())
    parents: dict[int, int | None] = {row.id: row.parent_id for row in rows}
    upwards = above_id
    while upwards is not None:
        if upwards == organisation.id:
            raise Invalid(fields={"above": [(N_("This body stands below the organisation itself."), {})]})
        upwards = parents.get(upwards)
    data = {"before": organisation.parent_id, "above": above_id}
    organisation.parent_id = above_id
    audit.record("accounts.organisation.placed", organisation, actor=actor, at=at, data=data)


def ensure_membership(
    person_id: int, role: str, organisation_id: int | None, *, actor: Actor, at: datetime
) -> tuple[Membership, bool]:
    """Give a role if it is not held already; return it and whether it is new. The caller has checked the right."""
    statement = select(Membership).where(Membership.person_id == person_id, Membership.role == role)
    if organisation_id is None:
        statement = statement.where(Membership.organisation_id.is_(None))
    else:
        statement = statement.where(Membership.organisation_id == organisation_id)
    held = session().scalars(statement).first()
    if held is not None and (held.until is None or held.until > at):
        return held, False
    if held is None:
        held = Membership(person_id=person_id, organisation_id=organisation_id, role=role, since=at)
        session().add(held)
    held.until = None
    audit.record(
        "accounts.membership.granted",
        held,
        actor=actor,
        at=at,
        data={"person": person_id, "role": role, "organisation": organisation_id},
    )
    return held, True


def grant_role(person: Person, role: str, organisation_id: int | None, *, actor: Actor, at: datetime) -> Membership:
    """Give a person a role and tell them; Refused beyond what the actor may give, Invalid for an unknown role."""
    if role not in (PLATFORM_ROLES if organisation_id is None else ORGANISATION_ROLES):
        raise Invalid(fields={"role": [(N_("Choose one of the roles."), {})]})
    if not may_grant(actor, role, organisation_id):
        raise Refused(N_("You cannot give a role that you do not have yourself."))
    held, new = ensure_membership(person.id, role, organisation_id, actor=actor, at=at)
    if new:
        organisation = queries.organisation(organisation_id) if organisation_id else None
        notifications.role_granted(person, role=role_label(role), organisation=organisation, granter=actor.name, at=at)
    return held


def revoke_role(membership_id: int, *, actor: Actor, at: datetime) -> None:
    """Take a role away from the next request on; Refused where the actor could not have given it.

    People may lay down their own roles; the last administrator stays one (Conflict).
    """
    held = session().get(Membership, membership_id)
    if held is None or (held.until is not None and held.until <= at):
        raise Conflict(N_("This role has been taken away already."))
    own = held.person_id == actor.person_id
    if not own and not may_grant(actor, held.role, held.organisation_id):
        raise Refused(N_("You cannot take away a role that you could not give."))
    if held.organisation_id is None and queries.people_with_platform_role(held.role) == [held.person_id]:
        raise Conflict(N_("This is the last person with that role. Give it to somebody else first."))
    held.until = at
    data: dict[str, Any] = {"person": held.person_id, "role": held.role, "organisation": held.organisation_id}
    audit.record("accounts.membership.revoked", held, actor=actor, at=at, data=data)


def ensure_relation(
    person_id: int,
    kind: str,
    *,
    organisation_id: int | None = None,
    other_person_id: int | None = None,
    source: dict[str, Any],
    since: datetime,
    until: datetime | None = None,
    actor: Actor,
    at: datetime,
) -> Relation:
    """Note a tie from which a conflict of interest may follow, once; the caller has checked the right."""
    statement = select(Relation).where(
        Relation.person_id == person_id,
        Relation.kind == kind,
        Relation.organisation_id.is_(None) if organisation_id is None else Relation.organisation_id == organisation_id,
        Relation.other_person_id.is_(None) if other_person_id is None else Relation.other_person_id == other_person_id,
    )
    known = session().scalars(statement).first()
    if known is not None:
        known.until = until
        session().flush()
        return known
    made = Relation(
        person_id=person_id,
        kind=kind,
        organisation_id=organisation_id,
        other_person_id=other_person_id,
        since=since,
        until=until,
        source=source,
    )
    session().add(made)
    audit.record("accounts.relation.noted", made, actor=actor, at=at, data={"kind": kind})
    return made
