"""Decisions about ties and conflicts: a named person's, with a reason, kept and shown in the record."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select

from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict, Invalid, Refused
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.judging import notifications, policy, queries
from compapp.judging.models import ConflictReview, Seat
from compapp.judging.queries.conflicts import OVERRIDE
from compapp.judging.queries.ties import OVERRIDDEN, Tie
from compapp.judging.services.conflicts import declare_conflict
from compapp.judging.services.rights import must, must_know, reason_of

CLEAR, BLOCK = "clear", "block"
_VERBS = {CLEAR: "judging.conflict.clear", BLOCK: "judging.conflict.block"}


def decide_tie(
    seat: Seat, node: str, *, outcome: str, reason: str, kind: str = "", actor: Actor, at: datetime
) -> Sequence[Entry]:
    """Decide whether what ties a judge to entries by one node is a conflict; return the entries decided on.

    ``clear``: no conflict. ``block``: a conflict of a ``kind`` that the rules list, with every consequence of one.
    Only ties that stand undecided now and that the actor may know of. Raises Refused without the right or about the
    own seat, Invalid without a reason or kind, Conflict where nothing is left to decide.
    """
    _must_decide(seat, actor)
    words = reason_of(reason)
    if outcome not in _VERBS:
        raise Invalid(fields={"outcome": [(N_("Choose from the list."), {})]})
    standing = [tie for tie in queries.ties_of(seat.contest, seat_id=seat.id).found if tie.node == node]
    hidden = queries.hidden_among(actor.person_id, [tie.entry_id for tie in standing])
    decided = [tie for tie in standing if tie.entry_id not in hidden]
    if not decided:
        raise Conflict(N_("Somebody has decided this already, or the tie is gone."))
    entries = queries.entries_by_id([tie.entry_id for tie in decided])
    for tie in decided:
        _keep(seat, entries[tie.entry_id], node, outcome, words, _path(tie), actor=actor, at=at)
        if outcome == BLOCK:
            declare_conflict(seat, entries[tie.entry_id], kind=kind, note=words, actor=actor, at=at)
    audit.record(
        _VERBS[outcome],
        seat,
        actor=actor,
        at=at,
        contest_id=seat.contest_id,
        data={"node": node, "entries": sorted(one.code for one in entries.values()), "reason": words},
    )
    return list(entries.values())


def override_conflict(seat: Seat, entry: Entry, *, reason: str, actor: Actor, at: datetime) -> ConflictReview:
    """Let a judge read an entry in spite of a conflict, by the actor's name and reason; organiser and chair are told.

    The computed assignment still leaves the judge's own institution out; the entry can be given by hand. Raises
    Refused without the right or about the own seat, NotFound for an entry that the actor may not know of, Invalid
    without a reason, Conflict without a conflict or for a member of the team.
    """
    _must_decide(seat, actor)
    must_know(actor, entry)
    words = reason_of(reason)
    why = dict(queries.reasons_of_conflicts(seat.id)).get(entry.id)
    if why is None:
        raise Conflict(N_("There is no conflict with this entry."))
    if "team" in why:
        raise Conflict(N_("A judge on the team itself can never read the entry."))
    if "kept" in why and not policy.may_lift_kept(actor, queries.facts_of_seat(actor, seat)):
        raise Refused(N_("The judge’s institution was changed; only the chair lifts what stays withheld."))
    review = _keep(seat, entry, OVERRIDDEN, OVERRIDE, words, {"why": why}, actor=actor, at=at)
    audit.record(
        "judging.conflict.override",
        seat,
        actor=actor,
        at=at,
        contest_id=seat.contest_id,
        data={"entry": entry.code, "why": why, "reason": words},
    )
    notifications.conflict_overridden(seat.contest, seat, entry, by=actor.name, reason=words, at=at)
    return review


def lift_kept(seat: Seat, *, reason: str, actor: Actor, at: datetime) -> int:
    """Let a judge read what stays withheld since the institution was changed; return how many entries.

    The chair's word alone, by name and reason. A judge's other conflicts with these entries hold on. Raises Refused
    for anybody else or about the own seat, Invalid without a reason, Conflict where nothing is withheld.
    """
    _must_decide(seat, actor)
    must(policy.may_lift_kept, actor, seat.contest_id)
    reason_of(reason)
    kept = [entry_id for entry_id, why in queries.reasons_of_conflicts(seat.id) if why == ["kept"]]
    hidden = queries.hidden_among(actor.person_id, kept)
    entries = queries.entries_by_id(entry_id for entry_id in kept if entry_id not in hidden)
    if not entries:
        raise Conflict(N_("Nothing is withheld any more."))
    for entry in entries.values():
        override_conflict(seat, entry, reason=reason, actor=actor, at=at)
    return len(entries)


def _must_decide(seat: Seat, actor: Actor) -> None:
    must(policy.may_decide_conflict, actor, seat.contest_id)
    if actor.person_id == seat.person_id:
        raise Refused(N_("Nobody decides about the own conflicts."))


def _path(tie: Tie) -> dict[str, Any]:
    return {"judge": asdict(tie.judge), "team": asdict(tie.team)}


def _keep(
    seat: Seat, entry: Entry, node: str, outcome: str, reason: str, path: dict[str, Any], *, actor: Actor, at: datetime
) -> ConflictReview:
    """Keep a decision; one that was ended begins anew in the same row (the record keeps both)."""
    row = (
        session()
        .scalars(
            select(ConflictReview).where(
                ConflictReview.seat_id == seat.id, ConflictReview.entry_id == entry.id, ConflictReview.node == node
            )
        )
        .one_or_none()
    )
    if row is None:
        row = ConflictReview(seat_id=seat.id, entry_id=entry.id, node=node)
        session().add(row)
    row.outcome, row.reason, row.path, row.ended_at = outcome, reason, path, None
    row.decided_at, row.decided_by_id, row.decided_by_name = at, actor.person_id, actor.name
    session().flush()
    return row
