"""What changed lately in the contests, and which deadlines passed without the action they ask for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from compapp.contests.definition import text_of
from compapp.contests.definition.rounds import ELIGIBILITY, SCORED
from compapp.contests.lifecycle import ARCHIVED, CONTEST, DECIDED, DRAFT, PUBLISHED
from compapp.contests.models import Contest, Round
from compapp.core.audit import AuditRow
from compapp.core.db import session
from compapp.core.text import N_
from compapp.entries.lifecycle import NEEDS_FIX, SUBMITTED
from compapp.entries.models import Entry
from compapp.judging.models import Publication

LATELY = timedelta(days=30)
"""How far back the news goes."""

GRACE = timedelta(days=1)
"""How long after a deadline nothing is said yet."""

_MOVES = tuple(f"{CONTEST.name}.{move.verb}" for move in CONTEST.transitions)


@dataclass(frozen=True, slots=True)
class Change:
    """One piece of news about a contest; ``msgid`` is translated with ``what`` (two languages) in its place."""

    at: datetime
    code: str
    contest: Mapping[str, str]
    msgid: str
    what: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Overdue:
    """A deadline that passed without action; ``count`` entries wait (0: the round as a whole)."""

    since: datetime
    code: str
    contest: Mapping[str, str]
    round: Mapping[str, str]
    count: int


def changes(at: datetime, most: int = 6) -> list[Change]:
    """Return what changed lately, the newest first."""
    moves = session().execute(
        select(AuditRow.at, Contest.code, Contest.title, AuditRow.data)
        .join(Contest, Contest.id == AuditRow.subject_id)
        .where(
            AuditRow.verb.in_(_MOVES),
            AuditRow.subject_kind == Contest.__tablename__,
            AuditRow.at > at - LATELY,
            AuditRow.at <= at,
            Contest.state != DRAFT,
        )
        .order_by(AuditRow.id.desc())
        .limit(most)
    )
    found = [
        Change(moved_at, code, text_of(title), CONTEST.states[data["to"]].public, {})
        for moved_at, code, title, data in moves
    ]
    published = session().execute(
        select(Publication.published_at, Contest.code, Contest.title, Publication.number, Round.definition, Round.code)
        .join(Round, Round.id == Publication.round_id)
        .join(Contest, Contest.id == Round.contest_id)
        .where(Publication.public_from <= at, Publication.published_at > at - LATELY)
        .order_by(Publication.id.desc())
        .limit(most)
    )
    for published_at, code, title, number, piece, round_code in published:
        msgid = N_("Result corrected: %(round)s") if number > 1 else N_("Result published: %(round)s")
        found.append(Change(published_at, code, text_of(title), msgid, text_of(piece.get("label"), round_code)))
    return sorted(found, key=lambda change: change.at, reverse=True)[:most]


def overdue(at: datetime) -> list[Overdue]:
    """Return the rounds that ended without what must follow, the longest overdue first.

    A scored round asks for a published result, an eligibility check for a decision on every entry.
    """
    waiting = (
        select(Entry.contest_id, func.count().label("entries"))
        .where(Entry.state.in_((SUBMITTED, NEEDS_FIX)))
        .group_by(Entry.contest_id)
        .subquery()
    )
    rows = session().execute(
        select(
            Round.closes_at, Round.kind, Round.code, Round.definition, Contest.code, Contest.title, waiting.c.entries
        )
        .join(Contest, Contest.id == Round.contest_id)
        .outerjoin(waiting, waiting.c.contest_id == Contest.id)
        .where(
            Round.closes_at < at - GRACE,
            Round.state != PUBLISHED,
            Round.kind.in_((ELIGIBILITY, *SCORED)),
            Contest.state.not_in((DRAFT, DECIDED, ARCHIVED)),
        )
        .order_by(Round.closes_at, Round.id)
    )
    return [
        Overdue(
            closed, code, text_of(title), text_of(piece.get("label"), round_code), entries if kind == ELIGIBILITY else 0
        )
        for closed, kind, round_code, piece, code, title, entries in rows
        if kind != ELIGIBILITY or entries
    ]
