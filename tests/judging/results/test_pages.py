"""The pages of results: who may open them, what they show, and what they must never show."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compapp.contests.models import Contest
from compapp.core import actor as acting_as
from compapp.core.actor import Actor
from compapp.core.db import session, unit_of_work
from compapp.entries.models import Entry, TeamMember
from compapp.entries.queries.team import is_minor
from compapp.judging.models import SeatConflict, Sheet
from compapp.judging.queries.results import places_of, publications_of, shortlists_of
from compapp.judging.queries.standings import LeaderRow, round_inputs
from compapp.judging.queries.workbench import comments_of, sheets_of_entry
from compapp.judging.services.publication import publish
from compapp.judging.services.shortlist import approve_shortlist, computed_shortlist, propose_shortlist
from compapp.judging.views import standings
from tests.judging import builders
from tests.judging.results import play


@pytest.fixture
def sign_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[Actor], None]:
    """Let an actor act in every request from now on."""

    def become(actor: Actor) -> None:
        monkeypatch.setattr(acting_as, "_current", _Fixed(actor))

    return become


class _Fixed:
    """A context variable that always holds one actor."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    def get(self) -> Actor:
        return self.actor

    def set(self, _value: Any) -> None:
        return None

    def reset(self, _token: Any) -> None:
        return None


MOST_TABS = 8
STAFF_PAGES = (
    "/contests/{code}/standings/R1",
    "/contests/{code}/standings/R1/leaderboard",
    "/contests/{code}/standings/R1/entries/S01",
    "/contests/{code}/standings/R1/severity",
    "/contests/{code}/shortlist/R1",
    "/contests/{code}/publications/R1",
    "/contests/{code}/votes/RV",
    "/contests/{code}/pitch/R2",
)


def member_of(contest: Contest, code: str) -> Actor:
    member = (
        session()
        .scalars(
            select(TeamMember).where(TeamMember.entry_id == builders.entry(contest, code).id, TeamMember.role == "lead")
        )
        .one()
    )
    assert member.person is not None
    return builders.actor_of(member.person)


@pytest.mark.parametrize("role", ["organiser", "secretary", "chair"])
def test_staff_opens_every_page(client: FlaskClient, sign_in: Callable[[Actor], None], role: str) -> None:
    contest = play.loaded()
    play.team(contest)
    play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)
    play.late_conflict(contest)
    sign_in(builders.staff(contest, role))
    for page in STAFF_PAGES:
        answer = client.get(page.format(code=contest.code))
        assert answer.status_code == 200, (page, answer.status_code, answer.text[:2000])
        row = answer.text.split('<div class="workspace-tabs">')[1].split("</nav>")[0]
        assert f'href="/contests/{contest.code}/standings" aria-current="page"' in row, page
        assert row.count("<li>") <= MOST_TABS, "the row of tabs fits a screen"
        assert answer.text.count("<h1") == 1, page


def test_the_quick_list_rounds_as_every_other_page(app: Flask) -> None:
    """Half up, not to the even figure: 74,125 stood as 74,13 in the standings and as 74,12 in the quick list."""
    with app.test_request_context():
        figures = [standings._shown(LeaderRow("S02", {}, 2, one))["shown"] for one in (-74.125, -70.005, None)]
    assert figures == ["74,13", "70,01", "–"]


@pytest.mark.one_database
def test_a_decision_whose_figures_have_changed_is_neither_approved_nor_published_from_its_page(
    client: FlaskClient, sign_in: Callable[[Actor], None], clock_at: Any
) -> None:
    clock_at(play.R1_PUBLISHED)
    contest = play.loaded()
    with unit_of_work():
        propose_shortlist(builders.round_(contest), actor=builders.staff(contest, "secretary"), at=play.R1_PUBLISHED)
    sign_in(play.chair(contest))
    path, told = f"/contests/{contest.code}/shortlist/R1", "không còn khớp với điểm hiện tại"
    page = client.get(path).text
    assert "/approval" in page and told not in page
    play.late_conflict(contest)
    page = client.get(path).text
    assert told in page and "/approval" not in page and f"/contests/{contest.code}/standings/R1/differences" in page


def test_who_may_not_see_standings_gets_no_page(client: FlaskClient, sign_in: Callable[[Actor], None]) -> None:
    contest = play.loaded()
    play.team(contest)
    for actor in (builders.judge(contest, "J02"), member_of(contest, "S01"), Actor(9_999, "Người lạ")):
        sign_in(actor)
        for page in STAFF_PAGES[:-1]:
            assert client.get(page.format(code=contest.code)).status_code == 403, page
    sign_in(Actor.anonymous())
    for page in STAFF_PAGES:
        assert client.get(page.format(code=contest.code)).status_code in (302, 303, 401), page


def test_the_whole_way_on_pages(client: FlaskClient, sign_in: Callable[[Actor], None], clock_at: Any) -> None:
    contest = play.loaded()
    play.team(contest)
    clock_at(play.R1_PUBLISHED)
    path = f"/contests/{contest.code}/shortlist/R1"
    secretary = builders.staff(contest, "secretary")
    sign_in(secretary)
    chosen = {"board": ["student", "pupil"], "through-student": ["S01"], "through-pupil": ["P02"], "reason": ""}
    assert client.post(path, data=chosen).status_code == 422, "another choice needs a reason"
    assert client.post(path, data=chosen | {"reason": "thử"}).status_code == 303
    [waiting] = shortlists_of(builders.round_(contest).id)
    assert client.post(f"/shortlists/{waiting.id}/approval").status_code == 403
    sign_in(play.chair(contest))
    assert client.post(f"/shortlists/{waiting.id}/withdrawal", data={"reason": "thử lại"}).status_code == 303
    sign_in(secretary)
    computed = computed_lists(contest)
    assert client.post(path, data=computed).status_code == 303
    waiting = shortlists_of(builders.round_(contest).id)[0]
    sign_in(play.chair(contest))
    assert "Duyệt" in client.get(path).text
    assert client.post(f"/shortlists/{waiting.id}/approval").status_code == 303
    assert client.get(path).status_code == 200
    paper = {"number": "12/QĐ-BTC", "signed_on": "2026-12-06", "signer": "Trần Văn A"}
    scan = {"scan": (BytesIO(b"%PDF-1.4\n%%EOF\n"), "quyet-dinh.pdf")}
    for _ in range(2):
        answer = client.post(f"/shortlists/{waiting.id}/publication", data=paper | scan)
        assert answer.status_code == 303, answer.text[:3000]
        scan = {}
    assert len(publications_of(builders.round_(contest).id)) == 1


def computed_lists(contest: Contest) -> dict[str, Any]:
    lists = computed_shortlist(round_inputs(builders.round_(contest)))
    return {"board": list(lists), **{f"through-{board}": codes for board, codes in lists.items()}, "reason": ""}


def published(contest: Contest) -> None:
    play.team(contest)
    play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)


def test_the_public_page_opens_half_an_hour_later(
    client: FlaskClient, sign_in: Callable[[Actor], None], clock_at: Any
) -> None:
    contest = play.loaded()
    published(contest)
    sign_in(Actor.anonymous())
    clock_at(play.R1_PUBLISHED + timedelta(minutes=29))
    assert client.get(f"/results/{contest.code}").status_code == 404
    clock_at(play.R1_PUBLISHED + timedelta(minutes=30))
    answer = client.get(f"/results/{contest.code}")
    assert answer.status_code == 200
    assert "public" in answer.headers["Cache-Control"]
    again = client.get(f"/results/{contest.code}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/results/KHONG-CO").status_code == 404


def test_nobody_under_eighteen_is_named_publicly(
    client: FlaskClient, sign_in: Callable[[Actor], None], clock_at: Any
) -> None:
    contest = play.loaded()
    published(contest)
    play.late_conflict(contest)
    play.decide_and_publish(contest, "R1", play.CORRECTED, reason="Xung đột lợi ích.")
    sign_in(Actor.anonymous())
    clock_at(play.CORRECTED + timedelta(hours=1))
    text = client.get(f"/results/{contest.code}").text
    young = [
        member.name
        for member in session().scalars(select(TeamMember).join(TeamMember.entry).where(Entry.contest_id == contest.id))
        if is_minor(member, contest.closes_at)
    ]
    grown = {"Lâm Hoài Thảo"} - set(young)
    assert young
    assert not [name for name in young if name in text and name not in _grown_names(contest)]
    assert all(name in text for name in grown)
    assert builders.entry(contest, "S05").title["vi"] in text, "the correction names who was published before"
    assert builders.entry(contest, "P06").title["vi"] not in text
    assert "72,33" not in text, "the figure of a team that does not go through is its own"


def _grown_names(contest: Contest) -> set[str]:
    members = session().scalars(select(TeamMember).join(TeamMember.entry).where(Entry.contest_id == contest.id))
    return {member.name for member in members if not is_minor(member, contest.closes_at)}


def test_a_team_reads_its_own_result_and_no_other(client: FlaskClient, sign_in: Callable[[Actor], None]) -> None:
    contest = play.loaded()
    published(contest)
    own, other = builders.entry(contest, "S01").id, builders.entry(contest, "S02").id
    sign_in(member_of(contest, "S01"))
    answer = client.get(f"/entries/{own}/results")
    assert answer.status_code == 200
    assert "83,33" in answer.text
    assert f'href="/entries/{own}/results"' in client.get(f"/entries/{own}").text, "the workspace leads there"
    assert client.get(f"/entries/{other}/results").status_code == 404
    places = {place.entry_id: place.id for place in places_of(builders.round_(contest).id)}
    assert client.get(f"/places/{places[own]}").status_code == 200
    assert client.get(f"/places/{places[other]}").status_code == 404
    assert client.post(f"/places/{places[other]}/confirmation").status_code == 404
    sign_in(builders.judge(contest, "J02"))
    assert client.get(f"/entries/{own}/results").status_code == 404
    boards = publications_of(builders.round_(contest).id)[0].content["boards"]
    left = [row for board in boards for row in board["rows"] if not row["decided"]]
    waits, out = next(row for row in left if row["reserve"]), next(row for row in left if not row["reserve"])
    for row, sentence in ((waits, "đội dự bị được thay thế theo thứ tự này"), (out, "Lần này chưa vào vòng trong")):
        sign_in(member_of(contest, row["entry"]))
        assert sentence in client.get(f"/entries/{builders.entry(contest, row['entry']).id}/results").text


def test_a_comment_reaches_the_team_without_name_or_not_at_all(
    client: FlaskClient, sign_in: Callable[[Actor], None]
) -> None:
    document = builders.sample()
    document["sheets"] = {"R1": document["sheets"]["R1"]}
    for sheet in document["sheets"]["R1"]:
        if sheet["entry"] == "S01":
            sheet["comment"] = f"Lời của {sheet['judge']}: rất tốt"
            sheet["comments"] = {"innovation": f"Mới – {sheet['judge']}"}
    contest = builders.load_sample(document=document)
    published(contest)
    sign_in(play.organiser(contest))
    page = client.get(f"/contests/{contest.code}/feedback/R1")
    assert "Lời của J01" in page.text
    words = comments_of(builders.round_(contest).id, builders.entry(contest, "S01").id)
    bad = next(one for one in words if one.text == "Lời của J01: rất tốt")
    place = f"/contests/{contest.code}/feedback/R1/{bad.sheet_id}/comment"
    assert client.post(place, data={"reason": "lộ tên"}).status_code == 303
    sign_in(member_of(contest, "S01"))
    text = client.get(f"/entries/{builders.entry(contest, 'S01').id}/results").text
    assert "Lời của J09: rất tốt" in text
    assert "Lời của J01" not in text
    assert "Mới – J01" in text
    names = [builders.seat(contest, f"J{number:02d}").person.name for number in range(1, 13)]
    assert not [name for name in names if name in text]


def test_a_chair_with_a_conflict_sees_nothing_of_the_entry(
    client: FlaskClient, sign_in: Callable[[Actor], None]
) -> None:
    contest = play.loaded()
    title = builders.entry(contest, "S02").title["vi"]
    with unit_of_work():
        session().add(
            SeatConflict(
                seat_id=builders.seat(contest, "J01").id,
                entry_id=builders.entry(contest, "S02").id,
                kind="family",
                note="",
                declared_at=play.R1_DECIDED,
                declared_by_name="J01",
            )
        )
    sign_in(play.chair(contest))
    lists = computed_lists(contest)
    sheet = sheets_of_entry(builders.round_(contest).id, builders.entry(contest, "S02").id)[0]
    with unit_of_work():
        session().get_one(Sheet, sheet.id).state = "unconfirmed"
    shortlist = f"/contests/{contest.code}/shortlist/R1"
    for page in (*STAFF_PAGES[:2], "/contests/{code}/shortlist/R1", "/contests/{code}/votes/RV"):
        text = client.get(page.format(code=contest.code)).text
        assert title not in text
        assert "S02" not in text, "nor in a sentence that says what stands in the way"
    assert "Còn việc chưa xong ở một bài mà Ông/Bà có xung đột lợi ích." in client.get(shortlist).text
    with unit_of_work():
        session().get_one(Sheet, sheet.id).state = "submitted"
    assert "S02" in lists["through-student"]
    assert "S02" not in client.get(shortlist).text
    ticked = [code for code in lists["through-student"] if code != "S02"]
    assert client.post(shortlist, data=lists | {"through-student": ticked}).status_code == 303
    [waiting] = shortlists_of(builders.round_(contest).id)
    assert waiting.decided == waiting.computed, "what a page does not show stays where the figures put it"
    assert client.get(f"/contests/{contest.code}/standings/R1/entries/S02").status_code == 404


def test_totals_are_typed_in_the_hall(client: FlaskClient, sign_in: Callable[[Actor], None], clock_at: Any) -> None:
    contest = play.loaded()
    published(contest)
    clock_at(play.R2_HELD)
    sign_in(builders.staff(contest, "secretary"))
    hall = f"/contests/{contest.code}/pitch/R2"
    assert client.post(f"{hall}/draw").status_code == 303
    page = f"{hall}/entries/S01"
    assert client.get(hall).status_code == client.get(page).status_code == 200
    wrong = client.post(page, data={"total-J02": "81,75", "total-J05": "101"})
    assert wrong.status_code == 422
    assert "field-wrong" in wrong.text
    assert sheets_of_entry(builders.round_(contest, "R2").id, builders.entry(contest, "S01").id) == [], "all or none"
    assert client.post(page, data={"total-J02": "81,75", "total-J05": "76.5"}).status_code == 303
    lines = sheets_of_entry(builders.round_(contest, "R2").id, builders.entry(contest, "S01").id)
    assert [str(line.total) for line in lines] == ["327/4", "153/2"]


def test_the_home_page_says_what_comes_next(
    client: FlaskClient, sign_in: Callable[[Actor], None], clock_at: Any
) -> None:
    contest = play.loaded()
    play.team(contest)
    with unit_of_work():
        propose_shortlist(builders.round_(contest), actor=builders.staff(contest, "secretary"), at=play.R1_DECIDED)
    clock_at(play.R1_DECIDED)
    sign_in(play.chair(contest))
    assert f"/contests/{contest.code}/shortlist/R1" in client.get("/home").text
    with unit_of_work():
        waiting = shortlists_of(builders.round_(contest).id)[0]
        approve_shortlist(waiting, actor=play.chair(contest), at=play.R1_DECIDED)
        publish(waiting, actor=play.organiser(contest), at=play.R1_PUBLISHED)
    clock_at(play.R1_PUBLISHED)
    sign_in(member_of(contest, "S01"))
    assert "/places/" in client.get("/home").text
    sign_in(member_of(contest, "P06"))
    text = client.get("/home").text
    assert "/places/" not in text
    assert "/results" in text


def test_pages_take_a_constant_number_of_queries(
    client: FlaskClient, sign_in: Callable[[Actor], None], count_queries: Callable[[], Any], clock_at: Any
) -> None:
    contest = play.loaded()
    published(contest)
    clock_at(play.CORRECTED)
    sign_in(play.chair(contest))
    limits = {STAFF_PAGES[0]: 32, STAFF_PAGES[1]: 12, "/results/{code}": 10}
    for page, most in limits.items():
        with count_queries() as seen:
            assert client.get(page.format(code=contest.code)).status_code == 200
        assert len(seen) <= most, (page, len(seen), seen)


def test_without_anything_to_show_pages_say_so(client: FlaskClient, sign_in: Callable[[Actor], None]) -> None:
    contest = builders.load_sample(document=builders.sample(sheets=False))
    sign_in(builders.staff(contest, "organiser"))
    empty = client.get(f"/contests/{contest.code}/paper-sheets")
    assert empty.status_code == 200 and "Chưa giao bài cho giám khảo" in empty.text
    with unit_of_work():
        for round_ in contest.rounds:
            round_.definition = {key: value for key, value in round_.definition.items() if key != "rubric"}
    nothing = client.get(f"/contests/{contest.code}/standings")
    assert nothing.status_code == 200 and "không có vòng chấm điểm" in nothing.text
