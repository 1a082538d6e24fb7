"""Messages about a live round: where and when a team pitches, that it was missed, and when the jury must be there."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from compapp.contests.models import Round
from compapp.core.messages import message
from compapp.judging.notifications.posting import CONTEST, TITLE, tell

_ROUND = {"vi": "Vòng bán kết", "en": "Semi-final"}


@message(
    "pitch_order",
    sample={
        "contest": CONTEST,
        "round": _ROUND,
        "title": TITLE,
        "position": 3,
        "hall": "Hội trường A",
        "starts_at": "2026-12-19T00:54:00+00:00",
        "be_there": "2026-12-19T00:39:00+00:00",
        "bring": {"vi": "Bài trình chiếu trên USB, thẻ sinh viên.", "en": "Your slides on a USB stick, student cards."},
        "minutes": 5,
        "questions": 7,
        "changed": False,
        "path": "/entries/1/pitch",
    },
    urgent=True,
)
def pitch_order(
    round_: Round,
    title: Mapping[str, Any],
    people: Iterable[int],
    *,
    entry_id: int,
    position: int,
    hall: str,
    starts_at: datetime,
    be_there: datetime,
    minutes: tuple[int, int],
    bring: Mapping[str, str],
    version: str,
    changed: bool,
    at: datetime,
) -> int:
    """Tell a team where and when it pitches, when to be there, and what to bring."""
    return tell(
        "pitch_order",
        round_,
        people,
        ("entry", entry_id),
        version=f"{round_.id}:{version}",
        path=f"/entries/{entry_id}/pitch",
        at=at,
        title=title,
        position=position,
        hall=hall,
        starts_at=starts_at.isoformat(),
        be_there=be_there.isoformat(),
        bring=dict(bring),
        minutes=minutes[0],
        questions=minutes[1],
        changed=changed,
    )


@message(
    "pitch_missed",
    sample={"contest": CONTEST, "round": _ROUND, "title": TITLE, "path": "/entries/1/pitch"},
    urgent=True,
    required=True,
)
def pitch_missed(round_: Round, title: Mapping[str, Any], people: Iterable[int], *, entry_id: int, at: datetime) -> int:
    """Tell a team that it was not there when it was called, and what that means."""
    return tell(
        "pitch_missed",
        round_,
        people,
        ("entry", entry_id),
        version=f"{round_.id}:{at.isoformat()}",
        path=f"/entries/{entry_id}/pitch",
        at=at,
        title=title,
    )


@message(
    "pitch_order_jury",
    sample={
        "contest": CONTEST,
        "round": _ROUND,
        "teams": 12,
        "starts_at": "2026-12-19T00:30:00+00:00",
        "minutes": 5,
        "questions": 7,
        "changed": False,
        "path": "/contests/VL-KNST-2026/pitch/R2",
    },
    urgent=True,
)
def pitch_order_jury(
    round_: Round,
    people: Iterable[int],
    *,
    teams: int,
    starts_at: datetime,
    version: str,
    changed: bool,
    at: datetime,
) -> int:
    """Tell the judges that the running order is drawn and when the pitches begin; it names no entry."""
    return tell(
        "pitch_order_jury",
        round_,
        people,
        ("round", round_.id),
        version=version,
        path=f"/contests/{round_.contest.code}/pitch/{round_.code}",
        at=at,
        teams=teams,
        starts_at=starts_at.isoformat(),
        minutes=round_.definition.get("pitch_minutes") or 0,
        questions=round_.definition.get("qa_minutes") or 0,
        changed=changed,
    )
