"""Kept figures are the recomputed ones after any sequence of sheets, voids, reopenings, recusals, replaced judges.

The record, played backwards, gives the standings of every moment between.
"""

from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compapp.contests.models import Contest, Round
from compapp.core.audit import AuditRow
from compapp.core.db import keep_answers, session, session_scope, unit_of_work
from compapp.core.errors import DomainError
from compapp.judging import services
from compapp.judging.models import Assignment, RoundFigure, Seat, Sheet
from compapp.judging.queries.standings import RoundInputs, round_inputs
from compapp.judging.queries.states import deeds_of, inputs_before, state_now
from compapp.judging.scoring.standings import round_figures
from compapp.judging.services.paper import PaperInput, confirm_paper_sheet, enter_paper_sheet
from tests.judging import builders as b

pytestmark = pytest.mark.one_database

STEPS = 45
Totals = dict[str, tuple[str | None, int]]


class Play:
    """One contest in which things happen by chance, each at its own moment."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.contest: Contest = b.load_sample()
        b.assign_all(self.contest)
        self.at = b.DURING
        self.done: set[str] = set()

    def step(self) -> None:
        self.at += timedelta(hours=4)
        deeds = (
            [self.sheet] * 8 + [self.paper] * 2 + [self.reopen] * 3 + [self.void, self.recuse, self.replace, self.late]
        )
        deed = self.chance.choice(deeds)
        with suppress(DomainError, IndexError):
            deed()
            self.done.add(deed.__name__)

    def given(self) -> Assignment:
        found: Assignment = self.chance.choice(b.assignments(self.contest))
        return found

    def scores(self) -> dict[str, str]:
        return {code: str(self.chance.randint(9, 17) / 2) for code in b.FULL}

    def sheet(self) -> None:
        given = self.given()
        b.score(given, b.actor_of(given.seat.person), self.scores(), self.at)

    def late(self) -> None:
        given = self.given()
        with unit_of_work():
            given.due_at = self.at + timedelta(days=30)
        b.score(given, b.actor_of(given.seat.person), self.scores(), self.at)

    def paper(self) -> None:
        given = self.given()
        who = [b.staff(self.contest, "secretary"), b.staff(self.contest, "organiser")]
        with unit_of_work():
            figures = PaperInput(total=str(self.chance.randint(0, 200) / 2))
            sheet = enter_paper_sheet(given.round, given.entry, given.seat, figures, actor=who[0], at=self.at)
        if self.chance.random() < 0.7:
            with unit_of_work():
                confirm_paper_sheet(sheet, actor=who[1], at=self.at)

    def counted(self) -> Sheet:
        found = list(session().scalars(select(Sheet).where(Sheet.state == "submitted").order_by(Sheet.id)))
        return self.chance.choice(found)

    def reopen(self) -> None:
        sheet = self.counted()
        given = session().scalars(select(Assignment).where(Assignment.seat_id == sheet.seat_id)).all()
        own = next(one for one in given if one.entry_id == sheet.entry_id and one.round_id == sheet.round_id)
        with unit_of_work():
            services.ask_to_unlock(own, "nhầm cột", actor=b.actor_of(sheet.seat.person), at=self.at)
        with unit_of_work():
            services.reopen_sheet(sheet, actor=b.staff(self.contest, "chair"), at=self.at)
        if self.chance.random() < 0.6:
            b.score(own, b.actor_of(sheet.seat.person), self.scores(), self.at + timedelta(hours=1))

    def void(self) -> None:
        with unit_of_work():
            services.void_sheet(self.counted(), "sai", actor=b.staff(self.contest, "organiser"), at=self.at)

    def recuse(self) -> None:
        given = self.given()
        with unit_of_work():
            services.recuse(given, kind="family", actor=b.actor_of(given.seat.person), at=self.at)

    def replace(self) -> None:
        seats = session().scalars(select(Seat).where(Seat.contest_id == self.contest.id, ~Seat.chair)).all()
        with unit_of_work():
            services.replace_judge(
                self.chance.choice(seats), "ốm", actor=b.staff(self.contest, "organiser"), at=self.at
            )


def as_a_page_reads(round_id: int) -> str:
    """Return the fingerprint of the standings that a page shows, which may have been reckoned for another page."""
    with session_scope():
        keep_answers()
        return round_inputs(session().get_one(Round, round_id)).hash


def reckoned(inputs: RoundInputs) -> dict[str, Any]:
    figures = round_figures(inputs.own.sheets, inputs.own.rule, inputs.entrants, inputs.own.points).figures
    return {entry: figure for entry, figure in figures.items() if figure is not None}


def kept(round_id: int) -> dict[str, Any]:
    rows = session().scalars(select(RoundFigure).where(RoundFigure.round_id == round_id))
    return {row.entry.code: row.figure for row in rows if row.figure is not None}


def told(inputs: RoundInputs) -> Totals:
    return {entry: (one.total, one.sheets) for entry, one in state_now(inputs).items() if one.sheets}


def test_kept_figures_follow_every_sequence_and_the_record_tells_each_moment(db: Session) -> None:
    play = Play(7)
    round_ = b.round_(play.contest)
    moments: list[tuple[int, Totals]] = []
    for _step in range(STEPS):
        play.step()
        session().expire_all()
        inputs = round_inputs(round_)
        assert kept(round_.id) == reckoned(inputs)
        assert as_a_page_reads(round_.id) == as_a_page_reads(round_.id) == inputs.hash
        moments.append((session().scalar(select(func.max(AuditRow.id))) or 0, told(inputs)))
    assert play.done >= {"sheet", "paper", "reopen", "void", "recuse", "replace"}
    now = round_inputs(round_)
    sheet_deeds = [row.id for row in session().scalars(select(AuditRow).where(AuditRow.subject_kind == "sheet"))]
    for last, totals in moments:
        before = [one for one in sheet_deeds if one <= last]
        if before:
            assert told(inputs_before(now, max(before), including=True)) == totals
    shown = deeds_of(now)
    assert shown
    assert {one.verb.split(".")[-1] for one in shown} >= {"reopen", "void"}
