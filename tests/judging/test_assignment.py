"""The assignment: optimum and rules on the sample, hidden until published, changes in a running round."""

from collections import Counter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compapp.core.audit import AuditRow
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Conflict, Invalid, Refused
from compapp.core.outbox import OutboxMessage
from compapp.incubation.models import Mentor
from compapp.judging import queries, services
from compapp.judging.models import Assignment, AssignmentRun, SeatConflict, Sheet
from tests.judging import builders as b


def test_sample_gets_three_judges_each_under_all_rules(db: Session) -> None:
    contest = b.load_sample()
    published = b.assign_all(contest)
    per_entry = Counter(one.entry_id for one in published)
    per_judge = Counter(one.seat_id for one in published)
    assert len(per_entry) == 24
    assert set(per_entry.values()) == {3}
    assert max(per_judge.values()) <= 8
    for one in published:
        assert one.seat.institution_id is None or one.seat.institution_id != one.entry.institution_id
    for entry_id in per_entry:
        houses = [one.seat.institution_id for one in published if one.entry_id == entry_id and one.seat.institution_id]
        assert len(houses) == len(set(houses))


def test_the_optimum_is_stored_with_a_report_and_stays_hidden(db: Session) -> None:
    contest = b.load_sample()
    with unit_of_work():
        run = services.compute_assignment(b.round_(contest), actor=b.staff(contest, "organiser"), at=b.BEFORE)
    assert run.report["pairs"] == 72
    assert run.report["unmet"] == []
    assert run.report["components"] == 1
    assert run.report["most_load"] <= 8
    assert {one.state for one in db.scalars(select(Assignment))} == {"proposed"}
    assert db.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_computing_twice_gives_the_same_and_replaces_the_proposal(db: Session) -> None:
    contest = b.load_sample()
    organiser = b.staff(contest, "organiser")
    pairs: list[set[tuple[int, int]]] = []
    hashes: list[str] = []
    for _ in range(2):
        with unit_of_work():
            run = services.compute_assignment(b.round_(contest), actor=organiser, at=b.BEFORE)
            hashes.append(run.inputs_hash)
        pairs.append({(one.entry_id, one.seat_id) for one in db.scalars(select(Assignment))})
    assert pairs[0] == pairs[1]
    assert hashes[0] == hashes[1]


def test_each_judge_is_told_once_and_reads_in_an_own_order(db: Session) -> None:
    contest = b.load_sample()
    b.assign_all(contest)
    told = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "assigned", OutboxMessage.channel == "inapp"))
    judges = [message.person_id for message in told]
    assert len(judges) == len(set(judges)) == 12
    orders = [[one.entry_id for one in b.assignments(contest, judge=f"J{n:02d}")] for n in range(1, 13)]
    assert any(order != sorted(order) for order in orders)
    for code in ("J01", "J02"):
        assert [one.position for one in b.assignments(contest, judge=code)] == list(
            range(1, len(b.assignments(contest, judge=code)) + 1)
        )


def test_a_declared_conflict_is_never_assigned(db: Session) -> None:
    contest = b.load_sample()
    with unit_of_work():
        services.declare_conflict(
            b.seat(contest, "J01"), b.entry(contest, "S01"), kind="family", actor=b.judge(contest, "J01"), at=b.BEFORE
        )
    b.assign_all(contest)
    pairs = {(one.seat.code, one.entry.code) for one in b.assignments(contest)}
    assert ("J01", "S01") not in pairs


def _score_some(contest: Any, code: str, count: int) -> list[int]:
    actor = b.judge(contest, code)
    done = b.assignments(contest, judge=code)[:count]
    for one in done:
        b.score(one, actor)
    return [one.entry_id for one in done]


def test_a_judge_who_leaves_moves_exactly_the_unscored(db: Session) -> None:
    contest = b.load_sample()
    b.assign_all(contest)
    mine = {one.entry_id for one in b.assignments(contest, judge="J07")}
    scored = set(_score_some(contest, "J07", 2))
    before = {(one.entry_id, one.seat_id) for one in b.assignments(contest)}
    leaving = b.seat(contest, "J07")
    plan = {(one.entry_id, reader and reader.id) for one, reader in services.departure_plan(leaving, at=b.DURING)}
    with unit_of_work():
        given = services.replace_judge(
            b.seat(contest, "J07"), "Đi công tác đột xuất", actor=b.staff(contest, "organiser"), at=b.DURING
        )
    after = {(one.entry_id, one.seat_id) for one in b.assignments(contest)}
    assert {one.entry_id for one in given} == mine - scored
    assert {(one.entry_id, one.seat_id) for one in given} == plan, "what was shown before is what happens"
    assert before - after == {(entry, leaving.id) for entry in mine - scored}
    assert len(after) == 72
    assert all(not queries.has_conflict(one.seat_id, one.entry_id) for one in given)
    assert max(Counter(seat for _, seat in after).values()) <= 8
    sheets = list(db.scalars(select(Sheet).where(Sheet.seat_id == leaving.id)))
    assert {(sheet.entry_id, sheet.state) for sheet in sheets} == {(entry, "submitted") for entry in scored}
    kinds = set(db.scalars(select(OutboxMessage.kind)))
    assert "judge_left" in kinds
    with unit_of_work():
        again = services.compute_assignment(b.round_(contest), actor=b.staff(contest, "organiser"), at=b.DURING)
    assert (again.report["new"], again.report["unmet"]) == (0, []), "sheets of who has left still count"
    assert not b.judge(contest, "J07").grants


def test_one_more_reader_is_free_of_conflict_and_least_loaded(db: Session) -> None:
    contest = b.load_sample()
    b.assign_all(contest)
    entry = b.entry(contest, "S13")
    with unit_of_work():
        added = services.add_reader(
            b.round_(contest), entry, reason="Chênh lệch điểm", actor=b.staff(contest, "chair"), at=b.LATE
        )
    assert added.state == "open"
    assert added.due_at is None
    assert not queries.has_conflict(added.seat_id, entry.id)
    with unit_of_work():
        late = services.add_reader(
            b.round_(contest), b.entry(contest, "S05"), reason="Hủy phiếu", actor=b.staff(contest, "chair"), at=b.AFTER
        )
    assert late.due_at is not None and late.due_at > b.AFTER


def test_by_hand_needs_a_reason_and_no_conflict(db: Session) -> None:
    document = b.sample(sheets=False)
    document["contest"]["rules"]["judges_one_round"] = True
    contest = b.load_sample(document=document)
    organiser = b.staff(contest, "organiser")
    own = b.entry(contest, "S01")
    with pytest.raises(Conflict), unit_of_work():
        services.assign(b.round_(contest), own, b.seat(contest, "J04"), reason="thử", actor=organiser, at=b.BEFORE)
    with unit_of_work():
        given = services.assign(
            b.round_(contest), own, b.seat(contest, "J02"), reason="Chuyên môn gần", actor=organiser, at=b.BEFORE
        )
    assert given.reason == "Chuyên môn gần"
    with pytest.raises(Conflict), unit_of_work():
        services.assign(b.round_(contest), own, b.seat(contest, "J02"), reason="lại", actor=organiser, at=b.BEFORE)
    later, again = b.round_(contest, "R2"), b.seat(contest, "J02")
    with pytest.raises(Conflict, match="another round"), unit_of_work():
        services.assign(later, own, again, reason="Thêm một người", actor=organiser, at=b.BEFORE)
    assert again.id in queries.busy_elsewhere(later) and again.id not in queries.busy_elsewhere(b.round_(contest))
    assert str(again.id) not in queries.problem_of(later, at=b.BEFORE).seats


def test_who_mentors_is_not_invited_into_the_jury_where_rules_say_so(app: Flask, db: Session) -> None:
    document = b.sample(sheets=False)
    document["contest"]["rules"]["mentors_may_not_judge"] = True
    contest, given = (
        b.load_sample(document=document),
        {"definition": {}, "skills": [], "hours_per_month": 8, "position": 99},
    )
    with unit_of_work():
        who = b.add_person("Cố Vấn")
        session().add(Mentor(contest_id=contest.id, person_id=who.id, code="M99", max_teams=2, **given))
    with pytest.raises(Invalid, match="no mentor judge"), unit_of_work():
        wish = services.SeatWish()
        services.invite_judge(
            contest, name=who.name, email=None, wish=wish, person=who, actor=b.staff(contest, "organiser"), at=b.BEFORE
        )


@pytest.mark.parametrize("role", ["judge", "stranger"])
def test_only_the_office_assigns(db: Session, role: str) -> None:
    contest = b.load_sample()
    with unit_of_work():
        person = b.add_person("Người Ngoài")
    actor = b.judge(contest, "J02") if role == "judge" else b.actor_of(person)
    with pytest.raises(Refused), unit_of_work():
        services.compute_assignment(b.round_(contest), actor=actor, at=b.BEFORE)


def test_a_late_conflict_voids_the_sheet_and_asks_for_another(db: Session) -> None:
    contest = b.load_sample()
    b.assign_all(contest)
    one = b.assignments(contest, judge="J06")[0]
    b.score(one, b.judge(contest, "J06"))
    with unit_of_work():
        services.declare_conflict(
            one.seat, one.entry, kind="family", note="biết muộn", actor=b.staff(contest, "chair"), at=b.AFTER
        )
    session().expire_all()
    sheet = queries.sheet_of(one.round_id, one.entry_id, one.seat_id)
    assert sheet is not None and sheet.state == "void" and sheet.void_reason
    assert sheet.scores["innovation"] == "7"
    proposed = b.assignments(contest, state="proposed")
    assert [p.entry_id for p in proposed] == [one.entry_id]
    with unit_of_work():
        services.publish_assignment(b.round_(contest), actor=b.staff(contest, "organiser"), at=b.AFTER)
    replacement = next(p for p in b.assignments(contest) if p.id == proposed[0].id)
    b.score(replacement, b.actor_of(replacement.seat.person), at=b.AFTER)
    assert db.scalar(select(func.count()).select_from(SeatConflict)) == 1
    assert db.scalar(select(func.count()).select_from(AuditRow).where(AuditRow.verb == "judging.sheet.void")) == 1


def test_the_designer_keeps_loads_and_says_how_good_it_is(db: Session) -> None:
    contest = b.load_sample()
    organiser = b.staff(contest, "organiser")
    with unit_of_work():
        b.seat(contest, "J04").min_load = 8
        with pytest.raises(Invalid):
            services.compute_assignment(b.round_(contest), least=7, most=6, actor=organiser, at=b.BEFORE)
        run = services.compute_assignment(b.round_(contest), least=5, most=7, actor=organiser, at=b.BEFORE)
    loads = Counter(one.seat.code for one in b.assignments(contest, state="proposed"))
    assert loads["J04"] == 8 and all(5 <= load <= 7 for code, load in loads.items() if code != "J04")
    report = run.report
    assert (report["new"], report["kept"], report["heaviest"]) == (72, 0, ["J04"])
    assert 0 < report["judge_pairs_met"] <= report["judge_pairs"] == 66
    assert len(report["groups"]) == report["components"] == 1
    assert all(value < 0.9 for _entry, _judge, value in report["weakest"])


def test_a_fixed_panel_is_proposed_for_one_board_and_leaves_the_rest(db: Session) -> None:
    contest = b.load_sample()
    organiser = b.staff(contest, "organiser")
    seats = [b.seat(contest, code) for code in ("J01", "J02", "J03")]
    board = b.entry(contest, "P01").board.code
    with unit_of_work():
        services.compute_assignment(b.round_(contest), actor=organiser, at=b.BEFORE)
    before = {
        (one.entry_id, one.seat_id) for one in b.assignments(contest, state="proposed") if one.entry.board.code != board
    }
    with unit_of_work():
        run = services.propose_panel(
            b.round_(contest), seats, board=board, reason="Thể lệ bảng này", actor=organiser, at=b.BEFORE
        )
    proposed = b.assignments(contest, state="proposed")
    inside = [one for one in proposed if one.entry.board.code == board]
    assert {one.seat.code for one in inside} == {"J01", "J02", "J03"}
    assert {(one.entry_id, one.seat_id) for one in proposed if one.entry.board.code != board} == before
    assert not b.assignments(contest) and run.report["reason"] == "Thể lệ bảng này"
    assert not any(queries.has_conflict(one.seat_id, one.entry_id) for one in inside)


def test_days_away_lower_the_load_and_languages_must_match(db: Session, sign_in: Any) -> None:
    document = b.sample(sheets=False)
    options = [{"code": code, "label": {"vi": vi, "en": en}} for code, vi, en in _SPOKEN]
    label = {"vi": "Ngôn ngữ của hồ sơ", "en": "Language of the dossier"}
    document["form"]["fields"].append(
        {"key": "written_in", "type": "choice", "label": label, "required": False, "options": options}
    )
    contest = b.load_sample(document=document)
    round_, organiser = b.round_(contest), b.staff(contest, "organiser")
    with unit_of_work():
        b.seat(contest, "J02").away = [["2026-11-22", "2026-11-28"]]
        b.seat(contest, "J03").away = [["2026-11-20", "2026-12-06"]]
        for code in ("J02", "J03", "J05", "J06"):
            b.seat(contest, code).languages = ["vi"]
        b.seat(contest, "J08").languages = ["vi", "en"]
        for code in ("S02", "S03", "S05"):
            b.entry(contest, code).answers = {"written_in": "tieng_anh"}
        run = services.compute_assignment(round_, actor=organiser, at=b.BEFORE)
    report = run.report
    assert report["away"] == [["J02", 8, 15, 5], ["J03", 0, 15, 0]], "8 entries are the most; 8 of 15 days: 5"
    assert report["languages"] == [[["en"], 3, ["J02", "J03", "J05", "J06"]]]
    assert report["loads"]["J02"] <= 5 and report["loads"]["J03"] == 0
    assert (report["unmet"], report["unread"], report["pairs"]) == ([], [], 72)
    pairs = {(one.entry.code, one.seat.code) for one in db.scalars(select(Assignment))}
    assert not pairs & {(entry, judge) for entry in ("S02", "S03", "S05") for judge in ("J02", "J03", "J05", "J06")}
    page = sign_in(organiser).get(f"/contests/{contest.code}/assignments/R1").text
    assert "J02: có thời gian 8/15 ngày, nhiều nhất 5 bài; J03: không còn ngày nào." in page
    assert "3 bài viết bằng Tiếng Anh. Không giao cho giám khảo không đọc được: J02, J03, J05, J06." in page
    with unit_of_work():
        later = ("away", "languages", "unread")
        run = db.get_one(AssignmentRun, run.id)
        run.report = {name: value for name, value in run.report.items() if name not in later}
    assert sign_in(organiser).get(f"/contests/{contest.code}/assignments/R1").status_code == 200, "an older report"
    with unit_of_work():
        services.publish_assignment(round_, actor=organiser, at=b.BEFORE)
        for judge in ("J01", "J04", "J07", "J08", "J09", "J10", "J11", "J12"):
            b.seat(contest, judge).languages = ["vi"]
        again = services.compute_assignment(round_, actor=organiser, at=b.BEFORE)
    assert len(again.report["unread"]) == 9, "what was given out stays, and is said"
    with unit_of_work():
        b.seat(contest, "J08").languages = ["vi"]
        given = next(one for one in b.assignments(contest) if one.entry.code == "S02")
        services.withdraw_assignment(given, "Thử", actor=organiser, at=b.BEFORE)
        lacking = services.compute_assignment(round_, actor=organiser, at=b.BEFORE).report
    assert lacking["unmet"] == [{"entry": "S02", "judge": None, "lacking": 1, "rule": "language"}]
    assert [(way["kind"], way["amount"], way["who"]) for way in lacking["remedies"]] == [
        ("new_judges", 1, []),
        ("fewer_reviews", 1, ["S02"]),
    ]
    page = sign_in(organiser).get(f"/contests/{contest.code}/assignments/R1").text
    assert "Mời thêm 1 giám khảo không có xung đột lợi ích, mỗi người thuộc một trường khác nhau." in page
    assert "Họ phải đọc được ngôn ngữ của các bài nêu trên." in page


_SPOKEN = (("tieng_viet", "Tiếng Việt", "Vietnamese"), ("tieng_anh", "Tiếng Anh", "English"))
