"""Sessions before they begin: nobody is in two at once, a session moves, everybody concerned hears of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.accounts.models import Person
from compapp.contests.models import Contest
from compapp.core.audit import AuditRow
from compapp.core.clock import local
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed, Conflict, Invalid, Refused
from compapp.core.outbox import OutboxMessage
from compapp.entries.queries import people_of
from compapp.incubation import queries, services
from compapp.incubation.models import HeldMinute, MentoringSession
from tests.incubation import builders
from tests.journeys.test_races import together
from tests.placement import builders as placement

AsPerson = Callable[..., FlaskClient]
NEXT_DAY = builders.FIRST + timedelta(days=1)


def move(
    one: MentoringSession, starts_at: datetime, who: Any, *, at: Any = builders.ASSIGNED, seen: Any = None
) -> None:
    with unit_of_work():
        found = queries.mentoring_session(one.id)
        services.move_session(
            found,
            seen=seen or found.starts_at,
            starts_at=starts_at,
            minutes=45,
            place="Phòng họp 3",
            reason="Trùng lịch thi",
            actor=who,
            at=at,
        )


def moved(db: Session) -> list[OutboxMessage]:
    return list(db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "session_moved")))


def test_a_session_moves_and_all_who_take_part_hear_both_times(db: Session) -> None:
    contest = builders.load()
    one = builders.book(contest, builders.assign(contest, "S01", "M02"), builders.FIRST)
    lead = placement.lead(contest, "S01")
    move(one, NEXT_DAY, lead)
    found = queries.mentoring_session(one.id)
    assert (found.state, found.starts_at, found.minutes, found.place) == ("booked", NEXT_DAY, 45, "Phòng họp 3")
    told = [row for row in moved(db) if row.channel == "email"]
    team = people_of(placement.entry(contest, "S01").id)
    assert {row.person_id for row in told} == {*team, builders.mentor_person(contest, "M02").id}
    assert {(row.data["before"]["starts"], row.data["starts"]) for row in told} == {
        (builders.FIRST.isoformat(), NEXT_DAY.isoformat())
    }
    audited = db.scalars(select(AuditRow).where(AuditRow.verb == "incubation.session.move")).one()
    assert audited.data["starts"] == [builders.FIRST.isoformat(), NEXT_DAY.isoformat()]
    assert db.query(HeldMinute).count() == 45
    with pytest.raises(Conflict, match="moved this session"):
        move(one, NEXT_DAY + timedelta(hours=5), lead, seen=builders.FIRST)
    with pytest.raises(Refused):
        move(one, builders.FIRST, placement.lead(contest, "S10"))
    move(one, builders.FIRST, lead)
    assert len([row for row in moved(db) if row.channel == "email"]) == 2 * len(told)
    with unit_of_work():
        assert services.remind_of_sessions(at=builders.FIRST - timedelta(hours=23)) > 0
    with pytest.raises(Closed):
        move(one, NEXT_DAY, lead, at=builders.FIRST)


def test_mentor_and_team_are_in_one_session_at_a_time(db: Session) -> None:
    contest = builders.load()
    first, other = builders.assign(contest, "S01", "M02"), builders.assign(contest, "S06", "M02")
    second = builders.assign(contest, "S01", "M03")
    one = builders.book(contest, first, builders.FIRST)
    half = builders.FIRST + timedelta(minutes=30)
    with pytest.raises(Conflict, match="The mentor has another session"):
        builders.book(contest, other, half)
    with pytest.raises(Conflict, match="The team has another session"):
        builders.book(contest, second, half)
    late = builders.book(contest, other, builders.FIRST + timedelta(hours=1))
    with pytest.raises(Conflict, match="The mentor has another session"):
        move(late, half, placement.lead(contest, "S06"))
    assert queries.mentoring_session(late.id).starts_at == builders.FIRST + timedelta(hours=1)
    with unit_of_work():
        gone = queries.mentoring_session(one.id)
        services.cancel_session(gone, reason="", actor=placement.lead(contest, "S01"), at=builders.ASSIGNED)
    assert builders.book(contest, first, builders.FIRST).state == "booked"


def test_of_twenty_who_book_the_same_mentor_one_does(db: Session) -> None:
    contest = builders.load()
    links = [builders.assign(contest, team, "M02").id for team in ("S01", "S06")]
    leads = [placement.lead(contest, team) for team in ("S01", "S06")]

    def book(number: int) -> int:
        return services.book_session(
            queries.mentorship(links[number % 2]),
            starts_at=builders.FIRST + timedelta(minutes=number),
            minutes=60,
            actor=leads[number % 2],
            at=builders.ASSIGNED,
        ).id

    results = together(book, builders.ASSIGNED)
    assert sum(not isinstance(one, Exception) for one in results) == 1
    assert all(isinstance(one, Conflict) for one in results if isinstance(one, Exception)), results
    assert len({row.session_id for row in db.scalars(select(HeldMinute))}) == 1


@pytest.fixture
def contest(app: Any, db: Session, clock_at: Any) -> Contest:
    found = builders.load()
    clock_at(builders.ASSIGNED)
    return found


def test_the_form_moves_and_keeps_what_was_typed(contest: Contest, as_person: AsPerson) -> None:
    one = builders.book(contest, builders.assign(contest, "S01", "M02"), builders.FIRST)
    builders.book(contest, builders.assign(contest, "S06", "M02"), NEXT_DAY)
    client = as_person(placement.member_person(contest, "S01", "member"))
    place = f"/mentoring-sessions/{one.id}/move"
    assert builders.FIRST.isoformat() in client.get(place).get_data(as_text=True)
    form = {"seen": builders.FIRST.isoformat(), "starts_at": "16/04/2027 09:30", "minutes": "60", "place": "Xưởng số 9"}
    taken = client.post(place, data=form)
    assert (taken.status_code, "Cố vấn đã có buổi" in taken.get_data(as_text=True)) == (422, True)
    wrong = client.post(place, data=form | {"starts_at": "mai", "reason": "Bận thi"}).get_data(as_text=True)
    missing = [words for words in ("mai", "Xưởng số 9", "Bận thi", "dd/mm/yyyy") if words not in wrong]
    assert not missing
    assert client.post(place, data=form | {"starts_at": "16/04/2027 13:00"}).status_code == 303
    assert "13:00" in client.get(f"/mentoring-sessions/{one.id}").get_data(as_text=True)
    stranger: Person = placement.member_person(contest, "S10")
    assert as_person(stranger).get(place).status_code == 404


def state(contest: Contest, code: str, *spans: tuple[int, int, int]) -> None:
    with unit_of_work():
        week = [services.Span(*one, key=f"to_{one[0]}_1") for one in spans]
        services.state_week(week, actor=builders.mentor_actor(contest, code), at=builders.ASSIGNED)


def starts(mentorship_id: int, minutes: int = 60) -> list[str]:
    days = queries.free_days(queries.mentorship(mentorship_id), minutes, builders.ASSIGNED)
    return [f"{local(start):%d/%m %H:%M}" for day in days for start in day.starts]


def test_free_times_are_the_hours_less_what_is_taken(db: Session) -> None:
    contest = builders.load()
    link, other = builders.assign(contest, "S01", "M02"), builders.assign(contest, "S06", "M02")
    assert not queries.hours_of(link.mentor.person_id, builders.ASSIGNED).are_stated
    state(contest, "M02", (3, 9 * 60, 11 * 60))
    assert starts(link.id)[:4] == ["08/04 09:00", "08/04 09:30", "08/04 10:00", "15/04 09:00"]
    builders.book(contest, other, builders.FIRST)
    mentor = builders.mentor_actor(contest, "M02")
    with unit_of_work():
        services.state_day(builders.FIRST.date() + timedelta(days=7), None, None, actor=mentor, at=builders.ASSIGNED)
        sunday = builders.FIRST.date() + timedelta(days=10)
        services.state_day(sunday, 20 * 60, 21 * 60, actor=mentor, at=builders.ASSIGNED)
    assert starts(link.id)[3:] == ["15/04 10:00", "25/04 20:00", "29/04 09:00", "29/04 09:30", "29/04 10:00"]
    lead = placement.lead(contest, "S01")

    def book(starts_at: datetime, minutes: int, who: Any) -> MentoringSession:
        with unit_of_work():
            here = queries.mentorship(link.id)
            return services.book_session(here, starts_at=starts_at, minutes=minutes, actor=who, at=builders.ASSIGNED)

    for wrong in (builders.FIRST + timedelta(hours=1, minutes=30), builders.FIRST + timedelta(days=7), NEXT_DAY):
        with pytest.raises(Invalid) as refused:
            book(wrong, 60, lead)
        assert "not free then" in refused.value.fields["starts_at"][0][0]
    assert book(builders.FIRST + timedelta(hours=1), 60, lead).state == "booked"
    assert book(NEXT_DAY, 240, mentor).state == "booked"
    with pytest.raises(Invalid) as full:
        book(NEXT_DAY + timedelta(days=4), 30, mentor)
    assert full.value.fields["starts_at"][0][1] == {"hours": 6, "month": "04/2027"}
    assert starts(link.id) == []


def test_twenty_who_book_at_once_take_no_more_hours_than_promised(db: Session) -> None:
    contest = builders.load()
    link, lead = builders.assign(contest, "S01", "M02").id, placement.lead(contest, "S01")

    def book(number: int) -> int:
        starts_at = builders.FIRST + timedelta(hours=12 * number)
        here = queries.mentorship(link)
        return services.book_session(here, starts_at=starts_at, minutes=60, actor=lead, at=builders.ASSIGNED).id

    results = together(book, builders.ASSIGNED)
    assert sum(not isinstance(one, Exception) for one in results) == 6
    assert all(isinstance(one, Invalid) for one in results if isinstance(one, Exception)), results


def test_a_mentor_states_hours_and_a_team_books_one(contest: Contest, as_person: AsPerson) -> None:
    builders.assign(contest, "S01", "M02")
    mentor = as_person(builders.mentor_person(contest, "M02"))
    wrong = mentor.post(
        "/mentoring/hours", data={"from_1_1": "14h", "to_1_1": "13:30", "from_3_1": "9 giờ", "to_3_1": "1100"}
    )
    page = wrong.get_data(as_text=True)
    assert wrong.status_code == 422
    assert [words for words in ("9 giờ", "1100", "13:30", "Hãy viết giờ") if words not in page] == []
    backwards = mentor.post("/mentoring/hours", data={"from_1_1": "14h", "to_1_1": "13:30"}).get_data(as_text=True)
    assert "Giờ kết thúc phải sau giờ bắt đầu" in backwards
    assert mentor.post("/mentoring/hours", data={"from_3_1": "9", "to_3_1": "1100"}).status_code == 303
    day = {"day": "22/04/2027", "kind": "away"}
    assert mentor.post("/mentoring/hours/days", data={"kind": "free", "begins": "8"}).status_code == 422
    assert mentor.post("/mentoring/hours/days", data=day).status_code == 303
    assert "Thứ Năm, 22/04/2027" in mentor.get("/mentoring/hours").get_data(as_text=True)
    team = as_person(placement.member_person(contest, "S01", "member"))
    place = f"/residencies/{builders.residency(contest, 'S01').id}/sessions"
    shown = team.get(place).get_data(as_text=True)
    assert 'value="2027-04-15T09:30"' in shown
    assert "2027-04-22" not in shown
    link = str(queries.mentorships_of(builders.residency(contest, "S01").id)[0].id)
    form = {"mentorship": link, "minutes": "60", "place": "Xưởng"}
    away = team.post(place, data=form | {"starts_at": "2027-04-22T09:00"})
    assert (away.status_code, "Cố vấn không rảnh" in away.get_data(as_text=True)) == (422, True)
    assert team.post(place, data=form | {"starts_at": "2027-04-15T09:30"}).status_code == 303
    assert 'value="2027-04-15T10:00"' not in team.get(place).get_data(as_text=True)
