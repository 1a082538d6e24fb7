"""Remarks between a team and its advisor: threads beside the questions. Judges and organisers never see them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict, Invalid, NotFound
from compapp.core.text import N_, nfc
from compapp.entries import notifications, policy, queries
from compapp.entries.models import Entry, Remark
from compapp.entries.services import rules

MOST_TEXT = 4000
MOST_REMARKS = 500


def remarks_of(entry_id: int) -> list[Remark]:
    """Return the remarks of an entry in the order in which they were made."""
    return list(
        session().scalars(
            select(Remark).where(Remark.entry_id == entry_id).options(joinedload(Remark.member)).order_by(Remark.id)
        )
    )


def remark_of(entry_id: int, remark_id: int) -> Remark:
    """Return a remark of the entry; NotFound."""
    found = session().get(Remark, remark_id)
    if found is None or found.entry_id != entry_id:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return found


def make_remark(
    entry: Entry, key: str, text: str, *, answers: Remark | None = None, actor: Actor, at: datetime
) -> Remark:
    """Make a remark on a question (or the whole, ``key`` empty), or answer one; the rest of the team is told."""
    person_id = rules.person_id_of(actor)
    facts = queries.facts_of(actor, entry)
    rules.require(facts is not None and policy.may_remark(actor, facts))
    text = nfc(text).replace("\r\n", "\n").strip()
    if not text or len(text) > MOST_TEXT:
        raise Invalid(fields={"text": [(N_("Write your remark in at most %(most)s characters."), {"most": MOST_TEXT})]})
    if len(remarks_of(entry.id)) >= MOST_REMARKS:
        raise Conflict(N_("There are too many remarks already."))
    asked = {field.key for field in queries.fields_asked(entry.contest, queries.working_board(entry).code)}
    member = next(one for one in queries.active_members(entry.id) if one.person_id == person_id)
    thread = answers.answers_id or answers.id if answers is not None else None
    remark = Remark(
        entry_id=entry.id,
        key=answers.key if answers is not None else (key if key in asked else ""),
        answers_id=thread,
        member_id=member.id,
        text=text,
        said_at=at,
    )
    session().add(remark)
    session().flush()
    audit.record("entries.remark.made", remark, actor=actor, at=at, contest_id=entry.contest_id)
    notifications.remark_made(entry, remark, member.name, actor_id=person_id, at=at)
    return remark


def settle_remark(entry: Entry, remark: Remark, *, is_settled: bool, actor: Actor, at: datetime) -> None:
    """Mark a thread as settled, or open it again."""
    facts = queries.facts_of(actor, entry)
    rules.require(facts is not None and policy.may_remark(actor, facts))
    remark.settled_at = at if is_settled else None
    remark.settled_by_id = actor.person_id if is_settled else None
    session().flush()
    audit.record("entries.remark.settled", remark, actor=actor, at=at, contest_id=entry.contest_id)
