"""The organiser's queue: filters, what there is to look at, acts that can still be undone, rows for a spreadsheet.

Each list takes a constant number of statements; keys come from an index, wide rows only for the page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from compapp.accounts.models import Organisation
from compapp.contests.models import Board, Contest, Sector
from compapp.core.db import session
from compapp.core.paging import Page
from compapp.core.text import N_, fold
from compapp.entries import blindness
from compapp.entries.lifecycle import ACTIVE, CONFIRMED, DRAFT, NEEDS_FIX, REFUSED, SUBMITTED, WAITING
from compapp.entries.models import (
    Attachment,
    BulkAct,
    Case,
    EligibilityDecision,
    Endorsement,
    Entry,
    PastAward,
    SimilarityFlag,
    TeamMember,
)
from compapp.entries.queries.held import Held, held_of, undoable
from compapp.entries.queries.winners import winners_among

PER_PAGE = 30
MOST_EXPORTED = 20_000

LOOKS = {
    "case": N_("Open case"),
    "alike": N_("Alike with another entry"),
    "withheld": N_("File withheld from judges"),
    "elsewhere": N_("Member in another contest"),
    "unconfirmed": N_("Not confirmed by the school"),
    "overdue": N_("Time to complete is over"),
    "completed": N_("Completed and handed in again"),
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
    board: Mapping[str, Any]
    sector: Mapping[str, Any] | None
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
    held: Held | None


@dataclass(frozen=True, slots=True)
class Lists:
    """What the queue is filtered by and labelled with, read once: states, boards, sectors and schools by id."""

    counts: Mapping[str, int]
    boards: Mapping[int, Mapping[str, Any]]
    sectors: Mapping[int, Mapping[str, Any]]
    schools: Mapping[int, dict[str, str]]


def lists_of(contest: Contest, counts: Mapping[str, int], schools: Iterable[Organisation]) -> Lists:
    """Return the labels of a contest's queue."""
    return Lists(
        counts=counts,
        boards={row.id: _label(row) for row in contest.boards},
        sectors={row.id: _label(row) for row in contest.sectors},
        schools={row.id: row.name for row in schools},
    )


def _label(row: Board | Sector) -> Mapping[str, Any]:
    found: Mapping[str, Any] = row.definition.get("label") or {"vi": row.code, "en": row.code}
    return found


def queue(contest: Contest, lists: Lists, wanted: QueueFilter, at: datetime) -> tuple[Page, bool]:
    """Return one page of :class:`QueueRow`, the oldest submission first, and whether an act can be undone."""
    keys = _keys(contest, wanted, at)
    total = _total(keys, lists, wanted)
    number = max(1, min(wanted.page, -(-total // PER_PAGE) or 1))
    shown = keys.limit(PER_PAGE).offset((number - 1) * PER_PAGE).subquery()
    rows = session().execute(_ROWS.join(shown, shown.c.id == Entry.id).order_by(Entry.submitted_at, Entry.id)).all()
    marks, lists = _marks(contest.id, [row.id for row in rows], at), _with_schools(lists, rows)
    page = Page([_row(row, lists, marks, at) for row in rows], total, number, PER_PAGE)
    return page, marks.acts > 0


def _with_schools(lists: Lists, rows: Iterable[Any]) -> Lists:
    """Add the names of institutions that are not (or no longer) among the contest's own; usually there are none."""
    missing = {row.institution_id for row in rows if row.institution_id} - set(lists.schools)
    if not missing:
        return lists
    found = session().scalars(select(Organisation).where(Organisation.id.in_(missing)))
    return replace(lists, schools={**lists.schools, **{row.id: row.name for row in found}})


def _total(keys: Any, lists: Lists, wanted: QueueFilter) -> int:
    """Return how many entries fit; without another filter than the state, the counts of states say it."""
    if set(wanted.address) <= {"state"}:
        if wanted.state:
            return lists.counts.get(wanted.state, 0)
        return sum(number for state, number in lists.counts.items() if state != DRAFT)
    return session().scalar(select(func.count()).select_from(keys.order_by(None).subquery())) or 0


def matching(contest: Contest, wanted: QueueFilter, at: datetime, most: int) -> list[int]:
    """Return the ids of up to ``most`` entries that fit the filters, in the queue's order."""
    return list(session().scalars(_keys(contest, wanted, at).limit(most)))


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where an entry stands in the queue as it is narrowed: the ids beside it, its place from 1, how many fit.

    ``place`` is nothing for an entry that does not fit the filters (any more); its neighbours are known all the same.
    """

    before: int | None
    after: int | None
    place: int | None
    total: int


def neighbours(contest: Contest, wanted: QueueFilter, entry: Entry, at: datetime) -> Neighbours:
    """Return what stands beside a handed-in entry in the queue, in one statement (two with words to search for)."""
    fitting = _keys(contest, wanted, at).where(Entry.submitted_at.is_not(None)).order_by(None)
    moment, identity = Entry.submitted_at, Entry.id
    earlier = or_(moment < entry.submitted_at, and_(moment == entry.submitted_at, identity < entry.id))
    later = or_(moment > entry.submitted_at, and_(moment == entry.submitted_at, identity > entry.id))
    parts = (
        fitting.where(earlier).order_by(moment.desc(), identity.desc()).limit(1),
        fitting.where(later).order_by(moment, identity).limit(1),
        select(func.count()).select_from(fitting.where(earlier).subquery()),
        select(func.count()).select_from(fitting.where(later).subquery()),
        fitting.where(identity == entry.id),
    )
    before, after, front, behind, own = session().execute(select(*(one.scalar_subquery() for one in parts))).one()
    return Neighbours(before, after, front + 1 if own else None, front + behind + bool(own))


def rows_of(contest: Contest, lists: Lists, entry_ids: Sequence[int], at: datetime) -> list[QueueRow]:
    """Return the lines of given entries of the contest, in the order of their ids given."""
    place = {identity: order for order, identity in enumerate(entry_ids)}
    found: list[QueueRow] = []
    for start in range(0, len(entry_ids), 500):
        part = entry_ids[start : start + 500]
        rows = session().execute(_ROWS.where(Entry.id.in_(part), Entry.contest_id == contest.id)).all()
        marks, lists = _marks(contest.id, part, at), _with_schools(lists, rows)
        found += [_row(row, lists, marks, at) for row in rows]
    return sorted(found, key=lambda row: place[row.entry_id])


_ROWS: Any = select(
    Entry.id,
    Entry.code,
    Entry.number,
    Entry.title,
    Entry.state,
    Entry.board_id,
    Entry.sector_id,
    Entry.institution_id,
    Entry.submitted_at,
    Entry.reopened_until,
    Entry.frozen_at,
    Entry.merged_into_id,
    Endorsement.state.label("endorsement"),
).outerjoin(Endorsement, Endorsement.entry_id == Entry.id)


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
    if look == "completed":
        sent_back = (EligibilityDecision.outcome == NEEDS_FIX, EligibilityDecision.undone_at.is_(None))
        return and_(Entry.state == SUBMITTED, exists().where(EligibilityDecision.entry_id == Entry.id, *sent_back))
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
    """What there is to look at: kind to (entry to number); ``acts`` is how many acts can still be undone."""

    by_kind: Mapping[str, Mapping[int, int]]
    winners: Mapping[int, int]
    held: Mapping[int, Held]
    acts: int

    def of(self, kind: str, entry_id: int) -> int:
        """Return the number of one kind for an entry."""
        return self.by_kind.get(kind, {}).get(entry_id, 0)


def _marks(contest_id: int, ids: Sequence[int], at: datetime) -> _Marks:
    """Read everything there is to look at of some entries in one statement, winners and held decisions in others."""
    found: dict[str, dict[int, int]] = {}
    for kind, entry_id, number in session().execute(_MARKING, {"contest_id": contest_id, "ids": list(ids), "at": at}):
        kept = found.setdefault(kind, {})
        kept[entry_id] = kept.get(entry_id, 0) + number
    known = found.get("past", {}).get(0, 0)
    winners = {one: len(pairs) for one, pairs in winners_among(contest_id, ids).items()} if known else {}
    acts = found.get("acts", {}).get(0, 0)
    return _Marks(found, winners, held_of(ids, at) if acts else {}, acts)


def _marking() -> Any:
    """Select (kind, entry, number) of everything there is to look at of the entries ``ids`` of a contest."""
    contest_id: Any = bindparam("contest_id")
    ids: Any = bindparam("ids", expanding=True)
    mine, theirs, other = aliased(TeamMember), aliased(TeamMember), aliased(Entry)
    flags = (SimilarityFlag.contest_id == contest_id, SimilarityFlag.state == "open")
    held = (Attachment.replaced_at.is_(None), Attachment.blind_state == blindness.WITHHELD)
    abroad = (
        select(literal("elsewhere"), Entry.id, func.count(other.id.distinct()))
        .select_from(Entry)
        .join(mine, mine.entry_id == Entry.id)
        .join(theirs, theirs.person_id == mine.person_id)
        .join(other, other.id == theirs.entry_id)
        .where(Entry.id.in_(ids), *_same_person(mine, theirs, other))
        .group_by(Entry.id)
    )
    acts = (BulkAct.contest_id == contest_id, *undoable(bindparam("at")))
    return union_all(
        _numbers("withheld", Attachment.entry_id, ids, *held),
        _numbers("cases", Case.entry_id, ids, Case.state == "open"),
        _numbers("alike", SimilarityFlag.entry_id, ids, *flags),
        _numbers("alike", SimilarityFlag.other_entry_id, ids, *flags),
        abroad,
        select(literal("past"), literal(0), func.count(PastAward.id)).where(PastAward.contest_id == contest_id),
        select(literal("acts"), literal(0), func.count(BulkAct.id)).where(*acts),
    )


def _numbers(kind: str, column: Any, ids: Any, *conditions: Any) -> Any:
    return select(literal(kind), column, func.count()).where(column.in_(ids), *conditions).group_by(column)


_MARKING: Any = _marking()
"""Made once: it took a fifth of the page's time to put together."""


def _row(row: Any, lists: Lists, marks: _Marks, at: datetime) -> QueueRow:
    is_draft, is_fix = row.state == DRAFT, row.state == NEEDS_FIX
    return QueueRow(
        entry_id=row.id,
        code=row.code,
        number=row.number,
        title=row.title,
        state=row.state,
        board=lists.boards.get(row.board_id, {}),
        sector=lists.sectors.get(row.sector_id),
        institution=lists.schools.get(row.institution_id) if row.institution_id else None,
        submitted_at=row.submitted_at,
        fix_until=row.reopened_until if is_fix else None,
        is_overdue=is_fix and row.reopened_until is not None and row.reopened_until <= at,
        endorsement=row.endorsement or WAITING,
        withheld=0 if is_draft else marks.of("withheld", row.id),
        open_cases=marks.of("cases", row.id),
        alike=marks.of("alike", row.id),
        elsewhere=0 if is_draft else marks.of("elsewhere", row.id),
        winners=0 if is_draft else marks.winners.get(row.id, 0),
        is_frozen=row.frozen_at is not None,
        is_merged=row.merged_into_id is not None,
        held=marks.held.get(row.id),
    )


def has_refusal(row: QueueRow) -> bool:
    """Whether the school has refused the entry."""
    return row.endorsement == REFUSED
