"""The school's word: confirmed or refused by its representative, within the institution's quota."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from compapp.accounts.models import Organisation
from compapp.contests.definition import Rules
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict, Invalid
from compapp.core.moves import move
from compapp.core.text import N_
from compapp.entries import notifications, policy, queries
from compapp.entries.lifecycle import ENDORSEMENT, WAITING
from compapp.entries.models import Endorsement, Entry
from compapp.entries.services import rules


def confirm_endorsement(entry: Entry, *, note: str = "", actor: Actor, at: datetime) -> Endorsement:
    """Confirm that the team are the school's students; Conflict when its quota is used up."""
    entry, word = _word(entry, actor)
    most = Rules.of(entry.contest).max_entries_per_institution
    if most is not None:
        session().execute(
            select(Organisation.id).where(Organisation.id == word.organisation_id).with_for_update(key_share=True)
        )
        if queries.used_quota(entry.contest_id, word.organisation_id, but=entry.id) >= most:
            raise Conflict(
                N_("Your school has confirmed %(most)s entries already, the most this contest allows."), most=most
            )
    _decide(entry, word, "confirm", note, actor, at)
    return word


def refuse_endorsement(entry: Entry, *, note: str, actor: Actor, at: datetime) -> Endorsement:
    """Refuse with a note that the team reads."""
    if not note.strip():
        raise Invalid(fields={"note": [(N_("Tell the team why."), {})]})
    entry, word = _word(entry, actor)
    _decide(entry, word, "refuse", note, actor, at)
    return word


def _word(entry: Entry, actor: Actor) -> tuple[Entry, Endorsement]:
    entry = queries.locked_entry(entry.id)
    facts = queries.facts_of(actor, entry)
    rules.require(facts is not None and policy.may_endorse(actor, facts))
    word = queries.endorsement_of(entry.id)
    if word is None:
        word = Endorsement(entry_id=entry.id, organisation_id=entry.institution_id, state=WAITING)
        session().add(word)
        session().flush()
    return entry, word


def _decide(entry: Entry, word: Endorsement, verb: str, note: str, actor: Actor, at: datetime) -> None:
    columns: dict[str, Any] = {"note": note.strip() or None, "decided_at": at, "decided_by_id": actor.person_id}
    move(word, ENDORSEMENT, verb, actor=actor, at=at, contest_id=entry.contest_id, **columns)
    notifications.endorsement_decided(entry, word, at=at)
