"""The organisations of a contest: institutions, reporting bodies, companies and funds, clubs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from compapp.accounts.models import Organisation
from compapp.accounts.services import ensure_organisation
from compapp.clubs.services import ensure_cohort
from compapp.contests.file import registry
from compapp.contests.file.registry import ImportContext, Section, no_check
from compapp.contests.models import Body, Contest
from compapp.core.db import session

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
        statement = select(Body.definition).where(Body.contest_id == contest.id, Body.section == section)
        return list(session().scalars(statement.order_by(Body.position, Body.id)))

    return write


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
