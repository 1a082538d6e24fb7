"""What another rule would give, and what a deed changed: reckoned for the page, stored nowhere."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compapp.core.actor import Actor
from compapp.core.audit import AuditRow
from compapp.core.db import session, unit_of_work
from compapp.judging import services
from compapp.judging.models import SeatConflict, Sheet, StandingsRun
from tests.judging import builders as b
from tests.judging.results import play
from tests.judging.results.test_pages import sign_in

__all__ = ["sign_in"]

pytestmark = pytest.mark.one_database

ROW = re.compile(r'<th scope="row"[^>]*>[^<]*<span class="cell-note">(\w+)</span></th>(.*?)</tr>', re.DOTALL)


def moved(page: str) -> dict[str, str]:
    """Return what the table of differences says of each entry."""
    said = {"Vào danh sách": "enters", "Ra khỏi danh sách": "leaves", "Chỉ đổi hạng hoặc điểm": "moves"}
    return {
        code: next(word for text, word in said.items() if text in cells)
        for code, cells in ROW.findall(page.split('id="differences"')[1])
    }


def test_another_rule_shows_who_enters_and_leaves_and_stores_nothing(
    db: Session, client: FlaskClient, sign_in: Callable[[Actor], None]
) -> None:
    contest = play.loaded()
    chair = play.chair(contest)
    sign_in(chair)
    path = f"/contests/{contest.code}/standings/R1/what-if"
    before = [session().scalar(select(func.count()).select_from(table)) for table in (AuditRow, StandingsRun)]
    assert 'id="differences"' not in client.get(path).text, "nothing is supposed yet"
    assert moved(client.get(f"{path}?places-student=7").text) == {"S14": "leaves"}
    assert moved(client.get(f"{path}?no_zero=none").text)["P07"] == "enters"
    assert moved(client.get(f"{path}?sheet=S01:J01").text)["S01"] == "moves"
    unchanged = client.get(f"{path}?method=mean&places-student=8&judge=&min_total=50").text
    assert 'id="differences"' not in unchanged, "the rule itself is no supposition"
    wrong = client.get(f"{path}?min_total=nhiều&places-pupil=4,5").text
    assert wrong.count('aria-invalid="true"') == 2
    assert 'value="nhiều"' in wrong
    assert 'value="4,5"' in wrong
    after = [session().scalar(select(func.count()).select_from(table)) for table in (AuditRow, StandingsRun)]
    assert before == after
    with unit_of_work():
        session().add(
            SeatConflict(
                seat_id=b.seat(contest, "J01").id,
                entry_id=b.entry(contest, "P07").id,
                kind="family",
                note="",
                declared_at=b.DURING,
                declared_by_name="x",
            )
        )
    assert "P07" not in moved(client.get(f"{path}?no_zero=none").text), "a conflict beats every office"


def test_what_a_void_changed_is_shown_before_and_after(
    db: Session, client: FlaskClient, sign_in: Callable[[Actor], None], clock_at: Any
) -> None:
    clock_at(play.R1_PUBLISHED)
    contest = play.loaded()
    play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)
    sheet = (
        session().scalars(select(Sheet).join(Sheet.seat).where(Sheet.entry_id == b.entry(contest, "S01").id)).first()
    )
    assert sheet is not None
    total = sheet.total
    with unit_of_work():
        services.void_sheet(sheet, "nhầm đội", actor=play.organiser(contest), at=play.CONFLICT_FOUND)
    sign_in(play.organiser(contest))
    path = f"/contests/{contest.code}/standings/R1/differences"
    listed = client.get(path).text
    [deed] = re.findall(r"deed=(\d+)", listed)
    assert "nhầm đội" in listed
    page = client.get(f"{path}?deed={deed}").text
    assert set(moved(page)) == {"S01"}
    assert "83,33" in page
    assert total is not None
    published = client.get(f"{path}?before=p1&after=now").text
    assert set(moved(published)) == {"S01"}, "the publication is the state before the void"
    tied = client.get(f"/contests/{contest.code}/standings/R1/entries/S08").text
    assert "giá trị 7,1667, S14: 7,5000 – phân định được" in tied, "both values of a tie stand side by side"
    with unit_of_work():
        sheet.void_reason = "conflict: supervisor_or_mentor"
    shown = client.get(f"/contests/{contest.code}/standings/R1/entries/S01").text
    assert "xung đột lợi ích (Đang hướng dẫn hoặc cố vấn)" in shown and "supervisor_or_mentor" not in shown
