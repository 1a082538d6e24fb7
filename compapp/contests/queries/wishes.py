"""What contests want of their messages, read when these are delivered."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from compapp.contests.models import Contest
from compapp.contests.setup.messages import own_words, switched_off
from compapp.core.db import session
from compapp.notifications.wishes import Wishes


def message_wishes(contest_ids: Collection[int]) -> Mapping[int, Wishes]:
    """Return the wishes of these contests, in one statement; who wants nothing is left out."""
    rows = session().execute(
        select(Contest.id, Contest.definition["messages"]).where(Contest.id.in_(list(contest_ids)))
    )
    pieces = {row[0]: {"messages": row[1]} for row in rows if row[1]}
    return {contest_id: Wishes(switched_off(piece), own_words(piece)) for contest_id, piece in pieces.items()}
