"""Checks that services of judging share: the right itself, and a reason in words."""

from collections.abc import Callable

from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Invalid, NotFound, Refused
from compapp.core.text import N_, nfc
from compapp.entries.models import Entry
from compapp.judging import queries
from compapp.judging.policy import ContestFacts


def must(allowed: Callable[[Actor, ContestFacts], bool], actor: Actor, contest_id: int) -> None:
    """Raise Refused unless ``allowed`` holds for the actor in this contest."""
    if not allowed(actor, queries.facts_of_contest(actor, contest_id)):
        raise Refused(N_("Your role does not allow this here."))


def must_know(actor: Actor, entry: Entry) -> None:
    """Raise NotFound where the actor sits in the jury and has a conflict with the entry."""
    if queries.is_hidden(actor.person_id, entry.id):
        raise NotFound(N_("This page does not exist, or it is not open to you."))


LONGEST_REASON = 2000


def reason_of(text: str, *, required: bool = True) -> str:
    """Return a reason without blanks around it; Invalid where it is ``required`` and empty, or too long."""
    cleaned = nfc(text).strip()
    if required and not cleaned:
        raise Invalid(fields={"reason": [(N_("Give a reason."), {})]})
    if len(cleaned) > LONGEST_REASON:
        raise Invalid(fields={"reason": [(N_("Write at most %(most)s characters."), {"most": LONGEST_REASON})]})
    return cleaned


def entry_of(entry_id: int) -> Entry:
    """Return an entry by id; NotFound for an unknown one."""
    found = session().get(Entry, entry_id)
    if found is None:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return found
