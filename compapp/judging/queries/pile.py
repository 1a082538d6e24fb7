"""All entries that a judge reads in one round, for the modes in which one page judges them together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compapp.contests.definition import BoardRule, Text
from compapp.contests.models import Contest, Round
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.entries.queries.anonymous import AnonymousEntry, anonymous_titles
from compapp.judging.lifecycle import SUBMITTED, VOID
from compapp.judging.models import Assignment, Sheet
from compapp.judging.queries.answers import is_answered_for_assignment
from compapp.judging.queries.desk import open_to
from compapp.judging.scoring.modes import Mode, mode_of, options_of


@dataclass(frozen=True)
class PileItem:
    """One entry of the pile; ``sheet`` is the judge's own, if begun."""

    assignment: Assignment
    entry: AnonymousEntry
    code: str
    board: str
    sheet: Sheet | None

    @property
    def is_in(self) -> bool:
        """Whether the judge's word on it is handed in (or void)."""
        return self.sheet is not None and self.sheet.state in (SUBMITTED, VOID)


@dataclass(frozen=True)
class Pile:
    """What a judge reads in a round that is judged on one page; nothing conflicted or withdrawn is in it."""

    round: Round
    contest: Contest
    mode: Mode
    options: Mapping[str, int]
    items: Sequence[PileItem]
    labels: Mapping[str, Text]
    version: int = 0
    """Grows with everything that the judge saves on a sheet of this round."""
    asked: int | None = None
    """The first assignment whose judge has yet to say whether there is a conflict, where the rules ask for it first."""

    @property
    def seat_id(self) -> int:
        """The judge's seat."""
        return self.items[0].assignment.seat_id

    @property
    def is_pledged(self) -> bool:
        """Whether the judge has acknowledged the pledge of confidentiality."""
        return self.items[0].assignment.seat.pledged_at is not None

    @property
    def due_at(self) -> datetime:
        """Until when it is to be handed in: the latest of the assignments still open."""
        dues = [one.assignment.due_at or self.round.closes_at for one in self.items if not one.is_in]
        return max(dues, default=self.round.closes_at)

    @property
    def is_in(self) -> bool:
        """Whether everything is handed in."""
        return all(one.is_in for one in self.items)

    @property
    def is_locked(self) -> bool:
        """Whether the judge's word was handed in, for some entry at least: then it is not changed any more."""
        return any(one.sheet is not None and one.sheet.state == SUBMITTED for one in self.items)

    def boards(self) -> dict[str, list[PileItem]]:
        """Return the items by board, in the judge's own order."""
        found: dict[str, list[PileItem]] = {}
        for one in self.items:
            found.setdefault(one.board, []).append(one)
        return found


def pile(actor: Actor, round_id: int) -> Pile | None:
    """Load a judge's pile; nothing (404) where the actor reads nothing in it, or it is judged sheet by sheet."""
    rows = session().execute(open_to(actor).where(Assignment.round_id == round_id)).all()
    round_ = session().get(Round, round_id, options=[joinedload(Round.contest).selectinload(Contest.boards)])
    if not rows or round_ is None or not mode_of(round_.definition).whole_pile:
        return None
    titles = anonymous_titles([row.entry_id for row in rows])
    given = select(Assignment, is_answered_for_assignment()).where(Assignment.id.in_([row.id for row in rows]))
    found = session().execute(given.options(joinedload(Assignment.seat)).order_by(Assignment.position, Assignment.id))
    answered = {one: bool(said) for one, said in found}
    assignments = {one.id: one for one in answered}
    seat_id = next(iter(assignments.values())).seat_id
    sheets = session().scalars(select(Sheet).where(Sheet.round_id == round_id, Sheet.seat_id == seat_id))
    by_entry = {sheet.entry_id: sheet for sheet in sheets}
    return Pile(
        round=round_,
        contest=round_.contest,
        mode=mode_of(round_.definition),
        options=options_of(round_.definition),
        items=[
            PileItem(assignments[row.id], entry, entry.code, entry.board_code, by_entry.get(row.entry_id))
            for row in rows
            for entry in (titles[row.entry_id],)
        ],
        labels={board.code: BoardRule.of(board).label for board in round_.contest.boards},
        version=sum(sheet.version for sheet in by_entry.values()),
        asked=_first_asked(round_, [one for one in answered if not answered[one] and one.entry_id not in by_entry]),
    )


def _first_asked(round_: Round, unanswered: Sequence[Assignment]) -> int | None:
    asks = (round_.contest.definition.get("rules") or {}).get("conflict_answer_before_opening", False)
    return unanswered[0].id if asks and unanswered else None


def pile_facts(actor: Actor, round_id: int) -> Pile | None:
    """Load what decides about the page of a pile: having one is the right to it."""
    return pile(actor, round_id)
