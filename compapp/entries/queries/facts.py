"""The frozen facts that policies judge; nothing (404) for whom the entry does not exist."""

from datetime import datetime

from sqlalchemy import select

from compapp.contests.queries import find_contest
from compapp.core import clock
from compapp.core.actor import CONTEST, Actor
from compapp.core.db import session
from compapp.entries.lifecycle import DRAFT, WITHDRAWN
from compapp.entries.models import Case, Entry, TeamInvitation
from compapp.entries.policy import STAFF_ROLES, ContestFacts, EntryFacts
from compapp.entries.queries.rows import find_entry
from compapp.entries.queries.schools import speaks_for
from compapp.entries.queries.team import teams_of_person
from compapp.entries.window import Window

HIDDEN_CONTEST_STATES = frozenset({"draft", "cancelled", "archived"})
"""States of a contest in which nobody hands in anything."""


def entry_window(entry: Entry) -> Window:
    """Return the times that rule over ``entry``."""
    contest = entry.contest
    return Window(
        opens_at=contest.opens_at,
        closes_at=contest.closes_at,
        reopened_until=entry.reopened_until,
        frozen=entry.frozen_at is not None,
        contest_is_live=contest.state not in HIDDEN_CONTEST_STATES,
    )


def answer_by(entry: Entry, invitation: TeamInvitation, at: datetime) -> datetime:
    """Return until when an invitation leads onto the team: its end, or the team's lock if sooner."""
    if invitation.request_id is not None:
        return invitation.expires_at
    return min(invitation.expires_at, entry_window(entry).deadline(at))


def entry_facts(actor: Actor, entry_id: int) -> EntryFacts | None:
    """Return what is asked of the entry for ``actor``; None for strangers, judges and officers.

    A school's representative knows of its own students' entries, organisers of what was handed in.
    """
    entry = find_entry(entry_id)
    return None if entry is None else facts_of(actor, entry)


def facts_of(actor: Actor, entry: Entry) -> EntryFacts | None:
    """Return the facts of a loaded entry for ``actor``; None for strangers."""
    role = next((one.role for one in teams_of_person(actor.person_id) if one.entry_id == entry.id), None)
    organiser = role is None and actor.has("organiser", CONTEST, entry.contest_id)
    secretary = role is None and actor.has("secretary", CONTEST, entry.contest_id)
    school = role is None and speaks_for(actor, entry.institution_id)
    if role is None and not (organiser or secretary) and not (school and entry.state != WITHDRAWN):
        return None
    window, at = entry_window(entry), clock.now()
    return EntryFacts(
        entry_id=entry.id,
        contest_id=entry.contest_id,
        contest_code=entry.contest.code,
        state=entry.state,
        member_role=role,
        is_organiser=organiser,
        is_secretary=secretary,
        is_school=school,
        is_open=window.entry_open(entry.state, at),
        team_is_open=window.team_open(entry.state, at),
        is_frozen=window.frozen,
        in_open_case=_in_open_case(entry),
    )


def _in_open_case(entry: Entry) -> bool:
    if entry.state == DRAFT:
        return False
    found = session().scalars(select(Case.id).where(Case.entry_id == entry.id, Case.state == "open").limit(1))
    return found.one_or_none() is not None


def queue_facts(actor: Actor, code: str) -> ContestFacts | None:
    """Return the contest for its eligibility queue; None for whom it is not."""
    contest = find_contest(code)
    if contest is None or not actor.has_any(STAFF_ROLES, CONTEST, contest.id):
        return None
    return ContestFacts(contest_id=contest.id, code=contest.code)
