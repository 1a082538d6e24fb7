"""Files on their way in pieces, and how long after the deadline one may still arrive."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select

from compapp.contests.definition import Rules
from compapp.core.db import session
from compapp.core.errors import NotFound
from compapp.core.text import N_
from compapp.entries.lifecycle import DRAFT, NEEDS_FIX, SUBMITTED
from compapp.entries.models import Attachment, Entry, Upload
from compapp.entries.window import Window

OPEN_STATES = frozenset({DRAFT, SUBMITTED, NEEDS_FIX})


def upload_of(entry_id: int, upload_id: int, person_id: int | None) -> Upload:
    """Return a file on its way that this person sends; NotFound."""
    found = session().get(Upload, upload_id)
    if found is None or found.entry_id != entry_id or found.person_id != person_id:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return found


def open_uploads(entry_id: int) -> list[Upload]:
    """Return the files of the entry that are on their way, the newest first."""
    return list(
        session().scalars(
            select(Upload)
            .where(Upload.entry_id == entry_id, Upload.finished_at.is_(None))
            .order_by(Upload.begun_at.desc(), Upload.id.desc())
        )
    )


def finishing_until(entry: Entry, window: Window, at: datetime) -> datetime | None:
    """Return until when files that were on their way at the deadline may arrive and be submitted; None for none.

    The contest states the grace; it is for entries with an upload begun before the deadline only, and nothing else of
    the entry may change in it. Once decided about or withdrawn, an entry has no grace.
    """
    deadline = window.deadline(at)
    if at < deadline or not window.contest_is_live or window.frozen or entry.state not in OPEN_STATES:
        return None
    grace = Rules.of(entry.contest).submission.grace
    if not grace or at >= deadline + grace or not _was_on_its_way(entry.id, deadline):
        return None
    return deadline + grace


def _was_on_its_way(entry_id: int, deadline: datetime) -> bool:
    """Whether a file that began before the deadline was not there yet when it came."""
    found = session().scalar(
        select(Upload.id)
        .where(
            Upload.entry_id == entry_id,
            Upload.begun_at < deadline,
            func.coalesce(Upload.finished_at, deadline) >= deadline,
        )
        .limit(1)
    )
    return found is not None


def late_files(entry: Entry, files: Iterable[Attachment]) -> dict[int, datetime]:
    """Return which files began before the deadline and arrived after it: attachment id to when it began."""
    closes = entry.contest.closes_at
    suspects = [row.id for row in files if row.uploaded_at >= closes]
    if not suspects:
        return {}
    found = session().execute(
        select(Upload.attachment_id, Upload.begun_at).where(
            Upload.attachment_id.in_(suspects), Upload.begun_at < closes
        )
    )
    return {attachment_id: begun_at for attachment_id, begun_at in found if attachment_id is not None}
