"""Looking is a deed too where it shows who somebody is: it is written down."""

from datetime import datetime

from compapp.core import audit
from compapp.core.actor import Actor
from compapp.entries.models import Attachment, Entry


def note_view(entry: Entry, *, actor: Actor, at: datetime) -> None:
    """Note that somebody outside the team saw who the team is."""
    audit.record("entries.entry.identity_viewed", entry, actor=actor, at=at, contest_id=entry.contest_id)


def note_download(row: Attachment, *, actor: Actor, at: datetime) -> None:
    """Note that somebody outside the team took a file as it was handed in."""
    data = {"key": row.key, "entry": row.entry_id}
    audit.record("entries.file.downloaded", row, actor=actor, at=at, contest_id=row.entry.contest_id, data=data)
