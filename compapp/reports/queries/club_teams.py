"""The teams of a club as its manager sees them: title and state, never what they write.

Registered with the clubs room, which knows no entries.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import load_only

from compapp.clubs.queries import Claim, ClubTeam
from compapp.contests.definition import text_of
from compapp.contests.lifecycle import ARCHIVED, DRAFT
from compapp.contests.models import Contest
from compapp.core.db import session
from compapp.entries.lifecycle import DRAFT as DRAFT_ENTRY
from compapp.entries.lifecycle import ENTRY, WITHDRAWN
from compapp.entries.models import Entry, TeamMember


def club_teams(claims: Mapping[int, Claim]) -> Mapping[int, Sequence[ClubTeam]]:
    """Return the teams of running contests with a member of the cohort, and those of the club's school, by club.

    Of a team without a member of the cohort nothing shows before it has handed in.
    """
    people = {one for claim in claims.values() for one in claim.member_ids}
    schools = {claim.school_id for claim in claims.values() if claim.school_id is not None}
    handed_in = and_(Entry.institution_id.in_(schools), Entry.state != DRAFT_ENTRY)
    rows: Any = session().execute(
        select(Entry, Contest.title, Contest.closes_at, TeamMember.person_id)
        .options(load_only(Entry.title, Entry.state, Entry.submitted_at, Entry.institution_id))
        .join(Contest, Contest.id == Entry.contest_id)
        .outerjoin(
            TeamMember,
            and_(TeamMember.entry_id == Entry.id, TeamMember.left_at.is_(None), TeamMember.person_id.in_(people)),
        )
        .where(
            Contest.state.not_in((DRAFT, ARCHIVED)),
            Entry.state != WITHDRAWN,
            or_(TeamMember.id.is_not(None), handed_in),
        )
        .order_by(Contest.closes_at.desc(), Entry.title_sort, Entry.id)
    )
    found: dict[int, tuple[Entry, Mapping[str, Any], datetime]] = {}
    teams: dict[int, set[int]] = defaultdict(set)
    for entry, contest, closes_at, person_id in rows:
        found[entry.id] = entry, contest, closes_at
        teams[entry.id].add(person_id)
    return {
        club_id: [
            _club_team(*one, is_from_cohort=bool(claim.member_ids & teams[one[0].id]))
            for one in found.values()
            if claim.member_ids & teams[one[0].id] or _is_handed_in_at(claim.school_id, one[0])
        ]
        for club_id, claim in claims.items()
    }


def _is_handed_in_at(school_id: int | None, entry: Entry) -> bool:
    return school_id is not None and entry.institution_id == school_id and entry.state != DRAFT_ENTRY


def _club_team(entry: Entry, contest: Mapping[str, Any], closes_at: datetime, *, is_from_cohort: bool) -> ClubTeam:
    return ClubTeam(
        title=text_of(entry.title),
        state=entry.state,
        state_label=ENTRY.states[entry.state].public,
        is_handed_in=entry.state != DRAFT_ENTRY and entry.submitted_at is not None,
        contest=text_of(contest),
        closes_at=closes_at,
        is_from_cohort=is_from_cohort,
        entry_id=entry.id,
    )
