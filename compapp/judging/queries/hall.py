"""A live round as it is held: its plan and halls, the slots in running order, and the panel's sheets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import ColumnElement, and_, exists, func, null, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from compapp.accounts.models import Person
from compapp.contests.models import Contest, Round
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.reading import read_once
from compapp.entries.models import Entry, TeamMember
from compapp.judging.lifecycle import ACCEPTED, DONE, EXPECTED, ON_STAGE, OPEN, SUBMITTED, VOID
from compapp.judging.models import OF_ASSIGNMENT, Assignment, Draw, Hall, OrderChange, PitchPlan, PitchSlot, Seat, Sheet
from compapp.judging.policy import ContestFacts
from compapp.judging.queries.conflicts import conflicted
from compapp.judging.queries.jury import facts_for_office
from compapp.judging.scoring.timetable import Rhythm

REPORT_MINUTES = 15
LAST, OUT = "last", "out"
"""What a plan's ``late_rule`` may be."""
STAGE, ORDER, AWARDS = "stage", "order", "awards"
"""What a hall screen may show."""


def plan_of(round_id: int) -> PitchPlan:
    """Return the plan of a round; what holds by itself (not stored) where nobody has written one."""
    found = session().get(PitchPlan, round_id)
    if found is not None:
        return found
    return PitchPlan(round_id=round_id, report_minutes=REPORT_MINUTES, late_rule=LAST, bring={}, award_step=0)


def is_planned(round_id: int) -> bool:
    """Return whether somebody has written the plan of a round."""
    return session().get(PitchPlan, round_id) is not None


def hall_before(round_: Round) -> Hall | None:
    """Return the first hall of the contest's live round before this one, with its round: a new plan begins from it."""
    return (
        session()
        .scalars(
            select(Hall)
            .join(Hall.round)
            .where(Round.contest_id == round_.contest_id, Round.position < round_.position)
            .options(contains_eager(Hall.round))
            .order_by(Round.position.desc(), Hall.position, Hall.id)
            .limit(1)
        )
        .one_or_none()
    )


def halls_of(round_id: int) -> list[Hall]:
    """Return the halls of a round, in order."""
    return list(session().scalars(select(Hall).where(Hall.round_id == round_id).order_by(Hall.position, Hall.id)))


def teams_by_hall(round_ids: Iterable[int]) -> dict[int, list[tuple[Hall, int]]]:
    """Return the halls of several rounds, in order, each with how many teams have a slot in it; one statement."""
    statement = (
        select(Hall, func.count(PitchSlot.id))
        .outerjoin(PitchSlot, PitchSlot.hall_id == Hall.id)
        .where(Hall.round_id.in_(list(round_ids)))
        .group_by(Hall.id)
        .order_by(Hall.position, Hall.id)
    )
    found: dict[int, list[tuple[Hall, int]]] = {}
    for hall, teams in session().execute(statement):
        found.setdefault(hall.round_id, []).append((hall, teams))
    return found


def rhythm_of(hall: Hall) -> Rhythm:
    """Return how the time of a hall is cut."""
    return Rhythm(hall.pitch_minutes, hall.question_minutes, hall.change_minutes, hall.pause_after, hall.pause_minutes)


def slots_of(round_id: int, hall_id: int | None = None) -> list[PitchSlot]:
    """Return the slots of a round (of one hall) in running order, with entries and halls."""
    statement = (
        select(PitchSlot)
        .join(PitchSlot.hall)
        .where(PitchSlot.round_id == round_id)
        .options(contains_eager(PitchSlot.hall), joinedload(PitchSlot.entry))
        .order_by(Hall.position, Hall.id, PitchSlot.position, PitchSlot.id)
    )
    if hall_id is not None:
        statement = statement.where(PitchSlot.hall_id == hall_id)
    return list(session().scalars(statement))


def slot(slot_id: int) -> PitchSlot | None:
    """Return a slot with its entry, hall and round."""
    return (
        session()
        .scalars(
            select(PitchSlot)
            .where(PitchSlot.id == slot_id)
            .options(joinedload(PitchSlot.hall), joinedload(PitchSlot.entry), joinedload(PitchSlot.round))
        )
        .one_or_none()
    )


def changes_of(round_id: int, since: Iterable[Draw]) -> list[OrderChange]:
    """Return what was changed in the order that stands, oldest first: after the newest of the draws ``since``."""
    drawn = max((draw.drawn_at for draw in since), default=None)
    statement = select(OrderChange).join(Hall, Hall.id == OrderChange.hall_id).where(Hall.round_id == round_id)
    if drawn is not None:
        statement = statement.where(OrderChange.at >= drawn)
    return list(session().scalars(statement.order_by(OrderChange.id)))


def facts_of_hall(actor: Actor, code: str, round_code: str, hall_id: int) -> ContestFacts | None:
    """Load the facts of the contest for a page about a hall; nothing where the office asks for another round's."""
    known = (
        select(Hall.id)
        .join(Hall.round)
        .join(Round.contest)
        .where(Hall.id == hall_id, Contest.code == code, Round.code == round_code)
    )
    return facts_for_office(actor, code, known)


def facts_of_slot(actor: Actor, code: str, round_code: str, slot_id: int) -> ContestFacts | None:
    """Load the facts of the contest for a page about a slot; nothing where the office asks for another round's."""
    known = (
        select(PitchSlot.id)
        .join(PitchSlot.round)
        .join(Round.contest)
        .where(PitchSlot.id == slot_id, Contest.code == code, Round.code == round_code)
    )
    return facts_for_office(actor, code, known)


def hall_of_screen(key: str) -> Hall | None:
    """Return the hall whose screen ``key`` opens, with its round and contest; nothing for an ended link."""
    return (
        session()
        .scalars(select(Hall).where(Hall.screen_key == key).options(joinedload(Hall.round).joinedload(Round.contest)))
        .one_or_none()
    )


@dataclass(frozen=True, slots=True)
class PanelLine:
    """A judge of the panel and the sheet for one entry; ``state`` is empty where nothing is written yet.

    ``assignment_id`` leads to the sheet of a judge who has not handed in (None: it is in).
    """

    judge: str
    name: str
    person_id: int
    state: str
    total: Fraction | None
    assignment_id: int | None = None

    @property
    def is_in(self) -> bool:
        """Whether the sheet is handed in."""
        return self.state in (SUBMITTED, VOID)


@read_once
def panel_of(round_id: int) -> Mapping[int, Sequence[PanelLine]]:
    """Return who judges each entry of a round and how far the sheets are, by entry id: two statements.

    A judge counts who was given the entry and still sits in the jury, or has handed in a sheet for it.
    """
    columns = (Seat.code, Person.name, Seat.person_id, Sheet.state, Sheet.total)
    given = session().execute(
        select(Assignment.entry_id, *columns, Assignment.id)
        .select_from(Assignment)
        .join(Assignment.seat)
        .join(Seat.person)
        .outerjoin(Sheet, OF_ASSIGNMENT)
        .where(Assignment.round_id == round_id, Assignment.state == OPEN, Seat.state == ACCEPTED)
        .where(or_(Sheet.id.is_(None), Sheet.state != SUBMITTED))
    )
    written = session().execute(
        select(Sheet.entry_id, *columns, null())
        .select_from(Sheet)
        .join(Sheet.seat)
        .join(Seat.person)
        .where(Sheet.round_id == round_id, Sheet.state == SUBMITTED)
    )
    gathered: dict[int, list[PanelLine]] = {}
    for entry_id, code, name, person_id, state, total, assignment in sorted([*given, *written], key=lambda row: row[1]):
        gathered.setdefault(entry_id, []).append(PanelLine(code, name, person_id, state or "", total, assignment))
    return gathered


@dataclass(frozen=True, slots=True)
class Called:
    """A team on stage that the reader judges: where the own sheet is, how far it is, and what the clock is made of.

    Minutes are those of the hall, for the pitch and for the questions.
    """

    assignment_id: int
    entry_id: int
    state: str
    phase_at: datetime | None
    paused_at: datetime | None
    pitch_minutes: int
    question_minutes: int
    sheet_state: str


def on_stage_for(actor: Actor) -> list[Called]:
    """Return what the actor judges that is on stage right now: given out, accepted seat, no conflict; one statement."""
    own_team = exists().where(
        TeamMember.person_id == actor.person_id,
        TeamMember.left_at.is_(None),
        TeamMember.entry_id.in_(select(Entry.id).where(Entry.contest_id == Seat.contest_id).correlate(Seat)),
    )
    statement = (
        select(
            Assignment.id,
            Assignment.entry_id,
            PitchSlot.state,
            PitchSlot.phase_at,
            PitchSlot.paused_at,
            Hall.pitch_minutes,
            Hall.question_minutes,
            Sheet.state,
        )
        .join(Assignment.seat)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(PitchSlot, and_(PitchSlot.round_id == Assignment.round_id, PitchSlot.entry_id == Assignment.entry_id))
        .join(PitchSlot.hall)
        .outerjoin(Sheet, OF_ASSIGNMENT)
        .where(
            Seat.person_id == actor.person_id,
            Seat.state == ACCEPTED,
            Assignment.state == OPEN,
            PitchSlot.state.in_(ON_STAGE),
            ~conflicted(),
            ~own_team.correlate(Seat),
        )
        .order_by(Assignment.id)
    )
    if actor.limited_to is not None:
        statement = statement.where(Seat.contest_id == actor.limited_to)
    return [Called(*row[:7], row[7] or "") for row in session().execute(statement)]


def slots_of_entries(entry_ids: Iterable[int]) -> list[PitchSlot]:
    """Return the slots of several entries with halls, rounds and contests, the earliest first; one statement."""
    return list(
        session().scalars(
            select(PitchSlot)
            .where(PitchSlot.entry_id.in_(list(entry_ids)))
            .options(
                joinedload(PitchSlot.hall),
                joinedload(PitchSlot.entry),
                joinedload(PitchSlot.round).joinedload(Round.contest),
            )
            .order_by(PitchSlot.starts_at, PitchSlot.id)
        )
    )


def is_being_held(contest_id: int, round_code: str, at: datetime) -> bool:
    """Whether teams are pitching in a live round: one has been on stage, one is still to come, its time is not over."""

    def some(*states: str) -> ColumnElement[bool]:
        return exists().where(PitchSlot.round_id == Round.id, PitchSlot.state.in_(states))

    found = select(Round.id).where(Round.contest_id == contest_id, Round.code == round_code, Round.closes_at >= at)
    return session().scalar(found.where(some(*ON_STAGE, DONE), some(EXPECTED, *ON_STAGE))) is not None
