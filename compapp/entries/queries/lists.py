"""Lists: a student's entries, an organiser's queue, a school's entries. Each takes a constant number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager, defer, joinedload, selectinload

from compapp.accounts.models import Organisation
from compapp.contests.models import Board, Contest, Sector
from compapp.core.actor import ORGANISATION, Actor
from compapp.core.db import session
from compapp.core.paging import Page, paginate_keys
from compapp.core.text import fold
from compapp.entries import blindness
from compapp.entries.lifecycle import COUNTED, DRAFT, NEEDS_FIX, SUBMITTED, WITHDRAWN
from compapp.entries.models import Attachment, Case, Endorsement, Entry, TeamMember
from compapp.entries.queries.facts import HIDDEN_CONTEST_STATES
from compapp.entries.queries.team import teams_of_person

PER_PAGE = 30


def my_entries(actor: Actor) -> list[Entry]:
    """Return the entries whose team the actor is on, with rounds, the newest contest first.

    Where one of them is a draft, all that a form asks for (boards, sectors, organisations) is loaded too.
    """
    own = teams_of_person(actor.person_id)
    if not own:
        return []
    more: list[Any] = [Contest.rounds]
    if any(one.state == DRAFT for one in own):
        more += [Contest.boards, Contest.sectors, Contest.bodies]
    return list(
        session().scalars(
            select(Entry)
            .join(Entry.contest)
            .where(Entry.id.in_([one.entry_id for one in own]))
            .options(
                contains_eager(Entry.contest).options(
                    joinedload(Contest.organiser), *(selectinload(part) for part in more)
                ),
                joinedload(Entry.board),
                joinedload(Entry.sector),
                joinedload(Entry.institution),
            )
            .order_by(Contest.closes_at.desc(), Entry.id)
        )
    )


def startable_contests(at: datetime) -> list[Contest]:
    """Return the contests that receive entries now, the first to close first."""
    return list(
        session().scalars(
            select(Contest)
            .where(Contest.opens_at <= at, Contest.closes_at > at, Contest.state.not_in(HIDDEN_CONTEST_STATES))
            .order_by(Contest.closes_at)
        )
    )


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """How the organiser narrows the queue; empty means all."""

    state: str = ""
    board: str = ""
    sector: str = ""
    institution: int | None = None
    search: str = ""
    page: int = 1


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
    is_frozen: bool


def queue(contest_id: int, wanted: QueueFilter, at: datetime) -> Page:
    """Return one page of :class:`QueueRow`: what was handed in, the oldest submission first."""
    page = paginate_keys(_queue_keys(contest_id, wanted), _QUEUE_ROWS, Entry.id, wanted.page, PER_PAGE)
    return replace(page, rows=[_queue_row(row, at) for row in page.rows])


_WITHHELD = (
    select(func.count())
    .where(
        Attachment.entry_id == Entry.id,
        Attachment.replaced_at.is_(None),
        Attachment.blind_state == blindness.WITHHELD,
    )
    .correlate(Entry)
    .scalar_subquery()
)
_OPEN_CASES = (
    select(func.count()).where(Case.entry_id == Entry.id, Case.state == "open").correlate(Entry).scalar_subquery()
)
_QUEUE_ROWS = (
    select(Entry, Board, Sector, Organisation, Endorsement.state, _WITHHELD, _OPEN_CASES)
    .join(Board, Board.id == Entry.board_id)
    .outerjoin(Sector, Sector.id == Entry.sector_id)
    .outerjoin(Organisation, Organisation.id == Entry.institution_id)
    .outerjoin(Endorsement, Endorsement.entry_id == Entry.id)
    .options(defer(Entry.answers), defer(Entry.field_versions), defer(Entry.definition))
)


def _queue_keys(contest_id: int, wanted: QueueFilter) -> Any:
    """Select the ids in order; only what is filtered by is joined, so that an index can answer."""
    statement: Any = select(Entry.id).where(Entry.contest_id == contest_id).order_by(Entry.submitted_at, Entry.id)
    if wanted.state:
        statement = statement.where(Entry.state == wanted.state)
    else:
        statement = statement.where(Entry.state != DRAFT)
    if wanted.board:
        statement = statement.join(Board, Board.id == Entry.board_id).where(Board.code == wanted.board)
    if wanted.sector:
        statement = statement.join(Sector, Sector.id == Entry.sector_id).where(Sector.code == wanted.sector)
    if wanted.institution is not None:
        statement = statement.where(Entry.institution_id == wanted.institution)
    return _searched(statement, wanted.search)


def _searched(statement: Any, search: str) -> Any:
    """Narrow to titles, codes and school names that hold the words, whatever their marks."""
    folded = fold(search)[:100]
    if not folded:
        return statement
    pattern = "%" + folded.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return statement.outerjoin(Organisation, Organisation.id == Entry.institution_id).where(
        or_(
            Entry.title_fold.like(pattern, escape="\\"),
            func.lower(Entry.code).like(pattern, escape="\\"),
            func.lower(Entry.number).like(pattern, escape="\\"),
            Organisation.name_fold.like(pattern, escape="\\"),
        )
    )


def _queue_row(row: Any, at: datetime) -> QueueRow:
    entry, board, sector, school, endorsement, withheld, open_cases, _ = row
    draft = entry.state == DRAFT
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
        fix_until=entry.reopened_until if entry.state == NEEDS_FIX else None,
        is_overdue=entry.state == NEEDS_FIX and entry.reopened_until is not None and entry.reopened_until <= at,
        endorsement=endorsement,
        withheld=0 if draft else withheld,
        open_cases=open_cases,
        is_frozen=entry.frozen_at is not None,
    )


def queue_counts(contest_id: int) -> dict[str, int]:
    """Return how many entries of the contest are in each state."""
    return counts_of_queues([contest_id])[contest_id]


def counts_of_queues(contest_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return how many entries of several contests are in each state, by contest."""
    found: dict[int, dict[str, int]] = {contest_id: {} for contest_id in contest_ids}
    for contest_id, state, count in session().execute(
        select(Entry.contest_id, Entry.state, func.count())
        .where(Entry.contest_id.in_(found))
        .group_by(Entry.contest_id, Entry.state)
    ):
        found[contest_id][state] = count
    return found


def waiting_count(contest_id: int) -> int:
    """Return how many entries of the contest wait to be checked."""
    return queue_counts(contest_id).get(SUBMITTED, 0)


@dataclass(frozen=True, slots=True)
class EndorsementRow:
    """One line of a school's list: title, team and state, never the content."""

    entry_id: int
    code: str
    title: dict[str, Any]
    state: str
    team: tuple[str, ...]
    organisation_id: int
    organisation: dict[str, str]
    endorsement: str
    note: str | None


def contests_to_endorse(actor: Actor) -> list[Contest]:
    """Return the contests in which the actor's schools have entries."""
    schools = actor.scopes("representative", ORGANISATION)
    return list(
        session().scalars(
            select(Contest)
            .where(Contest.id.in_(select(Entry.contest_id).where(Entry.institution_id.in_(schools))))
            .order_by(Contest.closes_at.desc())
        )
    )


def entries_to_endorse(actor: Actor) -> list[tuple[Contest, Entry]]:
    """Return the entries that wait for the word of the actor's schools, the contest that closes last first."""
    schools = actor.scopes("representative", ORGANISATION)
    rows = session().execute(
        select(Contest, Entry)
        .join(Contest, Contest.id == Entry.contest_id)
        .outerjoin(Endorsement, Endorsement.entry_id == Entry.id)
        .where(
            Entry.institution_id.in_(schools),
            Entry.state != WITHDRAWN,
            or_(Endorsement.id.is_(None), Endorsement.state == "waiting"),
        )
        .order_by(Contest.closes_at.desc(), Contest.id, Entry.title_sort, Entry.id)
    )
    return [(contest, entry) for contest, entry in rows]


def endorsement_rows(actor: Actor, contest_id: int) -> list[EndorsementRow]:
    """Return the entries of the actor's schools in a contest, by title."""
    schools = actor.scopes("representative", ORGANISATION)
    found: list[Any] = list(
        session().execute(
            select(Entry, Organisation, Endorsement)
            .join(Organisation, Organisation.id == Entry.institution_id)
            .outerjoin(Endorsement, Endorsement.entry_id == Entry.id)
            .where(Entry.contest_id == contest_id, Entry.institution_id.in_(schools), Entry.state != WITHDRAWN)
            .order_by(Entry.title_sort, Entry.id)
        )
    )
    teams = _team_names([entry.id for entry, _school, _word in found])
    return [
        EndorsementRow(
            entry_id=entry.id,
            code=entry.code,
            title=entry.title,
            state=entry.state,
            team=tuple(teams.get(entry.id, [])),
            organisation_id=school.id,
            organisation=school.name,
            endorsement=word.state if word is not None else "waiting",
            note=word.note if word is not None else None,
        )
        for entry, school, word in found
    ]


def _team_names(entry_ids: list[int]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    for entry_id, name in session().execute(
        select(TeamMember.entry_id, TeamMember.name)
        .where(TeamMember.entry_id.in_(entry_ids), TeamMember.left_at.is_(None))
        .order_by(TeamMember.position)
    ):
        names.setdefault(entry_id, []).append(name)
    return names


def used_quotas(contest_id: int, organisation_ids: Sequence[int]) -> dict[int, int]:
    """Return how many entries of the contest several schools have confirmed, by school."""
    rows = session().execute(
        select(Endorsement.organisation_id, func.count())
        .join(Entry, Entry.id == Endorsement.entry_id)
        .where(
            Entry.contest_id == contest_id,
            Endorsement.organisation_id.in_(organisation_ids),
            Endorsement.state == "confirmed",
            Entry.state.in_((DRAFT, *COUNTED)),
        )
        .group_by(Endorsement.organisation_id)
    )
    return dict.fromkeys(organisation_ids, 0) | {row[0]: row[1] for row in rows}


def used_quota(contest_id: int, organisation_id: int, *, but: int | None = None) -> int:
    """Return how many entries of the contest a school has confirmed (withdrawn and refused ones left out)."""
    return (
        session().scalar(
            select(func.count())
            .select_from(Endorsement)
            .join(Entry, Entry.id == Endorsement.entry_id)
            .where(
                Entry.contest_id == contest_id,
                Endorsement.organisation_id == organisation_id,
                Endorsement.state == "confirmed",
                Entry.state.in_((DRAFT, *COUNTED)),
                Entry.id != (but or 0),
            )
        )
        or 0
    )
