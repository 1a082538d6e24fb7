"""The judge's desk: what waits, in the judge's own order; only anonymous projections, nothing conflicted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select, true
from sqlalchemy.orm import contains_eager, defer, joinedload

from compapp.contests.models import Contest, Round
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.entries.models import Entry, TeamMember
from compapp.entries.queries.anonymous import AnonymousEntry, anonymous_titles
from compapp.judging.lifecycle import ACCEPTED, DONE, EXPECTED, ON_STAGE, OPEN, SUBMITTED, VOID
from compapp.judging.models import OF_ASSIGNMENT, Assignment, AssignmentRun, PitchSlot, Seat, SeatAnswer, Sheet
from compapp.judging.queries.conflicts import conflicted
from compapp.judging.scoring.modes import mode_of

PULL = "pull"
"""The kind of run that says whether judges may fetch more entries themselves (the newest of a round counts)."""


@dataclass(frozen=True)
class DeskItem:
    """One entry on the desk; ``state`` is empty before the first save, ``total`` is the judge's own.

    Of a live round whose order is drawn: the number in the running order, when, and whether it is yet to pitch while
    others have.
    """

    assignment_id: int
    entry: AnonymousEntry
    state: str
    total: Fraction | None
    due_at: datetime
    saved_at: datetime | None
    assigned_at: datetime
    number: int | None = None
    pitches_at: datetime | None = None
    to_come: bool = False

    @property
    def is_done(self) -> bool:
        """Whether the judge has nothing more to do here."""
        return self.state in (SUBMITTED, VOID)


@dataclass(frozen=True)
class DeskRound:
    """One round of the desk with its entries in the judge's order."""

    round: Round
    items: Sequence[DeskItem]
    answer: SeatAnswer | None = None
    pledged: bool = True
    may_fetch: int = 0

    @property
    def unanswered(self) -> int:
        """Entries given since the judge last answered, or since those of which a sheet is begun were given."""
        moments = [item.assigned_at for item in self.items if item.state]
        if self.answer is not None:
            moments.append(self.answer.answered_at)
        since = max(moments, default=None)
        return sum(1 for item in self.items if not item.state and (since is None or item.assigned_at > since))

    @property
    def done(self) -> int:
        """Sheets handed in."""
        return sum(1 for item in self.items if item.is_done)

    @property
    def left(self) -> int:
        """Sheets still to hand in."""
        return len(self.items) - self.done

    @property
    def due_at(self) -> datetime:
        """The next deadline: the earliest of what is left, else the round's end."""
        return min((item.due_at for item in self.items if not item.is_done), default=self.round.closes_at)

    @property
    def is_pile(self) -> bool:
        """Whether the judge says one thing about all entries, on a page of its own."""
        return mode_of(self.round.definition).whole_pile

    def may_ask_for_more(self, at: datetime) -> bool:
        """Whether the judge has finished, in a round in which one may then fetch more."""
        open_now = self.round.opens_at <= at <= self.round.closes_at
        return self.pledged and self.left == 0 and bool(self.may_fetch) and open_now

    @property
    def is_drawn(self) -> bool:
        """Whether the items stand in the running order of a live round."""
        return any(item.number is not None for item in self.items)

    def next_item(self) -> DeskItem | None:
        """Return what to open next: a draft begun, else the first in order; of a live round only who was called."""
        waiting = [item for item in self.items if not (item.is_done or item.to_come or item.state == "unconfirmed")]
        begun = [item for item in waiting if item.state]
        return next(iter(begun or waiting), None)


def desk(actor: Actor) -> list[DeskRound]:
    """Return everything on a judge's desk, the round that ends first on top; a constant number of queries."""
    rows = session().execute(open_to(actor)).all()
    titles = anonymous_titles([row.entry_id for row in rows]) if rows else {}
    batches = pull_batches(actor)
    rounds = _rounds({row.round_id for row in rows} | set(batches))
    items: dict[int, list[DeskItem]] = {}
    staged = _staged(rows)
    for row in rows:
        due_at = row.due_at or rounds[row.round_id].closes_at
        item = DeskItem(
            row.id,
            titles[row.entry_id],
            row.state or "",
            row.total,
            due_at,
            row.saved_at,
            row.assigned_at,
            number=row.slot_number,
            pitches_at=row.starts_at,
            to_come=row.slot_state == EXPECTED and row.round_id in staged,
        )
        items.setdefault(row.round_id, []).append(item)
    around = _around(actor, rounds)
    found = [DeskRound(rounds[key], items.get(key, []), *around[key], batches.get(key, 0)) for key in rounds]
    return sorted(found, key=lambda one: (one.left == 0, one.due_at, one.round.id))


def _staged(rows: Iterable[Any]) -> set[int]:
    """Return the rounds in which somebody has been called to the stage: where nobody ever is, nobody is waited for."""
    return {row.round_id for row in rows if row.slot_state in (*ON_STAGE, DONE)}


def _rounds(round_ids: set[int]) -> dict[int, Round]:
    if not round_ids:
        return {}
    contest = joinedload(Round.contest).options(defer(Contest.kept), defer(Contest.form), defer(Contest.rubrics))
    found = session().scalars(select(Round).where(Round.id.in_(round_ids)).options(contest))
    return {round_.id: round_ for round_ in found}


def _around(actor: Actor, rounds: Mapping[int, Round]) -> dict[int, tuple[SeatAnswer | None, bool]]:
    """Return of each round the judge's answer to what was given, and whether the pledge stands."""
    if not rounds:
        return {}
    rows = session().execute(
        select(Round.id, Seat.pledged_at, SeatAnswer)
        .join(Seat, Seat.contest_id == Round.contest_id)
        .outerjoin(SeatAnswer, and_(SeatAnswer.seat_id == Seat.id, SeatAnswer.round_id == Round.id))
        .where(Round.id.in_(rounds), Seat.person_id == actor.person_id)
    )
    return {round_id: (answer, pledged_at is not None) for round_id, pledged_at, answer in rows}


def pull_batches(actor: Actor) -> dict[int, int]:
    """Return of each round in which the actor may fetch more entries as a judge how many at once."""
    newest = select(func.max(AssignmentRun.id)).where(AssignmentRun.kind == PULL).group_by(AssignmentRun.round_id)
    runs = session().scalars(
        select(AssignmentRun)
        .join(Round, Round.id == AssignmentRun.round_id)
        .join(Seat, Seat.contest_id == Round.contest_id)
        .where(AssignmentRun.id.in_(newest), Seat.person_id == actor.person_id, Seat.state == ACCEPTED, _reached(actor))
    )
    return {run.round_id: int(run.report["batch"]) for run in runs if run.report.get("open")}


def open_to(actor: Actor) -> Any:
    """Select what the actor may read now: given out, accepted seat, no conflict, on no team of the contest.

    In the judge's own order; of a live round in the running order.
    """
    own_team = exists().where(
        TeamMember.person_id == actor.person_id,
        TeamMember.left_at.is_(None),
        TeamMember.entry_id.in_(select(Entry.id).where(Entry.contest_id == Seat.contest_id).correlate(Seat)),
    )
    return (
        select(
            Assignment.id,
            Assignment.entry_id,
            Assignment.round_id,
            Assignment.position,
            Assignment.due_at,
            Assignment.assigned_at,
            Sheet.state,
            Sheet.total,
            Sheet.saved_at,
            PitchSlot.state.label("slot_state"),
            PitchSlot.position.label("slot_number"),
            PitchSlot.starts_at,
        )
        .join(Assignment.seat)
        .join(Entry, Entry.id == Assignment.entry_id)
        .outerjoin(
            PitchSlot, and_(PitchSlot.round_id == Assignment.round_id, PitchSlot.entry_id == Assignment.entry_id)
        )
        .outerjoin(Sheet, OF_ASSIGNMENT)
        .where(
            Seat.person_id == actor.person_id,
            Seat.state == ACCEPTED,
            _reached(actor),
            Assignment.state == OPEN,
            ~conflicted(),
            ~own_team.correlate(Seat),
        )
        .order_by(Assignment.round_id, PitchSlot.starts_at, PitchSlot.position, Assignment.position, Assignment.id)
    )


def _reached(actor: Actor) -> ColumnElement[bool]:
    return true() if actor.limited_to is None else Seat.contest_id == actor.limited_to


def desk_counts(actor: Actor) -> tuple[int, int, int | None, datetime | None]:
    """Return (left, all, next assignment id, next deadline) for the home card, in one query.

    There is no next one while others have pitched and every team whose sheet is left has yet to.
    """
    rows = session().execute(open_to(actor).join(Assignment.round).add_columns(Round.closes_at)).all()
    waiting = [row for row in rows if row.state not in (SUBMITTED, VOID, "unconfirmed")]
    dues = [row.due_at or row.closes_at for row in waiting]
    staged = _staged(rows)
    # The rows stand in their order, so that the first of the earliest deadline is the next one.
    ready = [
        (due, place)
        for place, (row, due) in enumerate(zip(waiting, dues, strict=True))
        if row.slot_state != EXPECTED or row.round_id not in staged
    ]
    following = waiting[min(ready)[1]].id if ready else None
    return len(waiting), len(rows), following, min(dues, default=None)


def seats_of_person(actor: Actor) -> list[Seat]:
    """Return the actor's seats with their contests, newest first (invitations among them)."""
    return list(
        session().scalars(
            select(Seat)
            .join(Seat.contest)
            .where(Seat.person_id == actor.person_id, _reached(actor))
            .options(contains_eager(Seat.contest))
            .order_by(Seat.id.desc())
        )
    )
