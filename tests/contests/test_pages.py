"""The pages of the workspace: for the organiser of this contest; nobody else."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.accounts.models import Person
from compapp.accounts.services import ensure_membership, ensure_person
from compapp.contests import jobs, queries, services
from compapp.contests.models import Contest
from compapp.core import anchors
from compapp.core.actor import Actor
from compapp.core.db import session, unit_of_work
from compapp.core.outbox import OutboxMessage
from tests.conftest import StoppedClock
from tests.contests.builders import sample, small
from tests.contests.wizard import shown

SYSTEM = Actor.system("test")
AT = datetime(2027, 2, 1, 2, 0, tzinfo=UTC)
SignIn = Callable[..., FlaskClient]


def person(email: str, name: str = "Lê Văn An", locale: str = "vi") -> Person:
    with unit_of_work():
        return ensure_person(name, email=email, locale=locale, actor=SYSTEM, at=AT)


@pytest.fixture
def contest(app: Any, db: Session, clock_at: StoppedClock) -> Contest:
    clock_at(AT)
    with unit_of_work():
        return services.import_document(small(), actor=SYSTEM, at=AT)


@pytest.fixture
def organiser(contest: Contest, as_person: SignIn) -> FlaskClient:
    return as_person(with_role(contest, "boss@example.vn", "organiser"))


def with_role(contest: Contest, email: str, role: str, locale: str = "vi") -> Person:
    who = person(email, locale=locale)
    with unit_of_work():
        services.ensure_role(contest, who.id, role, actor=SYSTEM, at=AT)
    return who


def announce(contest: Contest) -> None:
    with unit_of_work():
        services.announce_contest(contest, actor=SYSTEM, at=AT)


PAGES = (
    "/contests/manage",
    "/contests/NHO-2027/manage",
    "/contests/NHO-2027/manage/definition",
    "/contests/NHO-2027/manage/calendar",
    "/contests/NHO-2027/manage/extension",
    "/contests/NHO-2027/manage/roles",
    "/contests/NHO-2027/manage/revision",
    "/contests/NHO-2027/manage/clone",
    "/contests/NHO-2027/manage/messages",
    "/contests/NHO-2027/manage/audit",
    "/contests/NHO-2027/rounds/R1/reopening",
    "/contests/NHO-2027/export",
    "/contests/NHO-2027/definition-file",
)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("announced", [False, True])
def test_each_page_for_each_kind_of_person(
    contest: Contest, organiser: FlaskClient, as_person: SignIn, client: FlaskClient, page: str, announced: bool
) -> None:
    other = services_contest("KHAC-2027")
    colleague, stranger = as_person(with_role(other, "organiser2@example.vn", "organiser")), as_person(person("s@x.vn"))
    if announced:
        announce(contest)
    assert organiser.get(page).status_code == 200
    english = as_person(with_role(contest, "english@example.vn", "organiser", "en"))
    assert english.get(page).status_code == 200
    assert client.get(page).status_code == 303
    if page == "/contests/manage":
        assert "NHO-2027" not in colleague.get(page).get_data(as_text=True)
        assert stranger.get(page).status_code == 403
        return
    for outsider in (colleague, stranger):
        assert outsider.get(page).status_code == (403 if announced else 404)


def services_contest(code: str) -> Contest:
    with unit_of_work():
        return services.import_document(small(code), actor=SYSTEM, at=AT)


@pytest.mark.parametrize("role", ["secretary", "approver", "chair"])
def test_other_staff_read_but_do_not_change(contest: Contest, as_person: SignIn, role: str) -> None:
    client = as_person(with_role(contest, "staff@example.vn", role))
    assert client.get("/contests/NHO-2027/manage").status_code == 200
    assert client.get("/contests/NHO-2027/manage/definition").status_code == 200
    assert client.get("/contests/NHO-2027/manage/roles").status_code == 403
    assert client.post("/contests/NHO-2027/announcement").status_code == 403
    assert client.get("/contests/NHO-2027/export").status_code == 403


def test_a_judge_has_no_workspace(contest: Contest, as_person: SignIn) -> None:
    client = as_person(with_role(contest, "judge@example.vn", "judge"))
    assert client.get("/contests/NHO-2027/manage").status_code == 403


def test_announcing(contest: Contest, organiser: FlaskClient) -> None:
    """A deadline on a Sunday, nobody to judge: the organiser says why that is all right before the contest opens."""
    answer = organiser.post("/contests/NHO-2027/announcement")
    assert answer.headers["Location"].endswith("/contests/NHO-2027/manage/setup-check")
    check = "/contests/NHO-2027/manage/setup-check"
    assert organiser.post(check, data={"reason": "Cuối tuần tiện cho học sinh."}).status_code == 409
    sent = shown(organiser.get(check).text)
    assert organiser.post(check, data=sent).status_code == 422
    assert queries.contest_by_code("NHO-2027").state == "draft"
    answer = organiser.post(check, data={**sent.to_dict(), "reason": "Cuối tuần tiện cho học sinh."})
    assert answer.status_code == 303
    assert queries.contest_by_code("NHO-2027").state == "open"
    given = queries.contest_by_code("NHO-2027").definition["accepted_warnings"]
    assert {one["reason"] for one in given} == {"Cuối tuần tiện cho học sinh."}
    assert "nobody" in {one["warning"] for one in given}
    assert organiser.post("/contests/NHO-2027/announcement").status_code == 409


def test_a_change_after_opening_is_told_in_words(contest: Contest, organiser: FlaskClient) -> None:
    announce(contest)
    page = "/contests/NHO-2027/manage/setup/boards/items/all"
    sent = shown(organiser.get(page).text)
    refused = organiser.post(page, data={**sent.to_dict(), "team_max": "3"})
    assert refused.status_code == 422
    assert "Hãy ghi lý do" in refused.text
    sent["reason"] = "Nhiều đội quá đông."
    assert organiser.post(page, data={**sent.to_dict(), "team_max": "3"}).status_code == 303
    change = queries.rule_changes(contest.id)[0]
    assert change.reason == "Nhiều đội quá đông."
    assert [one["params"]["most"] for one in change.change["gone"]] == [5]
    assert [one["params"]["most"] for one in change.change["new"]] == [3]
    page = "/contests/NHO-2027/manage/setup/questions/items/title"
    sent = shown(organiser.get(page).text)
    typed = {**sent.to_dict(), "help__vi": "Ngắn gọn.", "reason": "Nhiều đội hỏi."}
    assert organiser.post(page, data=typed).status_code == 303
    assert "hướng dẫn và chi tiết của mẫu hồ sơ" in organiser.get("/contests/NHO-2027").text


def calendar_of(client: FlaskClient, **changes: str) -> dict[str, str]:
    """Return the calendar form as a browser would send it."""
    import re

    text = client.get("/contests/NHO-2027/manage/calendar").get_data(as_text=True)
    fields = dict(re.findall(r'name="(moment_\d+|version)"[^>]*value="([^"]*)"', text))
    return fields | changes


def test_the_calendar_is_changed_with_a_reason(contest: Contest, organiser: FlaskClient) -> None:
    announce(contest)
    typed = calendar_of(organiser)
    key = next(name for name, value in typed.items() if value == "2027-03-21T17:00")
    page = "/contests/NHO-2027/manage/calendar"
    late = typed | {key: "2027-03-22T17:00"}
    assert organiser.post(page, data=late).status_code == 422
    assert organiser.post(page, data=late | {"reason": "Mất điện diện rộng"}).status_code == 303
    assert queries.contest_by_code("NHO-2027").closes_at == datetime(2027, 3, 22, 10, 0, tzinfo=UTC)
    text = organiser.get("/contests/NHO-2027/manage/definition").get_data(as_text=True)
    assert "Mất điện diện rộng" in text and "22/03/2027" in text
    broken = calendar_of(organiser) | {key: "2027-02-22T17:00", "reason": "x"}
    answer = organiser.post(page, data=broken)
    assert answer.status_code == 422
    assert "$.contest.submission.closes" in answer.get_data(as_text=True)


def test_who_saves_the_calendar_second_is_told(contest: Contest, organiser: FlaskClient) -> None:
    typed = calendar_of(organiser)
    key = next(name for name, value in typed.items() if value == "2027-03-21T17:00")
    page = "/contests/NHO-2027/manage/calendar"
    assert organiser.post(page, data=typed | {key: "2027-03-22T17:00", "version": "1"}).status_code == 303
    assert organiser.post(page, data=typed | {key: "2027-03-23T17:00", "version": "1"}).status_code == 409


def test_the_deadline_is_extended(contest: Contest, organiser: FlaskClient) -> None:
    announce(contest)
    page = "/contests/NHO-2027/manage/extension"
    assert organiser.post(page, data={"closes_at": "2027-03-01T17:00", "reason": "x"}).status_code == 422
    assert organiser.post(page, data={"closes_at": "2027-03-25T17:00", "reason": "Lỗi mạng"}).status_code == 303
    assert queries.contest_by_code("NHO-2027").closes_at == datetime(2027, 3, 25, 10, 0, tzinfo=UTC)


def test_roles_are_given_and_taken(contest: Contest, organiser: FlaskClient) -> None:
    page = "/contests/NHO-2027/manage/roles"
    data = {"email": "thuky@example.vn", "name": "Ngô Thị Kiều", "role": "secretary"}
    assert organiser.post(page, data=data | {"email": "nobody"}).status_code == 422
    assert organiser.post(page, data=data | {"role": "judge"}).status_code == 422
    assert organiser.post(page, data=data).status_code == 303
    assert "Ngô Thị Kiều" in organiser.get(page).get_data(as_text=True)
    (secretary,) = queries.people_with_role(contest.id, "secretary")
    assert organiser.post(f"{page}/removal", data={"person": secretary, "role": "secretary"}).status_code == 303
    assert queries.people_with_role(contest.id, "secretary") == []


@pytest.fixture
def maker(contest: Contest, as_person: SignIn) -> FlaskClient:
    who = person("maker@example.vn", "Trần Thị Bình")
    with unit_of_work():
        ensure_membership(who.id, "organiser", contest.organiser_id, actor=SYSTEM, at=AT)
    return as_person(who)


def upload(document: Any, **more: str) -> dict[str, Any]:
    content = document if isinstance(document, bytes) else json.dumps(document, ensure_ascii=False).encode()
    return {"file": (BytesIO(content), "contest.json"), **more}


def test_a_file_is_checked_then_imported(maker: FlaskClient) -> None:
    page = "/contests/import"
    assert maker.get(page).status_code == 200
    broken = sample()
    broken["entries"][3]["board"] = "adults"
    answer = maker.post(page, data=upload(broken))
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert "$.entries[3].board" in text and "chưa được khai báo trong" in text
    answer = maker.post(page, data=upload(sample(), check_only="1"))
    assert answer.status_code == 200
    assert "Tệp hợp lệ" in answer.get_data(as_text=True)
    assert queries.find_contest("VL-KNST-2026") is None
    assert maker.post(page, data=upload(sample())).status_code == 303
    assert maker.post(page, data=upload(sample())).status_code == 422, "the code is taken"
    assert maker.post(page, data=upload(small(), code="NHO-2029")).headers["Location"].endswith("/NHO-2029/manage")
    assert maker.get("/contests/VL-KNST-2026/manage").status_code == 200
    assert maker.get("/contests/VL-KNST-2026/manage/definition").status_code == 200
    assert json.loads(maker.get("/contests/VL-KNST-2026/export").get_data()) == sample()
    assert maker.post(page, data=upload(b"{")).status_code == 422
    assert maker.post(page, data={}).status_code == 422


def test_a_new_contest_is_made(maker: FlaskClient, contest: Contest) -> None:
    data = {
        "organiser": str(contest.organiser_id),
        "code": "MOI-2027",
        "title_vi": "Cuộc thi mới",
        "title_en": "New contest",
        "launch_at": "2027-03-01T08:00",
        "closes_at": "2027-04-01T17:00",
    }
    assert maker.get("/contests/new").status_code == 200
    assert maker.post("/contests/new", data=data | {"closes_at": "2027-02-01T17:00"}).status_code == 422
    assert maker.post("/contests/new", data=data).status_code == 303
    assert maker.post("/contests/new", data=data).status_code == 422
    assert maker.get("/contests/MOI-2027/manage").status_code == 200


def test_making_contests_is_for_organisers(organiser: FlaskClient) -> None:
    assert organiser.get("/contests/new").status_code == 403
    assert organiser.get("/contests/import").status_code == 403


def test_a_clone_is_a_draft(contest: Contest, organiser: FlaskClient) -> None:
    page = "/contests/NHO-2027/manage/clone"
    assert organiser.post(page, data={"code": "NHO-2027", "launch": "2028-03-01"}).status_code == 422
    assert 'value="Cuộc thi nhỏ"' in organiser.get(page).text
    renamed = {"title_vi": "Cuộc thi nhỏ 2028", "title_en": ""}
    assert organiser.post(page, data={"code": "NHO-2028", "launch": "2028-03-01", **renamed}).status_code == 303
    made = queries.contest_by_code("NHO-2028")
    assert (made.state, made.title) == ("draft", {"vi": "Cuộc thi nhỏ 2028", "en": "Small contest"})
    assert organiser.get("/contests/NHO-2028/manage").status_code == 200


def test_a_definition_is_edited_by_file(contest: Contest, organiser: FlaskClient) -> None:
    page = "/contests/NHO-2027/manage/revision"
    document = json.loads(organiser.get("/contests/NHO-2027/definition-file").get_data())
    seen = shown(organiser.get(page).text)["version"]
    assert organiser.post(page, data=upload(document)).status_code == 409
    assert organiser.post(page, data=upload(document, version=seen)).status_code == 422
    document["rounds"][0]["judges_per_entry"] = 5
    assert organiser.post(page, data=upload(document, version=seen)).status_code == 303
    assert "5 giám khảo" in organiser.get("/contests/NHO-2027/manage/definition").get_data(as_text=True)


def test_rounds_are_opened_and_closed_by_hand(contest: Contest, organiser: FlaskClient) -> None:
    announce(contest)
    base = "/contests/NHO-2027/rounds/R1"
    assert organiser.post(f"{base}/opening").status_code == 303
    assert organiser.post(f"{base}/opening").status_code == 409
    assert organiser.post(f"{base}/closing").status_code == 303
    assert organiser.post(f"{base}/reopening", data={}).status_code == 422
    assert organiser.post(f"{base}/reopening", data={"reason": "Một giám khảo ốm"}).status_code == 303
    assert organiser.post("/contests/NHO-2027/rounds/R9/opening").status_code == 404


def test_the_home_page_tells_the_organiser_what_is_next(contest: Contest, organiser: FlaskClient) -> None:
    assert "/contests/NHO-2027/manage" in organiser.get("/home").get_data(as_text=True)


def test_the_list_takes_a_constant_number_of_queries(
    maker: FlaskClient, contest: Contest, count_queries: Callable[[], Any]
) -> None:
    def queries_of(page: str) -> int:
        with count_queries() as seen:
            assert maker.get(page).status_code == 200
        return len(seen)

    first = queries_of("/contests/manage")
    for number in range(10):
        services_contest(f"N{number}")
    assert queries_of("/contests/manage") == first


def test_a_deadline_passes_while_the_clock_runs(contest: Contest, clock_at: StoppedClock) -> None:
    from compapp.contests.jobs import follow_calendars

    announce(contest)
    clock_at(contest.closes_at + timedelta(seconds=1))
    follow_calendars()
    assert queries.contest_by_code("NHO-2027").state == "closed"


def test_the_seal_of_a_day_goes_to_those_who_do_not_run_the_site_and_everybody_may_ask(
    contest: Contest, client: FlaskClient, clock_at: StoppedClock
) -> None:
    people = {name: person(f"{name}@seal.example") for name in ("officer", "approver", "chair", "secretary", "admin")}
    with unit_of_work():
        for role in ("officer", "admin"):
            ensure_membership(people[role].id, role, None, actor=SYSTEM, at=AT)
        for role in ("approver", "chair", "secretary"):
            services.ensure_role(contest, people[role].id, role, actor=SYSTEM, at=AT)
        contest.state = "open"
    assert "Chưa có dấu niêm phong" in client.get("/seals").text
    jobs.seal_record()
    jobs.seal_record()
    sent = session().scalars(select(OutboxMessage).where(OutboxMessage.kind == "record_seal")).all()
    told = {one.person_id for one in sent}
    assert told == {people[name].id for name in ("officer", "approver", "chair")} and len(sent) == 2 * len(told)
    head = anchors.head()
    assert {one.data["head"] for one in sent} == {str(head)} and not sent[0].data["broken"]
    page = client.get("/seals").text
    assert str(head) in page and "01/02/2027" in page
    assert "Nhật ký còn giữ dấu này" in client.get(f"/seals?head={head.printed}").text
    wrong = client.get(f"/seals?head={head.position}:{'0' * 64}").text
    assert "Nhật ký không còn giữ dấu này" in wrong and "từng ký tự" in wrong
    assert f"kết thúc ở số {head.position}" in client.get(f"/seals?head={head.position + 7}:{head.seal}").text
    unread = client.get("/seals?head=<b>niêm").text
    assert "ít nhất 16 ký tự đầu" in unread and "&lt;b&gt;niêm" in unread
    clock_at(AT + timedelta(days=1))
    jobs.seal_record()
    assert anchors.notes_page(1).total == 1, "nothing was written since"
