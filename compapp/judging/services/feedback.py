"""What judges wrote for the teams: a person may withhold words that hurt or that give a judge away."""

from datetime import datetime

from sqlalchemy import select

from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import NotFound, Refused
from compapp.core.text import N_
from compapp.judging import policy
from compapp.judging.models import Sheet, WithheldComment
from compapp.judging.queries.jury import facts_of_contest
from compapp.judging.services.rights import must_know, reason_of

OVERALL = "comment"
"""The part of a sheet that belongs to no criterion."""


def withhold_comment(sheet: Sheet, part: str, reason: str, *, actor: Actor, at: datetime) -> WithheldComment:
    """Keep one comment from the team; it stays on the sheet. A second press changes nothing.

    Raises Refused without the right, NotFound for a part without words, Invalid without a reason.
    """
    contest_id = sheet.round.contest_id
    if not policy.may_moderate(actor, facts_of_contest(actor, contest_id)):
        raise Refused(N_("Only the organiser or the chair may withhold a comment."))
    must_know(actor, sheet.entry)
    text = sheet.comment if part == OVERALL else sheet.comments.get(part)
    if not text:
        raise NotFound(N_("There is no such comment."))
    known = _row(sheet.id, part)
    if known is not None:
        return known
    row = WithheldComment(sheet_id=sheet.id, part=part, reason=reason_of(reason), at=at, by_name=actor.name)
    session().add(row)
    audit.record(
        "judging.comment.withhold",
        row,
        actor=actor,
        at=at,
        contest_id=contest_id,
        data={"part": part, "reason": reason},
    )
    return row


def pass_comment_on(sheet: Sheet, part: str, *, actor: Actor, at: datetime) -> None:
    """Let the team read a comment that was withheld."""
    contest_id = sheet.round.contest_id
    if not policy.may_moderate(actor, facts_of_contest(actor, contest_id)):
        raise Refused(N_("Only the organiser or the chair may withhold a comment."))
    must_know(actor, sheet.entry)
    row = _row(sheet.id, part)
    if row is None:
        return
    audit.record("judging.comment.pass_on", row, actor=actor, at=at, contest_id=contest_id, data={"part": part})
    session().delete(row)


def _row(sheet_id: int, part: str) -> WithheldComment | None:
    return (
        session()
        .scalars(select(WithheldComment).where(WithheldComment.sheet_id == sheet_id, WithheldComment.part == part))
        .one_or_none()
    )
