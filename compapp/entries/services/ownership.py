"""Everybody's own word that the idea is the team's: given once by each member, with the text that was shown."""

from datetime import datetime

from sqlalchemy import select

from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed
from compapp.core.text import N_
from compapp.entries import policy, queries
from compapp.entries.models import Entry, OwnershipStatement
from compapp.entries.services import rules

TEXT_VERSION = "2026-1"


def state_ownership(entry: Entry, *, actor: Actor, at: datetime) -> OwnershipStatement:
    """State for oneself that the idea is the team's; a second click changes nothing. Refused for advisors."""
    person_id = rules.person_id_of(actor)
    entry = queries.locked_entry(entry.id)
    facts = queries.facts_of(actor, entry)
    rules.require(facts is not None and policy.may_state_ownership(actor, facts))
    if entry.frozen_at is not None:
        raise Closed(N_("The entry is frozen until a matter is settled."))
    member = next(one for one in queries.active_members(entry.id) if one.person_id == person_id)
    found = session().scalars(select(OwnershipStatement).where(OwnershipStatement.member_id == member.id)).one_or_none()
    if found is not None:
        return found
    statement = OwnershipStatement(member_id=member.id, text_version=TEXT_VERSION, locale=actor.locale, stated_at=at)
    session().add(statement)
    session().flush()
    data = {"text_version": TEXT_VERSION}
    audit.record("entries.ownership.stated", statement, actor=actor, at=at, contest_id=entry.contest_id, data=data)
    return statement
