"""The school's word: confirmed or refused by its representative, within the institution's quotas, in its order."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from compapp.accounts.models import Organisation
from compapp.contests.models import Contest
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict, Invalid, Sentence
from compapp.core.moves import move
from compapp.core.text import N_
from compapp.entries import notifications, policy, queries
from compapp.entries.lifecycle import CONFIRMED, ENDORSEMENT, REFUSED, WAITING
from compapp.entries.models import Endorsement, Entry
from compapp.entries.queries.quotas import quotas_of
from compapp.entries.services import rules
from compapp.entries.window import came_too_late

MOST = 300


def confirm_endorsement(entry: Entry, *, note: str = "", actor: Actor, at: datetime) -> Endorsement:
    """Confirm that the team are the school's students; Conflict when one of its quotas is used up."""
    entry, word = _word(entry, actor)
    fault = _quota_fault(entry, word, at)
    if fault is not None:
        raise Conflict(fault[0], **fault[1])
    _decide(entry, word, "confirm", note, actor, at)
    return word


def _quota_fault(entry: Entry, word: Endorsement, at: datetime) -> Sentence | None:
    """Return the quota that is used up, in words; the school's row is held while its confirmed entries are counted."""
    limits = [one for one in quotas_of(entry.contest, entry.board, entry.sector) if one.most is not None]
    if not limits:
        return None
    school = select(Organisation.id).where(Organisation.id == word.organisation_id)
    session().execute(school.with_for_update(key_share=True))
    for limit in limits:
        used = queries.used_quota(entry.contest_id, word.organisation_id, at, but=entry.id, within=limit)
        if used >= (limit.most or 0):
            sentence = N_("Your school has confirmed %(most)s entries already, the most this contest allows.")
            in_part = N_("Your school has confirmed %(most)s entries of this board or sector, the most allowed.")
            whole = limit.board_id is None and limit.sector_id is None
            return sentence if whole else in_part, {"most": limit.most}
    return None


def endorse_many(
    contest: Contest, entry_ids: Iterable[int], verb: str, *, note: str = "", actor: Actor, at: datetime
) -> tuple[int, list[tuple[Entry, Sentence]]]:
    """Confirm or refuse several entries of the actor's schools at once, in the schools' own order of preference.

    Returns how many were decided, and which were left out and why (a quota used up, decided like this already).
    Raises Invalid without an entry or, refusing, without a reason; Refused for a foreign school's entry.
    """
    wanted = set(entry_ids)
    if not wanted:
        raise Invalid(N_("Tick at least one entry."))
    if verb == "refuse" and not note.strip():
        raise Invalid(fields={"note": [(N_("Tell the team why."), {})]})
    ordered = [row.entry_id for row in queries.endorsement_rows(actor, contest.id) if row.entry_id in wanted]
    rules.require(len(ordered) == len(wanted) <= MOST)
    done, left_out = 0, []
    for entry_id in ordered:
        entry, word = _word(queries.entry(entry_id), actor)
        fault = _left_out(entry, word, verb, at)
        if fault is not None:
            left_out.append((entry, fault))
            continue
        _decide(entry, word, verb, note, actor, at)
        done += 1
    return done, left_out


def _left_out(entry: Entry, word: Endorsement, verb: str, at: datetime) -> Sentence | None:
    if came_too_late(entry.state, entry.contest.closes_at, entry.reopened_until, at):
        return N_("not handed in before the deadline"), {}
    if word.state == (CONFIRMED if verb == "confirm" else REFUSED):
        return N_("decided like this already"), {}
    return _quota_fault(entry, word, at) if verb == "confirm" else None


def set_preferences(contest: Contest, places: Mapping[int, int | None], *, actor: Actor, at: datetime) -> None:
    """Keep the order a school gives its entries: entry id to place from 1 (None: no place); the others keep theirs.

    Raises Invalid when two entries of one school have the same place, Refused for a foreign school's entry.
    """
    rows = {row.entry_id: row for row in queries.endorsement_rows(actor, contest.id)}
    rules.require(set(places) <= set(rows))
    kept = (row for entry_id, row in rows.items() if entry_id not in places)
    taken = {(row.organisation_id, row.preference) for row in kept}
    for entry_id, place in places.items():
        if place is None:
            continue
        if place != rows[entry_id].preference and not 1 <= place <= len(rows):
            raise Invalid(N_("Give places from 1 to %(most)s."), most=len(rows))
        mark = (rows[entry_id].organisation_id, place)
        if mark in taken:
            raise Invalid(N_("Two entries have the place %(place)s. Give each its own."), place=place)
        taken.add(mark)
    changed = {entry_id: place for entry_id, place in places.items() if rows[entry_id].preference != place}
    for entry_id, place in sorted(changed.items()):
        _entry, word = _word(queries.entry(entry_id), actor)
        word.preference = place
    session().flush()
    if changed:
        data = {"places": {str(entry_id): place for entry_id, place in sorted(changed.items())}}
        audit.record(
            "entries.endorsement.ordered", ("contest", contest.id), actor=actor, at=at, contest_id=contest.id, data=data
        )


def note_school_list(contest: Contest, rows: Sequence[Any], *, actor: Actor, at: datetime) -> None:
    """Write down that a school's list, with names, was taken out as a spreadsheet."""
    audit.record(
        "entries.endorsement.exported",
        ("contest", contest.id),
        actor=actor,
        at=at,
        contest_id=contest.id,
        data={"rows": len(rows)},
    )


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
