"""Consents: given for one purpose and one text, and withdrawn as easily."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from compapp.accounts.consents import PURPOSES, purpose
from compapp.accounts.models import Consent
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Invalid, Refused
from compapp.core.text import N_


def give_consent(person_id: int, key: str, *, locale: str, given_by: str = "", actor: Actor, at: datetime) -> Consent:
    """Write down a person's consent to the present text of a purpose; an earlier one in force is kept.

    ``given_by`` names a guardian where one consents for the person. Invalid for an unknown purpose.
    """
    return give_consents(person_id, [key], locale=locale, given_by=given_by, actor=actor, at=at)[0]


def give_consents(
    person_id: int, keys: Collection[str], *, locale: str, given_by: str = "", actor: Actor, at: datetime
) -> list[Consent]:
    """Write down a person's consents to the present texts of purposes, as :func:`give_consent` does for one."""
    if actor.person_id != person_id and not actor.is_system:
        raise Refused(N_("Nobody can consent for somebody else."))
    if not {one.key for one in PURPOSES}.issuperset(keys):
        raise Invalid(N_("This purpose does not exist."))
    in_force = _in_force(person_id, keys)
    given, made = [], []
    for key in keys:
        version, known = purpose(key).version, in_force.get(key)
        if known is None or known.text_version != version:
            if known is not None:
                known.withdrawn_at = at
            known = Consent(
                person_id=person_id,
                purpose=key,
                text_version=version,
                locale=locale,
                given_at=at,
                given_by=given_by or actor.name,
            )
            made.append(known)
            in_force[key] = known
        given.append(known)
    session().add_all(made)
    deeds = [
        audit.Deed("accounts.consent.given", one, data={"purpose": one.purpose, "version": one.text_version})
        for one in made
    ]
    audit.record_all(deeds, actor=actor, at=at)
    return given


def withdraw_consent(person_id: int, key: str, *, actor: Actor, at: datetime) -> None:
    """Withdraw the consent to a purpose; nothing happens where none is in force."""
    if actor.person_id != person_id:
        raise Refused(N_("Nobody can consent for somebody else."))
    known = _in_force(person_id, [key]).get(key)
    if known is None:
        return
    known.withdrawn_at = at
    audit.record("accounts.consent.withdrawn", known, actor=actor, at=at, data={"purpose": key})


def _in_force(person_id: int, keys: Collection[str]) -> dict[str, Consent]:
    """Return the newest consent in force to each purpose."""
    statement = select(Consent).where(
        Consent.person_id == person_id, Consent.purpose.in_(keys), Consent.withdrawn_at.is_(None)
    )
    return {found.purpose: found for found in session().scalars(statement.order_by(Consent.id))}
