"""Consents: given for one purpose and one text, and withdrawn as easily."""

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
    if actor.person_id != person_id and not actor.is_system:
        raise Refused(N_("Nobody can consent for somebody else."))
    if key not in {one.key for one in PURPOSES}:
        raise Invalid(N_("This purpose does not exist."))
    version = purpose(key).version
    known = _in_force(person_id, key)
    if known is not None and known.text_version == version:
        return known
    if known is not None:
        known.withdrawn_at = at
    made = Consent(
        person_id=person_id,
        purpose=key,
        text_version=version,
        locale=locale,
        given_at=at,
        given_by=given_by or actor.name,
    )
    session().add(made)
    audit.record("accounts.consent.given", made, actor=actor, at=at, data={"purpose": key, "version": version})
    return made


def withdraw_consent(person_id: int, key: str, *, actor: Actor, at: datetime) -> None:
    """Withdraw the consent to a purpose; nothing happens where none is in force."""
    if actor.person_id != person_id:
        raise Refused(N_("Nobody can consent for somebody else."))
    known = _in_force(person_id, key)
    if known is None:
        return
    known.withdrawn_at = at
    audit.record("accounts.consent.withdrawn", known, actor=actor, at=at, data={"purpose": key})


def _in_force(person_id: int, key: str) -> Consent | None:
    statement = select(Consent).where(
        Consent.person_id == person_id, Consent.purpose == key, Consent.withdrawn_at.is_(None)
    )
    return session().scalars(statement.order_by(Consent.id.desc())).first()
