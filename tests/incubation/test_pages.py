"""The pages of incubation: who opens what, and that a private note reaches its writer alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.accounts.models import Person
from compapp.contests.models import Contest
from compapp.core.db import session, unit_of_work
from compapp.core.outbox import OutboxMessage
from compapp.incubation import queries, services
from compapp.incubation.models import MentoringSession
from tests.incubation import builders
from tests.placement import builders as placement

AsPerson = Callable[..., FlaskClient]
SECRET = "Trưởng nhóm đang rất mệt"
WHO = (
    "lead",
    "member",
    "other_lead",
    "manager",
    "other_manager",
    "mentor",
    "other_mentor",
    "organiser",
    "officer",
    "stranger",
)


@pytest.fixture
def contest(app: Any, db: Session, clock_at: Any) -> Contest:
    found = builders.load()
    builders.assign(found, "S10", "M03")
    one = builders.book(found, builders.assign(found, "S01", "M02"), builders.FIRST)
    later = builders.book(found, queries.mentorship(one.mentorship_id), builders.SECOND)
    assert later.id
    with unit_of_work():
        log = services.SessionLog(rag="amber", shared_note="Đã gặp nhà vườn", private_note=SECRET, figures={"jobs": 2})
        at = builders.FIRST + timedelta(hours=1)
        actor = builders.mentor_actor(found, "M02")
        services.log_session(queries.mentoring_session(one.id), log, actor=actor, at=at)
    clock_at(builders.FIRST + timedelta(days=2))
    return found


def people(contest: Contest) -> dict[str, Person]:
    with unit_of_work():
        officer, stranger = placement.person("Cán bộ Tỉnh"), placement.person("Người Lạ")
        placement.membership(officer, "officer", None)
    return {
        "lead": placement.member_person(contest, "S01"),
        "member": placement.member_person(contest, "S01", "member"),
        "other_lead": placement.member_person(contest, "S10"),
        "manager": builders.manager_person(contest, "S01"),
        "other_manager": builders.manager_person(contest, "S10"),
        "mentor": builders.mentor_person(contest, "M02"),
        "other_mentor": builders.mentor_person(contest, "M03"),
        "organiser": session().get_one(Person, placement.staff(contest, "organiser").person_id),
        "officer": officer,
        "stranger": stranger,
    }


def sessions(contest: Contest) -> list[MentoringSession]:
    return queries.sessions_of(builders.residency(contest, "S01").id)


TEAM, ALL = ("lead", "member"), ("lead", "member", "manager", "mentor")
TABLE: dict[tuple[str, str], dict[str, int]] = {
    ("get", "/residencies/{residency}"): dict.fromkeys([*ALL, "organiser"], 200),
    ("get", "/residencies/{residency}/sessions"): dict.fromkeys(ALL, 200) | {"organiser": 403},
    ("get", "/mentoring-sessions/{held}"): dict.fromkeys(ALL, 200),
    ("post", "/mentoring-sessions/{held}/log"): dict.fromkeys(ALL, 403) | {"mentor": 422},
    ("post", "/milestones/{milestone}/confirmation"): {
        **dict.fromkeys([*TEAM, "organiser"], 403),
        **dict.fromkeys(["manager", "mentor"], 303),
    },
    ("post", "/residencies/{residency}/stage"): dict.fromkeys([*TEAM, "mentor", "organiser"], 403) | {"manager": 409},
    ("get", "/residencies/{residency}/departure"): dict.fromkeys([*TEAM, "mentor", "organiser"], 403)
    | {"manager": 200},
    ("get", "/mentorships/{mentorship}/end"): dict.fromkeys([*TEAM, "organiser"], 403)
    | {"manager": 200, "mentor": 200},
    ("post", "/residencies/{residency}/figures"): dict.fromkeys(["member", "manager", "mentor", "organiser"], 403)
    | {"lead": 422},
    ("get", "/cohorts"): dict.fromkeys(WHO, 200),
    ("get", "/mentoring"): dict.fromkeys(WHO, 200),
    ("get", "/home"): dict.fromkeys(WHO, 200),
}


def test_who_may_open_what_and_the_private_note_stays(
    contest: Contest, as_person: AsPerson, client: FlaskClient
) -> None:
    held = next(one for one in sessions(contest) if one.state == "held")
    residency = builders.residency(contest, "S01")
    values = {
        "residency": residency.id,
        "held": held.id,
        "milestone": queries.milestones_of(residency.id)[0].id,
        "mentorship": held.mentorship_id,
    }
    clients = {name: as_person(person) for name, person in people(contest).items()}
    readers: set[tuple[str, str]] = set()
    for (method, path), allowed in TABLE.items():
        place = path.format(**values)
        for name in WHO:
            answer = getattr(clients[name], method)(place)
            assert answer.status_code == allowed.get(name, 404), (method, path, name, answer.status_code)
            if SECRET in answer.get_data(as_text=True):
                readers.add((name, path))
        assert getattr(client, method)(place).status_code in (302, 303, 401), place
    assert {name for name, _ in readers} == {"mentor"}


def test_the_organiser_reads_no_notes(contest: Contest, as_person: AsPerson) -> None:
    client = as_person(placement.staff(contest, "organiser").person_id)
    page = client.get(f"/residencies/{builders.residency(contest, 'S01').id}").get_data(as_text=True)
    assert "Đã gặp nhà vườn" not in page


def test_a_mentor_books_and_logs_by_the_forms(contest: Contest, as_person: AsPerson, clock_at: Any) -> None:
    client = as_person(builders.mentor_person(contest, "M02"))
    residency = builders.residency(contest, "S01")
    mentorship = queries.mentorships_of(residency.id)[0]
    form = {"mentorship": str(mentorship.id), "starts_at": "20/04/2027 09:00", "minutes": "45", "place": "Xưởng"}
    assert client.post(f"/residencies/{residency.id}/sessions", data=form).status_code == 303
    assert client.post(f"/residencies/{residency.id}/sessions", data=form).status_code == 422
    one = next(one for one in sessions(contest) if one.place == "Xưởng")
    clock_at(one.starts_at + timedelta(hours=1))
    assert f'href="/mentoring-sessions/{one.id}"' in client.get("/home").get_data(as_text=True)
    log = {"rag": "green", "shared_note": "Tốt", "milestone": "M1", "milestone_met": "y", "customers": "31"}
    assert client.post(f"/mentoring-sessions/{one.id}/log", data=log | {"revenue_vnd": "1.500.000"}).status_code == 303
    assert queries.latest_figures([contest.id]) == {"customers": 31, "jobs": 2, "revenue_vnd": 1_500_000}
    assert queries.milestones_of(residency.id)[0].state == "met"


def test_the_manager_walks_a_team_through(contest: Contest, as_person: AsPerson) -> None:
    client = as_person(builders.manager_person(contest, "S06"))
    residency = builders.residency(contest, "S06")
    mentor = builders.mentor(contest, "M06")
    place = f"/residencies/{residency.id}"
    assert client.post(f"{place}/mentorships", data={"mentor": str(mentor.id)}).status_code == 303
    assert client.post(f"{place}/stage", data={"from": "pre_incubation"}).status_code == 303
    assert client.get(place).status_code == 200
    assert client.post(f"{place}/graduation", data={"note": "Chúc mừng"}).status_code == 303
    assert "Đã tốt nghiệp" in client.get(place).get_data(as_text=True)


@pytest.mark.parametrize("path", ["/cohorts", "/mentoring", "/residencies/{residency}"])
def test_pages_take_a_constant_number_of_statements(
    contest: Contest, as_person: AsPerson, count_queries: Any, path: str
) -> None:
    client = as_person(
        builders.mentor_person(contest, "M02") if path == "/mentoring" else builders.manager_person(contest, "S01")
    )
    place = path.format(residency=builders.residency(contest, "S01").id)
    client.get(place)
    with count_queries() as seen:
        assert client.get(place).status_code == 200
    assert len(seen) <= 40, len(seen)


def test_a_mentor_without_an_entry_is_not_led_to_entries(contest: Contest, as_person: AsPerson) -> None:
    page = as_person(builders.mentor_person(contest, "M02")).get("/home").get_data(as_text=True)
    assert "/mentoring" in page
    assert 'href="/entries"' not in page
    assert 'href="/entries"' in as_person(placement.member_person(contest, "S01")).get("/home").get_data(as_text=True)


def test_skills_are_said_in_words(contest: Contest, as_person: AsPerson) -> None:
    with unit_of_work():
        builders.mentor(contest, "M02").skills = ["lab", "cold_chain"]
        builders.mentor(contest, "M01").skills = ["market", "night-time_trade"]
    residency = builders.residency(contest, "S06")
    manager = as_person(builders.manager_person(contest, "S01"))
    assert "cold chain" in manager.get(f"/residencies/{builders.residency(contest, 'S01').id}").get_data(as_text=True)
    page = as_person(builders.manager_person(contest, "S06")).get(f"/residencies/{residency.id}").get_data(as_text=True)
    for code in ("cold_chain", "night-time", "agri_hightech"):
        assert code not in page


def test_an_acceptance_is_one_mail_to_the_incubator(contest: Contest, db: Session) -> None:
    managers = {builders.manager_person(contest, code).id for code in ("S01", "S06", "S10")}
    found = db.scalars(
        select(OutboxMessage).where(
            OutboxMessage.person_id.in_(managers),
            OutboxMessage.channel == "email",
            OutboxMessage.kind.in_(["offer_answered", "residency_opened"]),
        )
    )
    titles = [one.data["title"]["vi"] for one in found]
    assert len(titles) == len(set(titles)) == 3


def test_what_is_typed_about_a_milestone_is_shown_again(contest: Contest, as_person: AsPerson) -> None:
    first = queries.milestones_of(builders.residency(contest, "S01").id)[0]
    lead = as_person(placement.member_person(contest, "S01"))
    long = "Phiếu phỏng vấn " * 150
    page = lead.post(f"/milestones/{first.id}/report", data={"note": long})
    assert (page.status_code, long.strip() in page.get_data(as_text=True)) == (422, True)
    assert f'id="report-{first.id}-error"' in page.get_data(as_text=True)
    assert lead.post(f"/milestones/{first.id}/report", data={"note": "31 phiếu"}).status_code == 303
    manager = as_person(builders.manager_person(contest, "S01"))
    for act, field in (("return", "return"), ("drop", "drop")):
        page = manager.post(f"/milestones/{first.id}/{act}", data={"reason": " "})
        assert (page.status_code, f'id="{field}-{first.id}-error"' in page.get_data(as_text=True)) == (422, True)
    place = f"/residencies/{builders.residency(contest, 'S01').id}/graduation"
    page = manager.post(place, data={"note": long})
    assert (page.status_code, long.strip() in page.get_data(as_text=True)) == (422, True)
    assert queries.residency(first.residency_id).state == "active"
