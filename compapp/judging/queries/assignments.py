"""Assignments: what stands, what is proposed, and the problem that the optimiser is given."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from compapp.contests.models import Round, Sector
from compapp.core.db import session
from compapp.core.text import fold
from compapp.entries.models import Entry
from compapp.judging.lifecycle import OPEN, PROPOSED, SUBMITTED, WITHDRAWN
from compapp.judging.models import OF_ASSIGNMENT, Assignment, AssignmentRun, Seat, Sheet
from compapp.judging.queries.barred import busy_elsewhere
from compapp.judging.queries.conflicts import conflict_pairs, conflicted
from compapp.judging.queries.jury import active_seats
from compapp.judging.queries.reading import days_of, reads, stated_languages
from compapp.judging.queries.rounds import entries_of_round, limits_of
from compapp.judging.scoring.assignment import EntryNeed, Instance, JudgeLoad, Pair
from compapp.judging.scoring.assignment.pull import Candidate
from compapp.judging.scoring.pace import most_in_time

FIRST_SECTOR, OTHER_SECTOR, NO_SECTOR_KNOWN, OUTSIDE = 1.0, 0.9, 0.5, 0.2
"""How close a judge is to an entry: main sector, another of the judge's, judge without sectors, none of them."""
OTHER_AND_SPOKEN_OF, SPOKEN_OF = 0.95, 0.7
"""Closer: what the judge named in words stands in the title or the one-liner (in another sector, or in none)."""
_PARTS = re.compile(r"[,;\n]+")
_LETTERS = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class Problem:
    """An assignment problem with the rows behind its codes (codes are row ids as text, in stable order).

    ``time``: on how many days until the deadline a judge has time, and of how many. ``languages``: those that entries
    state; ``foreign``: pairs of an entry and a judge who does not read its language.
    """

    instance: Instance
    entries: dict[str, Entry]
    seats: dict[str, Seat]
    pairs: tuple[Pair, ...]
    time: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    languages: Mapping[str, frozenset[str]] = field(default_factory=dict)
    foreign: frozenset[tuple[str, str]] = frozenset()


def problem_of(
    round_: Round, *, at: datetime, keep_open: bool = True, least: int | None = None, most: int | None = None
) -> Problem:
    """Load the assignment problem of a round at ``at``: needs, loads, conflicts, affinities, and what stands.

    ``least`` and ``most`` hold for every judge with no own limit (the round's most is never exceeded). Days away
    lower a judge's most; who does not read an entry's language never gets it. Substitutes take no part. A pair that
    was withdrawn from an active judge counts as a conflict: it does not come back by computation; what was handed in
    by somebody who has left since counts as read. ``pairs`` are the open assignments; with ``keep_open`` they are
    fixed in the instance.
    """
    limits = limits_of(round_)
    entries = list(session().scalars(entries_of_round(round_).order_by(Entry.code)))
    busy = busy_elsewhere(round_)
    seats = [seat for seat in active_seats(round_.contest_id) if not seat.reserve and seat.id not in busy]
    sectors = _sectors(round_.contest_id)
    entry_ids, seat_ids = {entry.id for entry in entries}, {seat.id for seat in seats}
    barred = conflict_pairs(round_.contest_id, entry_ids)
    standing: list[Pair] = []
    read: Counter[int] = Counter()
    for assignment, scored in _with_state(round_.id):
        if assignment.entry_id not in entry_ids or assignment.seat_id not in seat_ids:
            read[assignment.entry_id] += scored and assignment.state == OPEN
            continue
        if assignment.state == WITHDRAWN:
            barred.add((assignment.entry_id, assignment.seat_id))
        elif assignment.state == OPEN:
            standing.append(Pair(str(assignment.entry_id), str(assignment.seat_id), scored))
    fixed = tuple((pair.entry, pair.judge) for pair in standing) if keep_open else ()
    held = Counter(pair.entry for pair in standing)
    needs = tuple(
        EntryNeed(
            str(entry.id),
            max(limits.judges_per_entry - read[entry.id], held[str(entry.id)]),
            None if entry.institution_id is None else str(entry.institution_id),
        )
        for entry in entries
    )
    time = {str(seat.id): days_of(seat, round_, at) for seat in seats}
    done = Counter(pair.judge for pair in standing if pair.scored)
    even = -(-sum(need.reviews for need in needs) // max(len(seats), 1))
    whole = next(number for number in (limits.max_entries_per_judge, most, even) if number is not None)
    loads = (_load(seat, limits.max_entries_per_judge, least, most) for seat in seats)
    languages = stated_languages(round_.contest, entries)
    foreign = {(entry_id, seat.id) for entry_id, said in languages.items() for seat in seats if not reads(seat, said)}
    instance = Instance(
        entries=needs,
        judges=tuple(_in_time(load, time[load.code], done[load.code], whole) for load in loads),
        affinity=[[affinity(seat, sectors.get(entry.sector_id or 0), entry) for seat in seats] for entry in entries],
        conflicts=frozenset(
            (str(entry), str(seat)) for entry, seat in barred | foreign if (str(entry), str(seat)) not in set(fixed)
        ),
        fixed=fixed,
        one_per_institution=True,
    )
    return Problem(
        instance,
        {str(entry.id): entry for entry in entries},
        {str(seat.id): seat for seat in seats},
        tuple(standing),
        time,
        {str(entry_id): said for entry_id, said in languages.items()},
        frozenset((str(entry), str(seat)) for entry, seat in foreign),
    )


def _in_time(load: JudgeLoad, time: tuple[int, int], done: int, whole: int) -> JudgeLoad:
    """Lower the most of who is away on some days to a like share of ``whole``; the judge's own limit holds as well."""
    days, all_days = time
    if days >= all_days:
        return load
    share = most_in_time(whole, done, days, all_days)
    most = share if load.most is None else min(load.most, share)
    return replace(load, most=most, least=min(load.least, most))


def _sectors(contest_id: int) -> dict[int, str]:
    rows = session().execute(select(Sector.id, Sector.code).where(Sector.contest_id == contest_id))
    return {row.id: row.code for row in rows}


def _load(seat: Seat, most: int | None, asked_least: int | None = None, asked_most: int | None = None) -> JudgeLoad:
    own = seat.max_load
    if own is None and asked_most is not None:
        own = max(asked_most, seat.min_load or 0)
    limits = [limit for limit in (most, own) if limit is not None]
    highest = min(limits) if limits else None
    lowest = seat.min_load if seat.min_load is not None else asked_least or 0
    institution = None if seat.institution_id is None else str(seat.institution_id)
    return JudgeLoad(str(seat.id), institution, lowest if highest is None else min(lowest, highest), highest)


def load_limit(seat: Seat, most: int | None, time: tuple[int, int], even: int) -> int | None:
    """Return the most entries that a judge takes in a round whose own limit is ``most``; None for no limit.

    ``time``: days with time until the deadline, of how many; ``even``: what counts as the whole without a limit.
    """
    return _in_time(_load(seat, most), time, 0, even if most is None else most).most


def affinity(seat: Seat, sector: str | None, entry: Entry | None = None) -> float:
    """Return how close a judge's expertise is to an entry of a sector, 0 to 1; own words count beside sectors."""
    spoken = entry is not None and bool(seat.expertise) and in_words(seat, entry)
    if not seat.sectors:
        return SPOKEN_OF if spoken else NO_SECTOR_KNOWN
    if sector not in seat.sectors:
        return SPOKEN_OF if spoken else OUTSIDE
    if seat.sectors[0] == sector:
        return FIRST_SECTOR
    return OTHER_AND_SPOKEN_OF if spoken else OTHER_SECTOR


def in_words(seat: Seat, entry: Entry) -> bool:
    """Whether something that the judge named in words stands in the entry's title or one-liner."""
    text = f" {fold(' '.join(str(said) for piece in (entry.title, entry.one_liner) for said in piece.values()))} "
    words = (fold(word).strip() for word in _PARTS.split(seat.expertise))
    return any(len(word) > 2 and f" {word} " in _LETTERS.sub(" ", text) for word in words)


def _with_state(round_id: int) -> list[tuple[Assignment, bool]]:
    """Return every assignment of a round with whether its sheet is in, in order of id."""
    rows = session().execute(
        select(Assignment, Sheet.id)
        .outerjoin(Sheet, and_(OF_ASSIGNMENT, Sheet.state == SUBMITTED))
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


def latest_run(round_id: int, *, kind: str | tuple[str, ...] = "computed") -> AssignmentRun | None:
    """Return the newest computed assignment of a round (or the newest run of another kind, or of several)."""
    kinds = (kind,) if isinstance(kind, str) else kind
    return (
        session()
        .scalars(
            select(AssignmentRun)
            .where(AssignmentRun.round_id == round_id, AssignmentRun.kind.in_(kinds))
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
    submitted = select(Sheet.id).where(OF_ASSIGNMENT, Sheet.state == SUBMITTED)
    return list(
        session().scalars(
            select(Assignment)
            .where(Assignment.seat_id == seat_id, Assignment.state.in_([PROPOSED, OPEN]), ~submitted.exists())
            .options(joinedload(Assignment.round), joinedload(Assignment.entry))
            .order_by(Assignment.id)
        )
    )


def lock_round(round_id: int) -> None:
    """Put those who give entries of one round out in line (PostgreSQL; SQLite has one writer anyway)."""
    session().execute(select(Round.id).where(Round.id == round_id).with_for_update())


def pull_candidates(round_: Round, seat: Seat) -> tuple[list[Candidate], int | None]:
    """Return the entries that a judge could fetch, and how many more the judge may hold; five statements.

    Left out: conflicts, languages that the judge does not read, and what the judge reads, gave back or lost.
    Proposed assignments count as reviews.
    """
    limits = limits_of(round_)
    if seat.id in busy_elsewhere(round_):
        return [], 0
    free = entries_of_round(round_).join(Seat, Seat.id == seat.id).where(~conflicted()).order_by(Entry.code)
    entries = list(session().scalars(free))
    rows = session().execute(
        select(Assignment.entry_id, Assignment.seat_id, Assignment.state, Seat.institution_id)
        .join(Assignment.seat)
        .where(Assignment.round_id == round_.id)
    )
    reviews: Counter[int] = Counter()
    houses: dict[int, set[int]] = defaultdict(set)
    own: set[int] = set()
    held = 0
    for entry_id, seat_id, state, house in rows:
        if seat_id == seat.id:
            own.add(entry_id)
            held += state == OPEN
        if state != WITHDRAWN:
            reviews[entry_id] += 1
            houses[entry_id] |= set() if house is None else {house}
    sectors = _sectors(round_.contest_id)
    languages = stated_languages(round_.contest, entries)
    candidates = [
        Candidate(
            entry.id,
            reviews[entry.id],
            limits.judges_per_entry,
            affinity(seat, sectors.get(entry.sector_id or 0), entry),
            frozenset(houses[entry.id]),
        )
        for entry in entries
        if entry.id not in own and reads(seat, languages.get(entry.id, frozenset()))
    ]
    most = _load(seat, limits.max_entries_per_judge).most
    return candidates, None if most is None else max(most - held, 0)


def entries_by_id(entry_ids: Iterable[int]) -> dict[int, Entry]:
    """Return several entries by id."""
    return {entry.id: entry for entry in session().scalars(select(Entry).where(Entry.id.in_(list(entry_ids))))}


def unscored_in(round_id: int, seat_id: int) -> list[Assignment]:
    """Return a judge's open assignments of one round without a submitted sheet, in the judge's order."""
    return [
        assignment
        for assignment in sorted(unscored_of(seat_id), key=lambda one: (one.position, one.id))
        if assignment.round_id == round_id and assignment.state == OPEN
    ]


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
