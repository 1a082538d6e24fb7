"""Rounds: opened and closed by the clock or by hand; decided and published by judging."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from compapp.contests.definition.rounds import SCORED
from compapp.contests.events import RoundClosed, RoundOpened
from compapp.contests.lifecycle import CLOSED, CONTEST, DRAFT, OPEN, PLANNED, ROUND, ROUND_OPEN
from compapp.contests.models import Contest, Round
from compapp.contests.services.contests import close_contest
from compapp.contests.services.rights import must_manage
from compapp.core import events
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Invalid
from compapp.core.moves import move
from compapp.core.text import N_


def move_round(round_: Round, verb: str, *, actor: Actor, at: datetime, data: dict[str, Any] | None = None) -> None:
    """Move a round by ``verb`` of its life cycle and tell the rooms above. The caller has checked the right.

    Raises Conflict when the round is not where it must be.
    """
    move(round_, ROUND, verb, actor=actor, at=at, contest_id=round_.contest_id, data=data)
    if verb in ("open", "reopen"):
        events.emit(RoundOpened(actor, at, round_.contest_id, round_.id))
    if verb == "close":
        events.emit(RoundClosed(actor, at, round_.contest_id, round_.id))


def open_round(round_: Round, *, actor: Actor, at: datetime) -> None:
    """Open a round; scoring sets the contest to being judged."""
    contest = round_.contest
    must_manage(actor, contest)
    if contest.state == DRAFT:
        raise Invalid(N_("Announce the contest first."))
    move_round(round_, "open", actor=actor, at=at)
    if round_.kind in SCORED and contest.state in (OPEN, CLOSED):
        move(contest, CONTEST, "start_judging", actor=actor, at=at, contest_id=contest.id)


def close_round(round_: Round, *, actor: Actor, at: datetime) -> None:
    """Close a round: what is not handed in by now does not count."""
    must_manage(actor, round_.contest)
    move_round(round_, "close", actor=actor, at=at)


def reopen_round(round_: Round, reason: str, *, actor: Actor, at: datetime) -> None:
    """Open a closed round again, with a reason; Invalid without one."""
    must_manage(actor, round_.contest)
    if not reason.strip():
        raise Invalid(fields={"reason": [(N_("Write the reason."), {})]})
    move_round(round_, "reopen", actor=actor, at=at, data={"reason": reason.strip()})


def follow_calendar(*, at: datetime, actor: Actor | None = None) -> int:
    """Close contests whose deadline has passed and open and close rounds by their calendar; return how many moved.

    The clock process runs it again and again; drafts and archived contests are left alone.
    """
    actor = actor or Actor.system("clock")
    moved = 0
    due = select(Contest).where(Contest.state == OPEN, Contest.closes_at <= at).order_by(Contest.id)
    for contest in session().scalars(due).all():
        close_contest(contest, actor=actor, at=at)
        moved += 1
    running = select(Round).join(Contest).where(Contest.state.not_in([DRAFT, "archived"])).order_by(Round.id)
    for round_ in session().scalars(running.where(Round.state == PLANNED, Round.opens_at <= at)).all():
        open_round(round_, actor=actor, at=at)
        moved += 1
    for round_ in session().scalars(running.where(Round.state == ROUND_OPEN, Round.closes_at <= at)).all():
        close_round(round_, actor=actor, at=at)
        moved += 1
    return moved


def calendar_is_due(at: datetime) -> bool:
    """Whether :func:`follow_calendar` would move anything (a read, so that an idle clock takes no lock)."""
    due = select(Contest.id).where(Contest.state == OPEN, Contest.closes_at <= at).limit(1)
    rounds = select(Round.id).join(Contest).where(Contest.state.not_in([DRAFT, "archived"])).limit(1)
    return any(
        session().scalar(statement) is not None
        for statement in (
            due,
            rounds.where(Round.state == PLANNED, Round.opens_at <= at),
            rounds.where(Round.state == ROUND_OPEN, Round.closes_at <= at),
        )
    )
