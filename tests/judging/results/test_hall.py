"""A live round as it is held: the lot, the door, the stage with its clock, the screen, the panel, the awards."""

import contextlib
import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compapp.contests.models import Contest
from compapp.core.actor import Actor
from compapp.core.db import session, unit_of_work
from compapp.core.outbox import OutboxMessage
from compapp.judging import services
from compapp.judging.models import Hall, PitchSlot
from compapp.judging.queries.hall import halls_of, slots_of
from compapp.judging.queries.results import draws_of
from compapp.judging.services.hall import order, stage
from tests.judging import builders
from tests.judging.results import play

pytestmark = pytest.mark.one_database

BEGIN = play.R2_HELD.replace(hour=0, minute=30)
"""The semi-final opens (07:30 in Vietnam)."""
MINUTE = timedelta(minutes=1)
SignIn = Callable[[Actor | None], Any]


def semi_final(panel: tuple[str, ...] = ("J02", "J05", "J09")) -> Contest:
    """Play the contest up to the morning of its semi-final: drawn, and a panel given every entry."""
    contest = play.loaded()
    play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)
    round_ = builders.round_(contest, "R2")
    with unit_of_work():
        seats = [builders.seat(contest, code) for code in panel]
        services.assign_panel(round_, seats, actor=play.organiser(contest), at=play.R1_PUBLISHED)
    with unit_of_work():
        order.draw_order(round_, seed="phu-sa", actor=secretary(contest), at=play.R1_PUBLISHED)
    return contest


def secretary(contest: Contest) -> Actor:
    return builders.staff(contest, "secretary")


def the_slots(contest: Contest) -> list[PitchSlot]:
    return slots_of(builders.round_(contest, "R2").id)


def the_hall(contest: Contest) -> Hall:
    return halls_of(builders.round_(contest, "R2").id)[0]


def press(contest: Contest, position: int, deed: str, at: datetime) -> PitchSlot:
    with unit_of_work():
        return stage.press(the_slots(contest)[position - 1], deed, actor=secretary(contest), at=at)


def posted(kind: str) -> int:
    count = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.kind == kind)
    return int(session().scalar(count) or 0)


def test_anybody_draws_the_order_again_from_the_public_page(
    db: Session, client: FlaskClient, sign_in: SignIn, clock_at: Any
) -> None:
    contest = semi_final()
    clock_at(BEGIN)
    sign_in(None)
    page = client.get(f"/results/{contest.code}/draws/R2")
    program = unescape(re.search(r"<pre[^>]*>(.*?)</pre>", page.text, re.DOTALL)[1])  # type: ignore[index]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(program, {})
    drawn = draws_of(builders.round_(contest, "R2").id)
    assert said.getvalue().strip() == str(drawn[0].order)
    assert all(slot.entry.title["vi"] in unescape(page.text) for slot in the_slots(contest))
    assert [slot.entry.code for slot in the_slots(contest)] == [code for draw in drawn for code in draw.order]
    assert client.get(f"/results/{contest.code}/draws/R3").status_code == 404
