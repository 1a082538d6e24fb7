"""How every message of the room is posted, and what samples show."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from compapp.core import outbox
from compapp.entries.models import (
    Entry,
)

TITLE = {"vi": "Trạm đo mặn Miệt Vườn", "en": "Miet Vuon salinity post"}
CONTEST = {"vi": "Cuộc thi Ý tưởng khởi nghiệp 2026", "en": "Start-up Idea Contest 2026"}
SAMPLE: dict[str, Any] = {
    "title": TITLE,
    "contest": CONTEST,
    "code": "S01",
    "path": "/entries/1",
    "at": "2026-11-15T10:00:00+00:00",
}


def data_of(entry: Entry, at: datetime, **more: Any) -> dict[str, Any]:
    """Return what every message about an entry says."""
    return {
        "title": entry.title,
        "contest": entry.contest.title,
        "code": entry.code,
        "path": f"/entries/{entry.id}",
        "at": at.isoformat(),
        **more,
    }


def post_of(
    kind: str,
    entry: Entry,
    to: Iterable[int],
    /,
    *,
    version: str | int,
    at: datetime,
    but: int | None = None,
    **more: Any,
) -> None:
    """Post a message about an entry to people, ``but`` left out."""
    outbox.post(
        kind,
        to=[person for person in to if person != but],
        subject=("entry", entry.id),
        version=version,
        data=data_of(entry, at, **more),
        at=at,
        contest_id=entry.contest_id,
    )
