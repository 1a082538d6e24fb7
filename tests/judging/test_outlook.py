"""Who will not make it, in time: pace against the days left, and one act each: remind, more time, a substitute."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.core.audit import AuditRow
from compapp.core.db import unit_of_work
from compapp.core.outbox import OutboxMessage
from compapp.judging import queries, services
from compapp.judging.models import SeatAnswer
from compapp.judging.scoring.pace import Work, outlook
from tests.conftest import StoppedClock
from tests.judging import builders as b

SignIn = Callable[..., Any]
DAY = date(2026, 11, 20)


def _work(**changed: Any) -> Work:
    values = {"given": 10, "done": 0, "since": DAY, "today": DAY + timedelta(5), "due": DAY + timedelta(9)}
    return Work(**(values | {"answered": True, "seen": True, "answer": "will_do"} | changed))


@pytest.mark.parametrize(
    ("work", "verdicts", "needed"),
    [
        (_work(done=10), ("done",), None),
        (_work(done=6, since=DAY), ("on_course",), 0.8),
        (_work(done=5), ("on_course",), 1.0),
        (_work(done=3), ("too_slow",), 1.4),
        (_work(done=6, away=((DAY + timedelta(6), DAY + timedelta(8)),)), ("too_slow",), 2.0),
        (_work(done=9, away=((DAY + timedelta(5), DAY + timedelta(30)),)), ("no_time",), None),
        (_work(since=DAY + timedelta(4)), ("on_course",), 2.0),
        (_work(since=DAY + timedelta(3), seen=False, answered=False), ("absent",), 2.0),
        (_work(since=DAY + timedelta(4), today=DAY + timedelta(6), answered=False), ("too_slow", "silent"), 2.5),
        (_work(answer="cannot", since=DAY + timedelta(4)), ("cannot",), 2.0),
        (_work(done=8, is_over=True, today=DAY + timedelta(11)), ("late",), None),
    ],
)
def test_what_is_to_be_expected(work: Work, verdicts: tuple[str, ...], needed: float | None) -> None:
    found = outlook(work)
    assert (found.verdicts, found.needed) == (verdicts, needed)
    assert found.left == work.given - work.done


@pytest.fixture
def contest(db: Session, app: Any, clock_at: StoppedClock) -> Any:
    clock_at(b.DURING)
    made = b.load_sample()
    b.assign_all(made)
    return made


def _substitute(contest: Any) -> Any:
    """Invite and accept a judge of no institution who sits ready; return the seat."""
    with unit_of_work():
        seat = services.invite_judge(
            contest,
            name="Lâm Dự Bị",
            email="dubi@example.vn",
            wish=services.SeatWish(sectors=["ict"], reserve=True),
            actor=b.staff(contest, "organiser"),
            at=b.BEFORE,
        )
        services.accept(seat, pledge=True, actor=b.actor_of(seat.person), at=b.BEFORE)
        return seat


def test_the_page_names_who_will_not_make_it_and_more_time_is_one_act(
    contest: Any, sign_in: SignIn, db: Session, clock_at: StoppedClock, count_queries: Any
) -> None:
    at = clock_at(b.LATE)
    base = f"/contests/{contest.code}/progress/R1"
    seat = b.seat(contest, "J02")
    count = len(b.assignments(contest, judge="J02"))
    b.score(b.assignments(contest, judge="J02")[0], b.judge(contest, "J02"))
    with unit_of_work():
        services.answer_assignment(
            seat, b.round_(contest), answer="cannot", words="Tôi nằm viện", actor=b.judge(contest, "J02"), at=b.LATE
        )
    with unit_of_work():
        b.seat(contest, "J12").state = "invited"
    client = sign_in(b.staff(contest, "secretary"))
    page = client.get(f"{base}/outlook").text
    assert "1 giám khảo được mời chưa trả lời" in page and f"{b.seat(contest, 'J12').person.name}. <a" in page
    printed = client.get(f"/contests/{contest.code}/paper-sheets/R1/{seat.id}/blanks").text
    assert printed.count('class="paper-sheet') == count - 1, "what is handed in is not printed again"
    assert "Cho biết: “Tôi nằm viện”" in page and "Chưa đăng nhập lần nào." in page
    assert page.index(seat.person.name) < page.index(b.seat(contest, "J03").person.name)
    with count_queries() as seen:
        client.get(f"{base}/outlook")
    assert len(seen) <= 20, seen
    one, extension = f"{base}/outlook/{seat.id}", f"{base}/extensions/{seat.id}"
    plans = queries.takeovers(b.round_(contest), seat, at=b.DURING)
    shown, able = client.get(one).text, sum(1 for plan in plans if plan.entries)
    assert shown.count('name="seat"') == able and (f"{len(plans) - able} giám khảo khác" in shown) == (
        able < len(plans)
    )
    early = client.post(extension, data={"due_at": "01/12/2026 08:00", "reason": "Nằm viện"})
    assert early.status_code == 422 and "Hạn mới phải muộn hơn" in early.text and "Nằm viện" in early.text
    assert client.post(extension, data={"due_at": "09/12/2026 17:00"}).status_code == 422
    assert client.post(extension, data={"due_at": "09/12/2026 17:00", "reason": "Nằm viện"}).status_code == 303
    dues = [one.due_at for one in b.assignments(contest, judge="J02")]
    assert sum(due is not None for due in dues) == count - 1, "what is handed in keeps its day"
    told = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "scoring_extended")).all()
    assert {message.person_id for message in told} == {seat.person_id} and told[0].data["count"] == count - 1
    assert at is None or db.scalars(select(SeatAnswer)).one().answer == "cannot"


def test_a_substitute_takes_over_in_one_act_and_sheets_handed_in_stay(
    contest: Any, sign_in: SignIn, db: Session
) -> None:
    spare = _substitute(contest)
    seat = b.seat(contest, "J02")
    mine = b.assignments(contest, judge="J02")
    kept, left = mine[0].entry_id, {one.entry_id for one in mine[1:]}
    b.score(mine[0], b.judge(contest, "J02"))
    with unit_of_work():
        services.declare_conflict(
            spare, b.entry(contest, mine[1].entry.code), kind="family", actor=b.actor_of(spare.person), at=b.DURING
        )
        barred = mine[1].entry_id
    others = {(one.entry_id, one.seat_id) for one in b.assignments(contest) if one.seat_id != seat.id}
    client, base = sign_in(b.staff(contest, "organiser")), f"/contests/{contest.code}/progress/R1"
    page = client.get(f"{base}/outlook/{seat.id}").text
    assert f"dự bị; nhận được {len(left) - 1} bài" in page, "told before"
    path = f"{base}/handovers/{seat.id}"
    assert client.post(path, data={"seat": str(spare.id)}).status_code == 422
    assert client.post(path, data={"seat": str(spare.id), "reason": "Nằm viện"}).status_code == 303
    now_mine = {one.entry_id for one in b.assignments(contest, judge="J02")}
    taken = {one.entry_id for one in b.assignments(contest, judge=spare.code)}
    assert now_mine == {kept} and taken == left - {barred}
    assert not b.seat(contest, spare.code).reserve
    after = {(one.entry_id, one.seat_id) for one in b.assignments(contest)}
    assert others <= after, "nobody else loses an entry"
    assert len(after) == 72 and (barred, spare.id) not in after
    kinds = set(db.scalars(select(OutboxMessage.kind)))
    assert {"handed_over", "assigned"} <= kinds
    assert "judging.seat.take_in" in set(db.scalars(select(AuditRow.verb)))
    again = client.post(path, data={"seat": str(spare.id), "reason": "Nằm viện"})
    assert again.headers["Location"].endswith("/outlook")


def test_who_leaves_may_name_who_takes_over(contest: Any, sign_in: SignIn, db: Session) -> None:
    spare = _substitute(contest)
    seat = b.seat(contest, "J03")
    left = {one.entry_id for one in b.assignments(contest, judge="J03")}
    client = sign_in(b.staff(contest, "chair"))
    path = f"/contests/{contest.code}/jury/{seat.id}/departure"
    plan = services.departure_plan(seat, at=b.DURING)
    shown = client.post(path, data={"reason": "Đi xa", "preview": "yes"})
    assert shown.status_code == 200 and "Đi xa" in shown.text and seat.state == "accepted", "nothing has happened yet"
    hidden = queries.hidden_among(b.staff(contest, "chair").person_id, left)
    for one, reader in plan:
        line = f"{one.entry.title['vi']}: {seat.person.name} → <b>{reader.person.name if reader else ''}</b>"
        assert (line in shown.text) == (one.entry_id not in hidden), "what the chair may not know is not named"
    assert shown.text.count(f"{seat.person.name} → <b>") == len(left - hidden) > 0
    chosen = client.post(path, data={"reason": "Đi xa", "preview": "yes", "substitute": str(spare.id)})
    assert chosen.text.count(f"{seat.person.name} → <b>{spare.person.name}</b>") == len(left - hidden)
    assert client.post(path, data={"reason": "Đi xa", "substitute": str(spare.id)}).status_code == 303
    assert {one.entry_id for one in b.assignments(contest, judge=spare.code)} == left
    assert queries.seat_of(contest.id, "J03").state == "left"  # type: ignore[union-attr]
    own = b.seat(contest, "J04")
    sign_in(b.judge(contest, "J04"))
    refused = client.post(f"/contests/{contest.code}/jury/{own.id}/departure", data={"reason": ""})
    assert refused.status_code == 422
    assert b.seat(contest, "J06").person.name not in refused.text, "who else judges is the office's"
    message = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "judge_left")).first()
    assert message is not None and (message.data["moved"], message.data["unmet"]) == (len(left), 0)
