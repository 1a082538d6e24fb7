"""Points from a public vote: the entry with the most votes of its board gets all of them, the others in proportion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from compapp.judging.scoring.exact import to_fraction
from compapp.judging.scoring.model import Point

Json = Mapping[str, Any]


def voted_kinds(round_piece: Json) -> list[Json]:
    """Return the kinds of extra points of a round that come from a public vote."""
    return [extra for extra in round_piece.get("extra_points") or () if extra.get("from_vote")]


def points_of_votes(extra: Json, votes: Iterable[tuple[str, str, int]]) -> list[Point]:
    """Return the exact points of one kind from (entry, board, votes); a board without a vote has none."""
    counted = [(entry, board, count) for entry, board, count in votes if count > 0]
    most: dict[str, int] = {}
    for _entry, board, count in counted:
        most[board] = max(count, most.get(board, 0))
    worth = to_fraction(extra["max"])
    return [Point(entry, extra["code"], worth * Fraction(count, most[board])) for entry, board, count in counted]


def vote_points_of_file(round_piece: Json, document: Json) -> list[Point]:
    """Return the points that a contest file's ``votes`` give the entries of a round."""
    boards = {one["code"]: one["board"] for one in document.get("entries") or ()}
    return [
        point
        for extra in voted_kinds(round_piece)
        for point in points_of_votes(
            extra,
            (
                (one["entry"], boards[one["entry"]], one["votes"])
                for one in (document.get("votes") or {}).get(extra["from_vote"], ())
            ),
        )
    ]
