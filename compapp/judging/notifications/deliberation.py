"""Messages of the jury's room: it is open, a vote waits. None of them names an entry."""

from collections.abc import Iterable
from datetime import datetime

from compapp.contests.models import Round
from compapp.core.messages import message
from compapp.judging.models import Motion
from compapp.judging.notifications.posting import CONTEST, ROUND, tell

_SAMPLE = {"contest": CONTEST, "round": ROUND, "path": "/contests/VL-KNST-2026/deliberation/R1"}


def _room(round_: Round) -> str:
    return f"/contests/{round_.contest.code}/deliberation/{round_.code}"


@message("deliberation_opened", sample=_SAMPLE)
def deliberation_opened(round_: Round, people: Iterable[int], *, at: datetime) -> int:
    """Tell the round's jury that it deliberates."""
    about, version = ("round", round_.id), at.isoformat()
    return tell("deliberation_opened", round_, people, about, version=version, path=_room(round_), at=at)


@message("jury_vote", sample=_SAMPLE, urgent=True)
def vote_opened(round_: Round, motion: Motion, people: Iterable[int], *, at: datetime) -> int:
    """Ask those who may vote on an entry to do so."""
    return tell("jury_vote", round_, people, ("motion", motion.id), path=_room(round_), at=at)
