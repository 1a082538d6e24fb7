"""The files that were handed in: those that the newest version froze, whatever was picked since without submitting."""

from compapp.contests.definition import EntryForm
from compapp.entries.models import Attachment, Entry, EntryVersion
from compapp.entries.queries import rows
from compapp.entries.queries.completeness import is_later, round_asking


def handed_in_files(entry: Entry, version: EntryVersion | None) -> dict[str, Attachment]:
    """Return what judges and organisers look at, by attachment key.

    Of the submission it is what the receipt of ``version`` names by hash; of later rounds, which have their own
    windows, what is there now. Without a version (or one that came without files) it is what is there now.
    """
    if version is None or "attachments" not in version.content:
        return rows.current_attachments(entry.id)
    form = EntryForm.of(entry.contest)
    later = {rule.key for rule in form.attachments if is_later(entry.contest, round_asking(form, rule))}
    frozen = {one["key"]: (one.get("sha256"), one.get("link")) for one in version.content["attachments"]}
    now = rows.current_attachments(entry.id)
    found = {key: row for key, row in now.items() if key in later or _content(row) == frozen.get(key)}
    if frozen.keys() - found.keys():
        older = sorted(rows.attachments_of(entry.id), key=lambda row: row.id)
        found |= {row.key: row for row in older if row.key not in found and _content(row) == frozen.get(row.key)}
    return found


def _content(row: Attachment) -> tuple[str | None, str | None]:
    return (row.blob.sha256 if row.blob else None), row.link
