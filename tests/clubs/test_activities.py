"""Activities: places that are never given twice, a queue that moves up, attendance by a code that ages."""

import importlib
import time
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from compapp.accounts import services as accounts
from compapp.accounts.models import Organisation, OrganisationInvitation, Person, StudentIdentity
from compapp.clubs import codes, queries, services
from compapp.clubs.models import Activity, Registration, RetiredInvitation, RetiredStudentRecord
from compapp.clubs.services import attendance
from compapp.core.actor import Actor
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Closed, Conflict, Invalid, NotFound, Refused
from compapp.core.outbox import OutboxMessage
from tests.clubs.builders import NOW, announced, club, cohort_of, manager, people, plan, student
from tests.journeys.test_races import HANDS, together

START = NOW + timedelta(days=7)


def states(activity_id: int) -> dict[str, int]:
    rows = session().execute(
        select(Registration.state, func.count())
        .where(Registration.activity_id == activity_id)
        .group_by(Registration.state)
    )
    return {row[0]: row[1] for row in rows}


def told(kind: str) -> int:
    count = select(func.count()).select_from(OutboxMessage)
    return session().scalar(count.where(OutboxMessage.kind == kind, OutboxMessage.channel == "inapp")) or 0


def fresh(found: Activity) -> Activity:
    session().rollback()
    session().expire_all()
    return queries.activity(found.id)


def test_twenty_students_at_once_take_no_more_places_than_there_are(db: Session) -> None:
    house = club()
    crowd = people(HANDS, member_of=house)
    actors = [student(one) for one in crowd]
    made = announced(house, manager(house), capacity=5)

    def register(number: int) -> Any:
        return services.register(queries.activity(made.id), actor=actors[number], at=NOW).state

    results = together(register, NOW)
    assert not [one for one in results if isinstance(one, Exception)]
    assert states(made.id) == {"registered": 5, "waiting": 15} and fresh(made).taken == 5
    assert told("activity_place") == 5

    with unit_of_work():
        found = queries.activity(made.id)
        for number in (place for place, state in enumerate(results) if state == "registered"):
            services.withdraw(found, actor=actors[number], at=NOW + timedelta(hours=1))
    assert states(made.id) == {"registered": 5, "waiting": 10, "withdrawn": 5} and fresh(made).taken == 5
    assert told("activity_place") == 10


def test_twenty_twins_of_one_student_are_one_registration(db: Session) -> None:
    house = club()
    actor = student(people(1, member_of=house)[0])
    made = announced(house, manager(house), capacity=3)
    together(lambda _number: services.register(queries.activity(made.id), actor=actor, at=NOW), NOW)
    assert states(made.id) == {"registered": 1} and fresh(made).taken == 1 and told("activity_place") == 1


def test_the_room_holds_no_more_than_its_seats(db: Session) -> None:
    """Registered people keep their seats for a quarter of an hour; then walk-ins get those of who stayed away."""
    house = club()
    crowd, boss = people(HANDS, member_of=house), manager(house)
    actors = [student(one) for one in crowd]
    made = announced(house, boss, capacity=4)
    with unit_of_work():
        for actor in actors[:4]:
            services.register(queries.activity(made.id), actor=actor, at=NOW)

    def scan(at: Any) -> Any:
        shown = codes.code_at(made.code_key, made.id, at)
        return lambda number: services.check_in(queries.activity(made.id), shown, actor=actors[number], at=at)

    early = together(scan(START), START)
    assert sum(isinstance(one, Conflict) for one in early) == HANDS - 4 and fresh(made).came == 4

    with unit_of_work():
        services.unmark(queries.activity(made.id), crowd[0].id, actor=boss, at=START)
    late = together(scan(START + timedelta(minutes=16)), START)
    assert sum(not isinstance(one, Conflict) for one in late) in (4, 5) and fresh(made).came == 4
    assert queries.miscounted() == []
    with pytest.raises(IntegrityError), unit_of_work():
        session().execute(update(Activity).where(Activity.id == made.id).values(came=5))
    with unit_of_work():
        session().execute(update(Activity).where(Activity.id == made.id).values(came=3))
    assert [row[0] for row in queries.miscounted()] == [made.id]


def test_two_taps_at_once_count_one_person(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    house = club()
    actor = student(people(1, member_of=house)[0])
    made, count = announced(house, manager(house), capacity=5), attendance._count
    monkeypatch.setattr(attendance, "_count", lambda found, change: time.sleep(0.05) or count(found, change))
    shown = codes.code_at(made.code_key, made.id, START)
    twins = together(lambda _n: services.check_in(queries.activity(made.id), shown, actor=actor, at=START), START, 4)
    assert fresh(made).came == 1 and len({one.certificate for one in twins}) == 1


def test_more_places_move_up_those_who_wait_in_their_order(db: Session) -> None:
    house = club()
    crowd, boss = people(4, member_of=house), manager(house)
    made = announced(house, boss, capacity=1)
    with unit_of_work():
        for minute, one in enumerate(crowd):
            services.register(queries.activity(made.id), actor=student(one), at=NOW + timedelta(minutes=minute))
    second = queries.registration_of(made.id, crowd[2].id)
    assert second is not None and queries.place_in_queue(second) == 2
    with unit_of_work():
        found = queries.activity(made.id)
        services.change_activity(found, plan(capacity=3), version=found.version, actor=boss, at=NOW)
    assert [queries.registration_of(made.id, one.id).state for one in crowd] == [  # type: ignore[union-attr]
        *("registered",) * 3,
        "waiting",
    ]
    assert told("activity_changed") == 0
    with pytest.raises(Invalid), unit_of_work():
        services.change_activity(fresh(made), plan(capacity=2), version=2, actor=boss, at=NOW)
    with pytest.raises(Conflict), unit_of_work():
        services.change_activity(fresh(made), plan(capacity=9), version=1, actor=boss, at=NOW)
    with unit_of_work():
        moved = plan(capacity=3, place="Hội trường")
        services.change_activity(queries.activity(made.id), moved, version=2, actor=boss, at=NOW)
    assert told("activity_changed") == 4


def test_a_code_ages_and_only_those_it_is_meant_for_use_it(db: Session) -> None:
    house, other = club(), club("CLB Khác")
    inside, outside = student(people(1, member_of=house)[0]), student(people(1, prefix="Người", member_of=other)[0])
    boss = manager(house)
    made = announced(house, boss)
    shown = codes.code_at(made.code_key, made.id, START)
    assert codes.is_good(f" {shown[:4].upper()} {shown[4:]}", made.code_key, made.id, START + timedelta(minutes=5))
    for code, at, error in (
        (shown, START - timedelta(hours=1), Closed),
        (shown, START + timedelta(minutes=7), Closed),
        ("22222222", START, Closed),
        (shown, START + timedelta(hours=3), Closed),
    ):
        with pytest.raises(error), unit_of_work():
            services.check_in(queries.activity(made.id), code, actor=inside, at=at)
    with pytest.raises(Refused), unit_of_work():
        services.check_in(queries.activity(made.id), shown, actor=outside, at=START)
    with unit_of_work():
        own = services.check_in(queries.activity(made.id), shown, actor=inside, at=START)
        again = services.check_in(queries.activity(made.id), shown, actor=inside, at=START + timedelta(seconds=9))
    assert own.id == again.id and own.is_walk_in and not own.is_late and fresh(made).came == 1
    assert own.certificate and queries.attendance_by_certificate(own.certificate) is not None
    assert [one.topic for one in queries.training_of([inside.person_id or 0, 0])[inside.person_id or 0]] == ["ip"]
    with pytest.raises(NotFound), unit_of_work():
        services.mark_present(queries.activity(made.id), outside.person_id or 0, actor=boss, at=START)


def test_an_activity_goes_its_way_and_no_other(db: Session) -> None:
    house = club()
    boss, one = manager(house), student(people(1, member_of=house)[0])
    with unit_of_work():
        made = services.plan_activity(cohort_of(house), plan(), actor=boss, at=NOW)
    with pytest.raises(Closed), unit_of_work():
        services.register(queries.activity(made.id), actor=one, at=NOW)
    with unit_of_work():
        services.announce_activity(queries.activity(made.id), actor=boss, at=NOW)
    assert told("activity_announced") == 1
    with pytest.raises(Closed), unit_of_work():
        services.conclude_activity(queries.activity(made.id), actor=boss, at=NOW)
    with unit_of_work():
        services.register(queries.activity(made.id), actor=one, at=NOW)
    with pytest.raises(Invalid), unit_of_work():
        services.cancel_activity(queries.activity(made.id), " ", actor=boss, at=NOW)
    with unit_of_work():
        assert services.remind_of_activities(at=START - timedelta(hours=20)) == 2
        assert services.remind_of_activities(at=START - timedelta(hours=19)) == 0
        services.cancel_activity(queries.activity(made.id), "Diễn giả bận.", actor=boss, at=NOW)
    assert told("activity_cancelled") == 1
    for verb in (services.announce_activity, services.conclude_activity):
        with pytest.raises((Conflict, Closed)), unit_of_work():
            verb(fresh(made), actor=boss, at=START + timedelta(hours=1))
    faulty = plan(title_vi=" ", place="", kind="party", link="http://x", capacity=0, points=-1, starts_at=START)
    with pytest.raises(Invalid) as error, unit_of_work():
        services.plan_activity(cohort_of(house), faulty, actor=boss, at=NOW)
    assert set(error.value.fields) == {"title_vi", "place", "kind", "link", "capacity", "points"}


def test_strangers_change_nothing(db: Session) -> None:
    house, other = club(), club("CLB Khác")
    stranger, boss = manager(other), manager(house)
    made = announced(house, boss)
    person_id = people(1, member_of=house)[0].id
    for verb in (
        lambda found: services.change_activity(found, plan(), version=1, actor=stranger, at=NOW),
        lambda found: services.conclude_activity(found, actor=stranger, at=START),
        lambda found: services.cancel_activity(found, "x", actor=stranger, at=NOW),
        lambda found: services.mark_present(found, person_id, actor=stranger, at=START),
        lambda found: services.unmark(found, person_id, actor=stranger, at=START),
        lambda found: services.set_role(found.cohort, person_id, "head", actor=stranger, at=NOW),
        lambda found: services.renew_link(found.cohort, actor=stranger, at=NOW),
        lambda found: services.answer_request(found.club, person_id, accepts=True, actor=stranger, at=NOW),
        lambda found: accounts.ask_into(found.club, "a@b.vn", "A", "advisor", actor=stranger, at=NOW),
        lambda found: _record(found.club, person_id, stranger),
    ):
        with pytest.raises(Refused), unit_of_work():
            verb(queries.activity(made.id))


def _record(found: Organisation, person_id: int, actor: Actor) -> None:
    services.note_studies(
        person_id,
        found.parent_id,
        faculty="K",
        class_name="L",
        number="1",
        club_id=found.id,
        actor=actor,
        at=NOW,
    )


def test_joining_by_link_and_by_request(db: Session) -> None:
    house = club()
    boss, (first, second) = manager(house), people(2)
    with unit_of_work():
        key = services.renew_link(cohort_of(house), actor=boss, at=NOW)
    with unit_of_work():
        services.join_by_link(key, actor=student(first), at=NOW)
        services.join_by_link(key, actor=student(first), at=NOW)
    assert queries.member_ids(cohort_of(house).id) == [first.id]
    with pytest.raises(Closed), unit_of_work():
        services.join_by_link(key, actor=student(second), at=NOW + timedelta(days=200))
    with unit_of_work():
        services.close_link(cohort_of(house), actor=boss, at=NOW)
    with pytest.raises(Closed), unit_of_work():
        services.join_by_link(key, actor=student(second), at=NOW)
    for accepts, answer in ((False, "Đã đủ người."), (True, "")):
        with unit_of_work():
            services.ask_to_join(house, "Xin chào", actor=student(second), at=NOW + timedelta(hours=accepts))
        with pytest.raises(Conflict), unit_of_work():
            services.ask_to_join(house, "Xin chào", actor=student(second), at=NOW)
        with unit_of_work():
            services.answer_request(
                house, second.id, accepts=accepts, answer=answer, actor=boss, at=NOW + timedelta(hours=accepts)
            )
    assert queries.is_member(house.id, second.id) and told("club_join_answered") == 2
    with unit_of_work():
        services.remove_member(cohort_of(house), second.id, actor=student(second), at=NOW)
    assert not queries.is_member(house.id, second.id)


def test_an_invitation_is_accepted_within_thirty_days(app: Flask, db: Session) -> None:
    house, newcomer = club(), people(1)[0]
    boss, later = manager(house), NOW + timedelta(days=31)
    with unit_of_work():
        newcomer.email = "moi@truong.vn"
        made = accounts.ask_into(house, "moi@truong.vn", "Bạn Mới", "manager", actor=boss, at=NOW)
    with pytest.raises(Closed), unit_of_work():
        accounts.answer(made, accepts=True, actor=student(newcomer), at=later)
    with unit_of_work():
        accounts.ask_again(made, actor=boss, at=later)
        accounts.answer(made, accepts=True, actor=student(newcomer), at=later)
    assert made.state == "accepted"


def test_a_number_has_one_hand(db: Session) -> None:
    """What the account says opens the school's activities; a manager's word never outweighs the school's."""
    house = club()
    boss, (one, other) = manager(house), people(2, member_of=house)
    made = announced(house, boss, audience="school")
    with unit_of_work():
        services.remove_member(cohort_of(house), one.id, actor=boss, at=NOW)
    with pytest.raises(Refused), unit_of_work():
        services.register(queries.activity(made.id), actor=student(one), at=NOW)
    with unit_of_work():
        said = accounts.state_identity(
            session().get_one(Person, one.id),
            session().get_one(Organisation, house.parent_id),
            "SV 7",
            class_name="DA22KTA",
            actor=student(one),
            at=NOW,
        )
    with unit_of_work():
        services.register(queries.activity(made.id), actor=student(one), at=NOW)
        session().merge(said).state = "confirmed"
    for number, faulty in (("SV 7", False), ("SV 8", True)):
        with pytest.raises(Invalid) if faulty else nullcontext(), unit_of_work():
            services.note_studies(
                one.id,
                house.parent_id,
                faculty="Kinh tế",
                class_name="DA22KTB",
                number=number,
                club_id=house.id,
                actor=boss,
                at=NOW,
            )
    known = queries.attendance_rows(made.id)[0][1]
    assert (known.number, known.class_name, known.faculty, known.state) == ("SV 7", "DA22KTB", "Kinh tế", "confirmed")
    assert [found.id for found in queries.people_to_find(queries.activity(made.id), other.name)] == [other.id]


def test_students_outside_the_club_are_found_by_their_number_alone(db: Session) -> None:
    house = club()
    boss, outside = manager(house), people(1)[0]
    made = announced(house, boss)
    with unit_of_work():
        school = session().get_one(Organisation, house.parent_id)
        accounts.state_identity(session().merge(outside), school, "SV 7", actor=student(outside), at=NOW)
    found = queries.activity(made.id)
    assert queries.people_to_find(found, outside.name) == []
    assert [one.id for one in queries.people_to_find(found, "sv7")] == [outside.id]
    for number, missing in (("", True), ("SV 8", True), ("SV 7", False)):
        with pytest.raises(NotFound) if missing else nullcontext(), unit_of_work():
            services.mark_present(queries.activity(made.id), outside.id, number=number, actor=boss, at=START)


def test_what_clubs_had_written_down_moves_to_the_one_table(db: Session) -> None:
    """Migration 0016: who had said nothing gets the club's word, to be confirmed; what the account says stays."""
    house = club()
    old, new = people(2, member_of=house)
    school_id = house.parent_id or 0
    with unit_of_work():
        for one in (old, new):
            words = {"faculty": "Kinh tế", "class_name": "K1", "student_number": " đt 07", "saved_at": NOW}
            session().add(RetiredStudentRecord(person_id=one.id, school_id=school_id, **words))
        said, school = session().merge(new), session().get_one(Organisation, school_id)
        accounts.state_identity(said, school, "SV 9", class_name="K2", actor=student(new), at=NOW)
    migration = importlib.import_module("migrations.versions.0016_club_invitation")
    with unit_of_work():
        migration._copy(session().connection())
    rows = {one.person_id: one for one in session().scalars(select(StudentIdentity))}
    assert (rows[old.id].number_fold, rows[old.id].class_name, rows[old.id].state) == ("DT07", "K1", "stated")
    assert (rows[new.id].number, rows[new.id].class_name, rows[new.id].faculty) == ("SV 9", "K2", "Kinh tế")


def test_what_clubs_had_sent_leads_on_from_its_old_address(db: Session, app: Flask, as_person: Any) -> None:
    """Migration 0021: what lay there, what old code sends after it, and what old code hears of it."""
    house, (known,) = club(), people(1)
    sent = {"club_id": house.id, "role": "member", "sent_at": NOW, "sent_by_name": "Quản Lý"}
    migration = importlib.import_module("migrations.versions.0021_invitations_in_one_table")
    with unit_of_work():
        session().merge(known).email = "moi@truong.vn"
        session().add(RetiredInvitation(email="moi@truong.vn", name="Bạn Mới", **sent))
    with unit_of_work():
        migration._follow(session().connection())
        late = RetiredInvitation(email="sau@truong.vn", name="Đến Sau", **sent)
        session().add(late)
        session().flush()
        late.state = "withdrawn"
        session().flush()
        migration._part(session().connection())
    rows = session().scalars(select(OrganisationInvitation).order_by(OrganisationInvitation.id)).all()
    assert [(one.club_invitation_id, one.email, one.state, one.sent_at) for one in rows] == [
        (1, "moi@truong.vn", "sent", NOW),
        (2, "sau@truong.vn", "withdrawn", NOW),
    ]
    old = "/club-invitations/1"
    assert as_person(people(1)[0]).get(old).status_code == 404
    assert as_person(known).get(old).location.endswith(f"/organisation-invitations/{rows[0].id}")
