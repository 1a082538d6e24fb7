"""The official papers of a contest, and the people whom they list."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compapp.accounts.models import Organisation
from compapp.contests.models import Body, Contest, ContestPaper, ContestRole
from compapp.contests.policy import APPROVER, ORGANISER, SECRETARY
from compapp.core.db import session


def papers_of(contest_id: int) -> dict[str, ContestPaper]:
    """Return the papers that were edited, by kind."""
    statement = select(ContestPaper).where(ContestPaper.contest_id == contest_id)
    return {row.kind: row for row in session().scalars(statement)}


def paper_of(contest_id: int, kind: str) -> ContestPaper | None:
    """Return a paper that was edited; None where nobody has touched it."""
    statement = select(ContestPaper).where(ContestPaper.contest_id == contest_id, ContestPaper.kind == kind)
    return session().scalars(statement).one_or_none()


def committee_of(contest_id: int) -> list[dict[str, str]]:
    """Return the organisers and approvers with what is known of them."""
    return _listed(contest_id, (ORGANISER, APPROVER), {ORGANISER: "Ủy viên", APPROVER: "Ủy viên"})


def secretaries_of(contest_id: int) -> list[dict[str, str]]:
    """Return the secretaries with what is known of them."""
    return _listed(contest_id, (SECRETARY,), {SECRETARY: "Thư ký"})


def _listed(contest_id: int, roles: Sequence[str], duties: dict[str, str]) -> list[dict[str, str]]:
    statement = (
        select(ContestRole)
        .where(ContestRole.contest_id == contest_id, ContestRole.role.in_(roles), ContestRole.until.is_(None))
        .options(joinedload(ContestRole.person))
        .order_by(ContestRole.id)
    )
    units = unit_names(contest_id)
    found: dict[int, dict[str, str]] = {}
    for row in session().scalars(statement):
        known = row.definition or {}
        found.setdefault(
            row.person_id,
            {
                "name": row.person.name,
                "degree": known.get("degree", ""),
                "position": known.get("position", ""),
                "unit": units.get(known.get("affiliation") or "", ""),
                "duty": duties[row.role],
            },
        )
    return list(found.values())


def unit_names(contest_id: int) -> dict[str, str]:
    """Return the Vietnamese names of a contest's organisations by their codes in its file."""
    statement = select(Body).where(Body.contest_id == contest_id).options(joinedload(Body.organisation))
    return {row.code: row.organisation.name_vi for row in session().scalars(statement)}


def vietnamese_organiser(contest: Contest) -> str:
    """Return the organiser's Vietnamese name; an empty text for none."""
    return contest.organiser.name_vi if contest.organiser else ""


def vietnamese_superior(contest: Contest) -> str:
    """Return the Vietnamese name of the body above the organiser; an empty text for none."""
    if contest.organiser is None or contest.organiser.parent_id is None:
        return ""
    return session().get_one(Organisation, contest.organiser.parent_id).name_vi
