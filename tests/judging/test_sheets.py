"""Filling in, handing in, taking back and voiding sheets; the kept figures; paper; reminders; twenty at once."""

import threading
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from compapp.core import clock
from compapp.core.audit import AuditRow, verify
from compapp.core.db import session, session_scope, unit_of_work
from compapp.core.errors import Closed, Conflict, DomainError, Invalid, NotFound, Refused
from compapp.core.outbox import OutboxMessage
from compapp.judging import queries, services
from compapp.judging.models import Assignment, RoundFigure, Sheet
from tests.judging import builders as b


@pytest.fixture
def contest(db: Session) -> Any:
    made = b.load_sample()
    b.assign_all(made)
    return made


def _first(contest: Any, code: str = "J02") -> Assignment:
    return b.assignments(contest, judge=code)[0]


def _save(one: Assignment, actor: Any, at: Any = b.DURING, version: int | None = None, **given: Any) -> Sheet:
    with unit_of_work():
        return services.save_sheet(one, services.SheetInput(**given), version=version, actor=actor, at=at)


def test_comma_and_point_are_the_same_and_the_total_is_exact(contest: Any) -> None:
    one, actor = _first(contest), b.judge(contest, "J02")
    sheet = _save(one, actor, scores=b.FULL)
    assert sheet.scores == {
        "innovation": "7",
        "need": "6.5",
        "feasibility": "7.5",
        "business": "6",
        "impact": "8",
        "team": "7",
    }
    expected = Fraction(20 * 7 + 20 * 6 + 15 * 8 + 10 * 7) / 10 + Fraction(15 * 13, 20) + Fraction(20 * 15, 20)
    assert sheet.total == expected
    assert _save(one, actor, scores={"need": ""}).total is None
    assert _save(one, actor, scores={"need": "6,5"}).version == 3


@pytest.mark.parametrize("wrong", ["10.5", "-0.5", "7.3", "a", "1e1", "NaN", "Infinity", "9" * 30])
def test_scores_off_the_scale_change_nothing(contest: Any, wrong: str) -> None:
    one, actor = _first(contest), b.judge(contest, "J02")
    with pytest.raises(Invalid) as refused:
        _save(one, actor, scores={"innovation": wrong, "need": "5"})
    assert set(refused.value.fields) == {"innovation"}
    assert session().scalar(select(func.count()).select_from(Sheet)) == 0


def test_an_older_version_is_refused_with_what_stands(contest: Any) -> None:
    one, actor = _first(contest), b.judge(contest, "J02")
    _save(one, actor, version=0, comment="một")
    _save(one, actor, version=1, comment="hai")
    with pytest.raises(Conflict) as refused:
        _save(one, actor, version=1, comment="ba")
    assert refused.value.current.comment == "hai"
    assert _save(one, actor, version=2, comment="hai").version == 2


def test_handing_in_needs_every_score_and_the_demanded_comments(contest: Any) -> None:
    one, actor = _first(contest), b.judge(contest, "J02")
    _save(one, actor, scores={"innovation": "9,5", "need": "3"})
    with pytest.raises(Invalid) as refused, unit_of_work():
        services.submit_sheet(one, actor=actor, at=b.DURING)
    assert {"comment-innovation", "comment-need", "team"} <= set(refused.value.fields)
    _save(one, actor, scores=b.FULL | {"innovation": "9.5"}, comments={"innovation": "rất mới"})
    with unit_of_work():
        sheet = services.submit_sheet(one, actor=actor, at=b.DURING)
    with unit_of_work():
        again = services.submit_sheet(one, actor=actor, at=b.DURING + timedelta(minutes=1))
    assert (sheet.id, again.submitted_at) == (again.id, b.DURING)
    with pytest.raises(Conflict):
        _save(one, actor, comment="muộn")
    assert verify() is None


def test_the_round_must_be_open(contest: Any) -> None:
    one, actor = _first(contest), b.judge(contest, "J02")
    for moment in (b.BEFORE, b.AFTER):
        with pytest.raises(Closed):
            _save(one, actor, at=moment, comment="x")
    _save(one, actor, scores=b.FULL)
    with pytest.raises(Closed), unit_of_work():
        services.submit_sheet(one, actor=actor, at=b.AFTER)


def test_nobody_else_may_write(contest: Any) -> None:
    one = _first(contest)
    with unit_of_work():
        stranger = b.actor_of(b.add_person("Người Lạ"))
    for actor in (b.judge(contest, "J05"), b.staff(contest, "organiser"), b.staff(contest, "chair"), stranger):
        with pytest.raises(NotFound):
            _save(one, actor, comment="x")


def test_figures_follow_every_change(contest: Any, db: Session) -> None:
    entry = b.entry(contest, "S01")
    given = [one for one in b.assignments(contest) if one.entry_id == entry.id]
    for position, one in enumerate(given):
        b.score(one, b.actor_of(one.seat.person), b.FULL | {"team": str(5 + position)})
    figure = db.scalars(select(RoundFigure).where(RoundFigure.entry_id == entry.id)).one()
    totals = [queries.sheet_of(one.round_id, one.entry_id, one.seat_id).total for one in given]  # type: ignore[union-attr]
    assert figure.sheets == 3
    assert figure.figure == sum(totals, Fraction(0)) / 3
    assert figure.figure_sort == pytest.approx(float(figure.figure))
    assert (figure.lowest, figure.highest) == (min(totals), max(totals))
    sheet = queries.sheet_of(given[0].round_id, entry.id, given[0].seat_id)
    assert sheet is not None
    with unit_of_work():
        services.void_sheet(sheet, "sai sót", actor=b.staff(contest, "chair"), at=b.DURING)
    db.expire_all()
    figure = db.scalars(select(RoundFigure).where(RoundFigure.entry_id == entry.id)).one()
    assert figure.sheets == 2
    assert figure.figure == sum(totals[1:], Fraction(0)) / 2


@pytest.mark.parametrize("method", ["median", "trimmed_mean", "judge_rank", "calibrated"])
def test_figures_of_every_method_can_be_ordered(db: Session, method: str) -> None:
    document = b.sample(sheets=True)
    for one in document["rounds"]:
        one.pop("gates", None)
    document["contest"]["rules"]["aggregation"]["method"] = method
    contest = b.load_sample(document=document, at=b.AFTER)
    rows = list(db.scalars(select(RoundFigure).where(RoundFigure.round_id == b.round_(contest).id)))
    assert len(rows) == 24
    assert all(row.figure is not None and row.figure_sort is not None for row in rows)
    if method == "judge_rank":
        best = max((row for row in rows), key=lambda row: row.figure_sort or 0)
        assert best.figure == min(row.figure for row in rows if row.figure is not None)


def test_unlocking_takes_judge_and_chair(contest: Any, db: Session) -> None:
    one, actor = _first(contest), b.judge(contest, "J02")
    b.score(one, actor)
    sheet = db.scalars(select(Sheet)).one()
    chair = b.staff(contest, "chair")
    with pytest.raises(Conflict), unit_of_work():
        services.reopen_sheet(sheet, actor=chair, at=b.DURING)
    with unit_of_work():
        services.ask_to_unlock(one, "Nhập nhầm", actor=actor, at=b.DURING)
    for other in (b.staff(contest, "organiser"), actor):
        with pytest.raises(Refused), unit_of_work():
            services.reopen_sheet(db.scalars(select(Sheet)).one(), actor=other, at=b.DURING)
    with unit_of_work():
        services.reopen_sheet(db.scalars(select(Sheet)).one(), actor=chair, at=b.DURING)
    assert db.scalars(select(RoundFigure)).one().figure is None
    b.score(one, actor, b.FULL | {"team": "8"})
    assert db.scalars(select(Sheet)).one().scores["team"] == "8"
    verbs = set(db.scalars(select(AuditRow.verb)))
    assert {"judging.sheet.ask_to_unlock", "judging.sheet.reopen", "judging.sheet.submit"} <= verbs


def test_a_judge_who_gets_no_sheet_back_reads_why(contest: Any, db: Session) -> None:
    one, actor = _first(contest), b.judge(contest, "J02")
    b.score(one, actor)
    sheet, chair = db.scalars(select(Sheet)).one(), b.staff(contest, "chair")
    with pytest.raises(Conflict), unit_of_work():
        services.refuse_unlock(sheet, "Không ai xin", actor=chair, at=b.DURING)
    with unit_of_work():
        services.ask_to_unlock(one, "Nhập nhầm", actor=actor, at=b.DURING)
    with unit_of_work():
        services.refuse_unlock(sheet, "Đã khớp bản ghi", actor=chair, at=b.DURING)
    assert (sheet.state, sheet.unlock_asked_at) == ("submitted", None)
    told = select(OutboxMessage).where(OutboxMessage.kind == "unlock_refused", OutboxMessage.channel == "inapp")
    message = db.scalars(told).one()
    assert (message.person_id, message.data["reason"]) == (actor.person_id, "Đã khớp bản ghi")
    assert message.data["path"] == f"/sheets/{one.id}"


def test_paper_needs_a_second_person(contest: Any, db: Session) -> None:
    one = _first(contest)
    secretary, organiser = b.staff(contest, "secretary"), b.staff(contest, "organiser")
    given = services.PaperInput(total="71,5")
    with pytest.raises(Refused), unit_of_work():
        services.enter_paper_sheet(one.round, one.entry, one.seat, given, actor=b.judge(contest, "J02"), at=b.AFTER)
    for wrong in ("101", "-1", "x", ""):
        with pytest.raises(Invalid), unit_of_work():
            services.enter_paper_sheet(
                one.round, one.entry, one.seat, services.PaperInput(total=wrong), actor=secretary, at=b.AFTER
            )
    with unit_of_work():
        services.enter_paper_sheet(one.round, one.entry, one.seat, given, actor=secretary, at=b.AFTER)
    assert db.scalar(select(func.count()).select_from(RoundFigure)) == 0
    with pytest.raises(Refused), unit_of_work():
        services.confirm_paper_sheet(db.scalars(select(Sheet)).one(), actor=secretary, at=b.AFTER)
    with unit_of_work():
        services.send_back_paper_sheet(db.scalars(select(Sheet)).one(), "giấy ghi 72", actor=organiser, at=b.AFTER)
    with unit_of_work():
        services.enter_paper_sheet(
            one.round, one.entry, one.seat, services.PaperInput(total="72"), actor=secretary, at=b.AFTER
        )
    with unit_of_work():
        services.confirm_paper_sheet(db.scalars(select(Sheet)).one(), actor=organiser, at=b.AFTER)
    sheet = db.scalars(select(Sheet)).one()
    assert (sheet.state, sheet.total, sheet.total_text, sheet.scores) == ("submitted", 72, "72", {})
    assert sheet.entered_by_id != sheet.confirmed_by_id
    assert db.scalars(select(RoundFigure)).one().figure == 72


def test_spread_alert_comes_once_when_all_sheets_are_in(contest: Any, db: Session) -> None:
    entry = b.entry(contest, "S13")
    given = [one for one in b.assignments(contest) if one.entry_id == entry.id]
    low = dict.fromkeys(b.FULL, "4")
    for position, one in enumerate(given):
        b.score(one, b.actor_of(one.seat.person), dict.fromkeys(b.FULL, "8") if position else low)
        posted = db.scalar(select(func.count()).select_from(OutboxMessage).where(OutboxMessage.kind == "spread_alert"))
        assert bool(posted) == (position == 2)
    chairs = {queries.seat_of(contest.id, "J01").person_id}  # type: ignore[union-attr]
    told = set(db.scalars(select(OutboxMessage.person_id).where(OutboxMessage.kind == "spread_alert")))
    assert chairs <= told


def test_reminders_of_each_stage_come_once(contest: Any, db: Session) -> None:
    round_ = b.round_(contest)
    half = round_.opens_at + (round_.closes_at - round_.opens_at) / 2
    counts: list[int] = []
    for moment in (
        round_.opens_at,
        half,
        half + timedelta(minutes=10),
        round_.closes_at - timedelta(hours=47),
        round_.closes_at - timedelta(hours=23),
        round_.closes_at - timedelta(hours=22),
        round_.closes_at + timedelta(hours=1),
        round_.closes_at + timedelta(hours=2),
    ):
        with unit_of_work():
            counts.append(services.send_due_reminders(moment))
    assert [bool(count) for count in counts] == [False, True, False, True, True, False, True, False]
    late = db.scalar(select(func.count()).select_from(OutboxMessage).where(OutboxMessage.kind == "sheets_late"))
    assert late


def _at_once(work: Callable[[], None], count: int = 20) -> list[BaseException]:
    """Run ``work`` in many threads at the same moment; return what was raised."""
    barrier, raised = threading.Barrier(count), []

    def run() -> None:
        with session_scope(), clock.reading(b.DURING):
            barrier.wait()
            for _attempt in range(40):
                try:
                    work()
                    return
                except (DomainError, IntegrityError) as error:
                    raised.append(error)
                    return
                except Exception as error:
                    if "locked" not in str(error):
                        raised.append(error)
                        return

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_twenty_submissions_at_once_are_one(contest: Any, db: Session) -> None:
    one, actor = _first(contest), b.judge(contest, "J02")
    _save(one, actor, scores=b.FULL)
    number = one.id
    db.rollback()

    def submit() -> None:
        with unit_of_work():
            services.submit_sheet(session().get_one(Assignment, number), actor=actor, at=b.DURING)

    raised = _at_once(submit)
    db.expire_all()
    assert all(isinstance(error, Conflict) for error in raised), raised
    assert db.scalar(select(func.count()).select_from(AuditRow).where(AuditRow.verb == "judging.sheet.submit")) == 1
    assert db.scalars(select(RoundFigure)).one().sheets == 1
    assert verify() is None


def test_twenty_first_saves_at_once_are_one_sheet(contest: Any, db: Session) -> None:
    one, actor = _first(contest), b.judge(contest, "J02")
    number = one.id
    db.rollback()

    def save() -> None:
        with unit_of_work():
            services.save_sheet(
                session().get_one(Assignment, number),
                services.SheetInput(comment=f"của luồng {threading.get_ident()}"),
                version=0,
                actor=actor,
                at=b.DURING,
            )

    raised = _at_once(save)
    db.expire_all()
    assert len(raised) == 19
    assert all(isinstance(error, Conflict | IntegrityError) for error in raised), raised
    assert db.scalars(select(Sheet)).one().version == 1
