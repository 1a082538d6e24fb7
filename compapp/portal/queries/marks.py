"""Marks: short texts that change whenever a public page would. One or two small reads each, no page is built."""

from datetime import datetime

from sqlalchemy import func, select

from compapp.contests.lifecycle import DRAFT
from compapp.contests.models import Contest, Round
from compapp.core.db import session
from compapp.judging.models import Publication


def mark_of_contest(code: str, at: datetime) -> str | None:
    """Return the mark of a contest's public page; None for a draft or an unknown contest."""
    contest = (
        session()
        .execute(
            select(Contest.id, Contest.version, Contest.state, Contest.opens_at, Contest.closes_at).where(
                Contest.code == code, Contest.state != DRAFT
            )
        )
        .one_or_none()
    )
    if contest is None:
        return None
    rounds = session().execute(
        select(Round.id, Round.state, Round.opens_at, Round.closes_at, func.count(Publication.id))
        .outerjoin(Publication, (Publication.round_id == Round.id) & (Publication.public_from <= at))
        .where(Round.contest_id == contest.id)
        .group_by(Round.id, Round.state, Round.opens_at, Round.closes_at)
        .order_by(Round.id)
    )
    return repr((tuple(contest), [tuple(row) for row in rounds]))


def mark_of_all(at: datetime) -> str:
    """Return the mark of the pages that show every announced contest."""
    contests = session().execute(
        select(Contest.id, Contest.version, Contest.state, Contest.opens_at, Contest.closes_at)
        .where(Contest.state != DRAFT)
        .order_by(Contest.id)
    )
    published = session().execute(select(func.count(), func.max(Publication.id)).where(Publication.public_from <= at))
    return repr(([tuple(row) for row in contests], [tuple(row) for row in published]))
