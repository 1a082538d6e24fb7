"""Consents: given for one purpose and one text, and withdrawn as easily."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

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
    common = {"person_id": person_id, "locale": locale, "given_at": at, "given_by": given_by or actor.name}
    new: list[dict[str, Any]] = []
    for key in dict.fromkeys(keys):
        version, known = purpose(key).version, in_force.get(key)
        if known is None or known.text_version != version:
            if known is not None:
                known.withdrawn_at = at
            new.append({**common, "purpose": key, "text_version": version})
    if new:
        session().flush()
        made = session().scalars(insert(Consent).returning(Consent), new).all()
        in_force |= {one.purpose: one for one in made}
    deeds = [audit.Deed("accounts.consent.given", in_force[one["purpose"]], data=_described(one)) for one in new]
    audit.record_all(deeds, actor=actor, at=at)
    return [in_force[key] for key in keys]


def _described(consent: dict[str, Any]) -> dict[str, Any]:
    return {"purpose": consent["purpose"], "version": consent["text_version"]}


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
