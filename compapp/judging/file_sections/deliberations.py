"""``deliberations``: that the jury met on a round, and how it votes there; what was said stays in the room."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from compapp.contests.definition import moment
from compapp.contests.definition.rounds import SCORED
from compapp.contests.file.faults import Fault
from compapp.contests.file.registry import ImportContext
from compapp.contests.models import Contest, Round
from compapp.core.db import session
from compapp.core.text import N_
from compapp.judging.file_sections.pitches import is_plain_time, plain_time, times_in
from compapp.judging.models import Deliberation

Json = Mapping[str, Any]


def check_deliberations(data: Mapping[str, Json], document: Json) -> list[Fault]:
    """Return a fault for a round without judges, and for times in another form."""
    kinds = {piece["code"]: piece.get("kind") for piece in document.get("rounds") or ()}
    faults = [
        Fault(path, N_("Write this time like 2026-12-19T08:00:00+07:00."))
        for path, text in times_in(data, "deliberations")
        if not is_plain_time(text)
    ]
    faults += [
        Fault(f"deliberations.{code}.{key}", N_("The key “%(key)s” is missing."), {"key": key})
        for code, piece in data.items()
        for key, other in (("closed", "closed_by"), ("closed_by", "closed"))
        if other in piece and key not in piece
    ]
    return faults + [
        Fault(f"deliberations.{code}", N_("Only a round with judges is deliberated on."))
        for code in data
        if kinds.get(code) not in SCORED
    ]


def load_deliberations(contest: Contest, data: Mapping[str, Json], context: ImportContext) -> None:
    """Add the rooms."""
    for code, piece in data.items():
        session().add(
            Deliberation(
                round_id=context.round(code).id,
                is_secret=piece["ballot"] == "secret",
                opened_at=moment(piece["opened"]),
                opened_by_name=piece["opened_by"],
                closed_at=moment(piece.get("closed")),
                closed_by_name=piece.get("closed_by"),
            )
        )
    session().flush()


def write_deliberations(contest: Contest) -> Any:
    """Return the rooms by round code."""
    rows = session().execute(
        select(Deliberation, Round.code)
        .join(Round, Round.id == Deliberation.round_id)
        .where(Round.contest_id == contest.id)
        .order_by(Round.position)
    )
    return {code: _room(row) for row, code in rows} or None


def _room(row: Deliberation) -> dict[str, Any]:
    piece: dict[str, Any] = {
        "ballot": "secret" if row.is_secret else "open",
        "opened": plain_time(row.opened_at),
        "opened_by": row.opened_by_name,
    }
    if row.closed_at is not None:
        piece |= {"closed": plain_time(row.closed_at), "closed_by": row.closed_by_name or ""}
    return piece
