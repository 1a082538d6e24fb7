"""The pages of results: who may open them, what they show, and what they must never show."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.contests.models import Contest
from compapp.core import actor as acting_as
from compapp.core.actor import Actor
from compapp.entries.models import TeamMember
from tests.judging import builders
from tests.judging.results import play


@pytest.fixture
def sign_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[Actor], None]:
    """Let an actor act in every request from now on."""

    def become(actor: Actor) -> None:
        monkeypatch.setattr(acting_as, "_current", _Fixed(actor))

    return become


class _Fixed:
    """A context variable that always holds one actor."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    def get(self) -> Actor:
        return self.actor

    def set(self, _value: Any) -> None:
        return None

    def reset(self, _token: Any) -> None:
        return None


STAFF_PAGES = (
    "/contests/{code}/standings/R1",
    "/contests/{code}/standings/R1/leaderboard",
    "/contests/{code}/standings/R1/entries/S01",
    "/contests/{code}/standings/R1/severity",
    "/contests/{code}/shortlist/R1",
    "/contests/{code}/publications/R1",
    "/contests/{code}/votes/RV",
    "/contests/{code}/pitch/R2",
)


def member_of(contest: Contest, code: str) -> Actor:
    member = builders.session().scalars(
        select(TeamMember).where(TeamMember.entry_id == builders.entry(contest, code).id, TeamMember.position == 0)
    ).one()
    assert member.person is not None
    return builders.actor_of(member.person)


@pytest.mark.parametrize("role", ["organiser", "secretary", "chair"])
def test_staff_opens_every_page(client: FlaskClient, sign_in: Callable[[Actor], None], role: str) -> None:
    contest = play.loaded()
    play.team(contest)
    play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)
    play.late_conflict(contest)
    sign_in(builders.staff(contest, role))
    for page in STAFF_PAGES:
        answer = client.get(page.format(code=contest.code))
        assert answer.status_code == 200, (page, answer.status_code, answer.text[:2000])
