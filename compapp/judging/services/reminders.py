"""Reminders of what is left to score: each stage once, however often the clock asks."""

from datetime import datetime, timedelta

from compapp.contests.models import Round
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict
from compapp.core.text import N_
from compapp.judging import notifications, policy
from compapp.judging.models import Seat
from compapp.judging.queries.progress import JudgeProgress, judges_progress, open_rounds
from compapp.judging.services.rights import must

OVERDUE, LAST_DAY, LAST_TWO_DAYS, HALF = "overdue", "24h", "48h", "half"
_OVERDUE_FOR = timedelta(days=3)


def send_due_reminders(at: datetime) -> int:
    """Post every reminder that is due at ``at`` (the clock's job); return how many messages are new.

    Half of the time gone and less than half done; 48 hours; 24 hours; overdue: once each for a judge, and once
    for organiser and chair.
    """
    return sum(remind_round(round_, at) for round_ in open_rounds(at, grace=_OVERDUE_FOR))


def stage_at(round_: Round, at: datetime) -> str | None:
    """Return the stage a round is in at ``at``, nothing before half of its time has gone.

    In the hall everybody scores at the same hour: a pitch round knows sheets that are missing, and no reminders.
    """
    if at > round_.closes_at:
        return OVERDUE
    if round_.kind == "live_pitch" or at - round_.opens_at < (round_.closes_at - round_.opens_at) / 2:
        return None
    left = round_.closes_at - at
    if left <= timedelta(hours=24):
        return LAST_DAY
    return LAST_TWO_DAYS if left <= timedelta(hours=48) else HALF


def remind_round(round_: Round, at: datetime) -> int:
    """Post the reminders of one round's present stage; return how many messages are new."""
    stage = stage_at(round_, at)
    if stage is None:
        return 0
    behind = [one for one in judges_progress(round_, reader_id=None, at=at) if _is_behind(one, stage, at)]
    if not behind:
        return 0
    count = 0
    for one in behind:
        count += _remind(round_, one, stage, at)
    late = [(one.name, one.left) for one in behind]
    if count:
        notifications.sheets_late(round_, late, stage=stage, overdue=stage == OVERDUE, at=at)
    return count


def _is_behind(one: JudgeProgress, stage: str, at: datetime) -> bool:
    if one.left <= 0:
        return False
    if stage == OVERDUE:
        return at > one.due_at
    return stage != HALF or 2 * one.done < one.given


def _remind(round_: Round, one: JudgeProgress, stage: str, at: datetime) -> int:
    seat = session().get_one(Seat, one.seat_id)
    return notifications.scoring_reminder(
        round_, seat, stage=stage, left=one.left, done=one.done, due=one.due_at, overdue=at > one.due_at, at=at
    )


def remind_judge(round_: Round, seat: Seat, *, actor: Actor, at: datetime) -> None:
    """Remind one judge by hand, at most once an hour. Conflict where nothing is left or it was just done."""
    must(policy.may_see_jury, actor, round_.contest_id)
    progress = {one.seat_id: one for one in judges_progress(round_, reader_id=None, at=at)}
    one = progress.get(seat.id)
    if one is None or one.left <= 0:
        raise Conflict(N_("This judge has handed everything in."))
    if not _remind(round_, one, f"by-hand-{at:%Y%m%d%H}", at):
        raise Conflict(N_("This judge was reminded within the hour."))
    audit.record(
        "judging.seat.remind_scoring",
        seat,
        actor=actor,
        at=at,
        contest_id=round_.contest_id,
        data={"round": round_.code, "left": one.left},
    )
