"""The teams of a club as its manager sees them: title and state, never what they write.

Registered with the clubs room, which knows no entries.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import and_, or_, select

from compapp.clubs.queries import ClubTeam
from compapp.contests.definition import text_of
from compapp.contests.lifecycle import ARCHIVED, DRAFT
from compapp.contests.models import Contest
from compapp.core.db import session
from compapp.entries.lifecycle import DRAFT as DRAFT_ENTRY
from compapp.entries.lifecycle import ENTRY, WITHDRAWN
from compapp.entries.models import Entry, TeamMember


def club_teams(school_id: int | None, member_ids: Collection[int]) -> Sequence[ClubTeam]:
    """Return the teams of running contests with a member of the cohort, and those of the club's school.

    Of a team without a member of the cohort nothing shows before it has handed in.
    """
    own = (
        select(TeamMember.id)
        .where(
            TeamMember.entry_id == Entry.id, TeamMember.left_at.is_(None), TeamMember.person_id.in_(list(member_ids))
        )
        .exists()
    )
    rows = session().execute(
        select(Entry.id, Entry.title, Entry.state, Entry.submitted_at, Contest.title, Contest.closes_at, own)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(
            Contest.state.not_in((DRAFT, ARCHIVED)),
            Entry.state != WITHDRAWN,
            or_(own, and_(Entry.institution_id == school_id, Entry.state != DRAFT_ENTRY)),
        )
        .order_by(Contest.closes_at.desc(), Entry.title_sort, Entry.id)
    )
    return [
        ClubTeam(
            title=text_of(title),
            state=state,
            state_label=ENTRY.states[state].public,
            is_handed_in=state != DRAFT_ENTRY and submitted_at is not None,
            contest=text_of(contest),
            closes_at=closes_at,
            is_from_cohort=bool(from_cohort),
            entry_id=entry_id,
        )
        for entry_id, title, state, submitted_at, contest, closes_at, from_cohort in rows
    ]
