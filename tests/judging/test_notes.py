"""A judge's own note: for that judge alone, also after handing in, and never overwritten unseen."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, NotFound
from compapp.judging import services
from tests.conftest import StoppedClock
from tests.judging import builders as b

SECRET = "GHICHÚRIÊNG"


def test_a_note_is_the_judges_alone(db: Session, app: Any, clock_at: StoppedClock, sign_in: Any) -> None:
    clock_at(b.DURING)
    contest = b.load_sample()
    b.assign_all(contest)
    one = b.assignments(contest, judge="J02")[0]
    number, own = one.id, b.judge(contest, "J02")
    other = next(x for x in b.assignments(contest) if x.entry_id == one.entry_id and x.seat_id != one.seat_id)
    with unit_of_work():
        assert services.keep_note(one, SECRET, version=0, actor=own, at=b.DURING) == 1
    b.score(one, own)
    with unit_of_work():
        assert services.keep_note(one, f"{SECRET} 2", version=1, actor=own, at=b.DURING) == 2
    with unit_of_work(), pytest.raises(Conflict):
        services.keep_note(one, "từ máy khác", version=1, actor=own, at=b.DURING)
    colleague = b.actor_of(other.seat.person)
    with unit_of_work(), pytest.raises(NotFound):
        services.keep_note(one, "của người khác", actor=colleague, at=b.DURING)
    b.score(other, colleague)
    assert f"{SECRET} 2" in sign_in(own).get(f"/sheets/{number}").text
    assert SECRET not in sign_in(own).get(f"/sheets/{number}/print").text
    clock_at(b.AFTER)
    assert SECRET not in sign_in(colleague).get(f"/sheets/{other.id}").text
    for page in ("standings/R1", "progress/R1", "unlocking"):
        assert SECRET not in sign_in(b.judge(contest, "J01")).get(f"/contests/{contest.code}/{page}").text
