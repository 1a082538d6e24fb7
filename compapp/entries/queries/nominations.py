"""Reads of what clubs say of entries, and of how many they have nominated."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from compapp.clubs import queries as clubs
from compapp.clubs.lifecycle import NOMINATED
from compapp.clubs.policy import may_look_after
from compapp.clubs.queries import TeamReview
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.entries.lifecycle import COUNTED, DRAFT, NEEDS_FIX, SUBMITTED, WITHDRAWN
from compapp.entries.models import ClubReview, Endorsement, Entry, TeamMember
from compapp.entries.policy import NominationFacts
from compapp.entries.queries.facts import HIDDEN_CONTEST_STATES
from compapp.entries.queries.rows import find_entry


def nomination_facts(actor: Actor, entry_id: int, club_id: int, **_more: Any) -> NominationFacts | None:
    """Return what the policies judge; nothing for who does not look after the club, or for an entry foreign to it.

    Drafts count only with a member of the cohort on the team, and nobody looks at a team they are on.
    """
    entry, club = find_entry(entry_id), clubs.club_facts(actor, club_id)
    if entry is None or club is None or not may_look_after(actor, club) or entry.state == WITHDRAWN:
        return None
    people = set(
        session().scalars(
            select(TeamMember.person_id).where(TeamMember.entry_id == entry_id, TeamMember.left_at.is_(None))
        )
    )
    cohort = clubs.current_cohort(club_id)
    from_cohort = cohort is not None and bool(people & set(clubs.member_ids(cohort.id)))
    of_school = entry.institution_id is not None and entry.institution_id == club.school_id
    is_known = from_cohort or (of_school and entry.state != DRAFT)
    if actor.person_id in people or not is_known or entry.contest.state in HIDDEN_CONTEST_STATES:
        return None
    is_open = entry.state in (DRAFT, SUBMITTED, NEEDS_FIX) and not _is_confirmed(entry_id)
    return NominationFacts(entry_id, club, of_school, is_open)


def _is_confirmed(entry_id: int) -> bool:
    word = exists().where(Endorsement.entry_id == entry_id, Endorsement.state == "confirmed")
    return bool(session().scalar(select(word)))


def club_review(entry_id: int, club_id: int) -> ClubReview | None:
    """Return what a club says of an entry."""
    statement = select(ClubReview).where(ClubReview.entry_id == entry_id, ClubReview.club_id == club_id)
    return session().scalars(statement).one_or_none()


def club_reviews(entry_id: int) -> Sequence[ClubReview]:
    """Return what clubs say of an entry, the newest first (for its team)."""
    statement = select(ClubReview).where(ClubReview.entry_id == entry_id).options(joinedload(ClubReview.club))
    return session().scalars(statement.order_by(ClubReview.reviewed_at.desc())).all()


def reviews_by_club(club_id: int, entry_ids: Collection[int]) -> dict[int, TeamReview]:
    """Return a club's words on these entries, in one query."""
    rows = session().execute(
        select(ClubReview.entry_id, ClubReview.verdict, ClubReview.state).where(
            ClubReview.club_id == club_id, ClubReview.entry_id.in_(list(entry_ids))
        )
    )
    return {entry_id: TeamReview(verdict, state == NOMINATED) for entry_id, verdict, state in rows}


def nominations_for(entry_ids: Collection[int]) -> dict[int, list[ClubReview]]:
    """Return the nominations of these entries with their clubs, in one query (for the school's list)."""
    found: dict[int, list[ClubReview]] = {}
    statement = select(ClubReview).where(ClubReview.entry_id.in_(list(entry_ids)), ClubReview.state == NOMINATED)
    for one in session().scalars(statement.options(joinedload(ClubReview.club)).order_by(ClubReview.id)):
        found.setdefault(one.entry_id, []).append(one)
    return found


def nominated_count(contest_id: int, school_id: int | None) -> int:
    """Return how many entries of a contest are nominated to a school; withdrawn and refused ones left out."""
    statement = (
        select(func.count(func.distinct(ClubReview.entry_id)))
        .join(Entry, Entry.id == ClubReview.entry_id)
        .where(
            Entry.contest_id == contest_id,
            ClubReview.school_id == school_id,
            ClubReview.state == NOMINATED,
            Entry.state.in_((DRAFT, *COUNTED)),
        )
    )
    return session().scalar(statement) or 0
