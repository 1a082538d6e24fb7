"""Conflicts of interest: declared early they only hide an entry, declared late they also void a sheet."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select

from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Invalid, NotFound, Refused
from compapp.core.text import N_, nfc
from compapp.entries.models import Entry
from compapp.judging import notifications, policy, queries
from compapp.judging.lifecycle import OPEN, PROPOSED, SUBMITTED
from compapp.judging.models import Assignment, ConflictReview, NoConflict, Seat, SeatConflict
from compapp.judging.queries.conflicts import KEPT, OVERRIDE
from compapp.judging.services.replacement import propose_reader, withdraw
from compapp.judging.services.rights import entry_of
from compapp.judging.services.sheets import void_by_rule

SAME_INSTITUTION = "same_institution"
OTHER = "other"


def kinds_of(contest_rules: dict[str, object]) -> list[str]:
    """Return the kinds of conflict that a contest's rules list; ``other`` where they list none."""
    kinds = contest_rules.get("judge_conflict_kinds")
    return [str(kind) for kind in kinds] if isinstance(kinds, list) and kinds else [OTHER]


def declare_conflict(
    seat: Seat, entry: Entry, *, kind: str, note: str = "", actor: Actor, at: datetime
) -> SeatConflict:
    """Record that a judge has a conflict with an entry, and draw the consequences.

    Assignments are withdrawn and another reader is proposed; a sheet (also one handed in) is void, kept with the
    reason. Declaring twice changes nothing, save that it ends an override: the newest word is the judge's.
    What a former institution withholds stays so whatever the office declares: the chair alone lifts it. Raises
    Refused without the right, NotFound for another contest's entry, Invalid for a kind that the rules do not list.
    """
    facts = queries.facts_of_seat(actor, seat)
    if not policy.may_declare_for(actor, facts):
        raise Refused(N_("Only the judge, the organiser or the chair may declare this."))
    if entry.contest_id != seat.contest_id:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    if kind not in kinds_of(seat.contest.definition.get("rules") or {}):
        raise Invalid(fields={"kind": [(N_("Choose what kind of conflict it is."), {})]})
    known = (
        session()
        .scalars(select(SeatConflict).where(SeatConflict.seat_id == seat.id, SeatConflict.entry_id == entry.id))
        .one_or_none()
    )
    overridden = _end_override(seat, entry, at)
    if known is not None and not overridden and (known.kind != KEPT or actor.person_id != seat.person_id):
        return known
    session().execute(delete(NoConflict).where(NoConflict.seat_id == seat.id, NoConflict.entry_id == entry.id))
    conflict = known or SeatConflict(seat=seat, entry=entry)
    conflict.kind, conflict.note = kind, nfc(note).strip()[:2000]
    conflict.declared_at, conflict.declared_by_name = at, actor.name
    session().add(conflict)
    session().flush()
    audit.record(
        "judging.conflict.declare",
        conflict,
        actor=actor,
        at=at,
        contest_id=seat.contest_id,
        data={"seat": seat.code, "entry": entry.code, "kind": kind},
    )
    late = withdraw_all(seat, entry, kind, actor=actor, at=at)
    notifications.conflict_declared(seat.contest, seat, entry, late=late, at=at)
    return conflict


def declare_conflicts(
    seat: Seat, entries: Iterable[int], *, kind: str, note: str = "", actor: Actor, at: datetime
) -> None:
    """Record that a judge has a conflict with each of several entries (by id). Raises as ``declare_conflict``."""
    for entry in entries:
        declare_conflict(seat, entry_of(entry), kind=kind, note=note, actor=actor, at=at)


def _end_override(seat: Seat, entry: Entry, at: datetime) -> bool:
    """End an override of a conflict of the pair; return whether there was one."""
    rows = session().scalars(
        select(ConflictReview).where(
            ConflictReview.seat_id == seat.id,
            ConflictReview.entry_id == entry.id,
            ConflictReview.outcome == OVERRIDE,
            ConflictReview.ended_at.is_(None),
        )
    )
    found = list(rows)
    for row in found:
        row.ended_at = at
    session().flush()
    return bool(found)


def recuse(assignment: Assignment, *, kind: str, note: str = "", actor: Actor, at: datetime) -> None:
    """Step back from an entry at any time; the assignment goes, another judge is proposed."""
    if actor.person_id != assignment.seat.person_id:
        raise Refused(N_("Only the judge may step back from an own entry."))
    declare_conflict(assignment.seat, assignment.entry, kind=kind, note=note, actor=actor, at=at)


def withdraw_all(seat: Seat, entry: Entry, kind: str, *, actor: Actor, at: datetime) -> bool:
    """Take every assignment of the pair back; return whether a sheet that counted became void."""
    assignments = (
        session()
        .scalars(
            select(Assignment).where(
                Assignment.seat_id == seat.id, Assignment.entry_id == entry.id, Assignment.state.in_([PROPOSED, OPEN])
            )
        )
        .all()
    )
    late = False
    for assignment in assignments:
        was_open = assignment.state == OPEN
        sheet = queries.sheet_of(assignment.round_id, entry.id, seat.id)
        reason = f"conflict: {kind}"
        if sheet is not None:
            late = late or sheet.state == SUBMITTED
            void_by_rule(sheet, reason, actor=actor, at=at)
        withdraw(assignment, reason, actor=actor, at=at)
        if was_open:
            propose_reader(assignment.round, entry, reason=reason, actor=actor, at=at)
    return late
