"""Two entries of one team become one: one stays as it is, the other leaves the contest and keeps its history."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict, Invalid
from compapp.core.events import emit
from compapp.core.moves import move
from compapp.core.text import N_
from compapp.entries import notifications, policy, queries
from compapp.entries.events import EntryWithdrawn
from compapp.entries.lifecycle import COUNTED, ENTRY, OPEN, SIMILARITY
from compapp.entries.models import Entry, SimilarityFlag
from compapp.entries.services import rules


def merge_entries(goes: Entry, stays: Entry, *, reason: str, actor: Actor, at: datetime) -> None:
    """Merge ``goes`` into ``stays``; both teams and schools are told. An open flag between the two is set aside.

    Raises Refused, Invalid (the same entry, another contest, no reason), Conflict when either has left the contest
    or is frozen.
    """
    if goes.id == stays.id:
        raise Invalid(fields={"stays": [(N_("Choose another entry than this one."), {})]})
    goes, stays = _locked(goes.id, stays.id)
    for entry in (goes, stays):
        facts = queries.facts_of(actor, entry)
        rules.require(facts is not None and policy.may_merge(actor, facts))
    if goes.contest_id != stays.contest_id:
        raise Invalid(fields={"stays": [(N_("There is no entry with this code."), {})]})
    if not reason.strip():
        raise Invalid(fields={"reason": [(N_("Give a reason."), {})]})
    if stays.state not in COUNTED:
        raise Conflict(N_("The entry that stays must be one that takes part."))
    data = {"into": stays.id, "reason": reason.strip()}
    move(goes, ENTRY, "merge", actor=actor, at=at, data=data, merged_into_id=stays.id, reopened_until=None)
    emit(EntryWithdrawn(actor=actor, at=at, entry_id=goes.id))
    for flag in _flags_between(goes.id, stays.id):
        columns: dict[str, Any] = {"note": reason.strip(), "decided_at": at, "decided_by_name": actor.name}
        move(flag, SIMILARITY, "dismiss", actor=actor, at=at, data={"merged": True}, **columns)
    notifications.merged(goes, stays, reason=reason.strip(), at=at)


def _locked(one_id: int, other_id: int) -> tuple[Entry, Entry]:
    """Hold both rows, the smaller id first, so that two merges never wait for each other."""
    held = {entry_id: queries.locked_entry(entry_id) for entry_id in sorted((one_id, other_id))}
    return held[one_id], held[other_id]


def _flags_between(one_id: int, other_id: int) -> list[SimilarityFlag]:
    between = or_(
        (SimilarityFlag.entry_id == one_id) & (SimilarityFlag.other_entry_id == other_id),
        (SimilarityFlag.entry_id == other_id) & (SimilarityFlag.other_entry_id == one_id),
    )
    return list(session().scalars(select(SimilarityFlag).where(between, SimilarityFlag.state == OPEN)))
