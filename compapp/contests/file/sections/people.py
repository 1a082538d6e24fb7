"""The secretaries of a contest."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from compapp.contests.file import registry
from compapp.contests.file.registry import ImportContext, Section, no_check
from compapp.contests.models import Contest, ContestRole
from compapp.contests.policy import SECRETARY
from compapp.core.db import session


def _load_secretaries(_contest: Contest, data: Sequence[Mapping[str, Any]], context: ImportContext) -> None:
    for piece in data:
        person = context.person(piece["name"], email=piece.get("email"))
        context.grant(person, SECRETARY, code=piece["code"], definition=piece)


def _write_secretaries(contest: Contest) -> list[Any]:
    statement = (
        select(ContestRole)
        .where(ContestRole.contest_id == contest.id, ContestRole.role == SECRETARY, ContestRole.until.is_(None))
        .order_by(ContestRole.id)
    )
    return [row.definition for row in session().scalars(statement) if row.definition]


SECTIONS = (Section("secretaries", registry.SECRETARIES, no_check, _load_secretaries, _write_secretaries),)
