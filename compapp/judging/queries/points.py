"""Points outside the sheets: which kinds of them people enter, and what was entered."""

from collections.abc import Sequence

from sqlalchemy import select

from compapp.contests.definition import ExtraPointRule, RoundRule
from compapp.contests.models import Round
from compapp.core.db import session
from compapp.entries.models import Entry
from compapp.judging.models import ExtraPoint
from compapp.judging.queries.rounds import entries_of_round


def given_kinds(round_: Round) -> list[ExtraPointRule]:
    """Return the kinds of points that people enter in a round (those from a vote are counted, not entered)."""
    return [extra for extra in RoundRule.of(round_).extra_points if extra.from_vote is None]


def given_points(round_id: int) -> dict[tuple[str, str], ExtraPoint]:
    """Return what was entered in a round: (entry code, kind) to the row."""
    rows = session().execute(
        select(Entry.code, ExtraPoint)
        .join(Entry, Entry.id == ExtraPoint.entry_id)
        .where(ExtraPoint.round_id == round_id)
        .order_by(Entry.code, ExtraPoint.code)
    )
    return {(code, row.code): row for code, row in rows}


def takes_part_in(round_: Round) -> Sequence[Entry]:
    """Return the entries of a round, by code."""
    return session().scalars(entries_of_round(round_).order_by(Entry.code)).all()
