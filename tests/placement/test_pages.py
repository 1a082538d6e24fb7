"""The pages of placement: who opens what, double clicks, and a constant number of statements."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from compapp.accounts.models import Person
from compapp.contests.models import Contest
from compapp.core.db import unit_of_work
from compapp.placement import queries
from tests.placement import builders

AsPerson = Callable[..., FlaskClient]
WHO = ("lead", "member", "other_lead", "manager", "other_manager", "organiser", "approver", "officer", "stranger")


@pytest.fixture
def contest(app: Any, db: Session, clock_at: Any) -> Contest:
    found = builders.load()
    builders.release(found)
    clock_at(builders.MATCHED)
    return found


def people(contest: Contest) -> dict[str, Person]:
    with unit_of_work():
        officer, stranger = builders.person("Cán bộ Tỉnh"), builders.person("Người Lạ")
        builders.membership(officer, "officer", None)
    return {
        "lead": builders.member_person(contest, "S01"),
        "member": builders.member_person(contest, "S01", "member"),
        "other_lead": builders.member_person(contest, "S10"),
        "manager": builders.manager_person(contest, "IN1"),
        "other_manager": builders.manager_person(contest, "IN3"),
        "organiser": _person(contest, "organiser"),
        "approver": _person(contest, "approver"),
        "officer": officer,
        "stranger": stranger,
    }


def _person(contest: Contest, role: str) -> Person:
    from compapp.core.db import session

    return session().get_one(Person, builders.staff(contest, role).person_id)


TABLE: dict[tuple[str, str], dict[str, int]] = {
    ("get", "/entries/{entry}/placement"): {"lead": 200, "member": 200},
    ("post", "/entries/{entry}/preferences"): {"lead": 409, "member": 403},
    ("get", "/intakes/{intake}"): {"manager": 200},
    ("get", "/intakes/{intake}/terms"): {"manager": 200},
    ("get", "/placement/{code}"): {"organiser": 200, "approver": 200},
    ("post", "/placement/{code}/runs"): {"organiser": 303, "approver": 403},
    ("get", "/offers/{offer}/withdrawal"): {"organiser": 200, "lead": 403, "member": 403},
    ("post", "/offers/{offer}/acceptance"): {"member": 403, "organiser": 403, "lead": 303},
}


def test_who_may_open_what(contest: Contest, as_person: AsPerson, client: FlaskClient) -> None:
    offer = builders.offer(contest, "S01")
    values = {"entry": offer.entry_id, "intake": offer.intake_id, "offer": offer.id, "code": contest.code}
    clients = {name: as_person(person) for name, person in people(contest).items()}
    for (method, path), allowed in TABLE.items():
        for name in WHO:
            answer = getattr(clients[name], method)(path.format(**values))
            assert answer.status_code == allowed.get(name, 404), (method, path, name, answer.status_code)
        answer = getattr(client, method)(path.format(**values))
        assert answer.status_code in (302, 303, 401), (method, path)


def test_a_member_of_a_team_has_no_other_role_in_the_contest(contest: Contest, as_person: AsPerson) -> None:
    lead = builders.member_person(contest, "S01")
    with unit_of_work():
        builders.give_role(contest, lead, "organiser")
        builders.membership(lead, "manager", builders.intake(contest, "IN1").incubator_id)
    client = as_person(lead)
    assert client.get(f"/placement/{contest.code}").status_code in (403, 404)
    assert client.get(f"/intakes/{builders.intake(contest, 'IN1').id}").status_code == 403


def test_a_double_click_accepts_once(contest: Contest, as_person: AsPerson) -> None:
    offer = builders.offer(contest, "S01")
    client = as_person(builders.member_person(contest, "S01"))
    for _ in range(2):
        assert client.post(f"/offers/{offer.id}/acceptance").status_code == 303
    page = client.get(f"/entries/{offer.entry_id}/placement").get_data(as_text=True)
    assert "Bạn có chỗ tại" in page
    assert client.post(f"/offers/{offer.id}/refusal").status_code == 409


def test_the_second_person_releases(app: Any, db: Session, clock_at: Any, as_person: AsPerson) -> None:
    contest = builders.load()
    clock_at(builders.MATCHED)
    first, second = (as_person(builders.staff(contest, role).person_id) for role in ("organiser", "approver"))
    assert first.post(f"/placement/{contest.code}/runs").status_code == 303
    run = queries.latest_run(contest.id)
    assert run is not None
    assert first.post(f"/match-runs/{run.id}/release").status_code == 403
    assert "Phù Sa" in second.get(f"/placement/{contest.code}").get_data(as_text=True)
    for _ in range(2):
        assert second.post(f"/match-runs/{run.id}/release").status_code == 303
    assert len(queries.offers_of_contest(contest.id)) == 10


def test_wishes_are_ordered_by_numbers_without_a_script(
    app: Any, db: Session, clock_at: Any, as_person: AsPerson
) -> None:
    contest = builders.load()
    clock_at(builders.RANKING)
    entry = builders.entry(contest, "S03")
    client = as_person(builders.member_person(contest, "S03"))
    page = client.get(f"/entries/{entry.id}/placement").get_data(as_text=True)
    assert 'name="wish-IN1"' in page
    assert 'name="wish-IN3"' not in page, "it does not take the sector"
    typed = {"wish-IN5": "1", "wish-stop": "2", "wish-IN1": "3"}
    assert client.post(f"/entries/{entry.id}/preferences", data=typed).status_code == 303
    assert [one.code for one in queries.wishes_of(entry, queries.intakes_of(contest.id))] == ["IN5"]
    typed = {"wish-IN3": "1", "wish-stop": "2"}
    assert client.post(f"/entries/{entry.id}/preferences", data=typed).status_code == 422


def test_the_manager_changes_the_terms(contest: Contest, as_person: AsPerson) -> None:
    intake = builders.intake(contest, "IN1")
    client = as_person(builders.manager_person(contest, "IN1"))
    terms = {
        "capacity": "3",
        "occupied": "1",
        "sectors": ["agri_hightech"],
        "opens_at": "22/02/2027 08:00",
        "closes_at": "15/03/2027 17:00",
        "offer_valid_days": "7",
    }
    assert client.post(f"/intakes/{intake.id}/terms", data=terms).status_code == 422
    assert client.post(f"/intakes/{intake.id}/terms", data=terms | {"capacity": "5"}).status_code == 303
    assert builders.offer(contest, "P08").state == "offered", "the new place went to the first who waits"


def test_an_applicants_team_is_hidden_until_results(app: Any, db: Session, clock_at: Any, as_person: AsPerson) -> None:
    contest = builders.load(builders.document(published=False))
    clock_at(builders.RANKING)
    client = as_person(builders.manager_person(contest, "IN1"))
    page = client.get(f"/intakes/{builders.intake(contest, 'IN1').id}").get_data(as_text=True)
    assert "Trạm đo mặn" not in page
    assert "Lâm Hoài Thảo" not in page


@pytest.mark.parametrize("path", ["/placement/{code}", "/intakes/{intake}", "/entries/{entry}/placement", "/home"])
def test_pages_take_a_constant_number_of_statements(
    contest: Contest, as_person: AsPerson, count_queries: Any, path: str
) -> None:
    who = {"/placement": "organiser", "/intakes/": "manager", "/entries/": "lead", "/home": "lead"}
    person = people(contest)[next(name for start, name in who.items() if path.startswith(start))]
    client = as_person(person)
    entry = builders.entry(contest, "S01")
    place = path.format(code=contest.code, intake=builders.intake(contest, "IN1").id, entry=entry.id)
    client.get(place)
    with count_queries() as seen:
        assert client.get(place).status_code == 200
    assert len(seen) <= 75, len(seen)
