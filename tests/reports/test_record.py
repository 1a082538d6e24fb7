"""The record: sentences, filters and pages; the chair's part names no team, the administrator's no content."""

from collections.abc import Callable

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.accounts.models import Person
from compapp.contests.models import Contest
from compapp.core import audit
from compapp.core.db import session, unit_of_work
from compapp.entries.models import Entry, TeamMember
from compapp.judging import services
from compapp.judging.models import Seat
from compapp.judging.queries.results import places_of
from compapp.judging.services.places import confirm_place
from tests.conftest import StoppedClock
from tests.judging import builders
from tests.judging.results import play
from tests.reports.builders import person

AsPerson = Callable[..., FlaskClient]
CHAIR_IS_TIED_TO = "S07"


@pytest.fixture
def contest(app: Flask, db: Session, clock_at: StoppedClock) -> Contest:
    """A contest with a published round, a place confirmed by its team, and an entry the chair has a conflict with."""
    clock_at(play.R1_PUBLISHED)
    found = play.loaded()
    play.team(found)
    with unit_of_work():
        tied = builders.entry(found, CHAIR_IS_TIED_TO)
        chair, at = builders.staff(found, "chair"), play.R1_DECIDED
        seat = builders.seat(found, "J01")
        services.declare_conflict(seat, tied, kind="family", note="", actor=chair, at=at)
    play.decide_and_publish(found, "R1", play.R1_PUBLISHED)
    place = next(one for one in places_of(builders.round_(found).id) if one.entry.code == "S01")
    lead = select(TeamMember).where(TeamMember.entry_id == place.entry_id, TeamMember.role == "lead")
    member = session().scalars(lead).one()
    assert member.person is not None
    with unit_of_work():
        confirm_place(place, actor=builders.actor_of(member.person), at=play.R1_PUBLISHED)
    return found


def lead_of(contest: Contest, code: str) -> str:
    found = select(TeamMember.name).join(Entry).where(Entry.contest_id == contest.id, Entry.code == code)
    return str(session().scalar(found.where(TeamMember.role == "lead")))


def test_the_organiser_reads_sentences_and_narrows_them(contest: Contest, as_person: AsPerson) -> None:
    client = as_person(builders.staff(contest, "organiser").person_id)
    path = f"/contests/{contest.code}/manage/audit"
    text = client.get(path).text
    assert "đã công bố kết quả" in text and "judging.publication.publish</" not in text
    assert lead_of(contest, "S01") in text and "đã xác nhận chỗ ở vòng sau" in text
    narrowed = client.get(path + "?entry=s01&verb=judging.place.confirm").text
    assert narrowed.count("<tr>") == 2, "the head and one deed"
    who = lead_of(contest, "S01").split()[-1].lower()
    assert "đã xác nhận chỗ ở vòng sau" in client.get(f"{path}?who={who}").text.split("<table")[1]
    assert "<table" not in client.get(path + "?since=2031-01-01").text
    assert client.get(path + "?since=2026-12-06&until=06/12/2026").text.count("<tr>") > 1
    wrong = client.get(path + "?since=hôm qua")
    assert wrong.status_code == 422 and 'value="hôm qua"' in wrong.text and 'aria-invalid="true"' in wrong.text
    assert "đã công bố kết quả" in client.get(path + "?page=1").text


def test_the_chair_reads_the_judging_part_and_no_team(contest: Contest, as_person: AsPerson) -> None:
    with unit_of_work():
        kept = builders.staff(contest, "organiser")
    with unit_of_work():
        entry = builders.entry(contest, "S01")
        entry.title = {"vi": f"Trạm đo mặn của {lead_of(contest, 'S01')}"}
    client = as_person(builders.staff(contest, "chair").person_id)
    path = f"/contests/{contest.code}/manage/audit"
    whole = client.get(path).text
    assert "Trạm đo mặn của" in whole, "a title is shown as judges see it"
    assert "đã duyệt một quyết định" in whole and "đã nhập tệp cuộc thi" not in whole
    table = whole.split("<table")[1]
    assert lead_of(contest, "S01") not in table and "Một thành viên đội thi" in table
    assert "<table" not in client.get(f"{path}?who={lead_of(contest, 'S01')}").text, "no name by the filter either"
    assert "<table" not in client.get(f"{path}?entry={CHAIR_IS_TIED_TO}").text, "a conflict beats the role"
    assert kept.person_id is not None


def test_the_administrator_reads_who_did_what_without_content(contest: Contest, as_person: AsPerson) -> None:
    text = as_person(person("Quản Trị", ("admin", None))).get("/record?verb=judging.place.confirm").text
    assert contest.code in text and "đã xác nhận chỗ ở vòng sau" in text
    assert builders.entry(contest, "S01").title["vi"] not in text
    for other in ("officer", "organiser"):
        organisation = None if other == "officer" else builders.entry(contest, "S01").institution_id
        assert as_person(person(f"Người {other}", (other, organisation))).get("/record").status_code == 403


def test_the_department_reads_counts_and_bare_deeds(contest: Contest, as_person: AsPerson) -> None:
    """ "Audit log: province r, no content": how often and when, and of people only those of the office."""
    organiser = builders.staff(contest, "organiser")
    with unit_of_work():
        audit.record("contests.rules.changed", contest, actor=organiser, at=play.R1_PUBLISHED, contest_id=contest.id)
    client, path = as_person(person("Chuyên Viên", ("officer", None))), f"/contests/{contest.code}/record"
    page = client.get(path).text
    table = page.split("<table")[2]
    assert "đã xác nhận chỗ ở vòng sau" in page and organiser.name in table and "<td>" not in page
    members = session().scalars(select(TeamMember.name).join(Entry).where(Entry.contest_id == contest.id)).all()
    judges = session().scalars(select(Person.name).join(Seat, Seat.person_id == Person.id)).all()
    titles = [one["vi"] for one in session().scalars(select(Entry.title).where(Entry.contest_id == contest.id))]
    assert members and judges and all(hidden not in page for hidden in (*members, *judges, *titles))
    for who in (lead_of(contest, "S01"), judges[0]):
        assert "<table" not in client.get(f"{path}?who={who}").text, "no name by the filter either"
    assert path in client.get("/reports/funnel").text
    for someone in (person("Người Lạ"), organiser.person_id):
        assert as_person(someone).get(path).status_code == 403
    judging_officer = person("Chuyên Viên Chấm", ("officer", None))
    with unit_of_work():
        builders.add_role(contest, "judge", judging_officer)
    assert as_person(judging_officer).get(path).status_code == 403


def test_a_draft_has_no_page_for_those_with_no_part_in_it(contest: Contest, as_person: AsPerson, app: Flask) -> None:
    """Every page of a contest, whatever room it is of, answers as if there were none."""
    with unit_of_work():
        session().get_one(Contest, contest.id).state = "draft"
    values = {
        "code": contest.code,
        "round_code": "R1",
        "entry_code": "S01",
        "board_code": "B1",
        "kind": "xlsx",
        "name": "x",
    }
    pages = []
    for rule in app.url_map.iter_rules():
        wanted = {name: values.get(name, 1) for name in rule.arguments}
        if "code" in rule.arguments and "GET" in (rule.methods or ()) and rule.rule.startswith("/contests/"):
            with app.test_request_context():
                pages.append((rule.endpoint, url_for(rule.endpoint, **wanted)))
    stranger = as_person(person("Người Lạ"))
    answers = {endpoint: stranger.get(path).status_code for endpoint, path in pages}
    assert len(pages) > 50 and {name: code for name, code in answers.items() if code != 404} == {}
