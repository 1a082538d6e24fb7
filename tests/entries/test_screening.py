"""Screening many entries: ticked and filtered, decided at once, undone in time, told when the time is over."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from compapp.accounts.models import Person
from compapp.clubs import queries as clubs_queries
from compapp.clubs import services as services_of_clubs
from compapp.contests.models import Contest, ContestRole
from compapp.core.actor import Actor
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Closed, Conflict, NotFound
from compapp.core.outbox import READY, OutboxMessage
from compapp.core.spreadsheets import Column, csv_file, read_table, xlsx
from compapp.entries import queries, services
from compapp.entries.models import Entry
from compapp.entries.queries import held, screening
from compapp.entries.queries.screening import Neighbours, QueueFilter
from compapp.entries.queries.winners import winners_among
from compapp.entries.services import Choice
from tests.clubs import builders as clubs
from tests.conftest import StoppedClock
from tests.entries import builders as b

AsPerson = Callable[..., FlaskClient]
AT = b.AFTER


@pytest.fixture
def submitted(db: Session, clock_at: StoppedClock) -> tuple[Contest, list[int], Actor]:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    organiser = b.staff(contest)
    made = []
    for number, name in enumerate(("Lâm Hoài Thảo", "Nguyễn Minh Khôi", "Võ Hạnh Dung")):
        made.append(b.a_submitted(contest, b.actor(b.person(name)), title=f"Ý tưởng {number}").id)
    clock_at(AT)
    return contest, made, organiser


def _states(ids: list[int]) -> list[str]:
    session().expire_all()
    return [session().get_one(Entry, one).state for one in ids]


def _messages(kind: str) -> dict[str, int]:
    rows = session().execute(
        select(OutboxMessage.state, func.count()).where(OutboxMessage.kind == kind).group_by(OutboxMessage.state)
    )
    return {row[0]: row[1] for row in rows}


def _queue(contest: Contest, wanted: QueueFilter) -> list[Any]:
    lists = screening.lists_of(contest, queries.queue_counts(contest.id), queries.institutions_of(contest))
    return list(screening.queue(contest, lists, wanted, AT)[0].rows)


def _decide(contest: Contest, ids: list[int], outcome: str, reason: str, actor: Actor) -> Any:
    with unit_of_work():
        choices = [Choice(one, outcome, reason) for one in ids]
        return services.decide_many(contest, choices, actor=actor, at=AT)[0]


def test_an_act_is_undone_before_anything_happens(submitted: tuple[Contest, list[int], Actor]) -> None:
    contest, ids, organiser = submitted
    act = _decide(contest, ids[:2], "needs_fix", "Thiếu giấy xác nhận.", organiser)
    assert _states(ids) == ["submitted"] * 3
    assert [row.held.outcome if row.held else "" for row in _queue(contest, QueueFilter())] == [
        "needs_fix",
        "needs_fix",
        "",
    ]
    with pytest.raises(Conflict):  # one decision waits already
        _decide(contest, ids[:1], "eligible", "", organiser)
    with unit_of_work():
        assert services.undo_act(act, actor=organiser, at=AT + timedelta(minutes=9)) == 2
    with unit_of_work():
        assert services.let_go(at=AT + timedelta(hours=1)) == 0
    assert _states(ids) == ["submitted"] * 3
    assert _messages("needs_fix") == {} and queries.decisions_of(ids[0]) == []


def test_it_takes_effect_and_is_told_when_the_time_to_undo_is_over(
    submitted: tuple[Contest, list[int], Actor],
) -> None:
    contest, ids, organiser = submitted
    act = _decide(contest, ids, "needs_fix", "Thiếu giấy xác nhận.", organiser)
    with unit_of_work():
        assert services.let_go(at=AT + timedelta(minutes=9)) == 0
    later = AT + timedelta(minutes=10)
    with unit_of_work():
        assert services.let_go(at=later) == 1
    assert _states(ids) == ["needs_fix"] * 3 and set(_messages("needs_fix")) == {READY}
    assert session().get_one(Entry, ids[0]).reopened_until == later + timedelta(hours=48)
    decision = queries.decisions_of(ids[0])[0]
    assert (decision.decided_by_name, decision.decided_at) == (organiser.name, later)
    with pytest.raises(Closed), unit_of_work():
        services.undo_act(act, actor=organiser, at=later)
    with unit_of_work():
        assert services.let_go(at=later) == 0


def test_a_role_that_was_taken_away_meanwhile_decides_nothing(submitted: tuple[Contest, list[int], Actor]) -> None:
    contest, ids, organiser = submitted
    _decide(contest, ids, "ineligible", "Trả thù.", organiser)
    with unit_of_work():
        session().execute(update(ContestRole).values(until=AT))
    with unit_of_work():
        services.let_go(at=AT + timedelta(minutes=10))
    assert _states(ids) == ["submitted"] * 3


def test_what_moved_on_is_left_where_it_is(submitted: tuple[Contest, list[int], Actor]) -> None:
    """Frozen before: left out at once. Decided alone, or withdrawn by its team, meanwhile: that stands."""
    contest, ids, organiser = submitted
    with unit_of_work():
        entry = queries.entry(ids[0])
        services.open_case(entry, "team_split", reason="Đội tách ra.", actor=organiser, at=AT)
    with unit_of_work():
        choices = [Choice(one, "eligible", "") for one in ids]
        _act, left_out = services.decide_many(contest, choices, actor=organiser, at=AT)
    assert [entry.id for entry, _sentence in left_out] == [ids[0]]
    lead = b.actor(session().get_one(Person, queries.people_of(ids[2])[0]))
    with unit_of_work():
        meanwhile = AT + timedelta(minutes=1)
        services.decide_eligibility(
            queries.entry(ids[1]), "ineligible", reason="Sai bảng thi.", actor=organiser, at=meanwhile
        )
        services.withdraw_entry(queries.entry(ids[2]), actor=lead, at=meanwhile)
    with unit_of_work():
        services.let_go(at=AT + timedelta(minutes=10))
    assert _states(ids) == ["submitted", "ineligible", "withdrawn"]
    (told,) = session().scalars(
        select(OutboxMessage).where(OutboxMessage.kind == "decisions_left_out", OutboxMessage.channel == "email")
    )
    assert told.person_id == organiser.person_id
    assert told.data["codes"] == ", ".join(session().get_one(Entry, one).code for one in ids[1:])
    with pytest.raises(Conflict):
        _decide(contest, ids[:1], "eligible", "", organiser)
    foreign = b.a_contest("THU-HAI")
    with pytest.raises(NotFound):
        _decide(foreign, ids[1:], "eligible", "", b.staff(foreign))


def test_nobody_but_the_office_sees_what_can_still_be_undone(
    app: Flask, as_person: AsPerson, submitted: tuple[Contest, list[int], Actor]
) -> None:
    """Every page of the team, its school and a visitor is the same, byte for byte, before and during the hold."""
    contest, ids, organiser = submitted
    lead = session().get_one(Person, queries.people_of(ids[0])[0])
    school = session().get_one(Person, b.representative(b.institution()).person_id)
    own = [f"/entries/{ids[0]}{place}" for place in ("", "/answers", "/files", "/team", "/versions", "/appeal")]
    looked = {
        lead: ["/home", "/inbox", "/entries", *own],
        school: ["/home", "/inbox", f"/endorsements/{contest.code}"],
        None: [f"/contests/{contest.code}"],
    }

    def pages() -> list[tuple[str, int, str]]:
        found = []
        for who, places in looked.items():
            client = as_person(who) if who is not None else app.test_client()
            for language in ("vi", "en"):
                client.post("/language", data={"language": language})
                for place in places:
                    answer = client.get(place)
                    text = re.sub(r"[\w-]+\.[\w-]{6}\.[\w-]{27}", "", answer.text)  # signed with the real time
                    found.append((f"{place} {language}", answer.status_code, text))
        return found

    before = pages()
    assert {status for _place, status, _text in before} == {200}
    _decide(contest, ids, "ineligible", "Không thuộc bảng thi.", organiser)
    for old, new in zip(before, pages(), strict=True):
        assert old == new
    page = as_person(session().get_one(Person, organiser.person_id)).get(f"/entries/{ids[0]}/dossier").text
    assert "Đã quyết định: Không đủ điều kiện, gửi lúc 19:10" in page
    with unit_of_work():
        services.let_go(at=AT + timedelta(minutes=10))
    assert "Không thuộc bảng thi." in as_person(lead).get(f"/entries/{ids[0]}").text


def test_the_queue_by_hand_and_by_spreadsheet(as_person: AsPerson, submitted: tuple[Contest, list[int], Actor]) -> None:
    contest, ids, organiser = submitted
    client, code = as_person(session().get_one(Person, organiser.person_id)), contest.code
    assert "hoàn tác" not in client.get(f"/contests/{code}/eligibility").get_data(as_text=True)
    page = client.get(f"/contests/{code}/decisions/new?entry={ids[0]}&entry={ids[1]}").get_data(as_text=True)
    assert "Ý tưởng 0" in page and "Ý tưởng 2" not in page
    assert client.get(f"/contests/{code}/decisions/new").status_code == 303
    sent = {"entry": [ids[0], ids[1]], "outcome": "ineligible", "reason": ""}
    assert client.post(f"/contests/{code}/decisions", data=sent).status_code == 422
    sent["reason"] = "Không thuộc bảng thi."
    assert client.post(f"/contests/{code}/decisions", data=sent).status_code == 303
    page = client.get(f"/contests/{code}/eligibility?look=unconfirmed").get_data(as_text=True)
    assert "Ý tưởng 0" in page and "/undoing" in page and "gửi lúc 19:10" in page
    ((act, number),) = held.acts_to_undo(contest.id, AT)
    assert number == 2
    assert client.post(f"/contests/{code}/decisions/{act.id}/undoing").status_code == 303
    assert _states(ids) == ["submitted"] * 3
    table = read_table(client.get(f"/contests/{code}/eligibility/table").get_data())
    codes = [session().get_one(Entry, one).code for one in ids]
    assert [table.value(row, "Mã bài") for row in table.rows] == codes
    assert table.column("Quyết định") is not None and table.column("Lý do") is not None
    columns = [Column(one) for one in ("Mã bài", "Quyết định", "Lý do")]
    faulty = csv_file(columns, [[codes[0], "hop le", ""], [codes[1], "Loại", ""], ["S99", "Hợp lệ", ""]])
    page = client.post(
        f"/contests/{code}/decisions/list", data={"file": (io.BytesIO(faulty), "quyet-dinh.csv")}
    ).get_data(as_text=True)
    assert "Dòng 3" in page and "Dòng 4" in page and 'name="list"' in page
    good = xlsx("A", columns, [[codes[0], "Hợp lệ", ""], [codes[1], "Cần bổ sung", "Thiếu ảnh thẻ."]])
    page = client.post(
        f"/contests/{code}/decisions/list", data={"file": (io.BytesIO(good), "quyet-dinh.xlsx")}
    ).get_data(as_text=True)
    token = page.split('name="list" value="', 1)[1].split('"', 1)[0]
    colleague = b.staff(contest, "secretary", name="Thư Ký")
    with pytest.raises(Closed), unit_of_work():  # checked by one, taken up by another
        services.take_up_list(contest, token, actor=colleague, at=AT)
    for _time in range(2):
        assert client.post(f"/contests/{code}/decisions/list/taking-up", data={"list": token}).status_code == 303
    assert [row.held.outcome if row.held else "" for row in _queue(contest, QueueFilter())] == [
        "eligible",
        "needs_fix",
        "",
    ]


def test_the_office_goes_through_the_list_entry_by_entry(
    as_person: AsPerson, submitted: tuple[Contest, list[int], Actor]
) -> None:
    contest, ids, organiser = submitted
    client = as_person(session().get_one(Person, organiser.person_id))
    narrowed = f"/contests/{contest.code}/eligibility?state=submitted&search=y+tuong"
    assert f"/entries/{ids[1]}/dossier?state=submitted&amp;search=y+tuong" in client.get(narrowed).get_data(
        as_text=True
    )
    page = client.get(f"/entries/{ids[1]}/dossier?state=submitted&search=y+tuong").get_data(as_text=True)
    assert "2 trên 3" in page and f'rel="prev" href="/entries/{ids[0]}/dossier?state=submitted' in page
    for first, then, place in ((ids[0], ids[1], "1 trên 2"), (ids[1], ids[2], "1 trên 1")):
        sent = {"outcome": "eligible", "then": "next"}
        away = client.post(f"/entries/{first}/eligibility?state=submitted&search=y+tuong", data=sent)
        assert away.headers["Location"] == f"/entries/{then}/dossier?state=submitted&search=y+tuong"
        assert place in client.get(away.headers["Location"]).get_data(as_text=True)
    assert 'value="next"' not in client.get(f"/entries/{ids[2]}/dossier?state=submitted").get_data(as_text=True)
    back = client.post(f"/entries/{ids[2]}/eligibility?state=submitted", data={"outcome": "eligible", "then": "next"})
    assert back.headers["Location"] == f"/contests/{contest.code}/eligibility?state=submitted"
    assert _states(ids) == ["eligible"] * 3


def test_filters_find_what_there_is_to_look_at(submitted: tuple[Contest, list[int], Actor]) -> None:
    contest, ids, organiser = submitted
    with unit_of_work():
        services.open_case(queries.entry(ids[2]), "other", reason="Xem lại.", actor=organiser, at=AT)
    found = {look: [row.entry_id for row in _queue(contest, QueueFilter(look=look))] for look in screening.LOOKS}
    assert found["case"] == [ids[2]] and found["unconfirmed"] == ids
    assert found["alike"] == found["elsewhere"] == found["overdue"] == found["completed"] == found["frozen"] == []
    assert [row.entry_id for row in _queue(contest, QueueFilter(search="y tuong 1"))] == [ids[1]]
    beside = [screening.neighbours(contest, QueueFilter(look="case"), queries.entry(one), AT) for one in ids[1:]]
    assert beside == [Neighbours(None, ids[2], None, 1), Neighbours(None, None, 1, 1)]
    assert screening.neighbours(contest, QueueFilter(), queries.entry(ids[1]), AT) == Neighbours(ids[0], ids[2], 2, 3)
    assert len(_queue(contest, QueueFilter(search="dai hoc tra vinh"))) == 3


def test_last_years_winners_are_found_on_teams(
    as_person: AsPerson, submitted: tuple[Contest, list[int], Actor]
) -> None:
    contest, ids, organiser = submitted
    client, here = as_person(session().get_one(Person, organiser.person_id)), f"/contests/{contest.code}/past-winners"
    columns = [Column(one) for one in ("Họ và tên", "Trường", "MSSV", "E-mail", "Giải", "Cuộc thi")]
    rows = [
        ["Lam Hoai Thao", "Đại học Trà Vinh", "", "", "Giải Nhì", "2025"],
        ["Võ Hạnh Dung", "Trường Đại học Cần Thơ", "", "", "Giải Ba", "2025"],
        ["Ai Đó", "", "", "nguyen.minh.khoi@example.vn", "Giải Nhất", "2025"],
        ["Không Đủ", "", "", "", "Giải Nhất", "2025"],
        ["Lam Hoài Thảo", "đại học trà vinh", "", "", "Giải Nhì", "2025"],
    ]
    sent = {"file": (io.BytesIO(csv_file(columns, rows)), "doat-giai.csv")}
    page = client.post(f"{here}/list", data=sent).get_data(as_text=True)
    assert "Dòng 5" in page and "Dòng 6" in page and "Dòng 4" not in page
    token = page.split('name="list" value="', 1)[1].split('"', 1)[0]
    assert client.post(f"{here}/list/taking-up", data={"list": token}).status_code == 303
    found = winners_among(contest.id)
    assert sorted(found) == ids[:2] and {len(pairs) for pairs in found.values()} == {1}
    assert [row.entry_id for row in _queue(contest, QueueFilter(look="winner"))] == ids[:2]
    checks = {one.key: one for one in queries.checklist(queries.entry(ids[0]), AT)}
    assert checks["winners"].holds is None and "Giải Nhì" in str(checks["winners"].sentence)
    assert {one.holds for one in queries.checklist(queries.entry(ids[2]), AT) if one.key == "winners"} == {True}
    assert "Giải Nhì" in client.get(here).get_data(as_text=True)
    assert client.post(f"{here}/removal").status_code == 303
    assert winners_among(contest.id) == {}


def test_another_contest_is_flagged_unless_it_was_declared(submitted: tuple[Contest, list[int], Actor]) -> None:
    contest, ids, _organiser = submitted
    entry = queries.entry(ids[0])
    lead = b.actor(session().get_one(Person, queries.people_of(ids[0])[0]))
    b.a_draft(b.a_contest("THU-HAI"), lead, title="Ý tưởng ở nơi khác")

    def says() -> bool | None:
        return next(one.holds for one in queries.checklist(entry, AT) if one.key == "contests")

    assert says() is False
    entry.answers = {**entry.answers, "prior_contests": "Có dự cuộc thi THU-HAI."}
    assert says() is None
    found = _queue(contest, QueueFilter(look="elsewhere"))
    assert [row.entry_id for row in found] == [ids[0]]


def test_the_training_that_a_board_asks_for_is_looked_up_in_the_clubs_lists(
    submitted: tuple[Contest, list[int], Actor],
) -> None:
    _contest, ids, _organiser = submitted
    house = clubs.club()
    boss = clubs.manager(house)
    made = clubs.announced(house, boss)
    at = made.starts_at + timedelta(minutes=5)

    def says(**asked: Any) -> bool | str | None:
        entry = queries.entry(ids[0])
        entry.board.definition = {**entry.board.definition, **asked}
        return next((one.holds for one in queries.checklist(entry, AT) if one.key == "training"), "nothing is asked")

    assert says() == "nothing is asked"
    assert says(training_topic="ip") is False
    with unit_of_work():
        lead = queries.people_of(ids[0])[0]
        services_of_clubs.ensure_cohort_member(clubs.cohort_of(house), lead, actor=clubs.SYSTEM, at=at)
        services_of_clubs.mark_present(clubs_queries.activity(made.id), lead, actor=boss, at=at)
    assert says(training_topic="ip") is True
    assert says(training_topic="law") is False
    assert says(training_topic=None, training={"vi": "Lớp SHTT"}) is None
    entry = queries.entry(ids[0])
    entry.board.definition = {**entry.board.definition, "min_entries": 4}
    rules = {**entry.contest.definition["rules"], "min_entries_per_institution": 3}
    entry.contest.definition = {**entry.contest.definition, "rules": rules}
    checks = {one.key: one for one in queries.checklist(entry, AT)}
    least = {key: (checks[key].holds, checks[key].sentence[1]["count"]) for key in ("least", "board_least")}
    assert least == {"least": (True, 3), "board_least": (False, 3)}
