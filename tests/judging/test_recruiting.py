"""Recruiting: what is asked, the pledge before any sheet, what judges say of themselves, and fetching more."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compapp.contests.file.writer import export
from compapp.core.audit import AuditRow
from compapp.core.db import current_unit, unit_of_work
from compapp.core.errors import Conflict, Refused
from compapp.core.outbox import OutboxMessage
from compapp.core.spreadsheets import Table, read_table
from compapp.entries.models import Entry
from compapp.judging import policy, queries, services
from compapp.judging.models import NoConflict, Seat
from compapp.judging.queries.answers import answers_by_seat, titles_to_answer
from compapp.judging.scoring.assignment.pull import Candidate, next_batch
from compapp.judging.services.titles import titles_of
from compapp.judging.views import jury_list
from tests.conftest import StoppedClock
from tests.judging import builders as b

SignIn = Callable[..., Any]
TEXTS = {"2": "b4b4f702229f"}
"""Version of the pledge to the beginning of the SHA-256 of its sentences."""


@pytest.fixture
def contest(db: Session, app: Any, clock_at: StoppedClock) -> Any:
    clock_at(b.DURING)
    return b.load_sample()


def test_a_changed_pledge_is_a_new_version() -> None:
    page = Path("templates/judging/jury/_pledge.html").read_text(encoding="utf-8")
    sentences = re.findall(r"<li>\{\{ _\('(.+?)'\) \}\}</li>", page)
    assert len(sentences) == 6
    assert sha256("\n".join(sentences).encode()).hexdigest()[:12] == TEXTS[policy.PLEDGE_VERSION]
    assert f"version={policy.PLEDGE_VERSION})" in page


def test_no_sheet_opens_before_the_pledge(contest: Any, sign_in: SignIn, db: Session) -> None:
    b.assign_all(contest)
    with unit_of_work():
        b.seat(contest, "J02").pledged_at = None
    one = b.assignments(contest, judge="J02")[0]
    title, path = one.entry.title["vi"], f"/sheets/{one.id}"
    client = sign_in(b.judge(contest, "J02"))
    first = client.get(path)
    assert (first.status_code, first.headers["Location"]) == (303, f"/contests/{contest.code}/my-seat")
    assert client.post(path, data={"version": "0"}).status_code == 404
    assert client.get(f"{path}/print").status_code == 404
    seat = f"/contests/{contest.code}/my-seat"
    assert "Cam kết bảo mật và độc lập" in client.get(seat).text
    assert client.post(f"{seat}/pledge", data={}).status_code == 422
    assert client.post(f"{seat}/pledge", data={"pledge": "y"}).status_code == 303
    kept = b.seat(contest, "J02")
    assert (kept.pledged_at, kept.pledge_version, kept.pledge_locale) == (b.DURING, policy.PLEDGE_VERSION, "vi")
    assert title in client.get(path).text
    sign_in(b.judge(contest, "J05"))
    assert client.get(path).status_code == 404


def test_a_judge_answers_for_every_title_and_the_office_sees_who_has_not(
    contest: Any, sign_in: SignIn, db: Session, clock_at: StoppedClock
) -> None:
    client, path = sign_in(b.judge(contest, "J02")), f"/contests/{contest.code}/my-seat"
    seat = b.seat(contest, "J02")
    waiting = [one.entry_id for one in titles_to_answer(seat)]
    count = len(waiting)
    assert f"{count} đề tài chưa trả lời" in client.get(path).text
    ticked = {"entries": str(waiting[0]), "kind": "family", "shown": ",".join(map(str, waiting[:5]))}
    both = client.post(f"{path}/conflicts", data=ticked | {"answer": "none"})
    assert both.status_code == 422 and "Hãy bỏ dấu" in both.text
    assert answers_by_seat(contest.id)[seat.id].unanswered == count, "two things said at once are none"
    assert client.post(f"{path}/conflicts", data=ticked | {"answer": "rest"}).status_code == 303
    assert answers_by_seat(contest.id)[seat.id].unanswered == count - 5
    named = ",".join(map(str, [*waiting, 999_999, b.entry(contest, "S01").id, "9" * 5000]))
    for _twice in range(2):
        assert client.post(f"{path}/conflicts", data={"answer": "none", "shown": named}).status_code == 303
    assert answers_by_seat(contest.id)[seat.id].unanswered == 0
    acts = list(db.scalars(select(AuditRow).where(AuditRow.verb == "judging.conflict.none").order_by(AuditRow.id)))
    assert [len(one.data["entries"]) for one in acts] == [4, count - 5], "one act names its entries; twice is once"
    assert db.scalar(select(func.count()).select_from(NoConflict)) == count - 1
    page = client.get(path).text
    assert "đã trả lời cho mọi đề tài" in page and page.count("không có xung đột.") == count - 1
    office = sign_in(b.staff(contest, "secretary")).get(f"/contests/{contest.code}/jury").text
    assert "11 giám khảo chưa trả lời" in office and office.count("đề tài chưa trả lời") == 11
    clock_at(b.round_(contest, "R3").closes_at + timedelta(minutes=1))
    assert "giám khảo chưa trả lời" not in client.get(f"/contests/{contest.code}/jury").text, (
        "nothing is judged any more"
    )
    clock_at(b.DURING)
    with pytest.raises(Refused), unit_of_work():
        services.state_no_conflict(seat, waiting, actor=b.staff(contest, "organiser"), at=b.DURING)
    later = db.get_one(Entry, waiting[1])
    with unit_of_work():
        services.declare_conflict(seat, later, kind="family", actor=b.judge(contest, "J02"), at=b.DURING)
    assert db.scalar(select(func.count()).select_from(NoConflict)) == count - 2, "the newest word holds"


def test_an_entry_opens_only_after_the_answer_where_the_rules_ask_for_it(
    db: Session, app: Any, clock_at: StoppedClock, sign_in: SignIn
) -> None:
    clock_at(b.DURING)
    document = b.sample(sheets=False)
    document["contest"]["rules"]["conflict_answer_before_opening"] = True
    contest = b.load_sample(document=document)
    b.assign_all(contest)
    one, *others = b.assignments(contest, judge="J02")
    client, path = sign_in(b.judge(contest, "J02")), f"/sheets/{one.id}"
    asked = client.get(path)
    assert (asked.status_code, asked.headers["Location"]) == (303, f"{path}/conflict-answer")
    for closed in (f"{path}/print", f"{path}/review"):
        assert client.get(closed).status_code == 404
    assert client.post(path, data={"version": "0", "score-innovation": "7"}).status_code == 404
    question = client.get(f"{path}/conflict-answer").text
    assert all(each.entry.title["vi"] in question for each in (one, *others)) and "Quan hệ gia đình" in question
    assert client.get(f"{path}/recusal").status_code == 200, "a conflict can be declared without opening"
    assert client.post(f"{path}/conflict-answer", data={"answer": "this"}).headers["Location"] == path
    assert client.get(path).status_code == 200
    second, third = others[0], others[1]
    shown = {"answer": "all", "shown": f"{third.id},x,{b.assignments(contest, judge='J05')[0].id}"}
    assert client.post(f"/sheets/{second.id}/conflict-answer", data=shown).status_code == 303
    assert [client.get(f"/sheets/{each.id}").status_code for each in others] == [200, 200, *[303] * (len(others) - 2)]
    desk = {"answer": "will_do", "shown": ",".join(str(each.id) for each in others)}
    assert client.post(f"/contests/{contest.code}/my-seat/rounds/R1/answer", data=desk).status_code == 303
    assert all(client.get(f"/sheets/{each.id}").status_code == 200 for each in others)
    sign_in(b.judge(contest, "J05"))
    assert client.get(f"{path}/conflict-answer").status_code == 404


def test_an_invitation_says_what_is_asked_and_the_judge_says_what_is_known(
    contest: Any, sign_in: SignIn, db: Session
) -> None:
    client = sign_in(b.staff(contest, "organiser"))
    asked = {"name": "Lâm Dự Bị", "email": "dubi@example.vn", "max_load": "7", "thanks": "150.000 đồng/bài"}
    jury = f"/contests/{contest.code}/jury"
    assert client.post(jury, data=asked | {"chair": "y", "reserve": "y"}).status_code == 422
    assert client.post(jury, data=asked | {"min_load": "9"}).status_code == 422
    assert client.post(jury, data=asked | {"reserve": "y"}).status_code == 303
    invited = select(OutboxMessage).where(OutboxMessage.kind == "jury_invitation").order_by(OutboxMessage.id)
    first = db.scalars(invited).one()
    seat = db.scalars(select(Seat).where(Seat.state == "invited")).one()
    for seconds in (0, 90, 91):
        at, boss = seat.invited_at + timedelta(seconds=seconds), b.staff(contest, "organiser")
        with unit_of_work():
            services.remind_invited(seat, actor=boss, at=at)
    again, message = db.scalars(invited).all()
    assert again.id == first.id, "pressed twice, a link is sent once: the newer one ends the older"
    assert (message.data["load"], message.data["thanks"], message.data["reserve"]) == (7, "150.000 đồng/bài", True)
    visitor, path = sign_in(None), message.data["secret_path"]
    page = visitor.get(path).text
    assert "Thù lao, lời cảm ơn: 150.000 đồng/bài" in page and "dự bị" in page
    said = {
        "answer": "accept",
        "pledge": "y",
        "stated": "yes",
        "sectors": ["ict"],
        "expertise": "Cảm biến, IoT",
        "languages": ["vi", "km"],
        "max_load": "5",
        "degree": "PGS.TS",
        "position": " Trưởng  khoa ",
    }
    for wrong in ("hôm nay", "30/02/2027", "05/12/2026 - 01/12/2026", "28/11", "28/11/2026 02/12/2026"):
        refused = visitor.post(path, data=said | {"away": wrong})
        assert refused.status_code == 422 and wrong in refused.text and "Cảm biến, IoT" in refused.text
    done = visitor.post(path, data=said | {"away": "28/11 – 30/11/2026\ntừ 01/12/2026 đến 01/12\n02/12/2026"})
    assert done.status_code == 303
    assert "đường dẫn dùng một lần" in visitor.get(done.headers["Location"]).text
    seat = db.scalars(select(Seat).where(Seat.code == "J13")).one()
    assert (seat.state, seat.sectors, seat.languages, seat.max_load) == ("accepted", ["ict"], ["vi", "km"], 5)
    days = [["2026-11-28", "2026-11-30"], ["2026-12-01", "2026-12-01"], ["2026-12-02", "2026-12-02"]]
    assert seat.away == days, "no day is dropped for want of a year"
    assert seat.pledge_version == policy.PLEDGE_VERSION
    assert titles_of(seat) == {"degree": "PGS.TS", "position": "Trưởng khoa"}, "papers name the judge so"
    assert export(contest)["judges"][-1] | {"sectors": []} == {
        "code": "J13",
        "name": "Lâm Dự Bị",
        "email": "dubi@example.vn",
        "degree": "PGS.TS",
        "position": "Trưởng khoa",
        "max_load": 5,
        "sectors": [],
    }
    b.assign_all(contest)
    assert not b.assignments(contest, judge="J13"), "a substitute gets nothing until somebody drops out"
    sign_in(b.staff(contest, "secretary"))
    shown = client.get(f"{jury}/{seat.id}").text
    place = b.seat(contest, "J05").affiliation_id
    sign_in(b.staff(contest, "organiser"))
    changed = {"sectors": ["ict"], "min_load": "2", "max_load": "6", "degree": "", "position": "Giám đốc"}
    assert client.post(f"{jury}/{b.seat(contest, 'J05').id}", data=changed).status_code == 303
    kept = b.seat(contest, "J05")
    assert (kept.affiliation_id, kept.min_load, kept.max_load) == (place, 2, 6) and place
    assert titles_of(kept) == {"degree": "", "position": "Giám đốc"}
    assert "28/11/2026 – 30/11/2026" in shown and "Tiếng Khmer" in shown and "Cảm biến, IoT" in shown


def test_words_bring_a_judge_closer(contest: Any) -> None:
    seat, entry = b.seat(contest, "J02"), b.entry(contest, "S01")
    seat.sectors, seat.expertise = ["tourism_services"], ""
    far = queries.affinity(seat, "ict", entry)
    seat.expertise = "du thuyền; " + entry.title["vi"].split()[0].upper() + " " + entry.title["vi"].split()[1]
    assert queries.affinity(seat, "ict", entry) > far


def test_a_judge_says_whether_the_work_can_be_done(contest: Any, sign_in: SignIn, db: Session) -> None:
    b.assign_all(contest)
    count = len(b.assignments(contest, judge="J02"))
    client, path = sign_in(b.judge(contest, "J02")), f"/contests/{contest.code}/my-seat/rounds/R1/answer"
    assert f"Có {count} bài mới." in client.get("/desk").text
    assert client.post(path, data={"answer": "will_do"}).status_code == 303
    assert "bài mới" not in client.get("/desk").text
    assert "reason" in client.get(client.post(path, data={"answer": "cannot"}).headers["Location"]).text
    assert not list(db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "judge_cannot")))
    for _pressed in range(2):
        assert client.post(path, data={"answer": "cannot", "reason": "Tôi nằm viện"}).status_code == 303
    told = list(db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "judge_cannot")))
    assert {one.data["words"] for one in told} == {"Tôi nằm viện"}
    assert {one.data["left"] for one in told} == {count}
    assert Counter(db.scalars(select(AuditRow.verb)))["judging.seat.cannot"] == 1
    sign_in(b.staff(contest, "organiser"))
    assert client.post(path, data={"answer": "will_do"}).status_code == 404
    sign_in(b.judge(contest, "J02"))
    assert client.post(path.replace("R1", "R9"), data={"answer": "will_do"}).status_code == 404


def test_judges_fetch_their_entries_and_no_entry_gets_more_than_it_needs(
    contest: Any, sign_in: SignIn, db: Session
) -> None:
    client, path = sign_in(b.judge(contest, "J02")), f"/contests/{contest.code}/my-seat/rounds/R1/more"
    client.post(path)
    assert not b.assignments(contest), "the organiser has not allowed it"
    sign_in(b.staff(contest, "secretary"))
    fetching = f"/contests/{contest.code}/assignments/R1/fetching"
    assert client.post(fetching, data={"batch": "0"}).status_code == 422
    assert client.post(fetching, data={"batch": "4"}).status_code == 303
    sign_in(b.judge(contest, "J02"))
    assert "Cho tôi thêm 4 bài" in client.get("/desk").text
    client.post(path)
    mine = b.assignments(contest, judge="J02")
    assert len(mine) == 4 and all(one.entry.sector.code in one.seat.sectors for one in mine)
    client.post(path)
    assert len(b.assignments(contest, judge="J02")) == 4, "first the sheets on the desk"
    for left in mine:
        b.score(left, b.judge(contest, "J02"))
    with unit_of_work():
        for seat in queries.active_seats(contest.id):
            services.fetch_more(seat, b.round_(contest), actor=b.judge(contest, seat.code), at=b.DURING)
    given = b.assignments(contest)
    reads = Counter(one.entry_id for one in given)
    assert sum(reads.values()) == 4 + 12 * 4 and set(reads.values()) == {2, 3}, "those with the fewest come first"
    assert max(Counter(one.seat_id for one in given).values()) == 8
    assert not {(one.entry_id, one.seat_id) for one in given} & queries.conflict_pairs(contest.id, set(reads))
    assert len({one.run_id for one in given}) == 1
    with pytest.raises(Conflict), unit_of_work():
        services.fetch_more(b.seat(contest, "J02"), b.round_(contest), actor=b.judge(contest, "J02"), at=b.DURING)
    for left in b.assignments(contest, judge="J02")[4:]:
        b.score(left, b.judge(contest, "J02"))
    assert "Cho tôi thêm" not in client.get("/desk").text, "eight are the most that a judge takes in this round"
    assert "Hiện không có bài nào" in sign_in(b.judge(contest, "J02")).get("/desk").text
    with pytest.raises(Refused), unit_of_work():
        services.let_judges_pull(b.round_(contest), batch=3, actor=b.judge(contest, "J02"), at=b.DURING)


CANDIDATES = some.lists(
    some.builds(
        Candidate,
        entry=some.integers(0, 10**6),
        reviews=some.integers(0, 4),
        needed=some.integers(0, 4),
        affinity=some.sampled_from([0.2, 0.9, 1.0]),
        houses=some.frozensets(some.integers(1, 3)),
    ),
    max_size=12,
    unique_by=lambda one: one.entry,
)


@given(CANDIDATES, some.integers(0, 6), some.none() | some.integers(0, 6), some.none() | some.integers(1, 3))
@settings(max_examples=150, deadline=None)
def test_a_batch_keeps_every_limit_and_takes_the_neediest(
    candidates: list[Candidate], count: int, room: int | None, house: int | None
) -> None:
    known = {one.entry: one for one in candidates}
    batch = [known[entry] for entry in next_batch(candidates, count=count, room=room, house=house, seed=3)]
    free = [one for one in candidates if one.reviews < one.needed and house not in one.houses]
    assert len(batch) == min(count, len(free), count if room is None else room)
    assert all(one in free for one in batch)
    left = [one for one in free if one not in batch]
    rank = lambda one: (one.reviews, -one.affinity)  # noqa: E731 - read beside its use
    assert all(rank(taken) <= rank(other) for taken in batch for other in left)
    assert batch == sorted(batch, key=rank)


def nobody_waits(table: Table) -> Table:
    """Return the table; nothing is locked while a file is read."""
    with pytest.raises(RuntimeError):
        current_unit()
    return table


def test_a_jury_is_invited_from_a_pasted_list_row_by_row(
    contest: Any, sign_in: SignIn, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, house = f"/contests/{contest.code}/jury/invitations", b.entry(contest, "S05").institution
    sector = contest.sectors[1]
    with unit_of_work():
        known = b.seat(contest, "J02").person.email = "da.co@truong.edu.vn"
    lines = (
        f"Võ Hữu Ý\tvhy@truong.edu.vn\t{house.name['vi']}\t{sector.definition['label']['vi']}\t7\tx",
        "Lý Thị Én <LTE@Truong.edu.vn>",
        "Trần Bốn, tran-bon",
        f"Đã Có; {known}",
        "Ai Đó\tado@truong.edu.vn\tTrường Không Có\tKhông có\t0",
        "Lý Thị Én, lte@truong.edu.vn",
    )
    client = sign_in(b.staff(contest, "organiser"))
    assert client.post(path, data={}).status_code == 422
    before = len(queries.seats_of(contest.id))
    page = client.post(path, data={"pasted": "\n".join(lines), "thanks": "150.000 đồng/bài"})
    assert page.status_code == 200 and "Gửi 2 lời mời" in page.text and "Võ Hữu Ý\tvhy" in page.text, "typed text stays"
    for said in (
        "Dòng 3 (Trần Bốn): Đây không phải là địa chỉ e-mail.",
        "Dòng 4 (Đã Có): Người này đã được mời vào ban giám khảo.",
        "“Trường Không Có” không phải là trường của cuộc thi này. “Không có” không phải là lĩnh vực của cuộc thi này.",
        "Dòng 6 (Lý Thị Én): Người này đã được mời vào ban giám khảo.",
    ):
        assert said in page.text
    token = re.search(r'name="list" value="([^"]+)"', page.text)
    assert token is not None and len(queries.seats_of(contest.id)) == before, "nobody before the second step"
    assert client.post(f"{path}/sending", data={"list": token[1]}).status_code == 303
    seats = {seat.person.name: seat for seat in db.scalars(select(Seat).where(Seat.contest_id == contest.id))}
    first = seats["Võ Hữu Ý"]
    assert (first.institution_id, first.sectors, first.max_load) == (house.id, [sector.code], 7)
    assert (first.reserve, first.thanks, first.state) == (True, "150.000 đồng/bài", "invited")
    assert (seats["Lý Thị Én"].person.email, seats["Lý Thị Én"].reserve) == ("lte@truong.edu.vn", False)
    told = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.kind == "jury_invitation")
    assert db.scalar(told) == 2
    again = client.post(f"{path}/sending", data={"list": token[1]}, follow_redirects=True)
    assert db.scalar(told) == 2 and again.status_code == 200
    with unit_of_work():
        account = b.add_person("Có Rồi", email="co.roi@truong.edu.vn").email
    page = client.post(path, data={"pasted": f"Lê Ba, lba@truong.edu.vn, , , ²\n, {account}\n, chua.co@truong.edu.vn"})
    assert page.status_code == 200 and page.text.count("Hãy viết họ và tên.") == 2, "nothing tells who has an account"
    sheet = b"Full name,Email,Sectors\r\nNg\xc3\xb4 S\xc3\xa1u,nsau@truong.edu.vn," + sector.code.encode()
    monkeypatch.setattr(jury_list, "read_table", lambda data: nobody_waits(read_table(data)))
    page = client.post(path, data={"file": (BytesIO(sheet), "giam-khao.csv")})
    assert "Gửi 1 lời mời" in page.text and sector.definition["label"]["vi"] in page.text
    sign_in(b.staff(contest, "secretary"))
    assert client.get(path).status_code == 403
