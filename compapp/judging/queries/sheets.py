"""Sheets, and what stands around one: the assignment, the round, the judge's rights."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import contains_eager, defer, joinedload

from compapp.contests.models import Contest, Round
from compapp.core.actor import Actor
from compapp.core.db import hold, session
from compapp.entries.models import Entry, TeamMember
from compapp.entries.queries.anonymous import AnonymousEntry, anonymous_titles
from compapp.judging.lifecycle import DRAFT, OPEN, SUBMITTED, UNCONFIRMED, VOID
from compapp.judging.models import OF_ASSIGNMENT, Assignment, JudgeNote, Seat, Sheet
from compapp.judging.policy import SheetFacts, may_answer_for_entry, may_open_sheet, may_read_sheet
from compapp.judging.queries.answers import is_answered_for_assignment
from compapp.judging.queries.conflicts import conflicted


@dataclass(frozen=True)
class OpenSheet:
    """An assignment with its sheet (if begun), round, contest and the facts for the policy; one query."""

    assignment: Assignment
    sheet: Sheet | None
    round: Round
    contest: Contest
    facts: SheetFacts
    note: JudgeNote | None = None

    @property
    def due_at(self) -> datetime:
        """When this sheet must be in."""
        return self.facts.due_at


def _around() -> Select[Assignment, Sheet, JudgeNote, bool, bool, bool]:
    """Return the statement for one assignment (``assignment_id``) and who asks (``actor_id``)."""
    own_team = exists().where(
        TeamMember.entry_id == Entry.id,
        Entry.contest_id == Seat.contest_id,
        TeamMember.person_id == bindparam("actor_id", type_=Integer()),
        TeamMember.left_at.is_(None),
    )
    barred = exists().where(Entry.id == Assignment.entry_id, conflicted())
    return (
        select(
            Assignment,
            Sheet,
            JudgeNote,
            barred.correlate(Assignment, Seat),
            own_team.correlate(Seat),
            is_answered_for_assignment(),
        )
        .join(Assignment.seat)
        .join(Assignment.round)
        .join(Round.contest)
        .outerjoin(Sheet, OF_ASSIGNMENT)
        .outerjoin(JudgeNote, JudgeNote.assignment_id == Assignment.id)
        .options(
            contains_eager(Assignment.seat),
            contains_eager(Assignment.round)
            .contains_eager(Round.contest)
            .options(defer(Contest.kept), defer(Contest.form)),
        )
        .where(Assignment.id == bindparam("assignment_id"))
    )


_OPEN = _around()


def open_sheet(
    actor: Actor, assignment_id: int, *, allowed: Callable[[Actor, SheetFacts], bool] = may_read_sheet
) -> OpenSheet | None:
    """Load an assignment with everything around it; nothing for one that is not the actor's to read."""
    row = session().execute(_OPEN, {"actor_id": actor.person_id, "assignment_id": assignment_id}).one_or_none()
    if row is None:
        return None
    assignment, sheet, note, barred, own_team, answered = row
    opened = _opened(assignment, sheet, bool(barred), bool(own_team), bool(answered))
    found = replace(opened, note=note)
    return found if allowed(actor, found.facts) else None


@dataclass(frozen=True)
class ReadableSheet:
    """What a route's check loads: the facts the policy judges, with the rows that the page needs anyway."""

    facts: SheetFacts
    found: OpenSheet

    def __getattr__(self, name: str) -> Any:
        """Answer for the facts, which is all that policies look at."""
        return getattr(self.facts, name)


def readable_sheet(actor: Actor, assignment_id: int) -> ReadableSheet | None:
    """Load an assignment for a page; nothing (404) unless the actor may read it."""
    found = open_sheet(actor, assignment_id)
    return None if found is None else ReadableSheet(found.facts, found)


def openable_sheet(actor: Actor, assignment_id: int) -> ReadableSheet | None:
    """Load an assignment that the actor may read, or could with the pledge; nothing (404) for any other."""
    found = open_sheet(actor, assignment_id, allowed=may_open_sheet)
    return None if found is None else ReadableSheet(found.facts, found)


def answerable_sheet(actor: Actor, assignment_id: int) -> ReadableSheet | None:
    """Load an assignment of which the actor may say whether there is a conflict; nothing (404) for any other."""
    found = open_sheet(actor, assignment_id, allowed=may_answer_for_entry)
    return None if found is None else ReadableSheet(found.facts, found)


def readable_file(actor: Actor, assignment_id: int, attachment_id: int) -> ReadableSheet | None:
    """Load the assignment for one of its files; which files there are, the projection says."""
    return readable_sheet(actor, assignment_id)


def anonymous_title(entry_id: int) -> AnonymousEntry:
    """Return the heading of an entry as judges may see it."""
    return anonymous_titles([entry_id])[entry_id]


def _opened(assignment: Assignment, sheet: Sheet | None, barred: bool, own_team: bool, answered: bool) -> OpenSheet:
    round_, seat = assignment.round, assignment.seat
    asks = (round_.contest.definition.get("rules") or {}).get("conflict_answer_before_opening", False)
    facts = SheetFacts(
        contest_id=round_.contest_id,
        assignment_id=assignment.id,
        entry_id=assignment.entry_id,
        judge_id=seat.person_id,
        seat_state=seat.state,
        state=assignment.state,
        sheet_state=sheet.state if sheet is not None else "",
        opens_at=round_.opens_at,
        due_at=assignment.due_at or round_.closes_at,
        conflicted=barred,
        on_team=own_team,
        pledged=seat.pledged_at is not None,
        is_asked=bool(asks) and not answered and sheet is None,
    )
    return OpenSheet(assignment, sheet, round_, round_.contest, facts)


def lock_assignment(assignment_id: int) -> None:
    """Put writers of one sheet in line (PostgreSQL; SQLite has one writer anyway)."""
    hold(select(Assignment.id).where(Assignment.id == assignment_id).with_for_update())


def sheet_of(round_id: int, entry_id: int, seat_id: int) -> Sheet | None:
    """Return the one sheet of a judge for an entry in a round."""
    return (
        session()
        .scalars(select(Sheet).where(Sheet.round_id == round_id, Sheet.entry_id == entry_id, Sheet.seat_id == seat_id))
        .one_or_none()
    )


def sheets_of_seat(round_id: int, seat_id: int) -> dict[int, Sheet]:
    """Return all sheets of a judge in a round, by entry id."""
    found = session().scalars(select(Sheet).where(Sheet.round_id == round_id, Sheet.seat_id == seat_id))
    return {sheet.entry_id: sheet for sheet in found}


def assignment_of(round_id: int, entry_id: int, seat_id: int) -> Assignment | None:
    """Return the one assignment of a judge to an entry in a round."""
    return (
        session()
        .scalars(
            select(Assignment).where(
                Assignment.round_id == round_id, Assignment.entry_id == entry_id, Assignment.seat_id == seat_id
            )
        )
        .one_or_none()
    )


def valid_totals(round_id: int, entry_id: int) -> list[Fraction]:
    """Return the totals of the entry's submitted sheets in a round."""
    totals = session().scalars(
        select(Sheet.total).where(
            Sheet.round_id == round_id, Sheet.entry_id == entry_id, Sheet.state == SUBMITTED, Sheet.total.is_not(None)
        )
    )
    return [total for total in totals if total is not None]


def other_sheets(found: OpenSheet) -> list[Sheet]:
    """Return the other judges' submitted sheets of the same entry, in an order that tells nothing of who wrote them."""
    sheets = session().scalars(
        select(Sheet)
        .where(
            Sheet.round_id == found.round.id,
            Sheet.entry_id == found.assignment.entry_id,
            Sheet.seat_id != found.assignment.seat_id,
            Sheet.state == SUBMITTED,
        )
        .order_by(Sheet.total, Sheet.id)
    )
    return list(sheets)


def paper_waiting(contest_id: int) -> list[Sheet]:
    """Return the sheets on paper that wait for a second person, oldest first."""
    return list(
        session().scalars(
            select(Sheet)
            .join(Sheet.round)
            .where(Round.contest_id == contest_id, Sheet.state == UNCONFIRMED)
            .options(
                contains_eager(Sheet.round), joinedload(Sheet.entry), joinedload(Sheet.seat).joinedload(Seat.person)
            )
            .order_by(Sheet.saved_at, Sheet.id)
        )
    )


def unlocks_asked(contest_id: int) -> list[Sheet]:
    """Return the submitted sheets that their judges ask back, oldest first."""
    return list(
        session().scalars(
            select(Sheet)
            .join(Sheet.round)
            .where(Round.contest_id == contest_id, Sheet.state == SUBMITTED, Sheet.unlock_asked_at.is_not(None))
            .options(
                contains_eager(Sheet.round), joinedload(Sheet.entry), joinedload(Sheet.seat).joinedload(Seat.person)
            )
            .order_by(Sheet.unlock_asked_at)
        )
    )


def sheets_in_need(contest_ids: Iterable[int], person_id: int | None) -> dict[int, tuple[int, int, int]]:
    """Return of several contests how many sheets need somebody.

    These are paper sheets for ``person_id`` to confirm (who entered one does not), sheets that judges ask back, and
    paper sheets that came back to ``person_id`` to be corrected.
    """
    to_confirm = and_(Sheet.state == UNCONFIRMED, Sheet.entered_by_id.is_distinct_from(person_id))
    asked_back = and_(Sheet.state == SUBMITTED, Sheet.unlock_asked_at.is_not(None))
    needs = (to_confirm, asked_back, _came_back_to(person_id))
    rows = session().execute(
        select(Round.contest_id, *(func.sum(case((need, 1), else_=0)) for need in needs))
        .join(Sheet.round)
        .where(Round.contest_id.in_(list(contest_ids)), or_(*needs))
        .group_by(Round.contest_id)
    )
    return {contest_id: (int(confirm), int(asked), int(back)) for contest_id, confirm, asked, back in rows}


def sheets_missing(round_id: int, entry_id: int) -> int:
    """Return how many open assignments of an entry have no submitted or void sheet yet."""
    done = select(Sheet.id).where(OF_ASSIGNMENT, Sheet.state.in_([SUBMITTED, VOID]))
    missing = session().scalar(
        select(func.count())
        .select_from(Assignment)
        .where(
            Assignment.round_id == round_id,
            Assignment.entry_id == entry_id,
            Assignment.state == OPEN,
            ~done.exists(),
        )
    )
    return int(missing or 0)


def paper_returned(contest_id: int, person_id: int | None) -> list[tuple[Sheet, int]]:
    """Return the paper sheets that came back to the person who entered them, each with its assignment's id."""
    rows = session().execute(
        select(Sheet, Assignment.id)
        .join(Sheet.round)
        .join(Assignment, OF_ASSIGNMENT)
        .where(Round.contest_id == contest_id, _came_back_to(person_id))
        .options(contains_eager(Sheet.round), joinedload(Sheet.seat).joinedload(Seat.person))
        .order_by(Sheet.id)
    )
    return [(sheet, assignment_id) for sheet, assignment_id in rows]


def _came_back_to(person_id: int | None) -> ColumnElement[bool]:
    return and_(Sheet.state == DRAFT, Sheet.note.is_not(None), Sheet.entered_by_id == person_id)
