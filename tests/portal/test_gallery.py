"""The gallery shows who opted in, what they allowed, and nothing before the blind rounds are over."""

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from compapp.accounts.models import Consent, Person
from compapp.contests.models import Contest
from compapp.core.actor import Actor
from compapp.core.db import session, unit_of_work
from compapp.core.outbox import OutboxMessage
from compapp.entries.models import Entry
from tests.entries.builders import OPEN_AT, a_contest, a_submitted, actor, add_member, person, staff

As = Callable[[Person], FlaskClient]
GALLERY = "/contests/VL-KNST-2026/gallery"


@pytest.fixture(autouse=True)
def _now(clock_at: Any) -> None:
    clock_at(OPEN_AT)


def _eligible(contest: Contest, lead: Actor) -> Entry:
    entry = a_submitted(contest, lead)
    with unit_of_work():
        entry.state = "eligible"
    return entry


def _decide_blind_rounds(contest: Contest) -> None:
    with unit_of_work():
        for row in contest.rounds:
            row.state = "decided"


def _agrees(who: Person) -> None:
    with unit_of_work():
        session().add(
            Consent(
                person_id=who.id, purpose="publish_name", text_version="1", locale="vi", given_at=OPEN_AT, given_by="x"
            )
        )


@pytest.fixture
def team(app: Any, db: Any) -> tuple[Contest, Entry, Person]:
    """An eligible entry of a lead who agrees to be named, an adult who does not, and a minor who does."""
    contest = a_contest()
    lead = person("Lâm Hoài Thảo")
    entry = _eligible(contest, actor(lead))
    add_member(entry, person("Trần Văn Kín"))
    minor = person("Lê Thị Nhỏ", born=date(2010, 1, 1))
    add_member(entry, minor)
    _agrees(lead)
    _agrees(minor)
    return contest, entry, lead


def test_nobody_is_shown_who_has_not_opted_in(team: tuple[Contest, Entry, Person], client: FlaskClient) -> None:
    contest, entry, _lead = team
    _decide_blind_rounds(contest)
    page = client.get(GALLERY)
    assert page.status_code == 200 and "Chưa có đội nào giới thiệu ý tưởng" in page.text
    assert client.get(f"{GALLERY}/{entry.code}").status_code == 404


def test_nothing_is_shown_while_a_round_is_blind(
    team: tuple[Contest, Entry, Person], client: FlaskClient, as_person: As
) -> None:
    contest, entry, lead = team
    assert as_person(lead).post(f"/entries/{entry.id}/gallery", data={"answers": ["problem"]}).status_code == 303
    page = client.get(GALLERY)
    assert "Phòng trưng bày chưa mở" in page.text and "Trạm đo mặn" not in page.text
    assert client.get(f"{GALLERY}/{entry.code}").status_code == 404
    _decide_blind_rounds(contest)
    assert "Trạm đo mặn" in client.get(GALLERY).text


def test_what_the_team_allows_is_shown_and_nobody_is_named_who_should_not_be(
    team: tuple[Contest, Entry, Person], client: FlaskClient, as_person: As
) -> None:
    contest, entry, lead = team
    _decide_blind_rounds(contest)
    as_person(lead).post(f"/entries/{entry.id}/gallery", data={"answers": ["problem", "stage"]})
    page = client.get(f"{GALLERY}/{entry.code}").text
    assert "Lâm Hoài Thảo, T.V.K., L.T.N." in page
    assert "Nước mặn vào mương mà không ai hay." in page and "Đã có mẫu thử" in page
    assert "Hợp tác xã trồng bưởi" not in page and "Trần Văn Kín" not in page and "Lê Thị Nhỏ" not in page
    found = client.get(f"{GALLERY}?q=tram+do+man").text
    assert "1 ý tưởng" in found
    assert "Không có ý tưởng nào phù hợp" in client.get(f"{GALLERY}?q=ca+tra").text


def test_what_becomes_confidential_is_shown_no_longer(
    team: tuple[Contest, Entry, Person], client: FlaskClient, as_person: As
) -> None:
    contest, entry, lead = team
    _decide_blind_rounds(contest)
    as_person(lead).post(f"/entries/{entry.id}/gallery", data={"answers": ["problem"]})
    form = copy.deepcopy(contest.form)
    next(one for one in form["fields"] if one["key"] == "problem")["visibility"] = "organisers"
    with unit_of_work():
        session().get_one(Contest, contest.id).form = form
    page = client.get(f"{GALLERY}/{entry.code}").text
    assert "Trạm đo mặn" in page and "Nước mặn vào mương mà không ai hay." not in page


@pytest.mark.parametrize("key", ["solution", "member_roles", "nothing"])
def test_what_is_confidential_cannot_be_shown(team: tuple[Contest, Entry, Person], as_person: As, key: str) -> None:
    _contest, entry, lead = team
    answer = as_person(lead).post(f"/entries/{entry.id}/gallery", data={"answers": ["problem", key]})
    assert answer.status_code == 422 and "Câu trả lời này không thể công khai cho mọi người." in answer.text


def test_any_member_takes_it_down_and_the_organiser_hides_with_a_reason(
    team: tuple[Contest, Entry, Person], client: FlaskClient, as_person: As
) -> None:
    contest, entry, lead = team
    _decide_blind_rounds(contest)
    member = session().scalars(select(Person).where(Person.name == "Trần Văn Kín")).one()
    organiser = session().get_one(Person, staff(contest).person_id)
    path = f"/entries/{entry.id}/gallery"
    assert as_person(member).post(path, data={}).status_code == 403
    as_person(lead).post(path, data={})
    assert as_person(member).post(f"{path}/removal").status_code == 303
    assert client.get(f"{GALLERY}/{entry.code}").status_code == 404
    as_person(lead).post(path, data={})
    assert as_person(organiser).post(f"{path}/hiding", data={"reason": " "}).status_code == 422
    assert as_person(organiser).post(f"{path}/hiding", data={"reason": "Ảnh của người khác."}).status_code == 303
    assert client.get(f"{GALLERY}/{entry.code}").status_code == 404
    told = session().scalars(select(OutboxMessage.person_id).where(OutboxMessage.kind == "gallery_hidden"))
    assert len(set(told)) == 3
    again = as_person(lead).post(path, data={})
    assert again.status_code == 409 and "Ban tổ chức đã ẩn bài dự thi này." in again.text
    assert as_person(lead).post(f"{path}/hiding", data={"reason": "x"}).status_code == 403
    assert as_person(organiser).post(f"{path}/permission").status_code == 303
    assert as_person(lead).post(path, data={}).status_code == 303
    assert client.get(f"{GALLERY}/{entry.code}").status_code == 200


def test_strangers_find_nothing_and_visitors_sign_in(
    team: tuple[Contest, Entry, Person], client: FlaskClient, as_person: As
) -> None:
    _contest, entry, _lead = team
    stranger = person("Người Lạ")
    assert as_person(stranger).get(f"/entries/{entry.id}/gallery").status_code == 404
    assert client.get(f"/entries/{entry.id}/gallery").status_code == 303
    assert client.get("/contests/KHONG-CO/gallery").status_code == 404
