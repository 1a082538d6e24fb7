"""Lists: a student's entries, contests to enter, how many entries wait. Each takes a constant number of queries."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from compapp.contests.models import Contest
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.entries import options
from compapp.entries.lifecycle import DRAFT, SUBMITTED
from compapp.entries.models import Entry
from compapp.entries.queries.facts import HIDDEN_CONTEST_STATES
from compapp.entries.queries.team import teams_of_person


def my_entries(actor: Actor) -> list[Entry]:
    """Return the entries whose team the actor is on, with rounds, the newest contest first.

    Where one of them is a draft, all that a form asks for (boards, sectors, organisations) is loaded too.
    """
    own = teams_of_person(actor.person_id)
    if not own:
        return []
    more: list[Any] = [Contest.rounds]
    drafts = {one.contest_id for one in own if one.state == DRAFT}
    if drafts:
        more += [Contest.boards, Contest.sectors]
        options.prepare(drafts)
    return list(
        session().scalars(
            select(Entry)
            .join(Entry.contest)
            .where(Entry.id.in_([one.entry_id for one in own]))
            .options(
                contains_eager(Entry.contest).options(
                    joinedload(Contest.organiser), *(selectinload(part) for part in more)
                ),
                joinedload(Entry.board),
                joinedload(Entry.sector),
                joinedload(Entry.institution),
            )
            .order_by(Contest.closes_at.desc(), Entry.id)
        )
    )


def startable_contests(at: datetime) -> list[Contest]:
    """Return the contests that receive entries now, the first to close first."""
    return list(
        session().scalars(
            select(Contest)
            .where(Contest.opens_at <= at, Contest.closes_at > at, Contest.state.not_in(HIDDEN_CONTEST_STATES))
            .order_by(Contest.closes_at)
        )
    )


def queue_counts(contest_id: int) -> dict[str, int]:
    """Return how many entries of the contest are in each state."""
    return counts_of_queues([contest_id])[contest_id]


def counts_of_queues(contest_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return how many entries of several contests are in each state, by contest."""
    found: dict[int, dict[str, int]] = {contest_id: {} for contest_id in contest_ids}
    for contest_id, state, count in session().execute(
        select(Entry.contest_id, Entry.state, func.count())
        .where(Entry.contest_id.in_(found))
        .group_by(Entry.contest_id, Entry.state)
    ):
        found[contest_id][state] = count
    return found


def waiting_count(contest_id: int) -> int:
    """Return how many entries of the contest wait to be checked."""
    return queue_counts(contest_id).get(SUBMITTED, 0)
