"""Announced contests as visitors see them in lists: where each stands, what comes next, what was published.

Nothing here names a person: lists show contests, organisers and moments only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from compapp.contests.definition import Calendar, CalendarPoint, Text, text_of
from compapp.contests.lifecycle import ARCHIVED, DECIDED, DRAFT, OPEN
from compapp.contests.models import Contest, Round
from compapp.core.db import session
from compapp.core.text import fold
from compapp.judging.models import Publication

UPCOMING, RECEIVING, UNDER_WAY, FINISHED = "upcoming", "receiving", "under_way", "finished"


@dataclass(frozen=True)
class ContestLine:
    """A contest in a list. ``step`` is what goes on in it now, else what comes next."""

    code: str
    title: Text
    theme: Text | None
    organiser: Text | None
    phase: str
    opens_at: datetime
    closes_at: datetime
    step: CalendarPoint | None
    calendar: Calendar


@dataclass(frozen=True)
class Shelf:
    """The announced contests by where they stand, each group with what is most urgent first."""

    receiving: tuple[ContestLine, ...]
    upcoming: tuple[ContestLine, ...]
    under_way: tuple[ContestLine, ...]
    finished: tuple[ContestLine, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is no contest at all."""
        return not (self.receiving or self.upcoming or self.under_way or self.finished)


@dataclass(frozen=True)
class StepLine:
    """A dated point that lies ahead in one of the contests."""

    code: str
    title: Text
    point: CalendarPoint
    at: datetime


@dataclass(frozen=True)
class ResultLine:
    """A published result of a round; ``number`` above 1 is a correction."""

    code: str
    title: Text
    round_code: str
    round_label: Text
    number: int
    published_at: datetime


def phase_of(state: str, opens_at: datetime, closes_at: datetime, at: datetime) -> str:
    """Return where an announced contest stands for a visitor at ``at``."""
    if state in (DECIDED, ARCHIVED):
        return FINISHED
    if state == OPEN and at < opens_at:
        return UPCOMING
    if state == OPEN and at < closes_at:
        return RECEIVING
    return UNDER_WAY


def shelf(at: datetime, search: str = "") -> Shelf:
    """Return the announced contests; ``search`` keeps those that hold the words, whatever their marks."""
    rows = session().scalars(
        select(Contest)
        .where(Contest.state != DRAFT)
        .options(joinedload(Contest.organiser), selectinload(Contest.rounds))
        .order_by(Contest.closes_at, Contest.id)
    )
    wanted = fold(search)[:100]
    lines = [_line(row, at) for row in rows if not wanted or wanted in _words(row)]
    late_first = tuple(reversed(lines))
    return Shelf(
        receiving=tuple(line for line in lines if line.phase == RECEIVING),
        upcoming=tuple(sorted((line for line in lines if line.phase == UPCOMING), key=lambda line: line.opens_at)),
        under_way=tuple(line for line in late_first if line.phase == UNDER_WAY),
        finished=tuple(line for line in late_first if line.phase == FINISHED),
    )


def _words(row: Contest) -> str:
    """Return what a search looks through: titles, theme, code and organiser, folded."""
    theme = row.definition.get("theme") or {}
    names = [row.organiser.name_vi, row.organiser.name_en] if row.organiser else []
    return fold(" ".join([row.code, *row.title.values(), *text_of(theme).values(), *names]))


def _line(row: Contest, at: datetime) -> ContestLine:
    calendar = Calendar.of(row)
    return ContestLine(
        code=row.code,
        title=text_of(row.title),
        theme=text_of(row.definition["theme"]) if row.definition.get("theme") else None,
        organiser=row.organiser.name if row.organiser else None,
        phase=phase_of(row.state, row.opens_at, row.closes_at, at),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        step=calendar.current_at(at),
        calendar=calendar,
    )


def next_steps(lines: Sequence[ContestLine], at: datetime, most: int = 6) -> list[StepLine]:
    """Return the points that lie ahead in these contests, the nearest first."""
    steps = []
    for line in lines:
        for point in line.calendar.points:
            ahead = [moment for moment in (point.opens_at, point.closes_at) if moment is not None and moment > at]
            if ahead:
                steps.append(StepLine(line.code, line.title, point, min(ahead)))
    return sorted(steps, key=lambda step: (step.at, step.code, step.point.key))[:most]


def latest_results(at: datetime, most: int = 5) -> list[ResultLine]:
    """Return what was published last in announced contests and is public at ``at``."""
    return _results(at, None, most)


def results_of(contest_id: int, at: datetime) -> list[ResultLine]:
    """Return what is public of a contest's results, the newest first."""
    return _results(at, contest_id, 50)


def _results(at: datetime, contest_id: int | None, most: int) -> list[ResultLine]:
    statement = (
        select(Contest.code, Contest.title, Round.code, Round.definition, Publication.number, Publication.published_at)
        .join(Round, Round.contest_id == Contest.id)
        .join(Publication, Publication.round_id == Round.id)
        .where(Publication.public_from <= at, Contest.state != DRAFT)
        .order_by(Publication.published_at.desc(), Publication.id.desc())
        .limit(most)
    )
    if contest_id is not None:
        statement = statement.where(Contest.id == contest_id)
    return [
        ResultLine(code, text_of(title), round_code, text_of(piece.get("label"), round_code), number, published_at)
        for code, title, round_code, piece, number, published_at in session().execute(statement)
    ]
