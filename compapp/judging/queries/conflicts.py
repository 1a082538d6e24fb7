"""What a judge may not judge: one condition, used by every list, count and page (safety.md I6).

A conflict is declared (``SeatConflict``) or follows from facts: the judge's institution is the entry's or that of
one of its members; the judge is on the team; a recorded relation ties the judge to a member or to the institution.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from compapp.accounts.models import Relation
from compapp.core.db import session
from compapp.entries.models import Entry, TeamMember
from compapp.entries.queries import teams_of_person
from compapp.judging.lifecycle import DECLINED, LEFT
from compapp.judging.models import ConflictReview, Seat, SeatConflict

OVERRIDE = "override"
"""The outcome of a decision by which a conflict does not hold."""
KEPT = "institution_changed"
"""The kind of a conflict that stays although the judge's institution was changed: only the chair lifts it."""


def conflicted(seat: Any = Seat, entry: Any = Entry) -> ColumnElement[bool]:
    """Return the condition that ``seat`` has a conflict with ``entry`` (both stand in the statement around it).

    An override by a named person lifts what was declared or follows from records, never that of a team's own member.
    Every part names what it takes from outside: a subquery inside a subquery is not tied to the outer rows by itself.
    """
    return _conflicted() if seat is Seat and entry is Entry else _conflict_between(seat, entry)


@cache
def _conflicted() -> ColumnElement[bool]:
    """Return the usual condition, built once: nearly every page of the jury and its staff asks with it."""
    return _conflict_between(Seat, Entry)


@cache
def _any_seat() -> tuple[Any, ColumnElement[bool]]:
    """Return a seat that stands in no statement around, and its conflict with the entry that does; built once."""
    seat = aliased(Seat)
    return seat, _conflict_between(seat, Entry)


def _conflict_between(seat: Any, entry: Any) -> ColumnElement[bool]:
    found = or_(_declared(seat, entry), _same_institution(seat, entry), _related(seat, entry))
    return or_(_on_team(seat, entry), and_(found, ~_overridden(seat, entry)))


def _overridden(seat: Any, entry: Any) -> ColumnElement[bool]:
    return _tied(
        seat,
        entry,
        ConflictReview.seat_id == seat.id,
        ConflictReview.entry_id == entry.id,
        ConflictReview.outcome == OVERRIDE,
        ConflictReview.ended_at.is_(None),
    )


def _declared(seat: Any, entry: Any) -> ColumnElement[bool]:
    return _tied(seat, entry, *_of_pair(seat, entry))


def _of_pair(seat: Any, entry: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return SeatConflict.seat_id == seat.id, SeatConflict.entry_id == entry.id


def _same_institution(seat: Any, entry: Any) -> ColumnElement[bool]:
    member = _tied(
        seat,
        entry,
        TeamMember.entry_id == entry.id,
        _worked_on(entry),
        TeamMember.institution_id == seat.institution_id,
    )
    return and_(seat.institution_id.is_not(None), or_(entry.institution_id == seat.institution_id, member))


def _worked_on(entry: Any) -> ColumnElement[bool]:
    """Whether a member is on the team, or left only after the entry was handed in: leaving ends no conflict."""
    return or_(TeamMember.left_at.is_(None), TeamMember.left_at >= entry.submitted_at)


def _on_team(seat: Any, entry: Any) -> ColumnElement[bool]:
    return _tied(seat, entry, TeamMember.entry_id == entry.id, TeamMember.person_id == seat.person_id)


def _related(seat: Any, entry: Any) -> ColumnElement[bool]:
    to_member = _tied(
        seat,
        entry,
        TeamMember.entry_id == entry.id,
        or_(
            and_(Relation.person_id == seat.person_id, Relation.other_person_id == TeamMember.person_id),
            and_(Relation.other_person_id == seat.person_id, Relation.person_id == TeamMember.person_id),
        ),
        Relation.until.is_(None),
    )
    to_institution = _tied(
        seat,
        entry,
        Relation.person_id == seat.person_id,
        Relation.organisation_id == entry.institution_id,
        Relation.until.is_(None),
    )
    return or_(to_member, to_institution)


def _tied(seat: Any, entry: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(*conditions).correlate(seat, entry)


def hidden_from(person_id: Any, entry: Any = Entry) -> ColumnElement[bool]:
    """Return the condition that ``person_id`` may know nothing of ``entry``: a seat in its jury with a conflict.

    It also holds for a chair or an organiser who judges: a conflict beats every role. A column may stand for
    ``person_id`` (its table must stand in the statement around).
    """
    seat, conflict = _any_seat()
    if entry is not Entry:
        conflict = _conflict_between(seat, entry)
    outside = (entry, person_id.class_) if hasattr(person_id, "class_") else (entry,)
    return (
        exists()
        .where(
            seat.contest_id == entry.contest_id,
            seat.person_id == person_id,
            seat.state.not_in([DECLINED, LEFT]),
            conflict,
        )
        .correlate(*outside)
    )


def conflict_pairs(contest_id: int, entry_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Return (entry id, seat id) of every conflict of this contest's seats with ``entry_ids``."""
    wanted = list(entry_ids)
    found = session().execute(
        select(Entry.id, Seat.id).where(
            Seat.contest_id == contest_id, Entry.contest_id == contest_id, Entry.id.in_(wanted), conflicted()
        )
    )
    return {(entry, seat) for entry, seat in found}


def has_conflict(seat_id: int, entry_id: int) -> bool:
    """Whether the judge of ``seat_id`` has any conflict with the entry."""
    return bool(
        session().scalar(
            select(select(Seat.id, Entry.id).where(Seat.id == seat_id, Entry.id == entry_id, conflicted()).exists())
        )
    )


def reasons_of_conflicts(seat_id: int) -> list[tuple[int, list[str]]]:
    """Return of each entry with which a judge is in conflict why: declared, institution, team, relation, kept."""
    parts = {
        "declared": _tied(Seat, Entry, *_of_pair(Seat, Entry), SeatConflict.kind != KEPT),
        "institution": _same_institution(Seat, Entry),
        "team": _on_team(Seat, Entry),
        "relation": _related(Seat, Entry),
        "kept": _tied(Seat, Entry, *_of_pair(Seat, Entry), SeatConflict.kind == KEPT),
    }
    rows = session().execute(
        select(Entry.id, *(part.label(name) for name, part in parts.items()))
        .join(Seat, Seat.contest_id == Entry.contest_id)
        .where(Seat.id == seat_id, conflicted())
        .order_by(Entry.title_sort, Entry.id)
    )
    return [(row.id, [name for name in parts if getattr(row, name)]) for row in rows]


def entries_of_house(seat_id: int, organisation_id: int | None) -> list[Entry]:
    """Return the entries of a judge's contest that would be of the same institution, were the judge from this one."""
    if organisation_id is None:
        return []
    member = select(TeamMember.entry_id).where(
        TeamMember.entry_id == Entry.id, _worked_on(Entry), TeamMember.institution_id == organisation_id
    )
    return list(
        session().scalars(
            select(Entry)
            .join(Seat, Seat.contest_id == Entry.contest_id)
            .where(Seat.id == seat_id, or_(Entry.institution_id == organisation_id, member.exists()))
            .order_by(Entry.id)
        )
    )


def conflicts_of(contest_id: int) -> list[SeatConflict]:
    """Return every declared conflict of a contest, newest first (for the organiser and the chair)."""
    return list(
        session().scalars(
            select(SeatConflict)
            .join(SeatConflict.seat)
            .where(Seat.contest_id == contest_id, SeatConflict.kind != KEPT)
            .order_by(SeatConflict.declared_at.desc(), SeatConflict.id.desc())
        )
    )


def kept_conflicts(contest_id: int) -> list[SeatConflict]:
    """Return what stays withheld since a judge's institution was changed, in order of change."""
    return list(
        session().scalars(
            select(SeatConflict)
            .join(SeatConflict.seat)
            .join(SeatConflict.entry)
            .where(Seat.contest_id == contest_id, SeatConflict.kind == KEPT, ~_overridden(Seat, Entry))
            .order_by(SeatConflict.declared_at, SeatConflict.id)
        )
    )


def on_team(person_id: int | None, contest_id: int) -> bool:
    """Whether the person is on a team of this contest (which ends every other role in it)."""
    return any(one.contest_id == contest_id for one in teams_of_person(person_id))


def is_hidden(person_id: int | None, entry_id: int) -> bool:
    """Whether the person sits in the jury and has a conflict with the entry: then nothing of it may be shown."""
    if person_id is None:
        return False
    return session().scalar(select(Entry.id).where(Entry.id == entry_id, hidden_from(person_id))) is not None


def hidden_among(person_id: int | None, entry_ids: Iterable[int]) -> frozenset[int]:
    """Return those of several entries of which nothing may be shown to the person, in one statement."""
    if person_id is None:
        return frozenset()
    return frozenset(session().scalars(select(Entry.id).where(Entry.id.in_(list(entry_ids)), hidden_from(person_id))))


__all__ = [
    "conflict_pairs",
    "conflicted",
    "conflicts_of",
    "has_conflict",
    "KEPT",
    "OVERRIDE",
    "entries_of_house",
    "hidden_among",
    "hidden_from",
    "is_hidden",
    "kept_conflicts",
    "on_team",
    "reasons_of_conflicts",
]
