"""What became of the entries of clubs' cohorts, for the figures that the clubs room shows.

An entry belongs to the newest term that its club had when it was begun; results count once they are public.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import aliased

from compapp.clubs.models import Cohort, CohortMember
from compapp.clubs.queries import EntryFigures
from compapp.core import clock
from compapp.core.db import session
from compapp.entries.lifecycle import DRAFT, WITHDRAWN
from compapp.entries.models import Entry, TeamMember
from compapp.judging.models import Award, Place, Publication
from compapp.judging.queries import TAKES_PART


def entries_of_cohorts(cohort_ids: Collection[int]) -> dict[int, EntryFigures]:
    """Return the figures of each cohort, in one query."""
    at = clock.now()
    belonging = _belonging(cohort_ids)
    advanced = exists().where(Place.entry_id == Entry.id, Place.state.in_(TAKES_PART), _is_public(Place.round_id, at))
    awarded = exists().where(Award.entry_id == Entry.id, _is_public(Award.round_id, at))
    handed_in = Entry.submitted_at.is_not(None) & Entry.state.not_in((DRAFT, WITHDRAWN))
    rows = session().execute(
        select(
            belonging.c.cohort_id,
            func.count(),
            *(func.sum(case((one, 1), else_=0)) for one in (handed_in, advanced, awarded)),
        )
        .join(Entry, Entry.id == belonging.c.entry_id)
        .group_by(belonging.c.cohort_id)
    )
    return {cohort_id: EntryFigures(*(int(one) for one in counts)) for cohort_id, *counts in rows}


def _belonging(cohort_ids: Collection[int]) -> Any:
    """Return (cohort, entry) once each: somebody of the cohort is on the team, and no newer term had begun."""
    later = aliased(Cohort)
    return (
        select(Cohort.id.label("cohort_id"), Entry.id.label("entry_id"))
        .join(CohortMember, CohortMember.cohort_id == Cohort.id)
        .join(TeamMember, TeamMember.person_id == CohortMember.person_id)
        .join(Entry, Entry.id == TeamMember.entry_id)
        .where(
            Cohort.id.in_(list(cohort_ids)),
            TeamMember.left_at.is_(None),
            Cohort.opened_at <= Entry.created_at,
            ~exists().where(
                later.club_id == Cohort.club_id, later.opened_at > Cohort.opened_at, later.opened_at <= Entry.created_at
            ),
        )
        .distinct()
        .subquery()
    )


def _is_public(round_id: Any, at: datetime) -> Any:
    return exists().where(Publication.round_id == round_id, Publication.public_from <= at)
