"""What many entries answered at once, as it was handed in and confirmed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from compapp.core.db import session
from compapp.entries.models import EntryPart, EntryVersion


def answered(entry_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return the answers of several entries, of the newest version and of the parts confirmed since, by entry."""
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(entry_ids), 500):
        part = entry_ids[start : start + 500]
        newest = (
            select(func.max(EntryVersion.id)).where(EntryVersion.entry_id.in_(part)).group_by(EntryVersion.entry_id)
        )
        versions = select(EntryVersion.entry_id, EntryVersion.content).where(EntryVersion.id.in_(newest))
        for entry_id, content in session().execute(versions):
            found[entry_id] = dict(content.get("answers") or {})
        later = select(EntryPart.entry_id, EntryPart.content).where(EntryPart.entry_id.in_(part)).order_by(EntryPart.id)
        for entry_id, content in session().execute(later):
            found.setdefault(entry_id, {}).update(content.get("answers") or {})
    return found
