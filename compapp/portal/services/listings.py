"""The team opts in, the organiser may hide: one verb each."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Invalid, NotFound, Refused
from compapp.core.moves import move
from compapp.core.text import N_, nfc
from compapp.entries import queries as entries
from compapp.entries.models import Entry
from compapp.portal import notifications, policy, queries
from compapp.portal.lifecycle import HIDDEN, LISTING, SHOWN
from compapp.portal.models import GalleryListing


def show_entry(entry: Entry, *, answers: Collection[str], actor: Actor, at: datetime) -> GalleryListing:
    """Put the entry into the gallery with title, one line and team, and these ``answers`` (keys) besides.

    The lead's word. Answers kept from the public (confidential, organisers only) are refused. Raises Refused,
    Closed (the organiser has hidden it), Invalid, Conflict.
    """
    entry = entries.locked_entry(entry.id)
    facts = entries.facts_of(actor, entry)
    if facts is None or not policy.may_show(actor, facts):
        raise Refused(N_("Only the lead of an entry that was handed in can put it into the gallery."))
    offered = {field.key for field in queries.showable_fields(entry)}
    chosen = sorted(answers)
    if not set(chosen) <= offered:
        raise Invalid(fields={"answers": [(N_("This answer cannot be shown to everybody."), {})]})
    listing = queries.listing_of(entry.id)
    if listing is None:
        made = GalleryListing(entry_id=entry.id, state=SHOWN, answers=chosen, changed_at=at)
        session().add(made)
        session().flush()
        data = {"answers": chosen}
        audit.record("portal.listing.show", made, actor=actor, at=at, contest_id=entry.contest_id, data=data)
        return made
    if listing.state == HIDDEN:
        raise Closed(N_("The organiser has hidden this entry. Ask them to allow it again."))
    _move(listing, entry, "show", actor=actor, at=at, answers=chosen, changed_at=at)
    return listing


def take_down(entry: Entry, *, actor: Actor, at: datetime) -> None:
    """Take the entry out of the gallery; what is out already stays out. Raises Refused."""
    entry = entries.locked_entry(entry.id)
    facts = entries.facts_of(actor, entry)
    if facts is None or not policy.may_take_down(actor, facts):
        raise Refused(N_("Only somebody on the team can take the entry out of the gallery."))
    listing = queries.listing_of(entry.id)
    if listing is not None and listing.state == SHOWN:
        _move(listing, entry, "take_down", actor=actor, at=at, changed_at=at)


def hide_entry(entry: Entry, *, reason: str, actor: Actor, at: datetime) -> None:
    """Hide an entry from the gallery for a reason, which the team is told. Raises Refused, NotFound, Invalid."""
    entry, listing = _moderated(entry, actor)
    words = nfc(reason).strip()
    if not words:
        raise Invalid(fields={"reason": [(N_("Give the reason; the team will read it."), {})]})
    if listing.state == HIDDEN:
        raise Conflict(N_("This entry is hidden already."))
    _move(listing, entry, "hide", actor=actor, at=at, reason=words, changed_at=at)
    notifications.entry_hidden(entry, words, at=at)


def allow_entry(entry: Entry, *, actor: Actor, at: datetime) -> None:
    """Let the team decide again whether the entry is shown. Raises Refused, NotFound, Conflict."""
    entry, listing = _moderated(entry, actor)
    _move(listing, entry, "allow", actor=actor, at=at, reason=None, changed_at=at)


def _moderated(entry: Entry, actor: Actor) -> tuple[Entry, GalleryListing]:
    entry = entries.locked_entry(entry.id)
    facts = entries.facts_of(actor, entry)
    if facts is None or not policy.may_moderate(actor, facts):
        raise Refused(N_("Only an organiser of this contest can do this."))
    listing = queries.listing_of(entry.id)
    if listing is None:
        raise NotFound(N_("This entry is not in the gallery."))
    return entry, listing


def _move(listing: GalleryListing, entry: Entry, verb: str, *, actor: Actor, at: datetime, **columns: Any) -> None:
    move(listing, LISTING, verb, actor=actor, at=at, contest_id=entry.contest_id, **columns)
