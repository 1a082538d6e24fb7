"""Offers in time and under pressure: lapses and reminders once, places never exceeded by threads."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from compapp.core.clock import reading
from compapp.core.db import session_scope, unit_of_work
from compapp.core.errors import Closed, Conflict, DomainError, Invalid, Refused
from compapp.core.outbox import OutboxMessage
from compapp.entries.models import Entry
from compapp.placement import jobs, queries, services
from compapp.placement.models import Intake, Offer
from tests.placement import builders


def mails(db: Session, kind: str) -> int:
    statement = select(func.count()).where(OutboxMessage.kind == kind, OutboxMessage.channel == "email")
    return db.scalar(statement) or 0


def test_an_ignored_offer_is_reminded_of_lapses_and_goes_on(db: Session) -> None:
    contest = builders.load()
    builders.release(contest)
    offer = builders.offer(contest, "S03")
    for hours in (49, 47, 40):
        with reading(offer.expires_at - timedelta(hours=hours)):
            jobs.remind()
        assert (mails(db, "offer_reminder") > 0) == (hours < 48)
    told = mails(db, "offer_reminder")
    with pytest.raises(Closed), unit_of_work():
        services.accept_offer(queries.offer(offer.id), actor=builders.lead(contest, "S03"), at=offer.expires_at)
    for _ in range(2):
        with reading(offer.expires_at):
            jobs.lapse_offers()
    db.expire_all()
    assert mails(db, "offer_reminder") == told
    assert queries.offer(offer.id).state == "lapsed"
    assert builders.offer(contest, "P08").intake.code == "IN1"
    assert db.scalar(select(func.count()).select_from(Offer).where(Offer.state == "lapsed")) == 10
    lapsed = mails(db, "offer_lapsed")
    with reading(offer.expires_at + timedelta(hours=1)):
        jobs.lapse_offers()
    assert mails(db, "offer_lapsed") == lapsed


def test_teams_are_told_once_that_they_can_order_their_wishes(db: Session) -> None:
    contest = builders.load()
    with reading(builders.RANKING):
        jobs.remind()
        told = mails(db, "placement_open")
        jobs.remind()
    assert told == mails(db, "placement_open") > 0
    assert contest.id


def test_no_matching_before_the_results_are_published(db: Session) -> None:
    contest = builders.load(builders.document(published=False))
    with pytest.raises(Closed):
        builders.propose(contest)


def test_who_computed_does_not_release(db: Session) -> None:
    contest = builders.load()
    run = builders.propose(contest)
    with pytest.raises(Refused), unit_of_work():
        services.release_matching(queries.run(run.id), actor=builders.staff(contest, "organiser"), at=builders.MATCHED)
    with unit_of_work():
        services.state_wishes(
            builders.entry(contest, "S01"), ["IN1"], actor=builders.lead(contest, "S01"), at=builders.RANKING
        )
    with pytest.raises(Conflict), unit_of_work():
        services.release_matching(queries.run(run.id), actor=builders.staff(contest, "approver"), at=builders.MATCHED)


def test_wishes_obey_sector_window_and_lead(db: Session) -> None:
    contest = builders.load()
    entry, lead = builders.entry(contest, "S01"), builders.lead(contest, "S01")

    def state(codes: list[str], actor: Any = lead, at: Any = builders.RANKING) -> None:
        with unit_of_work():
            services.state_wishes(entry, codes, actor=actor, at=at)

    for codes in (["IN3"], ["IN1", "IN1"], ["IN9"]):
        with pytest.raises(Invalid):
            state(codes)
    with pytest.raises(Refused):
        state(["IN1"], actor=builders.lead(contest, "S02"))
    with pytest.raises(Closed):
        state(["IN1"], at=builders.IMPORTED)
    state([])
    assert queries.wishes_of(entry, queries.intakes_of(contest.id)) == []


def test_places_by_hand_need_a_reason_and_a_free_place(db: Session) -> None:
    contest = builders.load()
    builders.release(contest)
    organiser = builders.staff(contest, "organiser")

    def place(entry: str, intake: str, reason: str = "Đội phù hợp") -> Offer:
        with unit_of_work():
            return services.place_by_hand(
                builders.entry(contest, entry),
                builders.intake(contest, intake),
                reason=reason,
                actor=organiser,
                at=builders.MATCHED,
            )

    with pytest.raises(Invalid):
        place("S05", "IN3", reason=" ")
    with pytest.raises(Invalid):
        place("P08", "IN3")
    with pytest.raises(Conflict):
        place("S01", "IN1")
    assert place("S05", "IN3").origin == "by_hand"
    with pytest.raises(Conflict):
        place("P07", "IN3")
    manager = builders.manager(contest, "IN1")
    with pytest.raises(Refused), unit_of_work():
        services.place_by_hand(
            builders.entry(contest, "P07"),
            builders.intake(contest, "IN3"),
            reason="x",
            actor=manager,
            at=builders.MATCHED,
        )


def test_forty_teams_ten_places(db: Session) -> None:
    """However many ask at once, no more places are given than there are."""
    contest = builders.load()
    intake = builders.intake(contest, "IN4")
    with unit_of_work():
        row = db.get_one(Intake, intake.id)
        row.capacity, row.sectors, row.definition = 10, [], {k: v for k, v in row.definition.items() if k != "sectors"}
        first = builders.entry(contest, "S01")
        kept = [one.name for one in Entry.__table__.columns if one.name not in ("id", "code", "number")]
        columns = {name: getattr(first, name) for name in kept}
        for number in range(40):
            db.add(Entry(**columns, code=f"T{number}", number=f"T-{number}"))
    ids = list(db.scalars(select(Entry.id).where(Entry.code.like("T%"))))
    organiser, intake_id = builders.staff(contest, "organiser"), intake.id
    db.rollback()

    def place(entry_id: int) -> bool:
        with session_scope() as own:
            for _ in range(20):
                try:
                    with unit_of_work():
                        entry, found = own.get_one(Entry, entry_id), queries.intake(intake_id)
                        services.place_by_hand(entry, found, reason="x", actor=organiser, at=builders.MATCHED)
                    return True
                except OperationalError:
                    continue
                except DomainError:
                    return False
        return False

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(place, ids))
    db.expire_all()
    assert sum(won) == 10
    assert db.scalar(select(func.count()).select_from(Offer).where(Offer.intake_id == intake_id)) == 10
    assert db.get_one(Intake, intake_id).taken == 10


def test_one_offer_is_answered_once_by_two_threads(db: Session) -> None:
    contest = builders.load()
    builders.release(contest)
    offer_id, lead = builders.offer(contest, "S01").id, builders.lead(contest, "S01")
    db.rollback()

    def answer(verb: Any) -> bool:
        with session_scope():
            try:
                with unit_of_work():
                    verb(queries.offer(offer_id), actor=lead, at=builders.MATCHED)
            except DomainError:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        won = list(pool.map(answer, [services.accept_offer, services.decline_offer]))
    assert sum(won) == 1
