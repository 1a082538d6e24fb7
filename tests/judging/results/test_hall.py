"""A live round as it is held: the lot, the door, the stage with its clock, the screen, the panel, the awards."""

import contextlib
import io
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from itertools import pairwise
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from compapp.contests.models import Contest
from compapp.core.actor import Actor
from compapp.core.db import session, unit_of_work
from compapp.core.documents import Grid, Text
from compapp.core.errors import Closed, Conflict, DomainError, Invalid, NotFound, Refused
from compapp.core.outbox import OutboxMessage
from compapp.entries.events import EntryWithdrawn
from compapp.entries.models import TeamMember
from compapp.judging import services
from compapp.judging.file_sections.pitches import write_pitches
from compapp.judging.lifecycle import SLOT
from compapp.judging.models import (
    Assignment,
    Hall,
    OrderChange,
    PitchSlot,
    Place,
    SeatConflict,
    Sheet,
    Shortlist,
    StandingsRun,
)
from compapp.judging.papers import minutes
from compapp.judging.papers.pitch import running_order
from compapp.judging.queries.hall import halls_of, panel_of, slots_of
from compapp.judging.queries.papers import round_paper_facts
from compapp.judging.queries.results import draws_of
from compapp.judging.queries.standings import progress_of, round_inputs
from compapp.judging.services.hall import door, order, plan, screen, stage
from compapp.judging.services.hall.checks import plan_faults
from compapp.judging.services.papers import bare_result
from compapp.judging.services.pitch import enter_panel_total
from compapp.judging.services.shortlist import withdraw_shortlist
from tests.judging import builders
from tests.judging.results import play

pytestmark = pytest.mark.one_database

BEFORE = play.R1_PUBLISHED
BEGIN = play.R2_HELD.replace(hour=0, minute=30)
"""The semi-final opens (07:30 in Vietnam)."""
MINUTE = timedelta(minutes=1)
CRITERIA = ("idea", "business", "feasibility", "impact", "pitch", "qa")
PITCHING = ("S01", "S02", "P02", "P05")
SignIn = Callable[[Actor | None], Any]


def semi_final() -> Contest:
    """Load the contest with four teams in its semi-final, a panel of three, and the order drawn."""
    contest = builders.load_sample(sheets=False)
    first, second = builders.round_(contest), builders.round_(contest, "R2")
    with unit_of_work():
        for code in PITCHING:
            entry = builders.entry(contest, code)
            session().add(Place(round_id=first.id, entry_id=entry.id, state="confirmed"))
    play.team(contest)
    with unit_of_work():
        seats = [builders.seat(contest, code) for code in ("J02", "J05", "J09")]
        services.assign_panel(second, seats, actor=play.organiser(contest), at=BEFORE)
        order.draw_order(second, seed="phu-sa", said='47 "12', actor=secretary(contest), at=BEFORE)
    return contest


def secretary(contest: Contest) -> Actor:
    return builders.staff(contest, "secretary")


def the_slots(contest: Contest) -> list[PitchSlot]:
    session().expire_all()
    return slots_of(builders.round_(contest, "R2").id)


def the_hall(contest: Contest) -> Hall:
    return halls_of(builders.round_(contest, "R2").id)[0]


def press(contest: Contest, position: int, deed: str, minutes: float = 1) -> PitchSlot:
    with unit_of_work():
        one = the_slots(contest)[position - 1]
        return stage.press(one, deed, actor=secretary(contest), at=BEGIN + minutes * MINUTE)


def posted(kind: str) -> int:
    count = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.kind == kind)
    return int(session().scalar(count) or 0)


def test_anybody_draws_the_order_again_and_reads_what_was_changed(
    db: Session, client: FlaskClient, sign_in: SignIn, clock_at: Any
) -> None:
    contest = semi_final()
    clock_at(BEFORE)
    sign_in(None)
    address = f"/results/{contest.code}/draws/R2"
    page = unescape(client.get(address).text)
    program = re.search(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)
    assert program is not None
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(program[1], {})
    drawn = draws_of(builders.round_(contest, "R2").id)
    assert drawn[0].seed == "phu-sa+4712", "what the hall called out is in the seed, without what could break a line"
    assert said.getvalue().splitlines() == [str(draw.order) for draw in drawn], "every board"
    slots = the_slots(contest)
    assert [slot.entry.code for slot in slots] == [code for draw in drawn for code in draw.order]
    assert not any(slot.entry.title["vi"] in page for slot in slots), "who pitches is not public before the result is"
    told = posted("pitch_order")
    assert told == 4 * 2 * 2
    who: dict[str, Any] = {"actor": secretary(contest), "at": BEFORE}
    first, last = slots[0], slots[-1]
    codes, times = [slot.entry.code for slot in slots], [slot.starts_at for slot in slots]
    for refused, pair, reason in ((Invalid, (first, last), " "), (Conflict, (first, first), "vì sao")):
        with pytest.raises(refused), unit_of_work():
            order.swap(*pair, reason, **who)
    with pytest.raises(Refused), unit_of_work():
        order.swap(first, last, "tôi muốn", actor=builders.judge(contest, "J02"), at=BEFORE)
    with unit_of_work():
        order.swap(first, last, "Xe của đội hỏng dọc đường.", **who)
    slots = the_slots(contest)
    assert [slot.entry.code for slot in slots] == [codes[3], codes[1], codes[2], codes[0]]
    assert [slot.starts_at for slot in slots] == times
    assert posted("pitch_order") == told + 2 * 2 * 2
    assert "Xe của đội hỏng dọc đường." in client.get(address).text
    sign_in(secretary(contest))
    wrong = client.post(
        f"/contests/{contest.code}/pitch/R2/swaps", data={"first": first.id, "second": last.id, "reason": ""}
    )
    assert (wrong.status_code, "reason-swap-error" in wrong.text) == (422, True)
    with unit_of_work():
        moved = plan.HallInput("Nhà hát", BEGIN + 30 * MINUTE, 5, 7, 3, pause_after=4, pause_minutes=15)
        plan.change_hall(the_hall(contest), moved, **who)
        plan.change_plan(builders.round_(contest, "R2"), report_minutes=25, late_rule="out", bring={"vi": "USB"}, **who)
    assert "Bốc thăm lại bảng này" in client.get(f"/contests/{contest.code}/pitch/R2").text
    final = f"/contests/{contest.code}/pitch/R3"
    hall, rest = unescape(client.get(f"{final}/halls").text), unescape(client.get(f"{final}/plan").text)
    typed = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', hall))
    kept = ("name", "pitch_minutes", "question_minutes", "change_minutes", "pause_after", "pause_minutes")
    assert [typed[name] for name in kept] == ["Nhà hát", "7", "8", "3", "4", "15"], "the minutes are the final's own"
    assert typed["starts_at"].endswith("T08:00"), "half an hour after the round begins, as before"
    assert ('value="25"' in rest, "USB" in rest) == (True, True)
    assert client.get(f"/results/{contest.code}/draws/R3").status_code == 404


def test_the_plan_follows_the_rules_and_says_what_does_not_fit(db: Session) -> None:
    contest = semi_final()
    round_, who = builders.round_(contest, "R2"), {"actor": play.organiser(contest), "at": BEFORE}
    hall = the_hall(contest)
    starts = [slot.starts_at for slot in the_slots(contest)]
    assert starts == [BEGIN + 12 * number * MINUTE for number in range(4)]
    assert plan_faults(round_, [hall], the_slots(contest), panel_of(round_.id)) != [], "too few judges"
    nobody = plan_faults(round_, [hall], the_slots(contest), {})
    assert [msgid for msgid, _params in nobody] == [
        "No judge has been given the teams of this round yet: nobody can score them."
    ]
    wrong = plan.HallInput("A" * 121, BEGIN + 61 * 1440 * MINUTE, 0, -1, pause_after=10**30, boards=("no-such",))
    with pytest.raises(Invalid) as refused, unit_of_work():
        plan.change_hall(hall, wrong, **who)
    fields = {"name", "starts_at", "pitch_minutes", "question_minutes", "pause_after", "boards"}
    assert set(refused.value.fields) == fields
    late = plan.HallInput("Hội trường A", round_.closes_at - 40 * MINUTE, 6, 7, 3, pause_after=2, pause_minutes=20)
    with unit_of_work():
        moved = plan.change_hall(the_hall(contest), late, **who)
    assert len(moved) == 4
    slots = the_slots(contest)
    gaps = [(two.starts_at - one.starts_at) // MINUTE for one, two in pairwise(slots)]
    assert gaps == [16, 36, 16]
    found = {msgid for msgid, _params in plan_faults(round_, halls_of(round_.id), slots, panel_of(round_.id))}
    assert len(found) == 3, "after the end, other minutes than the rules, a small panel"
    with pytest.raises(Conflict), unit_of_work():
        plan.remove_hall(the_hall(contest), **who)
    with unit_of_work():
        shifted = order.shift_rest(the_hall(contest), -5, **who)
    assert [slot.starts_at for slot in shifted] == [slot.starts_at for slot in the_slots(contest)]
    with unit_of_work():
        other = plan.add_hall(round_, plan.HallInput("Phòng B", late.starts_at, 5, 7, boards=("pupil",)), **who)
        order.redraw(round_, "pupil", "Thêm hội trường cho học sinh.", seed="x", **who)
    with pytest.raises(Invalid), unit_of_work():  # pressed twice
        plan.add_hall(round_, plan.HallInput("Phòng B", late.starts_at, 5, 7), **who)
    rooms = {slot.entry.code: slot.hall_id for slot in the_slots(contest)}
    assert {rooms["P02"], rooms["P05"]} == {other.id} != {rooms["S01"]}
    found = {msgid for msgid, _params in plan_faults(round_, halls_of(round_.id), slots, panel_of(round_.id))}
    assert "In two halls at the same time: %(names)s." in found


def seen_of_figures(contest: Contest, client: FlaskClient) -> set[int]:
    """Return how the pages with figures of the semi-final answer, where the tab of results does not lead elsewhere."""
    base = f"/contests/{contest.code}/standings"
    pages = ("", "/entries/S01", "/leaderboard", "/severity", "/what-if", "/differences")
    found = {client.get(f"{base}/R2{page}").status_code for page in pages}
    assert 403 not in found or client.get(f"/contests/{contest.code}/papers/R2/sheets").status_code == 403
    room = client.get(f"/contests/{contest.code}/deliberation/R2").status_code
    return found | {client.get(f"/contests/{contest.code}/shortlist/R2").status_code, room}


def figures_beside_a_refusal(contest: Contest, client: FlaskClient, first: PitchSlot) -> set[tuple[int, bool]]:
    """Return how forms answer that are shown again beside figures, and whether the first team's total is among them."""
    scored = select(Sheet.id).where(Sheet.entry_id == first.entry_id, Sheet.total_text.is_not(None))
    sheet = session().scalars(scored).first()
    void = f"/contests/{contest.code}/standings/R2/entries/{first.entry.code}/void"
    answers = [
        client.post(void, data={"sheet": sheet, "reason": ""}),
        client.post(f"/contests/{contest.code}/shortlist/R2", data={}),
    ]
    return {(one.status_code, "81,25" in one.text) for one in answers}


def desk_of_j02(contest: Contest, client: FlaskClient, sign_in: SignIn) -> tuple[str | None, list[str]]:
    """Return what a judge's desk and home page name as next (None: wait for the next team), and the desk's order."""
    sign_in(builders.judge(contest, "J02"))
    page, home = unescape(client.get("/desk").text), client.get("/home").text
    found = re.search(r'next-action-label">[^<]*</p>\s*<h2>([^<]*)</h2>', page)
    assert (found is None) == ("Đội tiếp theo chưa trình bày." in page) == ("Đội tiếp theo chưa trình bày." in home)
    return found and found[1], re.findall(r'<a href="/sheets/\d+">([^<]*)</a>', page)


def test_a_team_has_the_stage_alone_and_one_clock_for_all(
    db: Session, client: FlaskClient, sign_in: SignIn, clock_at: Any, count_queries: Callable[[], Any]
) -> None:
    contest = semi_final()
    base, hall = f"/contests/{contest.code}/pitch/R2", the_hall(contest)
    first, second = the_slots(contest)[:2]
    clock_at(BEFORE)
    member = session().scalars(select(TeamMember).where(TeamMember.entry_id == first.entry_id)).first()
    assert member is not None
    assert member.person is not None
    sign_in(builders.actor_of(member.person))
    own = f"/entries/{first.entry_id}/pitch"
    assert own in client.get("/home").text
    ticket = client.get(own).text
    assert ("<svg" in ticket, first.entry.code in ticket) == (True, True)
    assert client.get(f"/entries/{second.entry_id}/pitch").status_code == 404
    for refused in ("start", "no-such-deed"):
        with pytest.raises((Closed, Conflict)), unit_of_work():
            stage.press(first, refused, actor=secretary(contest), at=BEFORE)
    with pytest.raises(Refused), unit_of_work():
        stage.press(first, "start", actor=builders.judge(contest, "J02"), at=BEGIN)
    with unit_of_work():
        key = screen.open_screen(the_hall(contest), actor=secretary(contest), at=BEGIN)
        assert screen.open_screen(the_hall(contest), actor=secretary(contest), at=BEGIN) == key
        screen.show_on_screen(the_hall(contest), "order", actor=secretary(contest), at=BEGIN)
    clock_at(BEGIN)
    titles = [slot.entry.title["vi"] for slot in the_slots(contest)]
    assert desk_of_j02(contest, client, sign_in) == (titles[0], titles), "the running order, not the own"
    sign_in(secretary(contest))
    started = client.post(f"{base}/stage/{hall.id}", data={"slot": first.id, "deed": "start"})
    again = client.post(f"{base}/stage/{hall.id}", data={"slot": first.id, "deed": "start"})
    assert (started.status_code, again.status_code) == (303, 303), "the same press twice is one"
    clash = client.post(f"{base}/stage/{hall.id}", data={"slot": second.id, "deed": "start"})
    assert (clash.status_code, the_slots(contest)[1].state) == (409, "waiting")
    with pytest.raises(IntegrityError), unit_of_work():
        session().execute(update(PitchSlot).where(PitchSlot.id == second.id).values(state="pitching"))
    session().rollback()
    sign_in(None)
    clock_at(BEGIN + 4 * MINUTE)
    with count_queries() as seen:
        shown = client.get(f"/screens/{key}/now")
    assert len(seen) <= 4, seen
    assert ('data-elapsed="240"' in shown.text, 'data-tone="soon"' in shown.text) == (True, True)
    mark = {"If-None-Match": shown.headers["ETag"]}
    assert client.get(f"/screens/{key}/now", headers=mark).status_code == 304
    press(contest, 1, "pause", 4.5)
    assert client.get(f"/screens/{key}/now", headers=mark).status_code == 200
    press(contest, 1, "resume", 6.5)
    press(contest, 1, "ask", 7.5)
    press(contest, 1, "end", 10)
    ended = press(contest, 1, "end", 11)
    assert (ended.pitch_seconds, ended.question_seconds, ended.ended_at) == (330, 150, BEGIN + 10 * MINUTE)
    press(contest, 1, "go_on", 12)
    assert press(contest, 1, "end", 13).question_seconds == 210, "the clock went on where it stood"
    assert desk_of_j02(contest, client, sign_in)[0] == titles[0], "who has pitched is scored next"
    with unit_of_work():
        who = {"actor": secretary(contest), "at": BEGIN}
        enter_panel_total(builders.round_(contest, "R2"), first.entry, builders.seat(contest, "J02"), "70", **who)
    assert desk_of_j02(contest, client, sign_in)[0] is None, "and nobody who has yet to pitch"
    sign_in(None)
    press(contest, 2, "call", 14)
    clock_at(BEGIN + 15 * MINUTE)
    text = client.get(f"/screens/{key}").text
    assert the_slots(contest)[1].entry.title["vi"] in unescape(text)
    assert not re.search(r"J0\d|/sheets/|/contests/", text), "neither a judge nor a way inside"
    with unit_of_work():
        screen.end_screen(the_hall(contest), actor=secretary(contest), at=BEGIN)
    assert client.get(f"/screens/{key}").status_code == client.get(f"/screens/{key}/now").status_code == 404
    with unit_of_work():
        order.swap(*the_slots(contest)[2:], "Xe của đội hỏng.", actor=secretary(contest), at=BEGIN)
    held = {**builders.sample(sheets=False), "pitches": write_pitches(contest)}
    held["contest"]["code"] = "LAN-HAI"
    slots = held["pitches"]["R2"]["halls"][0]["slots"]
    assert [one["state"] for one in slots] == ["done", "called", "waiting", "waiting"]
    assert key not in str(held), "the address of a screen is nobody else's"
    assert write_pitches(builders.load_sample(document=held)) == held["pitches"]


def test_every_deed_in_every_state_does_what_the_table_says_or_nothing(db: Session) -> None:
    contest = semi_final()
    by, one = secretary(contest), the_slots(contest)[0].id
    arrived = {"waiting", "called", "pitching", "questions", "done"}
    deeds: dict[str, Callable[[PitchSlot], Any]] = {
        **{deed: lambda slot, deed=deed: stage.press(slot, deed, actor=by, at=BEGIN) for deed in stage._LEADS_TO},
        "come_after_all": lambda slot: door.come_after_all(slot, "kẹt xe", actor=by, at=BEGIN),
        "miss": lambda slot: door.not_there(slot, actor=by, at=BEGIN),
    }
    with unit_of_work():
        plan.change_plan(
            builders.round_(contest, "R2"), report_minutes=0, late_rule="out", bring={}, actor=by, at=BEGIN
        )
    for state in SLOT.states:
        for deed, act in deeds.items():
            session().rollback()
            with unit_of_work():
                values = {"state": state, "phase_at": BEGIN if state in arrived else None, "arrived_at": None}
                session().execute(update(PitchSlot).where(PitchSlot.id == one).values(**values, ended_at=None))
            target = SLOT.transition(deed).to_state
            try:
                with unit_of_work():
                    act(next(slot for slot in the_slots(contest) if slot.id == one))
            except DomainError:
                pass
            now = next(slot for slot in the_slots(contest) if slot.id == one).state
            assert now == (target if SLOT.allows(deed, state) else state), (deed, state)


def test_a_team_that_is_not_there_goes_last_then_out_and_never_gets_a_zero(
    db: Session, client: FlaskClient, sign_in: SignIn, clock_at: Any
) -> None:
    contest = semi_final()
    round_, who = builders.round_(contest, "R2"), {"actor": secretary(contest), "at": BEGIN}
    first, second, third, fourth = the_slots(contest)
    clock_at(BEGIN)
    sign_in(secretary(contest))
    at_door = f"/contests/{contest.code}/pitch/R2/door"
    assert client.post(f"{at_door}/{second.id}", data={"deed": "here"}).status_code == 303
    assert client.post(f"{at_door}/{second.id}", data={"deed": "here"}).status_code == 303
    assert client.post(f"{at_door}/{second.id}", data={"deed": "absent"}).status_code == 422
    with unit_of_work():
        door.tick_in(third, actor=secretary(contest), at=BEGIN)
        door.tick_in(fourth, actor=secretary(contest), at=BEGIN + 60 * MINUTE)
        assert door.not_there(first, **who) == "last"
    slots = the_slots(contest)
    assert [slot.id for slot in slots] == [second.id, third.id, fourth.id, first.id]
    assert [slot.late for slot in slots] == [True, False, True, True], "late, in time, an hour late, passed over"
    with unit_of_work():
        assert door.not_there(slots[-1], "Gọi hai lần.", **who) == "out"
    assert posted("pitch_missed") == 2 * 2
    off = builders.seat(contest, "J09")
    with unit_of_work():
        session().add(
            SeatConflict(
                seat_id=off.id, entry_id=second.entry_id, kind="family", note="", declared_at=BEGIN, declared_by_name=""
            )
        )
    facts = round_paper_facts(round_, bare_result(round_), None, ())
    written = minutes(facts)
    told = [block.text for block in written.content if isinstance(block, Text)]
    gone, known = first.entry.title["vi"], second.entry.title["vi"]
    assert told[0] == "Thời gian: từ 07 giờ 30, ngày 19 tháng 12 năm 2026. Địa điểm: ....................."
    for words in ("phu-sa+4712", "Vắng mặt khi được gọi tên.", f"{first.entry.number} – {gone}.", off.person.name):
        assert any(words in line for line in told), words
    assert any(line.endswith(f"{off.person.name} (bài {second.entry.number} – {known}).") for line in told)
    assert [one.duty for one in facts.jury] == ["Trưởng ban", *["Ủy viên"] * 3], (
        "the panel of this round, and the chair"
    )
    listed = next(block for block in running_order(facts).content if isinstance(block, Grid))
    assert [row[:2] for row in listed.rows] == [("1", "07:42"), ("2", "07:54"), ("3", "08:06"), ("4", "08:18")]
    shelves = [client.get(f"/contests/{contest.code}/papers/{code}").text for code in ("R2", "R3")]
    assert ["/order" in shelf for shelf in shelves] == [True, False], "a list to call by, once the order is drawn"
    assert client.get(f"/contests/{contest.code}/papers/R3/order").status_code == 409
    with unit_of_work():
        session().execute(delete(SeatConflict))
    lines = panel_of(round_.id)
    assert first.entry_id not in lines, "its judges wait no longer"
    for slot in (second, third, fourth):
        with unit_of_work():
            for line in lines[slot.entry_id]:
                enter_panel_total(round_, slot.entry, builders.seat(contest, line.judge), "70", **who)
    inputs = round_inputs(round_)
    assert progress_of(inputs).is_complete, "nobody waits for an absent team"
    table = unescape(client.get(f"/contests/{contest.code}/standings/R2").text)
    assert f"Vắng mặt khi được gọi nên không có phiếu chấm và không xếp hạng: {gone} ({first.entry.code})." in table
    assert first.entry.code not in {row.entry for rows in inputs.rows.values() for row in rows}, "no row, no zero"
    with pytest.raises(Conflict), unit_of_work():
        door.not_there(third, **who)
    sign_in(secretary(contest))
    assert client.post(f"{at_door}/{first.id}", data={"deed": "after-all", "reason": ""}).status_code == 422
    assert client.post(f"{at_door}/{first.id}", data={"deed": "after-all", "reason": "Kẹt phà."}).status_code == 303
    session().expire_all()
    assert len(panel_of(round_.id)[first.entry_id]) == 3
    assert first.entry.code in progress_of(round_inputs(round_)).unread
    changed = session().scalars(select(OrderChange).order_by(OrderChange.id)).all()
    assert [change.reason for change in changed] == [door.NOT_THERE], "it stood last already"
    proof = client.get(f"/results/{contest.code}/draws/R2").text
    assert ("Vắng mặt khi được gọi tên." in unescape(proof), door.NOT_THERE in proof) == (True, False)
    press(contest, 4, "start")
    with unit_of_work():
        door.take_withdrawn_off(EntryWithdrawn(actor=secretary(contest), at=BEGIN, entry_id=first.entry_id))
    assert the_slots(contest)[3].state == "withdrawn"
    assert press(contest, 1, "start", 20).state == "pitching", "the stage is free again"
    there = f"/contests/{contest.code}/pitch/R2/stage/{the_hall(contest).id}"
    onward = f'href="/contests/{contest.code}/standings/R2"'
    for position, at in ((1, 21), (2, 23), (3, 25)):
        clock_at(BEGIN + at * MINUTE)
        assert onward not in client.get(there).text
        if position > 1:
            press(contest, position, "start", at)
        press(contest, position, "end", at + 1)
    assert onward in client.get(there).text, "every team has pitched, every sheet is in"
    order_page = client.get(f"/contests/{contest.code}/pitch/R2").text
    assert "Bốc thăm lại bảng này" not in order_page, "what cannot be done any more is not offered"


def test_figures_are_the_chair_s_alone_and_judges_find_their_sheet_in_one_tap(
    db: Session, client: FlaskClient, sign_in: SignIn, clock_at: Any, count_queries: Callable[[], Any]
) -> None:
    contest = semi_final()
    round_, chair = builders.round_(contest, "R2"), play.chair(contest)
    first = the_slots(contest)[0]
    press(contest, 1, "start")
    clock_at(BEGIN + 2 * MINUTE)
    with unit_of_work():
        enter_panel_total(
            round_, first.entry, builders.seat(contest, "J05"), "81,25", actor=secretary(contest), at=BEGIN
        )
    base = f"/contests/{contest.code}/pitch/R2"
    hall = the_hall(contest)
    sign_in(builders.judge(contest, "J02"))
    link = re.search(r'href="(/sheets/\d+)#score-sheet"', client.get("/desk/stage").text)
    assert link is not None
    sheet = client.get(link[1])
    assert (sheet.status_code, first.entry.title["vi"] in unescape(sheet.text)) == (200, True)
    assert 'data-elapsed="60"' in sheet.text, "the clock stands beside the sheet"
    assert client.get("/desk").text.count(link[1]) >= 2
    for page in (f"{base}/panel", f"{base}/panel/now", f"{base}/stage/{hall.id}", f"{base}/door"):
        assert client.get(page).status_code == 403
    assert "81,25" not in client.get(base).text
    recusal = client.get(link[1] + "/recusal").text
    assert "Hội đồng tiếp tục" in unescape(recusal), "nobody takes over in the hall"
    own = builders.seat(contest, "J09")
    with unit_of_work():
        enter_panel_total(round_, first.entry, own, "60", actor=secretary(contest), at=BEGIN)
        session().execute(update(Sheet).where(Sheet.seat_id == own.id).values(scores=dict.fromkeys(CRITERIA, "6")))
    sign_in(secretary(contest))
    totals, home = f"{base}/entries/{first.entry.code}", client.get("/home").text
    assert {f"{base}/stage/{hall.id}" in home, f"{base}/door" in home, base in home} == {True}
    for page in (base, f"{base}/stage/{hall.id}", f"{base}/stage/{hall.id}/now", f"{base}/door", totals):
        with count_queries() as statements:
            text = client.get(page).text
        assert ("81,25" in text or "60,00" in text, len(statements) <= 16) == (False, True), (page, len(statements))
    assert re.findall(r'name="total-(\w+)"', client.get(totals).text) == ["J02", "J05"], "J09 keeps an own sheet"
    assert client.post(totals, data={"total-J02": "70", "total-J05": ""}).status_code == 303
    assert client.post(totals, data={"total-J05": "80"}).status_code == 422, "another total needs a reason"
    assert client.get(f"{base}/panel").status_code == 403
    assert seen_of_figures(contest, client) == {403}, "a laptop of the office may be on the projector"
    sign_in(play.organiser(contest))
    export = client.get(f"/contests/{contest.code}/export")
    assert (export.status_code, "81.25" in export.text) == (403, False), "the contest file holds figures too"
    assert figures_beside_a_refusal(contest, client, first) == {(403, False)}
    sign_in(chair)
    assert (f"{base}/panel" in client.get("/home").text, f"{base}/door" in client.get("/home").text) == (True, False)
    assert seen_of_figures(contest, client) == {200}
    assert (422, True) in figures_beside_a_refusal(contest, client, first), "what is kept from the office stands there"
    live = client.get(f"{base}/panel/now")
    assert "81,25" in live.text
    assert client.get(f"{base}/panel/now", headers={"If-None-Match": live.headers["ETag"]}).status_code == 304
    seat = builders.seat(contest, "J01")
    with unit_of_work():
        services.assign_panel(round_, [seat], actor=play.organiser(contest), at=BEGIN)
    text = client.get(f"{base}/panel").text
    mine = session().scalars(select(Assignment.id).where(Assignment.seat_id == seat.id).order_by(Assignment.entry_id))
    assert "81,25" not in text, "the own sheet comes first"
    assert [int(one) for one in re.findall(r"/sheets/(\d+)#", text)] == [
        one for one in mine if session().get_one(Assignment, one).entry_id == first.entry_id
    ], "one tap away; a team that has yet to pitch is one line"
    with unit_of_work():
        conflict = SeatConflict(
            seat_id=seat.id, entry_id=first.entry_id, kind="family", note="", declared_at=BEGIN, declared_by_name=""
        )
        session().add(conflict)
    title = first.entry.title["vi"]
    for page in (base, f"{base}/panel", f"{base}/stage/{hall.id}", f"{base}/stage/{hall.id}/now"):
        assert title not in unescape(client.get(page).text), page
    with pytest.raises(NotFound), unit_of_work():
        stage.press(first, "end", actor=chair, at=BEGIN)


def test_awards_are_shown_step_by_step_and_none_is_there_before_its_step(
    db: Session, client: FlaskClient, sign_in: SignIn, clock_at: Any
) -> None:
    contest = builders.load_sample(sheets=False)
    round_, by = builders.round_(contest, "R3"), secretary(contest)
    prizes = [
        {"board": "student", "award": "first", "position": 1, "entry": "S01", "vnd": 30_000_000, "reason": ""},
        {"board": "student", "award": "second", "position": 1, "entry": None, "vnd": 20_000_000, "reason": "Chưa đạt."},
        {"board": "student", "award": "third", "position": 1, "entry": "S02", "vnd": 10_000_000, "reason": ""},
    ]
    at = play.R3_HELD
    with unit_of_work():
        hall = plan.add_hall(round_, plan.HallInput("Nhà hát", at, 7, 8), actor=by, at=at)
        key = screen.open_screen(hall, actor=by, at=at)
        run = StandingsRun(round_id=round_.id, rows={}, inputs_hash="", computed_at=at, computed_by_name="")
        session().add(run)
        session().flush()
        kept: dict[str, Any] = {"computed": {}, "decided": {}, "reserves": {}, "reason": "", "prepared_by_name": ""}
        session().add(Shortlist(round_id=round_.id, run_id=run.id, awards=prizes, prepared_at=at, **kept))
    clock_at(at)
    with pytest.raises(Closed), unit_of_work():
        screen.show_on_screen(hall, "awards", actor=by, at=at)
    with unit_of_work():
        session().execute(update(Shortlist).values(state="approved"))
        screen.show_on_screen(hall, "awards", actor=by, at=at)
    sign_in(by)
    steps, titles = f"/contests/{contest.code}/pitch/R3/awards", {}
    for code in ("S01", "S02"):
        titles[code] = builders.entry(contest, code).title["vi"]
    seen: list[set[str]] = []
    for step in range(screen.last_step(3) + 1):
        if step:
            assert client.post(steps, data={"seen": step - 1, "to": step}).status_code == 303
        text = unescape(client.get(f"/screens/{key}/now").text)
        keys = re.findall(r'data-keys="(\w+)', client.get(steps).text)
        assert keys == ["PageDown"] * (step < screen.last_step(3)) + ["PageUp"] * (step > 0)
        seen.append({code for code, title in titles.items() if title in text or code in text})
    assert seen == [set(), set(), {"S02"}, set(), set(), set(), {"S01"}, {"S01", "S02"}]
    assert client.post(steps, data={"seen": 3, "to": 4}).status_code == 409, "a stale press skips nothing"
    assert client.post(steps, data={"seen": 6, "to": 7}).status_code == 303, "the same press twice is one"
    assert client.post(steps, data={"seen": 7, "to": 8}).status_code == 409
    last = client.get(f"/screens/{key}/now")
    with unit_of_work():
        withdraw_shortlist(session().scalars(select(Shortlist)).one(), "Nhầm giải.", actor=by, at=at)
        session().execute(update(Shortlist).values(state="approved"))
        screen.show_on_screen(hall, "awards", actor=by, at=at)
    now = client.get(f"/screens/{key}/now", headers={"If-None-Match": last.headers["ETag"]})
    assert now.status_code == 200 and not {code for code in titles if titles[code] in unescape(now.text)}
