"""The definition itself: sectors, form, rubrics and rounds. The ``contest`` section makes the contest's row."""

from collections.abc import Mapping, Sequence
from typing import Any

from compapp.contests.definition.times import moment
from compapp.contests.file import registry
from compapp.contests.file.registry import ImportContext, Section, no_check
from compapp.contests.models import Board, Contest, Round, Sector
from compapp.core.db import session

Json = Mapping[str, Any]


def load_boards(contest: Contest, boards: Sequence[Json], context: ImportContext) -> None:
    """Add the boards' rows."""
    for position, piece in enumerate(boards):
        row = Board(code=piece["code"], position=position, definition=dict(piece))
        contest.boards.append(row)
        context.keep("board", row.code, row)
    session().flush()


def _load_sectors(contest: Contest, data: Sequence[Json], context: ImportContext) -> None:
    for position, piece in enumerate(data):
        row = Sector(
            code=piece["code"],
            position=position,
            province_priority=bool(piece.get("province_priority")),
            definition=dict(piece),
        )
        contest.sectors.append(row)
        context.keep("sector", row.code, row)
    session().flush()


def _load_rounds(contest: Contest, data: Sequence[Json], context: ImportContext) -> None:
    for position, piece in enumerate(data):
        row = new_round(piece, position)
        contest.rounds.append(row)
        context.keep("round", row.code, row)
    session().flush()


def new_round(piece: Json, position: int) -> Round:
    """Return the row of one item of ``rounds``, not yet in the session."""
    return Round(
        code=piece["code"],
        position=position,
        kind=piece["kind"],
        opens_at=moment(piece["opens"]),
        closes_at=moment(piece["closes"]),
        definition=dict(piece),
    )


def _load_nothing(_contest: Contest, _data: Any, _context: ImportContext) -> None:
    """The contest's row holds form and rubrics from the beginning."""


def _write_sectors(contest: Contest) -> list[Any]:
    return [row.definition for row in contest.sectors]


def _write_rounds(contest: Contest) -> list[Any]:
    return [row.definition for row in contest.rounds]


SECTIONS = (
    Section("sectors", registry.SECTORS, no_check, _load_sectors, _write_sectors, definition=True),
    Section("form", registry.FORM, no_check, _load_nothing, lambda contest: contest.form, definition=True),
    Section("rubrics", registry.RUBRICS, no_check, _load_nothing, lambda contest: contest.rubrics, definition=True),
    Section("rounds", registry.ROUNDS, no_check, _load_rounds, _write_rounds, definition=True),
)
