"""Points beside the sheets as standings count them: those that were entered, and those that public votes give."""

from collections.abc import Mapping

from sqlalchemy import select

from compapp.contests.models import Board, Contest, Round
from compapp.core.db import session
from compapp.core.numbers import exact
from compapp.entries.models import Entry
from compapp.judging.models import ExtraPoint, VoteResult
from compapp.judging.scoring.model import Point
from compapp.judging.scoring.vote_points import points_of_votes, voted_kinds


def points_of_rounds(contest: Contest, rounds: Mapping[int, Round]) -> dict[int, list[Point]]:
    """Return all points beside the sheets of these rounds (by id): two statements, one where no vote counts."""
    rows = session().execute(
        select(ExtraPoint.round_id, Entry.code, ExtraPoint.code, ExtraPoint.value_text)
        .join(Entry, Entry.id == ExtraPoint.entry_id)
        .where(ExtraPoint.round_id.in_(rounds))
        .order_by(Entry.code, ExtraPoint.code)
    )
    gathered: dict[int, list[Point]] = {}
    for round_id, entry, code, value in rows:
        gathered.setdefault(round_id, []).append(Point(entry, code, exact(value)))
    for round_id, voted in vote_points(contest, rounds).items():
        gathered.setdefault(round_id, []).extend(voted)
    return gathered


def vote_points(contest: Contest, rounds: Mapping[int, Round]) -> dict[int, list[Point]]:
    """Return the points of each of these rounds (by id) that come from a vote: one statement, none without such."""
    kinds = {round_id: found for round_id, round_ in rounds.items() if (found := voted_kinds(round_.definition))}
    if not kinds:
        return {}
    wanted = {extra["from_vote"] for found in kinds.values() for extra in found}
    rows = session().execute(
        select(Round.code, Entry.code, Board.code, VoteResult.votes)
        .join(Round, Round.id == VoteResult.round_id)
        .join(Entry, Entry.id == VoteResult.entry_id)
        .join(Board, Board.id == Entry.board_id)
        .where(Round.contest_id == contest.id, Round.code.in_(wanted))
        .order_by(Entry.code)
    )
    votes: dict[str, list[tuple[str, str, int]]] = {}
    for vote, entry, board, count in rows:
        votes.setdefault(vote, []).append((entry, board, count))
    return {
        round_id: [point for extra in found for point in points_of_votes(extra, votes.get(extra["from_vote"], ()))]
        for round_id, found in kinds.items()
    }


def rounds_counting(vote: Round) -> list[Round]:
    """Return the rounds whose standings count the public vote ``vote``."""
    return [
        one
        for one in vote.contest.rounds
        if any(extra["from_vote"] == vote.code for extra in voted_kinds(one.definition))
    ]
