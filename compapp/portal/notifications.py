"""What the portal tells whom."""

from datetime import datetime

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
