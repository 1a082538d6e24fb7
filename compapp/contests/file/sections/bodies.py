"""The organisations of a contest: institutions, reporting bodies, companies and funds, clubs."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any

from sqlalchemy import select

from compapp.accounts.models import Organisation
from compapp.accounts.services import ensure_organisation
from compapp.clubs.services import ensure_cohort
from compapp.contests.file import registry
from compapp.contests.file.registry import ImportContext, Section, no_check
from compapp.contests.models import Body, Contest
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.reading import read_once

Json = Mapping[str, Any]

DEPARTMENT, CLUB = "department", "club"


def _load_institutions(_contest: Contest, data: Sequence[Json], context: ImportContext) -> None:
    for position, piece in enumerate(data):
        row = ensure_organisation(
            piece["kind"],
            *names(piece),
            province=piece.get("province"),
            area_before_merger=piece.get("area_before_merger"),
            actor=context.actor,
            at=context.at,
        )
        context.add_body("institutions", position, piece, row)


def _load_bodies(_contest: Contest, data: Sequence[Json], context: ImportContext) -> None:
    for position, piece in enumerate(data):
        context.add_body("bodies", position, piece, _plain(DEPARTMENT, piece, context))


def _load_organisations(_contest: Contest, data: Sequence[Json], context: ImportContext) -> None:
    for position, piece in enumerate(data):
        context.add_body("organisations", position, piece, _plain(piece["kind"], piece, context))


def _load_clubs(_contest: Contest, data: Sequence[Json], context: ImportContext) -> None:
    for position, piece in enumerate(data):
        school = context.institution(piece.get("institution"))
        club = _plain(CLUB, piece, context, parent_id=school.id if school else None)
        context.add_body("clubs", position, piece, club)
        for cohort in piece.get("cohorts") or ():
            ensure_cohort(
                club,
                cohort["term"],
                size=cohort.get("size", 0),
                goal_entries=cohort.get("goal_entries", 0),
                actor=context.actor,
                at=context.at,
            )


def names(piece: Json) -> tuple[str, str]:
    """Return the Vietnamese and the English name of an item; the one stands in for a missing other."""
    name = piece["name"]
    return name.get("vi") or name["en"], name.get("en") or name["vi"]


def _plain(kind: str, piece: Json, context: ImportContext, parent_id: int | None = None) -> Organisation:
    return ensure_organisation(kind, *names(piece), parent_id=parent_id, actor=context.actor, at=context.at)


def writer(section: str) -> Callable[[Contest], list[Any]]:
    """Return how the bodies of one section are written: their JSON in the file's order."""

    def write(contest: Contest) -> list[Any]:
        return deepcopy(_definitions(contest.id).get(section, []))

    return write


@read_once
def _definitions(contest_id: int) -> dict[str, list[Any]]:
    """Return the bodies of every section as the file writes them: one statement for a page that writes it all."""
    rows = session().execute(
        select(Body.section, Body.definition).where(Body.contest_id == contest_id).order_by(Body.position, Body.id)
    )
    found: dict[str, list[Any]] = {}
    for section, definition in rows:
        found.setdefault(section, []).append(definition)
    return found


SECTIONS = (
    Section(
        "institutions",
        registry.INSTITUTIONS,
        no_check,
        _load_institutions,
        writer("institutions"),
        definition=True,
    ),
    Section("bodies", registry.BODIES, no_check, _load_bodies, writer("bodies"), definition=True),
    Section(
        "organisations",
        registry.ORGANISATIONS,
        no_check,
        _load_organisations,
        writer("organisations"),
        definition=True,
    ),
    Section("clubs", registry.CLUBS, no_check, _load_clubs, writer("clubs"), definition=True),
)


def body_codes(contest: Contest, section: str) -> set[str]:
    """Return the codes of one section's organisations in this contest."""
    statement = select(Body.code).where(Body.contest_id == contest.id, Body.section == section)
    return set(session().scalars(statement))


def apply_bodies(
    contest: Contest, document: Json, sections: Sequence[str], *, removing: bool, actor: Actor, at: datetime
) -> None:
    """Make the organisations of these sections those of a revised ``document``.

    What is new is tied to its organisation; a present code stays tied to the one it has. What is gone is removed
    only when ``removing``; the organisation itself stays.
    """
    context = ImportContext(contest, document, actor, at)
    for name in sections:
        statement = select(Body).where(Body.contest_id == contest.id, Body.section == name)
        present = {row.code: row for row in session().scalars(statement)}
        pieces = document.get(name) or []
        claimed = registry.section(name)
        added = [piece for piece in pieces if piece["code"] not in present]
        if added and claimed is not None:
            claimed.load(contest, added, context)
            session().flush()
            present = {row.code: row for row in session().scalars(statement)}
        for position, piece in enumerate(pieces):
            present[piece["code"]].position, present[piece["code"]].definition = position, dict(piece)
        for code in set(present) - {piece["code"] for piece in pieces} if removing else ():
            session().delete(present[code])
