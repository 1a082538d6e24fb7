"""The eligibility round becomes decided with the last decision, and waits again when an entry comes back."""

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compapp.contests.models import Contest, Round
from compapp.contests.services import close_round, open_round
from compapp.core.actor import Actor
from compapp.core.audit import AuditRow
from compapp.core.db import session, unit_of_work
from compapp.entries import services
from tests.conftest import StoppedClock
from tests.entries import builders as b

SYSTEM = Actor.system("clock")


def _round(contest: Contest) -> Round:
    return session().scalars(select(Round).where(Round.contest_id == contest.id, Round.kind == "eligibility")).one()


@pytest.mark.parametrize("last_before_closing", [True, False])
def test_the_last_decision_decides_the_round(
    app: Flask, db: Session, clock_at: StoppedClock, last_before_closing: bool
) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    first, second = (b.a_submitted(contest, b.actor(b.person(name))) for name in ("Một Người", "Hai Người"))
    at, organiser = clock_at(b.AFTER), b.staff(contest)

    def decide(entry: object, outcome: str) -> None:
        with unit_of_work():
            services.decide_eligibility(entry, outcome, reason="Đã xem.", actor=organiser, at=at)  # type: ignore[arg-type]

    with unit_of_work():
        open_round(_round(contest), actor=SYSTEM, at=at)
    decide(first, "eligible")
    if last_before_closing:
        decide(second, "ineligible")
        assert _round(contest).state == "open", "entries may yet come"
    with unit_of_work():
        close_round(_round(contest), actor=SYSTEM, at=at)
    if not last_before_closing:
        assert _round(contest).state == "closed"
        decide(second, "ineligible")
    assert _round(contest).state == "decided"
    decide(first, "needs_fix")
    assert _round(contest).state == "closed", "one entry waits again"
    decide(first, "eligible")
    assert _round(contest).state == "decided"
    words = select(func.count()).where(AuditRow.verb == "contests.round.decide", AuditRow.contest_id == contest.id)
    assert session().scalar(words) == 2
