"""The ``followups`` section: mentoring sessions with their figures, at their own time.

An item becomes a session where its team is in an incubator of this installation and the item names a mentor; any
other is kept, and written back as it was. A private note is never written.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from compapp.contests.definition import moment
from compapp.contests.file import registry
from compapp.contests.file.registry import ImportContext, Section, no_check
from compapp.contests.models import Contest
from compapp.core.clock import ZONE
from compapp.core.db import session
from compapp.incubation.lifecycle import ACTIVE, FIGURES, HELD, MISSED
from compapp.incubation.models import (
    FollowUp,
    Mentor,
    MentoringSession,
    Mentorship,
    ProgressFigure,
    Residency,
)
from compapp.incubation.queries import mentorship_of, residency_of_entry, with_team
from compapp.incubation.services import open_missing

Json = Mapping[str, Any]
USUAL_MINUTES = 60
NO_SHOW = "_no_show"


def load(contest: Contest, data: Sequence[Json], context: ImportContext) -> None:
    """Add a session for every item whose team has a residency; keep every item."""
    open_missing(contest, actor=context.actor, at=context.at)
    for position, piece in enumerate(data):
        row = FollowUp(contest_id=contest.id, position=position, definition=dict(piece), meant={})
        residency = residency_of_entry(context.entry(piece["entry"]).id)
        if residency is not None and piece.get("mentor") is not None:
            made = _session(piece, residency, context.row("mentor", piece["mentor"]), context)
            if made is not None:
                row.session_id = made.id
        session().add(row)
    session().flush()
    written = _items(contest)
    for row in _rows(contest.id):
        if row.session_id is not None:
            row.meant = written[row.session_id]
    session().flush()


def _session(piece: Json, residency: Residency, mentor: Mentor, context: ImportContext) -> MentoringSession | None:
    starts_at = moment(piece["at"]) or context.at
    mentorship = mentorship_of(residency.id, mentor.id)
    if mentorship is None:
        mentorship = Mentorship(
            residency=residency, mentor=mentor, state=ACTIVE, since=min(residency.started_at, starts_at), reason=""
        )
        session().add(mentorship)
        mentor.teams += 1
        mentor.max_teams = max(mentor.max_teams, mentor.teams)
        session().flush()
    twice = select(MentoringSession.id).where(
        MentoringSession.mentorship_id == mentorship.id, MentoringSession.starts_at == starts_at
    )
    if session().scalar(twice) is not None:
        return None
    held = piece.get("attended", True)
    following = piece.get("next") or {}
    made = MentoringSession(
        mentorship=mentorship,
        starts_at=starts_at,
        minutes=USUAL_MINUTES,
        state=HELD if held else MISSED,
        rag=piece.get("rag"),
        missed_by=None if held else _missed_by(piece),
        milestone_code=piece.get("milestone"),
        shared_note=piece.get("note") or "",
        next_steps=following.get("vi") or following.get("en") or "",
        booked_at=min(context.at, starts_at),
        logged_at=starts_at,
        definition=dict(piece),
    )
    session().add(made)
    session().flush()
    for key in FIGURES:
        if key in piece:
            session().add(
                ProgressFigure(residency_id=residency.id, session_id=made.id, key=key, value=piece[key], at=starts_at)
            )
    return made


def _missed_by(piece: Json) -> str:
    return "mentor" if str(piece.get("reason", "")).startswith("mentor") else "team"


def write(contest: Contest) -> list[Any]:
    """Return the items of the file as they stand, then the sessions held or missed since."""
    items = _items(contest)
    written: list[Any] = []
    for row in _rows(contest.id):
        now = items.pop(row.session_id, None) if row.session_id is not None else None
        if row.session_id is None or now == row.meant:
            written.append(row.definition)
        elif now is not None:
            written.append(now)
    return written + list(items.values())


def _rows(contest_id: int) -> list[FollowUp]:
    return list(
        session().scalars(select(FollowUp).where(FollowUp.contest_id == contest_id).order_by(FollowUp.position))
    )


def _items(contest: Contest) -> dict[int, dict[str, Any]]:
    """Return every session that was held or missed as an item, by session."""
    sessions = session().scalars(
        select(MentoringSession)
        .join(Mentorship, Mentorship.id == MentoringSession.mentorship_id)
        .join(Residency, Residency.id == Mentorship.residency_id)
        .where(Residency.contest_id == contest.id, MentoringSession.state.in_([HELD, MISSED]))
        .options(*with_team())
        .order_by(MentoringSession.starts_at, MentoringSession.id)
    )
    found = list(sessions)
    figures: dict[int, dict[str, int]] = {}
    for one in session().scalars(
        select(ProgressFigure).where(ProgressFigure.session_id.in_([one.id for one in found]))
    ):
        figures.setdefault(one.session_id or 0, {})[one.key] = one.value
    return {one.id: _item(one, figures.get(one.id, {})) for one in found}


def _item(one: MentoringSession, figures: Mapping[str, int]) -> dict[str, Any]:
    item: dict[str, Any] = {
        "entry": one.mentorship.residency.entry.code,
        "mentor": one.mentorship.mentor.code,
        "at": {"at": one.starts_at.astimezone(ZONE).isoformat()},
        "attended": one.state == HELD,
    }
    if one.milestone_code:
        item["milestone"] = one.milestone_code
    if one.rag:
        item["rag"] = one.rag
    item |= {key: figures[key] for key in FIGURES if key in figures}
    if one.missed_by:
        item["reason"] = one.missed_by + NO_SHOW
    if one.next_steps:
        item["next"] = {"vi": one.next_steps}
    if one.shared_note:
        item["note"] = one.shared_note
    return item


SECTION = Section("followups", registry.FOLLOWUPS, no_check, load, write)
