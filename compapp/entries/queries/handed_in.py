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
    found: dict[str, Attachment] = {}
    for row in sorted(rows.attachments_of(entry.id), key=lambda one: one.id):
        if row.key in later:
            if row.replaced_at is None:
                found[row.key] = row
        elif (row.blob.sha256 if row.blob else None, row.link) == frozen.get(row.key):
            found[row.key] = row
    return found
