"""The organiser's queue: filters, what there is to look at, acts that can still be undone, rows for a spreadsheet.

Each list takes a constant number of statements; keys come from an index, wide rows only for the page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased, defer

from compapp.accounts.models import Organisation
from compapp.contests.models import Board, Contest, Sector
from compapp.core.db import session
from compapp.core.errors import NotFound
from compapp.core.paging import Page, paginate_keys
from compapp.core.text import N_, fold
from compapp.entries import blindness
from compapp.entries.lifecycle import ACTIVE, CONFIRMED, DRAFT, NEEDS_FIX, REFUSED, WAITING
from compapp.entries.models import Attachment, Case, Endorsement, Entry, TeamMember
from compapp.entries.queries.winners import winners_among
from compapp.entries.screening import BulkAct, BulkActItem, SimilarityFlag

PER_PAGE = 30
MOST_EXPORTED = 20_000

LOOKS = {
    "case": N_("Open case"),
    "alike": N_("Alike with another entry"),
    "withheld": N_("File withheld from judges"),
    "elsewhere": N_("Member in another contest"),
    "unconfirmed": N_("Not confirmed by the school"),
    "overdue": N_("Time to complete is over"),
    "winner": N_("Won before"),
    "frozen": N_("Frozen"),
}
"""What one can look for in the queue."""


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """How the organiser narrows the queue; empty means all."""

    state: str = ""
    board: str = ""
    sector: str = ""
    institution: int | None = None
    look: str = ""
    search: str = ""
    page: int = 1

    @property
    def address(self) -> dict[str, Any]:
        """Return what stands in the address: every filter that is set."""
        given = {
            "state": self.state,
            "board": self.board,
            "sector": self.sector,
            "institution": self.institution,
            "look": self.look,
            "search": self.search,
        }
        return {key: value for key, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the eligibility queue."""

    entry_id: int
    code: str
    number: str
    title: dict[str, Any]
    state: str
    board: dict[str, Any]
    sector: dict[str, Any] | None
    institution: dict[str, str] | None
    submitted_at: datetime | None
    fix_until: datetime | None
    is_overdue: bool
    endorsement: str | None
    withheld: int
    open_cases: int
    alike: int
    elsewhere: int
    winners: int
    is_frozen: bool
    is_merged: bool


def queue(contest: Contest, wanted: QueueFilter, at: datetime) -> Page:
    """Return one page of :class:`QueueRow`: what was handed in, the oldest submission first."""
    page = paginate_keys(_keys(contest, wanted, at), _ROWS, Entry.id, wanted.page, PER_PAGE)
    ids = [row[0].id for row in page.rows]
    marks = _marks(contest.id, ids)
    return replace(page, rows=[_row(row, marks, at) for row in page.rows])


def matching(contest: Contest, wanted: QueueFilter, at: datetime, most: int) -> list[int]:
    """Return the ids of up to ``most`` entries that fit the filters, in the queue's order."""
    return list(session().scalars(_keys(contest, wanted, at).limit(most)))


def rows_of(contest: Contest, entry_ids: Sequence[int], at: datetime) -> list[QueueRow]:
    """Return the lines of given entries of the contest, in the order of their ids given."""
    place = {identity: at_ for at_, identity in enumerate(entry_ids)}
    found: list[QueueRow] = []
    for start in range(0, len(entry_ids), 500):
        part = entry_ids[start : start + 500]
        rows = session().execute(_ROWS.where(Entry.id.in_(part), Entry.contest_id == contest.id)).all()
        marks = _marks(contest.id, part)
        found += [_row(row, marks, at) for row in rows]
    return sorted(found, key=lambda row: place[row.entry_id])


_ROWS: Any = (
    select(Entry, Board, Sector, Organisation, Endorsement.state)
    .join(Board, Board.id == Entry.board_id)
    .outerjoin(Sector, Sector.id == Entry.sector_id)
    .outerjoin(Organisation, Organisation.id == Entry.institution_id)
    .outerjoin(Endorsement, Endorsement.entry_id == Entry.id)
    .options(defer(Entry.answers), defer(Entry.field_versions), defer(Entry.definition))
)


def _keys(contest: Contest, wanted: QueueFilter, at: datetime) -> Any:
    """Select the ids in order; nothing is joined, so that an index can answer."""
    statement: Any = select(Entry.id).where(Entry.contest_id == contest.id).order_by(Entry.submitted_at, Entry.id)
    statement = statement.where(Entry.state == wanted.state if wanted.state else Entry.state != DRAFT)
    if wanted.board:
        statement = statement.where(Entry.board_id == _id_of(contest.boards, wanted.board))
    if wanted.sector:
        statement = statement.where(Entry.sector_id == _id_of(contest.sectors, wanted.sector))
    if wanted.institution is not None:
        statement = statement.where(Entry.institution_id == wanted.institution)
    if wanted.look in LOOKS:
        statement = statement.where(_look(wanted.look, contest.id, at))
    return _searched(statement, wanted.search)


def _id_of(rows: Iterable[Any], code: str) -> int:
    return next((row.id for row in rows if row.code == code), 0)


def _look(look: str, contest_id: int, at: datetime) -> Any:
    """Return the condition of one of :data:`LOOKS`."""
    if look == "winner":
        return Entry.id.in_(sorted(winners_among(contest_id)))
    if look == "case":
        return exists().where(Case.entry_id == Entry.id, Case.state == "open")
    if look == "alike":
        touches = or_(SimilarityFlag.entry_id == Entry.id, SimilarityFlag.other_entry_id == Entry.id)
        return exists().where(touches, SimilarityFlag.contest_id == Entry.contest_id, SimilarityFlag.state == "open")
    if look == "withheld":
        return exists().where(
            Attachment.entry_id == Entry.id,
            Attachment.replaced_at.is_(None),
            Attachment.blind_state == blindness.WITHHELD,
        )
    if look == "elsewhere":
        mine, theirs, other = aliased(TeamMember), aliased(TeamMember), aliased(Entry)
        return exists().where(mine.entry_id == Entry.id, *_same_person(mine, theirs, other))
    if look == "unconfirmed":
        return ~exists().where(Endorsement.entry_id == Entry.id, Endorsement.state == CONFIRMED)
    if look == "frozen":
        return Entry.frozen_at.is_not(None)
    return and_(Entry.state == NEEDS_FIX, Entry.reopened_until <= at)


def _same_person(mine: Any, theirs: Any, other: Any) -> tuple[Any, ...]:
    """Return what makes ``theirs`` a place of the same person on an active team of another contest."""
    return (
        mine.left_at.is_(None),
        mine.role != "advisor",
        theirs.person_id == mine.person_id,
        theirs.left_at.is_(None),
        theirs.role != "advisor",
        other.id == theirs.entry_id,
        other.contest_id != Entry.contest_id,
        other.state.in_(ACTIVE),
    )


def _searched(statement: Any, search: str) -> Any:
    """Narrow to titles, codes and schools' names that hold the words, whatever their marks."""
    folded = fold(search)[:100]
    if not folded:
        return statement
    pattern = "%" + folded.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    schools = session().scalars(select(Organisation.id).where(Organisation.name_fold.like(pattern, escape="\\")))
    return statement.where(
        or_(
            Entry.title_fold.like(pattern, escape="\\"),
            func.lower(Entry.code).like(pattern, escape="\\"),
            func.lower(Entry.number).like(pattern, escape="\\"),
            Entry.institution_id.in_(list(schools)[:500]),
        )
    )


@dataclass(frozen=True, slots=True)
class _Marks:
    """What there is to look at, by entry."""

    withheld: Mapping[int, int]
    cases: Mapping[int, int]
    alike: Mapping[int, int]
    elsewhere: Mapping[int, int]
    winners: Mapping[int, int]


def _marks(contest_id: int, ids: Sequence[int]) -> _Marks:
    held = (Attachment.replaced_at.is_(None), Attachment.blind_state == blindness.WITHHELD)
    alike: dict[int, int] = {}
    for one, other in session().execute(
        select(SimilarityFlag.entry_id, SimilarityFlag.other_entry_id).where(
            SimilarityFlag.contest_id == contest_id, SimilarityFlag.state == "open"
        )
    ):
        alike[one] = alike.get(one, 0) + 1
        alike[other] = alike.get(other, 0) + 1
    return _Marks(
        withheld=_counted(Attachment.entry_id, ids, *held),
        cases=_counted(Case.entry_id, ids, Case.state == "open"),
        alike=alike,
        elsewhere=_elsewhere(ids),
        winners={entry_id: len(pairs) for entry_id, pairs in winners_among(contest_id, ids).items()},
    )


def _counted(column: Any, ids: Sequence[int], *conditions: Any) -> dict[int, int]:
    rows = session().execute(select(column, func.count()).where(column.in_(ids), *conditions).group_by(column))
    return {row[0]: row[1] for row in rows}


def _elsewhere(ids: Sequence[int]) -> dict[int, int]:
    """Return in how many entries of other contests somebody of each team is."""
    mine, theirs, other = aliased(TeamMember), aliased(TeamMember), aliased(Entry)
    rows = session().execute(
        select(Entry.id, func.count(other.id.distinct()))
        .select_from(Entry)
        .join(mine, mine.entry_id == Entry.id)
        .join(theirs, theirs.person_id == mine.person_id)
        .join(other, other.id == theirs.entry_id)
        .where(Entry.id.in_(ids), *_same_person(mine, theirs, other))
        .group_by(Entry.id)
    )
    return {row[0]: row[1] for row in rows}


def _row(row: Any, marks: _Marks, at: datetime) -> QueueRow:
    entry, board, sector, school, endorsement = row[:5]
    draft, is_fix = entry.state == DRAFT, entry.state == NEEDS_FIX
    return QueueRow(
        entry_id=entry.id,
        code=entry.code,
        number=entry.number,
        title=entry.title,
        state=entry.state,
        board=board.definition.get("label") or {"vi": board.code, "en": board.code},
        sector=(sector.definition.get("label") or {"vi": sector.code, "en": sector.code}) if sector else None,
        institution=school.name if school else None,
        submitted_at=entry.submitted_at,
        fix_until=entry.reopened_until if is_fix else None,
        is_overdue=is_fix and entry.reopened_until is not None and entry.reopened_until <= at,
        endorsement=endorsement or WAITING,
        withheld=0 if draft else marks.withheld.get(entry.id, 0),
        open_cases=marks.cases.get(entry.id, 0),
        alike=marks.alike.get(entry.id, 0),
        elsewhere=0 if draft else marks.elsewhere.get(entry.id, 0),
        winners=0 if draft else marks.winners.get(entry.id, 0),
        is_frozen=entry.frozen_at is not None,
        is_merged=entry.merged_into_id is not None,
    )


def has_refusal(row: QueueRow) -> bool:
    """Whether the school has refused the entry."""
    return row.endorsement == REFUSED


def act_of(contest_id: int, act_id: int) -> BulkAct:
    """Return one act on several entries of the contest; NotFound."""
    found = session().get(BulkAct, act_id)
    if found is None or found.contest_id != contest_id:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return found


def acts_to_undo(contest_id: int, at: datetime) -> list[tuple[BulkAct, int]]:
    """Return the acts on several entries that can still be undone, each with its number of entries, newest first."""
    count = select(func.count()).where(BulkActItem.act_id == BulkAct.id).scalar_subquery()
    rows = session().execute(
        select(BulkAct, count)
        .where(
            BulkAct.contest_id == contest_id,
            BulkAct.undone_at.is_(None),
            BulkAct.told_at.is_(None),
            BulkAct.undo_until > at,
        )
        .order_by(BulkAct.id.desc())
    )
    return [(act, number) for act, number in rows]
