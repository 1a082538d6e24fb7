"""Where a team stands before its board's rules: the facts for ``ruling``, read as the team is now."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from compapp.contests.definition import BoardRule, Rules
from compapp.contests.models import Board
from compapp.core.clock import local
from compapp.core.db import session
from compapp.entries import ruling
from compapp.entries.models import Entry, OwnershipStatement, TeamMember
from compapp.entries.queries import team
from compapp.entries.ruling import Fault, Member, Team

RECEIVED, FOUNDED = "funding_received", "founded"
"""The keys of the questions that rules on money and on a firm's age read."""


def team_of(entry: Entry) -> Team:
    """Return the team as rules look at it."""
    asked = Rules.of(entry.contest).ownership_statement_by_all
    stated = statements_of(entry.id) if asked else {}
    members = tuple(
        Member(one.name, one.role, team.born_of(one), one.institution_id, not asked or one.id in stated)
        for one in team.active_members(entry.id)
    )
    return Team(
        members=members,
        institution_id=entry.institution_id,
        closes_on=local(entry.contest.closes_at).date(),
        received=_amount(entry.answers.get(RECEIVED)),
        founded=_day(entry.answers.get(FOUNDED)),
    )


def statements_of(entry_id: int) -> dict[int, datetime]:
    """Return which members have stated that the idea is the team's, and when: member id to moment."""
    rows = session().execute(
        select(OwnershipStatement.member_id, OwnershipStatement.stated_at)
        .join(TeamMember, TeamMember.id == OwnershipStatement.member_id)
        .where(TeamMember.entry_id == entry_id, TeamMember.left_at.is_(None))
    )
    return {row[0]: row[1] for row in rows}


def rule_faults(entry: Entry, board: Board) -> list[Fault]:
    """Return which rules of ``board`` the team does not meet as it stands."""
    return ruling.faults(BoardRule.of(board), team_of(entry))


def _amount(value: Any) -> Decimal | None:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
