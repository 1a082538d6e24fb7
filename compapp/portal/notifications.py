"""What the portal tells whom."""

from collections.abc import Iterable
from datetime import datetime

from compapp.contests.models import Round
from compapp.core import outbox
from compapp.core.messages import message
from compapp.entries.models import Entry
from compapp.entries.queries import people_of


@message(
    "gallery_hidden",
    sample={
        "title": {"vi": "Trạm đo mặn Miệt Vườn", "en": "Miet Vuon salinity post"},
        "contest": {"vi": "Cuộc thi Ý tưởng khởi nghiệp 2026-2027", "en": "Startup Idea Contest 2026-2027"},
        "reason": "Ảnh của người khác trong bài.",
        "path": "/entries/1/gallery",
    },
)
def entry_hidden(entry: Entry, reason: str, *, at: datetime) -> int:
    """Tell the team that the organiser has hidden its entry from the gallery, and why."""
    return outbox.post(
        "gallery_hidden",
        to=people_of(entry.id),
        subject=("entry", entry.id),
        version=at.isoformat(),
        data={
            "title": entry.title,
            "contest": entry.contest.title,
            "reason": reason,
            "path": f"/entries/{entry.id}/gallery",
        },
        at=at,
        contest_id=entry.contest_id,
    )


@message(
    "vote_voided",
    sample={
        "contest": {"vi": "Cuộc thi Ý tưởng khởi nghiệp 2026-2027", "en": "Startup Idea Contest 2026-2027"},
        "reason": "Nhiều tài khoản mới lập bình chọn trong cùng một phút từ một địa chỉ.",
        "path": "/contests/VL-KNST-2026/vote",
    },
)
def votes_voided(round_: Round, people: Iterable[int], reason: str, *, at: datetime) -> int:
    """Tell voters that their vote no longer counts, and why."""
    return outbox.post(
        "vote_voided",
        to=sorted(set(people)),
        subject=("round", round_.id),
        version=at.isoformat(),
        data={
            "contest": round_.contest.title,
            "reason": reason,
            "path": f"/contests/{round_.contest.code}/vote",
        },
        at=at,
        contest_id=round_.contest_id,
    )
