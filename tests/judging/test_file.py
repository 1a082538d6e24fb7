"""The sections of the contest file: what is loaded comes out equal, what cannot be is refused with its path."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compapp.contests.file.faults import ContestFileRefused
from compapp.contests.file.reader import faults_of
from compapp.contests.models import ContestRole
from compapp.judging.file_sections.deliberations import write_deliberations
from compapp.judging.file_sections.judges import write_judges
from compapp.judging.file_sections.panels import write_panels
from compapp.judging.file_sections.pitches import write_pitches
from compapp.judging.file_sections.sheets import write_sheets
from compapp.judging.models import Assignment, RoundFigure, Sheet
from tests.judging import builders as b

TIME = "2027-01-23T08:00:00+07:00"
HALL = {
    "name": "Hội trường A",
    "starts": TIME,
    "boards": ["pupil"],
    "pitch_minutes": 8,
    "qa_minutes": 10,
    "change_minutes": 2,
    "pause_after": 5,
    "pause_minutes": 15,
}


def test_judges_and_sheets_come_out_as_they_came(db: Session) -> None:
    document = b.sample()
    contest = b.load_sample(sheets=True, at=b.AFTER)
    assert write_judges(contest) == document["judges"]
    assert write_sheets(contest) == document["sheets"]
    assert write_panels(contest) is None
    assert db.scalar(select(func.count()).select_from(Sheet)) == 189
    roles = db.scalars(select(ContestRole.role).where(ContestRole.contest_id == contest.id))
    assert sorted(roles).count("judge") == 12


def test_kept_figures_are_the_expected_ones(db: Session) -> None:
    contest = b.load_sample(sheets=True, at=b.AFTER)
    figures = {
        row.entry.code: row.figure
        for row in db.scalars(select(RoundFigure).where(RoundFigure.round_id == b.round_(contest, "R2").id))
    }
    assert float(figures["S01"] or 0) == pytest.approx(81.65)
    assert float(figures["P03"] or 0) == pytest.approx(66.45)


def test_panels_and_odd_sheets_come_out_as_they_came(db: Session) -> None:
    document = b.sample()
    document["panels"] = [{"code": "P1", "round": "R3", "judges": ["J01", "J02"], "entries": ["S01", "S02"]}]
    sheets = document["sheets"]["R1"]
    sheets[0] |= {"void": True, "reason": "xung đột"}
    sheets[1] |= {"comment": "tốt", "comments": {"team": "đủ người"}}
    sheets[2] |= {"submitted": {"at": "2026-11-25T10:00:00+07:00", "day": 71}}
    sheets[3] = {"entry": sheets[3]["entry"], "judge": sheets[3]["judge"], "scores": {"team": 5}, "submitted": False}
    document["deliberations"] = {"R1": {"ballot": "secret", "opened": TIME, "opened_by": "Trưởng ban"}}
    document["pitches"] = {"R3": {"plan": {"report_minutes": 20, "late_rule": "out"}, "halls": [HALL]}}
    contest = b.load_sample(document=document, at=b.AFTER)
    assert write_panels(contest) == document["panels"]
    assert write_deliberations(contest) == document["deliberations"]
    assert write_pitches(contest) == document["pitches"]
    assert write_sheets(contest) == document["sheets"]
    assert db.scalar(select(func.count()).select_from(Assignment)) == 189


def test_impossible_halls_and_rooms_are_named(db: Session) -> None:
    """The database is not asked: these are faults of the file by itself."""
    b.claim_sections()
    document = b.sample(sheets=False)
    twice = [{"entry": "S01", "state": "pitching", "starts": TIME}] * 2
    draw = {"board": "pupil", "seed": "1", "order": ["S01"], "at": "2026-12-19 08:00Z", "by": "Thư ký"}
    document["pitches"] = {"R3": {"halls": [{**HALL, "slots": twice}], "draws": [draw, draw]}, "R1": {"halls": [HALL]}}
    document["deliberations"] = {"RV": {"ballot": "open", "opened": TIME, "opened_by": "X", "closed": TIME}}
    found = {fault.path for fault in faults_of(document)}
    assert {
        "pitches.R1",
        "pitches.R3.halls[0].slots",
        "pitches.R3.halls[0].slots[1].entry",
        "pitches.R3.draws[0].at",
        "pitches.R3.draws[1].board",
        "pitches.R3.draws[0].order",
        "deliberations.RV",
        "deliberations.RV.closed_by",
    } <= found


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda sheet: sheet["scores"].update(team=10.5), "scores.team"),
        (lambda sheet: sheet["scores"].update(team=7.3), "scores.team"),
        (lambda sheet: sheet["scores"].pop("team"), "scores.team"),
        (lambda sheet: sheet.update(total="70"), "sheets.R1[0]"),
        (lambda sheet: sheet.update(void=True), "sheets.R1[0].reason"),
        (lambda sheet: sheet.pop("scores"), "sheets.R1[0]"),
    ],
)
def test_impossible_sheets_refuse_the_file(db: Session, change: Any, path: str) -> None:
    document = b.sample()
    change(document["sheets"]["R1"][0])
    with pytest.raises(ContestFileRefused) as refused:
        b.load_sample(document=document, at=b.AFTER)
    assert any(path in str(fault) for fault in refused.value.faults)
    assert db.scalar(select(func.count()).select_from(Sheet)) == 0


def test_twice_the_same_judge_is_refused(db: Session) -> None:
    document = b.sample()
    document["sheets"]["R1"].append(dict(document["sheets"]["R1"][0]))
    with pytest.raises(ContestFileRefused):
        b.load_sample(document=document, at=b.AFTER)
