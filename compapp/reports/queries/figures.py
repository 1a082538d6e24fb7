"""The funnel and the single figures, for one contest or all, over a period or always."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, distinct, exists, func, or_, select

from compapp.accounts.models import Organisation
from compapp.clubs.models import Cohort
from compapp.contests.definition import text_of
from compapp.contests.definition.rounds import ELIGIBILITY
from compapp.contests.lifecycle import DRAFT
from compapp.contests.models import Board, Body, Contest, Round, Sector
from compapp.core.clock import ZONE
from compapp.core.db import session
from compapp.entries.lifecycle import ELIGIBLE, SUBMITTED
from compapp.entries.models import Entry, TeamMember
from compapp.incubation.models import MentoringSession, Mentorship, Residency
from compapp.judging.models import Award, Place
from compapp.judging.queries.rounds import TAKES_PART
from compapp.judging.scoring.modes import mode_of
from compapp.placement.models import Intake, Offer
from compapp.reports.indicators import SPLITS, STAGES, Counts, Figures, Funnel, Occupancy, Split, summed

ACCEPTED, GRADUATED, HELD = "accepted", "graduated", "held"

_UNSAID = {"vi": "Chưa ghi", "en": "Not stated"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is counted: one contest or all announced ones, ideas that came in from ``since`` to ``until``.

    Both days count. An idea comes in when it is handed in, a draft when it was begun.
    """

    contest: str = ""
    since: date | None = None
    until: date | None = None

    def window(self) -> tuple[datetime | None, datetime | None]:
        """Return the first moment and the first moment after, in the province's zone."""
        first = datetime.combine(self.since, time(), ZONE) if self.since else None
        after = datetime.combine(self.until + timedelta(days=1), time(), ZONE) if self.until else None
        return first, after


def contests_to_choose() -> Sequence[tuple[str, Mapping[str, str]]]:
    """Return code and title of every announced contest, the latest first."""
    rows = session().execute(
        select(Contest.code, Contest.title).where(Contest.state != DRAFT).order_by(Contest.launch_at.desc(), Contest.id)
    )
    return [(code, text_of(title)) for code, title in rows]


def _within(column: Any, chosen: Chosen) -> list[ColumnElement[bool]]:
    first, after = chosen.window()
    conditions: list[ColumnElement[bool]] = []
    if first is not None:
        conditions.append(column >= first)
    if after is not None:
        conditions.append(column < after)
    return conditions


def _contests(chosen: Chosen) -> list[ColumnElement[bool]]:
    """Return the conditions under which a contest is counted."""
    conditions: list[ColumnElement[bool]] = [Contest.state != DRAFT]
    return [*conditions, Contest.code == chosen.contest] if chosen.contest else conditions


def _entries(chosen: Chosen) -> list[ColumnElement[bool]]:
    """Return the conditions under which an entry (joined with its contest) is counted."""
    return [*_contests(chosen), *_within(func.coalesce(Entry.submitted_at, Entry.created_at), chosen)]


def _rounds(chosen: Chosen) -> tuple[list[int], list[int]]:
    """Return the last rounds that let entries through, and the contests that check eligibility."""
    last: dict[int, int] = {}
    checked: set[int] = set()
    rows = session().execute(
        select(Round.id, Round.contest_id, Round.kind, Round.definition)
        .join(Contest, Contest.id == Round.contest_id)
        .where(*_contests(chosen))
        .order_by(Round.contest_id, Round.position)
    )
    for round_id, contest_id, kind, definition in rows:
        if kind == ELIGIBILITY:
            checked.add(contest_id)
        if definition.get("advance") or mode_of(definition).outcome is not None:
            last[contest_id] = round_id
    return list(last.values()), list(checked)


def _stages(last_rounds: list[int], checked: list[int]) -> list[Any]:
    """Return a sum per stage, in the order of STAGES."""
    place = select(Place.id).where(Place.entry_id == Entry.id, Place.state.in_(TAKES_PART))
    conditions: tuple[Any, ...] = (
        Entry.id.is_not(None),
        Entry.submitted_at.is_not(None),
        or_(Entry.state == ELIGIBLE, (Entry.state == SUBMITTED) & Entry.contest_id.not_in(checked)),
        place.exists(),
        place.where(Place.round_id.in_(last_rounds)).exists(),
        exists().where(Award.entry_id == Entry.id),
        exists().where(Offer.entry_id == Entry.id, Offer.state == ACCEPTED),
        exists().where(Residency.entry_id == Entry.id),
        exists().where(Residency.entry_id == Entry.id, Residency.state == GRADUATED),
    )
    return [
        func.coalesce(func.sum(case((condition, 1), else_=0)), 0).label(stage.key)
        for stage, condition in zip(STAGES, conditions, strict=True)
    ]


def funnel(chosen: Chosen) -> Funnel:
    """Return the funnel with every split, in five statements."""
    keys = (Entry.board_id, Entry.sector_id, Entry.institution_id)
    groups = [
        (tuple(row[:3]), Counts(tuple(int(value) for value in row[3:])))
        for row in session().execute(
            select(*keys, *_stages(*_rounds(chosen)))
            .join(Contest, Contest.id == Entry.contest_id)
            .where(*_entries(chosen))
            .group_by(*keys)
        )
    ]
    names = (
        _boards(key[0] for key, _ in groups),
        _sectors(key[1] for key, _ in groups),
        _institutions(key[2] for key, _ in groups),
    )
    total = sum((counts for _, counts in groups), Counts())
    return Funnel(total, tuple(_split(key, label, groups, names) for key, label in SPLITS))


Named = tuple[str, Mapping[str, str], bool]
Names = tuple[dict[int, Named], dict[int, Named], dict[int, tuple[Named, Named]]]
_NOT_STATED: Named = ("", _UNSAID, False)


def _split(key: str, label: str, groups: Iterable[tuple[Any, Counts]], names: Names) -> Split:
    """Return one split: each group's counts go to the line that its board, sector or institution names."""
    boards, sectors, institutions = names

    def named(ids: tuple[int, int | None, int | None]) -> Named:
        if key == "board":
            return boards[ids[0]]
        if key == "sector":
            return sectors.get(ids[1] or 0, _NOT_STATED)
        return institutions.get(ids[2] or 0, (_NOT_STATED, _NOT_STATED))[key == "area"]

    return Split(key, label, summed((*named(ids), counts) for ids, counts in groups))


def _boards(ids: Iterable[int]) -> dict[int, Named]:
    rows = session().execute(select(Board.id, Board.code, Board.definition).where(Board.id.in_(set(ids))))
    return {row: (code, text_of(piece.get("label"), code), False) for row, code, piece in rows}


def _sectors(ids: Iterable[int | None]) -> dict[int, Named]:
    wanted = {one for one in ids if one is not None}
    rows = session().execute(
        select(Sector.id, Sector.code, Sector.definition, Sector.province_priority).where(Sector.id.in_(wanted))
    )
    return {row: (code, text_of(piece.get("label"), code), priority) for row, code, piece, priority in rows}


def _institutions(ids: Iterable[int | None]) -> dict[int, tuple[Named, Named]]:
    """Return of each institution how it is named itself, and how its area before the merger is."""
    rows = session().scalars(select(Organisation).where(Organisation.id.in_({one for one in ids if one is not None})))
    named: dict[int, tuple[Named, Named]] = {}
    for row in rows:
        area = row.area_before_merger or ""
        named[row.id] = (
            (f"{row.name_sort}:{row.id}", row.name, False),
            (area, {"vi": area, "en": area} if area else _UNSAID, False),
        )
    return named


def figures(chosen: Chosen) -> Figures:
    """Return every figure of a report, in a constant number of statements."""
    contests = session().scalar(select(func.count()).select_from(Contest).where(*_contests(chosen))) or 0
    occupancy = _occupancy(chosen)
    sessions, minutes = _sessions(chosen)
    values = {
        "contests": contests,
        "people": _people(chosen),
        "clubs": _clubs(chosen),
        "incubators": len(occupancy),
        "places": sum(one.places for one in occupancy),
        "taken": sum(one.taken for one in occupancy),
        "sessions": sessions,
        "hours": round(minutes / 60),
    }
    return Figures(funnel(chosen), values, occupancy)


def _people(chosen: Chosen) -> int:
    """Count students and pupils once each: by account where there is one, else by name, birthday and number."""
    nameless = TeamMember.name + "|" + func.coalesce(TeamMember.student_number, "")
    statement = (
        select(
            func.count(distinct(TeamMember.person_id)),
            func.count(distinct(case((TeamMember.person_id.is_(None), nameless)))),
        )
        .join(Entry, Entry.id == TeamMember.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(
            *_entries(chosen),
            Entry.submitted_at.is_not(None),
            TeamMember.role != "advisor",
            TeamMember.left_at.is_(None),
        )
    )
    with_account, without = session().execute(statement).one()
    return int(with_account) + int(without)


def _clubs(chosen: Chosen) -> int:
    statement = select(func.count(distinct(Cohort.club_id)))
    if chosen.contest:
        named = (
            select(Body.organisation_id)
            .join(Contest, Contest.id == Body.contest_id)
            .where(Body.section == "clubs", *_contests(chosen))
        )
        statement = statement.where(Cohort.club_id.in_(named))
    return session().scalar(statement) or 0


def _occupancy(chosen: Chosen) -> tuple[Occupancy, ...]:
    rows = session().execute(
        select(Organisation, func.sum(Intake.capacity), func.sum(Intake.occupied + Intake.taken))
        .join(Intake, Intake.incubator_id == Organisation.id)
        .join(Contest, Contest.id == Intake.contest_id)
        .where(*_contests(chosen))
        .group_by(Organisation.id)
        .order_by(Organisation.name_sort, Organisation.id)
    )
    return tuple(Occupancy(one.name, int(places), int(taken)) for one, places, taken in rows)


def _sessions(chosen: Chosen) -> tuple[int, int]:
    count, minutes = (
        session()
        .execute(
            select(func.count(), func.coalesce(func.sum(MentoringSession.minutes), 0))
            .select_from(MentoringSession)
            .join(Mentorship, Mentorship.id == MentoringSession.mentorship_id)
            .join(Residency, Residency.id == Mentorship.residency_id)
            .join(Contest, Contest.id == Residency.contest_id)
            .where(*_contests(chosen), MentoringSession.state == HELD, *_within(MentoringSession.starts_at, chosen))
        )
        .one()
    )
    return int(count), int(minutes)
