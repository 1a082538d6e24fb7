"""The sample contest through the services: who is placed where, who waits, and what freed places set going."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.contests.file.writer import export
from compapp.contests.models import Contest
from compapp.core.actor import Actor
from compapp.core.db import unit_of_work
from compapp.core.outbox import OutboxMessage
from compapp.placement import queries, services
from compapp.placement.models import Offer
from tests.placement import builders

EXPECTED: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "sample-expected.json").read_text(encoding="utf-8")
)["placement"]


def placed(contest: Contest) -> dict[str, str]:
    return {
        one.entry.code: one.intake.code
        for one in queries.offers_of_contest(contest.id)
        if one.state in ("offered", "accepted")
    }


def waiting(contest: Contest) -> set[tuple[str, str]]:
    return {
        (one.intake.code, one.entry.code) for one in queries.waiting_of_contest(contest.id) if one.state == "waiting"
    }


def messages(db: Session, kind: str) -> list[OutboxMessage]:
    statement = select(OutboxMessage).where(OutboxMessage.kind == kind, OutboxMessage.channel == "email")
    return list(db.scalars(statement.order_by(OutboxMessage.id)))


def test_free_places_are_those_of_the_sample(db: Session) -> None:
    contest = builders.load()
    assert {one.code: queries.free_places(one) for one in queries.intakes_of(contest.id)} == EXPECTED["free_places"]


def test_the_sample_is_placed_as_expected(db: Session) -> None:
    contest = builders.load()
    run = builders.release(contest)
    assert run.result["matches"] == EXPECTED["expected"]
    assert placed(contest) == {entry: code for entry, code in EXPECTED["expected"].items() if code is not None}
    assert waiting(contest) == {(one["incubator"], one["entry"]) for one in EXPECTED["waiting_list"]}
    assert [one.entry.code for one in queries.waiting_of_intake(builders.intake(contest, "IN1").id)] == ["P08", "S07"]
    assert {one.code: queries.free_places(one) for one in queries.intakes_of(contest.id)} == {
        "IN1": 0,
        "IN2": 0,
        "IN3": 1,
        "IN4": 0,
        "IN5": 0,
    }
    assert {one.data["title"]["en"] for one in messages(db, "offer")} >= {"Miet Vuon salinity post"}
    assert len(messages(db, "no_place")) == 2
    assert {one.expires_at - one.offered_at for one in db.scalars(select(Offer))} == {timedelta(days=7)}


def test_incident_11_a_full_incubator_puts_on_its_list(db: Session) -> None:
    contest = builders.load()
    run = builders.release(contest)
    assert run.result["steps"]["S06"] == [
        {"incubator": "IN2", "choice": 1, "outcome": "no_places", "last_held": None},
        {"incubator": "IN1", "choice": 2, "outcome": "placed", "last_held": None},
    ]
    assert ("IN2", "S06") in waiting(contest)


def test_a_declined_place_goes_to_the_first_who_waits(db: Session) -> None:
    contest = builders.load()
    builders.release(contest)
    with unit_of_work():
        services.decline_offer(builders.offer(contest, "S03"), actor=builders.lead(contest, "S03"), at=builders.MATCHED)
    assert placed(contest)["P08"] == "IN1"
    assert builders.offer(contest, "P08").origin == "waiting_list"
    assert ("IN1", "P08") not in waiting(contest)
    assert queries.free_places(builders.intake(contest, "IN1")) == 0


def test_a_better_place_gives_the_former_one_back(db: Session) -> None:
    """S06 holds a place at IN1; IN2 gets one more place: IN1's place goes on to P08."""
    contest = builders.load()
    builders.release(contest)
    builders.accept(contest, ["S06"])
    intake = builders.intake(contest, "IN2")
    terms = services.IntakeTerms(4, 3, intake.sectors, intake.opens_at, intake.closes_at, 7)
    with unit_of_work():
        services.change_intake(intake, terms, actor=builders.manager(contest, "IN2"), at=builders.MATCHED)
    assert builders.offer(contest, "S06", "IN2").state == "offered"
    assert messages(db, "offer")[-1].data["holds_place"] is True
    with unit_of_work():
        services.accept_offer(
            builders.offer(contest, "S06", "IN2"), actor=builders.lead(contest, "S06"), at=builders.MATCHED
        )
    assert builders.offer(contest, "S06", "IN1").state == "given_back"
    assert placed(contest)["S06"] == "IN2"
    assert placed(contest)["P08"] == "IN1"


def test_export_of_a_running_placement_comes_back_equal(db: Session) -> None:
    contest = builders.load()
    with unit_of_work():
        services.state_wishes(
            builders.entry(contest, "S01"), ["IN1"], actor=builders.lead(contest, "S01"), at=builders.RANKING
        )
    builders.release(contest)
    builders.accept(contest, ["S01", "S06"])
    written = export(contest)
    assert {(one["entry"], one["incubator"], one["state"]) for one in written["placements"]} >= {
        ("S01", "IN1", "wished"),
        ("S01", "IN1", "accepted"),
        ("S02", "IN4", "offered"),
        ("P08", None, "waiting"),
    }
    again = builders.load(written, code="AGAIN")
    assert export(again)["placements"] == written["placements"]
    assert waiting(again) == waiting(contest)
    assert [one.taken for one in queries.intakes_of(again.id)] == [one.taken for one in queries.intakes_of(contest.id)]
    with unit_of_work():
        services.decline_offer(builders.offer(again, "S02"), actor=builders.lead(again, "S02"), at=builders.MATCHED)
    items = {(one["entry"], one["state"]) for one in export(again)["placements"]}
    assert ("S02", "declined") in items
    assert ("S01", "accepted") in items


def test_a_withdrawn_entry_lets_its_place_go(db: Session) -> None:
    contest = builders.load()
    builders.release(contest)
    with unit_of_work():
        services.release_entry(builders.entry(contest, "S01").id, actor=Actor.system("test"), at=builders.MATCHED)
    assert builders.offer(contest, "S01").state == "withdrawn"
    assert placed(contest)["P08"] == "IN1"
