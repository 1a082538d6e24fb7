"""Teams in their incubators: the sample placed, accepted and given mentors."""

from dataclasses import replace
from datetime import UTC, datetime

from compapp.accounts.models import Person
from compapp.contests.models import Contest
from compapp.core import events
from compapp.core.actor import Actor, Grant
from compapp.core.db import session, unit_of_work
from compapp.incubation import queries, services
from compapp.incubation.models import Mentor, MentoringSession, Mentorship, Residency
from compapp.placement.events import OfferAccepted, PlaceLost
from tests.placement import builders as placement

ASSIGNED = datetime(2027, 4, 2, 2, 0, tzinfo=UTC)
FIRST = datetime(2027, 4, 15, 2, 0, tzinfo=UTC)
SECOND = datetime(2027, 5, 13, 2, 0, tzinfo=UTC)


def hear() -> None:
    """Subscribe as the application does."""
    events.subscribe(OfferAccepted, _open)
    events.subscribe(PlaceLost, _close)


def _open(event: OfferAccepted) -> None:
    services.open_residency(event.offer_id, actor=event.actor, at=event.at)


def _close(event: PlaceLost) -> None:
    services.close_residency(event.entry_id, reason=event.reason, actor=event.actor, at=event.at)


def load(*accepting: str) -> Contest:
    """Place the sample's teams and let these accept (by default S01, S06 and S10)."""
    if not events._listeners.get(OfferAccepted):
        hear()
    contest = placement.load()
    placement.release(contest)
    placement.accept(contest, accepting or ("S01", "S06", "S10"))
    return contest


def residency(contest: Contest, code: str) -> Residency:
    found = queries.residency_of_entry(placement.entry(contest, code).id)
    assert found is not None
    return queries.residency(found.id)


def mentor(contest: Contest, code: str) -> Mentor:
    found = queries.mentor_by_code(contest.id, code)
    assert found is not None
    return found


def mentor_person(contest: Contest, code: str) -> Person:
    return session().get_one(Person, mentor(contest, code).person_id)


def mentor_actor(contest: Contest, code: str) -> Actor:
    person = mentor_person(contest, code)
    actor = placement.actor_of(person)
    found = session().execute(queries.select_mentor_grants(person.id))
    return replace(actor, grants=actor.grants | {Grant(*row) for row in found})


def manager(contest: Contest, code: str) -> Actor:
    """Return the manager of the incubator that a team is in."""
    return placement.actor_of(manager_person(contest, code))


def manager_person(contest: Contest, code: str) -> Person:
    offer = residency(contest, code).offer
    assert offer is not None
    return placement.manager_person(contest, offer.intake.code)


def assign(contest: Contest, team: str, code: str, at: datetime = ASSIGNED) -> Mentorship:
    with unit_of_work():
        return services.assign_mentor(
            residency(contest, team), mentor(contest, code), actor=manager(contest, team), at=at
        )


def book(contest: Contest, mentorship: Mentorship, starts_at: datetime, at: datetime = ASSIGNED) -> MentoringSession:
    with unit_of_work():
        return services.book_session(
            queries.mentorship(mentorship.id),
            starts_at=starts_at,
            minutes=60,
            place="Phòng họp 2",
            actor=placement.actor_of(session().get_one(Person, queries.mentorship(mentorship.id).mentor.person_id)),
            at=at,
        )
