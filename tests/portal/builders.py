"""A whole contest and a published round, for the tests of public pages and figures."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from compapp.contests.file import reader
from compapp.contests.models import Contest, Round
from compapp.core.actor import Actor
from compapp.core.db import session, unit_of_work
from compapp.judging.models import Publication
from tests.contests.builders import sample

IMPORTER = Actor.system("test")


def whole_sample() -> dict[str, Any]:
    """Import the sample with everything in it, open it, and return its document."""
    document = sample()
    with unit_of_work():
        contest = reader.load(document, actor=IMPORTER, at=datetime(2026, 9, 15, 1, tzinfo=UTC))
        contest.state = "open"
    return document


def publish(contest: Contest, round_code: str, *, at: datetime, public_from: datetime, number: int = 1) -> None:
    """Publish an empty result of a round."""
    with unit_of_work():
        round_ = session().scalars(select(Round).where(Round.contest_id == contest.id, Round.code == round_code)).one()
        session().add(
            Publication(
                round_id=round_.id,
                number=number,
                content={"boards": [], "awards": []},
                inputs_hash="0" * 64,
                content_hash="0" * 64,
                difference={},
                reason="",
                published_at=at,
                public_from=public_from,
                published_by_name="Ban tổ chức",
            )
        )
