"""Messages of the jury's room: it is open, a vote waits. None of them names an entry."""

from collections.abc import Iterable
from datetime import datetime

from compapp.contests.models import Round
from compapp.core import outbox
from compapp.core.messages import message
from compapp.judging.models import Motion

_SAMPLE = {
    "contest": {"vi": "Cuộc thi Ý tưởng khởi nghiệp 2026-2027", "en": "Startup Idea Contest 2026-2027"},
    "round": {"vi": "Vòng sơ khảo", "en": "Preliminary round"},
    "path": "/contests/VL-KNST-2026/deliberation/R1",
}


def _tell(kind: str, round_: Round, people: Iterable[int], about: tuple[str, int], version: str, at: datetime) -> int:
    return outbox.post(
        kind,
        to=people,
        subject=about,
        version=version,
        data={
            "contest": round_.contest.title,
            "round": round_.definition.get("label") or round_.code,
            "path": f"/contests/{round_.contest.code}/deliberation/{round_.code}",
        },
        at=at,
        contest_id=round_.contest_id,
    )


@message("deliberation_opened", sample=_SAMPLE)
def deliberation_opened(round_: Round, people: Iterable[int], *, at: datetime) -> int:
    """Tell the round's jury that it deliberates."""
    return _tell("deliberation_opened", round_, people, ("round", round_.id), at.isoformat(), at)


@message("jury_vote", sample=_SAMPLE, urgent=True)
def vote_opened(round_: Round, motion: Motion, people: Iterable[int], *, at: datetime) -> int:
    """Ask those who may vote on an entry to do so."""
    return _tell("jury_vote", round_, people, ("motion", motion.id), "", at)
