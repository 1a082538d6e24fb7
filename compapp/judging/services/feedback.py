"""What judges wrote for the teams: words that hurt or give a judge away can be withheld, or put otherwise."""

from datetime import datetime

from sqlalchemy import select

from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Invalid, NotFound, Refused
from compapp.core.text import N_, nfc
from compapp.judging import policy
from compapp.judging.models import Sheet, WithheldComment
from compapp.judging.queries.jury import facts_of_contest
from compapp.judging.services.rights import must_know, reason_of
from compapp.judging.services.sheets import LONGEST_COMMENT

OVERALL = "comment"
"""The part of a sheet that belongs to no criterion."""


def withhold_comment(
    sheet: Sheet, part: str, reason: str, *, shown: str = "", actor: Actor, at: datetime
) -> WithheldComment:
    """Keep one comment from the team, or let it read ``shown`` instead; the sheet keeps the judge's own words.

    A second press with the same words changes nothing. Raises Refused without the right, NotFound for a part without
    words, Invalid without a reason, or where ``shown`` is what the judge wrote.
    """
    contest_id = sheet.round.contest_id
    if not policy.may_moderate(actor, facts_of_contest(actor, contest_id)):
        raise Refused(N_("Only the organiser or the chair may withhold a comment."))
    must_know(actor, sheet.entry)
    text = sheet.comment if part == OVERALL else sheet.comments.get(part)
    if not text:
        raise NotFound(N_("There is no such comment."))
    instead = nfc(shown).replace("\r\n", "\n").strip()[:LONGEST_COMMENT]
    if instead == text:
        raise Invalid(fields={"shown": [(N_("This is what the judge wrote. Change it, or leave it as it is."), {})]})
    words = reason_of(reason)
    row = _row(sheet.id, part)
    if row is not None and (row.shown or "", row.reason) == (instead, words):
        return row
    if row is None:
        row = WithheldComment(sheet_id=sheet.id, part=part, reason=words, at=at, by_name=actor.name)
        session().add(row)
    row.shown, row.reason, row.at, row.by_name = instead or None, words, at, actor.name
    session().flush()
    verb = "judging.comment.moderate" if instead else "judging.comment.withhold"
    data = {"part": part, "reason": words}
    audit.record(verb, row, actor=actor, at=at, contest_id=contest_id, data=data)
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
