"""Past winners as organisers imported them, and who on a team is one of them: a hint for a person to decide on."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, or_, select

from compapp.accounts.models import Organisation, Person
from compapp.core.db import session
from compapp.core.text import fold
from compapp.entries.lifecycle import DRAFT
from compapp.entries.models import Entry, PastAward, TeamMember


def past_awards(contest_id: int) -> list[PastAward]:
    """Return the winners that the contest's organisers imported, by source and name."""
    rows = select(PastAward).where(PastAward.contest_id == contest_id)
    return list(session().scalars(rows.order_by(PastAward.source, PastAward.name_fold, PastAward.id)))


def count_of_past_awards(contest_id: int) -> int:
    """Return how many past winners are known to the contest."""
    return session().scalar(select(func.count(PastAward.id)).where(PastAward.contest_id == contest_id)) or 0


def winners_among(contest_id: int, entry_ids: Sequence[int] | None = None) -> dict[int, list[tuple[str, PastAward]]]:
    """Return who on which team has won before: entry id to (member's name, award).

    A member is the winner when e-mail address or student number agree, or folded name and school. ``entry_ids``
    narrows to some entries; without it, to all that were handed in.
    """
    awards = past_awards(contest_id)
    found: dict[int, list[tuple[str, PastAward]]] = {}
    if not awards or entry_ids == []:
        return found
    by_name: dict[str, list[PastAward]] = {}
    for award in awards:
        by_name.setdefault(award.name_fold, []).append(award)
    for row in _members(contest_id, awards, entry_ids):
        for award in _matching(row, awards, by_name):
            found.setdefault(row.entry_id, []).append((row.name, award))
    return found


def _members(contest_id: int, awards: Iterable[PastAward], entry_ids: Sequence[int] | None) -> Sequence[Any]:
    """Select the members that may be one of the winners, in one query."""
    names, folds = {one.name for one in awards}, {one.name_fold for one in awards}
    numbers = {one.student_number for one in awards if one.student_number}
    addresses = {one.email for one in awards if one.email}
    statement = (
        select(
            TeamMember.entry_id,
            TeamMember.name,
            TeamMember.student_number,
            Person.email,
            Organisation.name_fold.label("school"),
        )
        .join(Entry, Entry.id == TeamMember.entry_id)
        .outerjoin(Person, Person.id == TeamMember.person_id)
        .outerjoin(Organisation, Organisation.id == func.coalesce(TeamMember.institution_id, Entry.institution_id))
        .where(
            Entry.contest_id == contest_id,
            TeamMember.left_at.is_(None),
            TeamMember.role != "advisor",
            or_(
                TeamMember.name.in_(names),
                Person.name_fold.in_(folds),
                TeamMember.student_number.in_(numbers),
                Person.email.in_(addresses),
            ),
        )
        .order_by(TeamMember.entry_id, TeamMember.position)
    )
    if entry_ids is None:
        statement = statement.where(Entry.state != DRAFT)
    else:
        statement = statement.where(TeamMember.entry_id.in_(entry_ids))
    return session().execute(statement).all()


def _matching(row: Any, awards: Iterable[PastAward], by_name: dict[str, list[PastAward]]) -> list[PastAward]:
    same_name = [
        award
        for award in by_name.get(fold(row.name), [])
        if not award.institution_fold or not row.school or _same_school(award.institution_fold, row.school)
    ]
    if same_name:
        return same_name
    return [
        award
        for award in awards
        if (award.email and award.email == row.email)
        or (award.student_number and award.student_number == row.student_number)
    ]


def _same_school(one: str, other: str) -> bool:
    """Whether two folded names are the same school: with or without "truong", in full or in part."""
    left, right = one.removeprefix("truong "), other.removeprefix("truong ")
    return left in right or right in left
