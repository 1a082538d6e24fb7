"""The entry that a mentor reads to help the team: what a jury may read, with who the team is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from compapp.contests.definition import AttachmentRule, EntryForm, FormField
from compapp.core.errors import NotFound
from compapp.core.text import N_
from compapp.entries import queries as entries
from compapp.entries.models import Attachment, Entry
from compapp.entries.queries.identity import JUDGES_SEE


@dataclass(frozen=True, slots=True)
class Dossier:
    """An entry as it was last handed in, without what is for the organiser's eyes only."""

    entry: Entry
    fields: tuple[FormField, ...]
    answers: Mapping[str, Any]
    files: tuple[tuple[AttachmentRule, Attachment], ...]
    people: tuple[tuple[str, str], ...]
    """Names with their role on the team; no birthday, no number, no address."""


def dossier_of(entry_id: int) -> Dossier:
    """Return what a mentor may read of an entry; a question or file for organisers alone is not in it."""
    entry = entries.entry(entry_id)
    form, version = EntryForm.of(entry.contest), entries.newest_version(entry.id)
    answers = version.content["answers"] if version is not None else {}
    present = entries.handed_in_files(entry, version)
    return Dossier(
        entry=entry,
        fields=form.seen_by(JUDGES_SEE),
        answers=answers,
        files=tuple(
            (rule, present[rule.key])
            for rule in form.attachments
            if rule.visibility in JUDGES_SEE and rule.key in present
        ),
        people=tuple((member.name, member.role) for member in entries.active_members(entry.id)),
    )


def file_of_dossier(entry_id: int, attachment_id: int) -> Attachment:
    """Return a file of the dossier; NotFound for any other, also of the same team."""
    for _rule, row in dossier_of(entry_id).files:
        if row.id == attachment_id and row.blob is not None:
            return row
    raise NotFound(N_("This page does not exist, or it is not open to you."))
