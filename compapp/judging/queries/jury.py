"""Seats and rights: who sits in a jury, and the facts that policies judge."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from compapp.contests.models import Contest
from compapp.contests.policy import ContestFacts as AnyContest
from compapp.contests.policy import may_see as may_know_of
from compapp.contests.queries import find_contest
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.reading import read_once
from compapp.entries.lifecycle import COUNTED
from compapp.entries.models import Entry
from compapp.judging.lifecycle import ACCEPTED
from compapp.judging.models import Assignment, Seat, Sheet
from compapp.judging.policy import ContestFacts, SeatFacts, may_see_jury
from compapp.judging.queries.conflicts import hidden_from, on_team
from compapp.judging.queries.rounds import round_of


def contest_facts(actor: Actor, code: str) -> ContestFacts | None:
    """Load what decides about the pages of contest ``code``; nothing for one of which the actor may not know."""
    contest = find_contest(code)
    if contest is None or not may_know_of(actor, AnyContest(contest.id, code, contest.state)):
        return None
    return ContestFacts(contest.id, code, on_team(actor.person_id, contest.id))


def facts_of_contest(actor: Actor, contest_id: int) -> ContestFacts:
    """Load the same facts for a contest at hand (services check rights with them)."""
    return ContestFacts(contest_id, "", on_team(actor.person_id, contest_id))


def facts_of_seat(actor: Actor, seat: Seat) -> SeatFacts:
    """Load what decides about a seat at hand."""
    return SeatFacts(seat.contest_id, seat.id, seat.person_id, seat.state, on_team(actor.person_id, seat.contest_id))


def seat_facts(actor: Actor, seat_id: int) -> SeatFacts | None:
    """Load what decides about a seat; nothing for one the actor may not know of."""
    seat = session().get(Seat, seat_id)
    return None if seat is None else facts_of_seat(actor, seat)


def own_seat_facts(actor: Actor, code: str) -> SeatFacts | None:
    """Load the actor's own seat in contest ``code``; nothing without one."""
    seat = own_seat(actor, code)
    return None if seat is None else facts_of_seat(actor, seat)


def own_seat_facts_of_round(actor: Actor, code: str, round_code: str) -> SeatFacts | None:
    """Load the actor's own seat for an act in one round; nothing without a seat or such a round."""
    facts = own_seat_facts(actor, code)
    return facts if facts is not None and round_of(facts.contest_id, round_code) is not None else None


def own_seat(actor: Actor, code: str) -> Seat | None:
    """Return the actor's seat in the jury of contest ``code``."""
    return (
        session()
        .scalars(
            select(Seat)
            .join(Seat.contest)
            .where(Contest.code == code, Seat.person_id == actor.person_id)
            .options(joinedload(Seat.contest))
        )
        .one_or_none()
    )


@read_once
def seats_of(contest_id: int) -> list[Seat]:
    """Return the whole jury, by code, with people and organisations."""
    return list(
        session().scalars(
            select(Seat)
            .where(Seat.contest_id == contest_id)
            .options(joinedload(Seat.person), joinedload(Seat.institution), joinedload(Seat.affiliation))
            .order_by(Seat.code)
        )
    )


def active_seats(contest_id: int) -> list[Seat]:
    """Return the judges who have accepted, by code."""
    return [seat for seat in seats_of(contest_id) if seat.state == ACCEPTED]


def seat_of(contest_id: int, code: str) -> Seat | None:
    """Return the seat ``code`` of a contest."""
    return session().scalars(select(Seat).where(Seat.contest_id == contest_id, Seat.code == code)).one_or_none()


def free_code(contest_id: int) -> str:
    """Return the next free code of a judge: J01, J02, …"""
    taken = set(session().scalars(select(Seat.code).where(Seat.contest_id == contest_id)))
    number = len(taken) + 1
    while f"J{number:02d}" in taken:
        number += 1
    return f"J{number:02d}"


def contest_facts_of_seat(actor: Actor, code: str, seat_id: int) -> ContestFacts | None:
    """Load the facts of the contest for a page about one of its seats; nothing for another contest's seat."""
    known = select(Seat.id).join(Seat.contest).where(Seat.id == seat_id, Contest.code == code)
    return facts_for_office(actor, code, known)


def facts_for_office(actor: Actor, code: str, known: Select[Any]) -> ContestFacts | None:
    """Return the contest's facts; nothing where the office asks for what is not there (``known`` finds nothing).

    Everybody else meets the same refusal for what is there and what is not, so that no number can be tried.
    """
    facts, is_there = contest_facts(actor, code), session().scalar(known) is not None
    return None if facts is not None and not is_there and may_see_jury(actor, facts) else facts


def seat_facts_in(actor: Actor, code: str, seat_id: int) -> SeatFacts | None:
    """Load the facts of a seat of contest ``code``; nothing for another contest's."""
    seat = session().scalars(select(Seat).join(Seat.contest).where(Seat.id == seat_id, Contest.code == code)).first()
    return None if seat is None else facts_of_seat(actor, seat)


def contest_facts_of_sheet(actor: Actor, code: str, sheet_id: int) -> ContestFacts | None:
    """Load the facts of the contest for a page about one sheet; nothing for a conflicted or foreign one."""
    return facts_for_office(actor, code, _of_open_entry(Sheet, sheet_id, actor, code))


def contest_facts_of_assignment(actor: Actor, code: str, assignment_id: int) -> ContestFacts | None:
    """Load the facts of the contest for a page about one assignment; nothing for a conflicted or foreign one."""
    return facts_for_office(actor, code, _of_open_entry(Assignment, assignment_id, actor, code))


def _of_open_entry(model: type[Sheet] | type[Assignment], number: int, actor: Actor, code: str) -> Select[Any]:
    return (
        select(model.id)
        .join(Entry, Entry.id == model.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(model.id == number, Contest.code == code, ~hidden_from(actor.person_id))
    )


def contest_facts_of_round(actor: Actor, code: str, round_code: str) -> ContestFacts | None:
    """Load the facts of the contest for a page about one of its scored rounds."""
    facts = contest_facts(actor, code)
    return facts if facts is not None and round_of(facts.contest_id, round_code) is not None else None


def entries_known_to(contest_id: int, person_id: int | None) -> list[int]:
    """Return the ids of handed-in entries that a person of the jury's office may know of, by title."""
    statement = select(Entry.id).where(Entry.contest_id == contest_id, Entry.state.in_(COUNTED))
    return list(session().scalars(statement.where(~hidden_from(person_id)).order_by(Entry.title_sort, Entry.id)))


def contest_facts_of_round_and_seat(actor: Actor, code: str, round_code: str, seat_id: int) -> ContestFacts | None:
    """Load the facts of the contest for a page about one judge in one round."""
    facts = contest_facts_of_round(actor, code, round_code)
    return facts if facts is not None and contest_facts_of_seat(actor, code, seat_id) is not None else None
