"""Assignments: what stands, what is proposed, and the problem that the optimiser is given."""

from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from compapp.contests.models import Round, Sector
from compapp.core.db import session
from compapp.entries.models import Entry
from compapp.judging.lifecycle import OPEN, PROPOSED, SUBMITTED, WITHDRAWN
from compapp.judging.models import Assignment, AssignmentRun, Seat, Sheet
from compapp.judging.queries.conflicts import conflict_pairs
from compapp.judging.queries.jury import active_seats
from compapp.judging.queries.rounds import entries_of_round, limits_of
from compapp.judging.scoring.assignment import EntryNeed, Instance, JudgeLoad, Pair

FIRST_SECTOR, OTHER_SECTOR, NO_SECTOR_KNOWN, OUTSIDE = 1.0, 0.9, 0.5, 0.2
"""How close a judge is to an entry: main sector, another of the judge's, judge without sectors, none of them."""


@dataclass(frozen=True)
class Problem:
    """An assignment problem with the rows behind its codes (codes are row ids as text, in stable order)."""

    instance: Instance
    entries: dict[str, Entry]
    seats: dict[str, Seat]
    pairs: tuple[Pair, ...]


def problem_of(round_: Round, *, keep_open: bool = True) -> Problem:
    """Load the assignment problem of a round: needs, loads, conflicts, affinities, and what stands.

    A pair that was withdrawn from an active judge counts as a conflict: it does not come back by computation.
    ``pairs`` are the open assignments; with ``keep_open`` they are fixed in the instance.
    """
    limits = limits_of(round_)
    entries = list(session().scalars(entries_of_round(round_).order_by(Entry.code)))
    seats = active_seats(round_.contest_id)
    sectors = {
        sector.id: sector.code
        for sector in session().scalars(select(Sector).where(Sector.contest_id == round_.contest_id))
    }
    entry_ids, seat_ids = {entry.id for entry in entries}, {seat.id for seat in seats}
    barred = conflict_pairs(round_.contest_id, entry_ids)
    standing: list[Pair] = []
    for assignment, scored in _with_state(round_.id):
        if assignment.entry_id not in entry_ids or assignment.seat_id not in seat_ids:
            continue
        if assignment.state == WITHDRAWN:
            barred.add((assignment.entry_id, assignment.seat_id))
        elif assignment.state == OPEN:
            standing.append(Pair(str(assignment.entry_id), str(assignment.seat_id), scored))
    fixed = tuple((pair.entry, pair.judge) for pair in standing) if keep_open else ()
    instance = Instance(
        entries=tuple(
            EntryNeed(
                str(entry.id),
                max(limits.judges_per_entry, sum(1 for pair in standing if pair.entry == str(entry.id))),
                None if entry.institution_id is None else str(entry.institution_id),
            )
            for entry in entries
        ),
        judges=tuple(_load(seat, limits.max_entries_per_judge) for seat in seats),
        affinity=[[affinity(seat, sectors.get(entry.sector_id or 0)) for seat in seats] for entry in entries],
        conflicts=frozenset(
            (str(entry), str(seat)) for entry, seat in barred if (str(entry), str(seat)) not in set(fixed)
        ),
        fixed=fixed,
        one_per_institution=True,
    )
    return Problem(
        instance,
        {str(entry.id): entry for entry in entries},
        {str(seat.id): seat for seat in seats},
        tuple(standing),
    )


def _load(seat: Seat, most: int | None) -> JudgeLoad:
    limits = [limit for limit in (most, seat.max_load) if limit is not None]
    institution = None if seat.institution_id is None else str(seat.institution_id)
    return JudgeLoad(str(seat.id), institution, 0, min(limits) if limits else None)


def affinity(seat: Seat, sector: str | None) -> float:
    """Return how close a judge's expertise is to a sector, 0 to 1."""
    if not seat.sectors:
        return NO_SECTOR_KNOWN
    if sector not in seat.sectors:
        return OUTSIDE
    return FIRST_SECTOR if seat.sectors[0] == sector else OTHER_SECTOR


def _with_state(round_id: int) -> list[tuple[Assignment, bool]]:
    """Return every assignment of a round with whether its sheet is in, in order of id."""
    rows = session().execute(
        select(Assignment, Sheet.id)
        .outerjoin(
            Sheet,
            and_(
                Sheet.round_id == Assignment.round_id,
                Sheet.entry_id == Assignment.entry_id,
                Sheet.seat_id == Assignment.seat_id,
                Sheet.state == SUBMITTED,
            ),
        )
        .where(Assignment.round_id == round_id)
        .order_by(Assignment.id)
    )
    return [(assignment, sheet is not None) for assignment, sheet in rows]


def standing_of(round_id: int) -> list[Assignment]:
    """Return proposed and open assignments with entry and judge, by entry, then judge."""
    return list(
        session().scalars(
            select(Assignment)
            .join(Assignment.entry)
            .join(Assignment.seat)
            .where(Assignment.round_id == round_id, Assignment.state.in_([PROPOSED, OPEN]))
            .options(joinedload(Assignment.entry), joinedload(Assignment.seat).joinedload(Seat.person))
            .order_by(Entry.code, Seat.code)
        )
    )


def proposed_of(round_id: int) -> list[Assignment]:
    """Return what is proposed and not given out yet."""
    return list(
        session().scalars(
            select(Assignment)
            .where(Assignment.round_id == round_id, Assignment.state == PROPOSED)
            .order_by(Assignment.id)
        )
    )


def latest_run(round_id: int) -> AssignmentRun | None:
    """Return the newest computed assignment of a round."""
    return (
        session()
        .scalars(
            select(AssignmentRun)
            .where(AssignmentRun.round_id == round_id, AssignmentRun.kind == "computed")
            .order_by(AssignmentRun.id.desc())
            .limit(1)
        )
        .one_or_none()
    )


def load_of(round_id: int) -> dict[int, int]:
    """Return how many open assignments each seat has in a round."""
    rows = session().execute(
        select(Assignment.seat_id, func.count())
        .where(Assignment.round_id == round_id, Assignment.state == OPEN)
        .group_by(Assignment.seat_id)
    )
    return {int(seat): int(count) for seat, count in rows}


def last_position(round_id: int, seat_id: int) -> int:
    """Return the highest place in a judge's reading order so far, 0 without any."""
    return int(
        session().scalar(
            select(func.max(Assignment.position)).where(
                Assignment.round_id == round_id, Assignment.seat_id == seat_id, Assignment.state == OPEN
            )
        )
        or 0
    )


def unscored_of(seat_id: int) -> list[Assignment]:
    """Return a judge's open or proposed assignments without a submitted sheet, over all rounds."""
    submitted = select(Sheet.id).where(
        Sheet.round_id == Assignment.round_id,
        Sheet.entry_id == Assignment.entry_id,
        Sheet.seat_id == Assignment.seat_id,
        Sheet.state == SUBMITTED,
    )
    return list(
        session().scalars(
            select(Assignment)
            .where(Assignment.seat_id == seat_id, Assignment.state.in_([PROPOSED, OPEN]), ~submitted.exists())
            .options(joinedload(Assignment.round), joinedload(Assignment.entry))
            .order_by(Assignment.id)
        )
    )


def assignments_of_entry(entry_id: int) -> list[Assignment]:
    """Return an entry's proposed and open assignments over all rounds."""
    return list(
        session().scalars(
            select(Assignment)
            .where(Assignment.entry_id == entry_id, Assignment.state.in_([PROPOSED, OPEN]))
            .options(joinedload(Assignment.round), joinedload(Assignment.seat))
            .order_by(Assignment.id)
        )
    )
