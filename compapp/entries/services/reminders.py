"""What the clock says to teams: deadlines near, a fix running out. Each once, however often the job runs."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compapp.contests.definition import Rules
from compapp.contests.lifecycle import DECIDED
from compapp.contests.models import Contest
from compapp.core.db import session
from compapp.entries import advancement, notifications, queries
from compapp.entries.lifecycle import COUNTED, DRAFT, NEEDS_FIX
from compapp.entries.models import Entry
from compapp.entries.queries.facts import HIDDEN_CONTEST_STATES
from compapp.entries.queries.parts import later_deadlines, owed_by

LATER_REMINDERS = (timedelta(days=3), timedelta(hours=24))
"""Before what a later round asks is due, where the contest names no times of its own."""
FIX_REMINDER = timedelta(hours=12)
LATEST = timedelta(hours=2)
"""A reminder that is later than this (the installation stood still) is left out: the next one comes."""


def post_reminders(*, at: datetime) -> int:
    """Post every reminder that is due now; return how many entries were reminded (new or again)."""
    return _deadlines(at) + _later(at) + _fixes(at)


def _deadlines(at: datetime) -> int:
    count = 0
    contests = session().scalars(
        select(Contest).where(
            Contest.opens_at <= at, Contest.closes_at > at, Contest.state.not_in(HIDDEN_CONTEST_STATES)
        )
    )
    for contest in list(contests):
        for before in Rules.of(contest).submission.reminders_before:
            due = contest.closes_at - before
            if due <= at < min(contest.closes_at, due + LATEST):
                count += _remind_all(contest, before, at)
    return count


def _remind_all(contest: Contest, before: timedelta, at: datetime) -> int:
    drafts = list(
        session().scalars(
            select(Entry)
            .where(Entry.contest_id == contest.id, Entry.state == DRAFT)
            .options(joinedload(Entry.contest), joinedload(Entry.board))
        )
    )
    people = queries.team_people([entry.id for entry in drafts])
    for entry in drafts:
        missing = len(queries.completeness(entry).missing)
        name = f"{int(before.total_seconds() // 3600)}h"
        notifications.deadline_near(
            entry, people[entry.id], before=name, closes_at=contest.closes_at, missing=missing, at=at
        )
    return len(drafts)


def _later(at: datetime) -> int:
    """Remind the teams that went on of what a later round asks and they have not handed in."""
    count = 0
    live = select(Contest).where(Contest.opens_at <= at, Contest.state.not_in(HIDDEN_CONTEST_STATES | {DECIDED}))
    for contest in list(session().scalars(live)):
        for closes_at in later_deadlines(contest):
            for before in Rules.of(contest).submission.reminders_before or LATER_REMINDERS:
                if closes_at - before <= at < min(closes_at, closes_at - before + LATEST):
                    count += _remind_of_later(contest, closes_at, before, at)
    return count


def _remind_of_later(contest: Contest, closes_at: datetime, before: timedelta, at: datetime) -> int:
    entries = session().scalars(
        select(Entry)
        .where(Entry.contest_id == contest.id, Entry.state.in_(COUNTED))
        .options(joinedload(Entry.contest), joinedload(Entry.board))
    )
    known = {entry.id: entry for entry in entries}
    went_on = [known[entry_id] for entry_id, rounds in advancement.rounds_of(known).items() if rounds]
    people = queries.team_people([entry.id for entry in went_on])
    count = 0
    for entry in went_on:
        owed = owed_by(entry, closes_at)
        if owed:
            name = f"{int(before.total_seconds() // 3600)}h"
            notifications.part_due(entry, people[entry.id], owed, before=name, closes_at=closes_at, at=at)
            count += 1
    return count


def _fixes(at: datetime) -> int:
    waiting = list(
        session().scalars(
            select(Entry)
            .where(
                Entry.state == NEEDS_FIX,
                Entry.reopened_until > at,
                Entry.reopened_until <= at + FIX_REMINDER,
            )
            .options(joinedload(Entry.contest))
        )
    )
    for entry in waiting:
        if entry.reopened_until is not None:
            notifications.needs_fix_due(entry, until=entry.reopened_until, at=at)
    return len(waiting)
