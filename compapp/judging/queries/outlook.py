"""Who will not make it in time: every judge's work in a round with what the records say of it; who could take over."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from compapp.accounts.models import SignInSession
from compapp.contests.models import Round
from compapp.core.clock import local
from compapp.core.db import session
from compapp.judging.lifecycle import OPEN, WITHDRAWN
from compapp.judging.models import Assignment, Seat, SeatAnswer
from compapp.judging.queries.assignments import load_limit, unscored_in
from compapp.judging.queries.barred import busy_elsewhere
from compapp.judging.queries.conflicts import conflict_pairs
from compapp.judging.queries.jury import active_seats
from compapp.judging.queries.progress import JudgeProgress, judges_progress
from compapp.judging.queries.reading import days_of, reads, stated_languages
from compapp.judging.queries.rounds import limits_of
from compapp.judging.scoring.pace import Outlook, Work, outlook


@dataclass(frozen=True)
class JudgeOutlook:
    """A judge, the work, what is to be expected, and since when the judge was not seen."""

    progress: JudgeProgress
    seat: Seat
    outlook: Outlook
    answer: SeatAnswer | None
    seen_at: datetime | None
    assigned_at: datetime


def outlook_of(round_: Round, *, reader_id: int | None, at: datetime) -> list[JudgeOutlook]:
    """Return every judge with open assignments, who will not make it first; five statements.

    Entries that the reader may not know of do not count.
    """
    progress = judges_progress(round_, reader_id=reader_id, at=at)
    seats = {seat.id: seat for seat in active_seats(round_.contest_id)}
    given = _given(round_.id)
    answers = {
        row.seat_id: row for row in session().scalars(select(SeatAnswer).where(SeatAnswer.round_id == round_.id))
    }
    seen = _seen([seat.person_id for seat in seats.values()])
    found = [
        _of_judge(round_, one, seats[one.seat_id], given[one.seat_id], answers.get(one.seat_id), seen, at)
        for one in progress
        if one.seat_id in seats
    ]
    return sorted(found, key=lambda one: (*one.outlook.rank, one.progress.code))


@dataclass(frozen=True)
class Takeover:
    """Somebody who could take over what a judge has left: which of those entries, and how many the judge holds."""

    seat: Seat
    entries: tuple[int, ...]
    holds: int


def takeovers(round_: Round, seat: Seat, *, at: datetime) -> list[Takeover]:
    """Return who could take over a judge's unscored entries of a round: substitutes first, then who holds fewest.

    An entry is taken where the other has no conflict, reads its language, never had it, no second judge of one
    institution would read it, and the load allows it, days away counted.
    """
    entries = [assignment.entry for assignment in unscored_in(round_.id, seat.id)]
    left = [entry.id for entry in entries]
    languages = stated_languages(round_.contest, entries)
    busy = busy_elsewhere(round_)
    others = [one for one in active_seats(round_.contest_id) if one.id != seat.id and one.id not in busy]
    barred = conflict_pairs(round_.contest_id, left)
    rows = (
        session()
        .execute(
            select(Assignment.entry_id, Assignment.seat_id, Assignment.state, Seat.institution_id)
            .join(Assignment.seat)
            .where(Assignment.round_id == round_.id, Assignment.seat_id != seat.id)
        )
        .all()
    )
    had = {(row.entry_id, row.seat_id) for row in rows}
    houses = {(row.entry_id, row.institution_id) for row in rows if row.state != WITHDRAWN and row.institution_id}
    holds = Counter(row.seat_id for row in rows if row.state == OPEN)
    limits = limits_of(round_)
    found = []
    for one in others:
        free = [
            entry
            for entry in left
            if (entry, one.id) not in barred | had
            and (entry, one.institution_id) not in houses
            and reads(one, languages.get(entry, frozenset()))
        ]
        most = load_limit(one, limits.max_entries_per_judge, days_of(one, round_, at), holds[one.id] + len(left))
        room = len(free) if most is None else max(most - holds[one.id], 0)
        found.append(Takeover(one, tuple(free[:room]), holds[one.id]))
    return sorted(found, key=lambda one: (not one.seat.reserve, -len(one.entries), one.holds, one.seat.code))


def _given(round_id: int) -> dict[int, tuple[datetime, datetime]]:
    """Return when a judge's first and newest open entries of a round were given."""
    rows = session().execute(
        select(Assignment.seat_id, func.min(Assignment.assigned_at), func.max(Assignment.assigned_at))
        .where(Assignment.round_id == round_id, Assignment.state == OPEN)
        .group_by(Assignment.seat_id)
    )
    return {seat: (first, newest) for seat, first, newest in rows}


def _seen(person_ids: list[int]) -> dict[int, datetime]:
    """Return when people were last signed in."""
    rows = session().execute(
        select(SignInSession.person_id, func.max(SignInSession.seen_at))
        .where(SignInSession.person_id.in_(person_ids))
        .group_by(SignInSession.person_id)
    )
    return {row[0]: row[1] for row in rows}


def _of_judge(
    round_: Round,
    one: JudgeProgress,
    seat: Seat,
    given: tuple[datetime, datetime],
    answer: SeatAnswer | None,
    seen: Mapping[int, datetime],
    at: datetime,
) -> JudgeOutlook:
    first, newest = given
    seen_at = seen.get(seat.person_id)
    work = Work(
        given=one.given,
        done=one.done,
        since=local(max(first, round_.opens_at)).date(),
        today=local(at).date(),
        due=local(one.due_at).date(),
        is_over=at > one.due_at,
        away=tuple((date.fromisoformat(start), date.fromisoformat(end)) for start, end in seat.away),
        answer=answer.answer if answer is not None else "",
        answered=answer is not None and answer.answered_at >= newest,
        seen=seen_at is not None and seen_at >= newest,
    )
    return JudgeOutlook(one, seat, outlook(work), answer, seen_at, newest)
