"""Files that go along with an idea: those that fit a rule of the other contest; the rest is named with the reason."""

from datetime import datetime
from typing import Any

from compapp.contests.definition import AttachmentRule, EntryForm
from compapp.core import files
from compapp.core.actor import Actor
from compapp.core.errors import Invalid
from compapp.core.text import N_, fold
from compapp.entries import queries
from compapp.entries.inspection import Found, check, inspect
from compapp.entries.models import Attachment, Entry
from compapp.entries.services import attachments

OWN_FILES = frozenset({"school_confirm", "guardian_consent"})
"""Files that are about one contest alone: a word of the school or of a guardian is asked for anew."""
IN_FILES = "file:"
"""Before the key of a file among what was set aside."""


def carry_files(source: Entry, entry: Entry, *, actor: Actor, at: datetime) -> tuple[list[str], dict[str, Any]]:
    """Attach what fits to the new draft; return the keys it stands under, and what did not: key to label and reason.

    Nothing is copied on the disk. Files are looked through for names again by the clock, for the new team and form.
    """
    old = {rule.key: rule for rule in EntryForm.of(source.contest).attachments}
    wanted = queries.attachments_asked(entry.contest, queries.working_board(entry).code, answers=entry.answers)
    taken: list[str] = []
    aside: dict[str, Any] = {}
    for key, row in queries.current_attachments(source.id).items():
        label = dict(old[key].label) if key in old else {"vi": key, "en": key}
        rule = _matching(key, label, wanted, taken)
        try:
            if rule is None:
                raise Invalid(N_("The other contest asks for no such file."))
            _must_fit(rule, row)
            attachments.take_over(entry, rule, row, actor=actor, at=at)
            taken.append(rule.key)
        except Invalid as error:
            why = [error.msgid, {name: str(value) for name, value in error.params.items()}]
            aside[IN_FILES + key] = {"label": label, "value": row.file_name or row.link or key, "why": why}
    return taken, aside


def _matching(key: str, label: dict[str, str], wanted: list[AttachmentRule], taken: list[str]) -> AttachmentRule | None:
    """Return where a file goes: the rule with its key, else with its words."""
    free = [one for one in wanted if one.key not in taken and one.key not in OWN_FILES and not one.takes_consent]
    if key in OWN_FILES:
        return None
    words = fold(label.get("vi", ""))
    same_words = (one for one in free if words and fold(one.label.get("vi", "")) == words)
    return next((one for one in free if one.key == key), None) or next(same_words, None)


def _must_fit(rule: AttachmentRule, row: Attachment) -> None:
    """Raise Invalid with the sentence for the first limit of ``rule`` that the file or link breaks."""
    if row.blob is None:
        if not rule.takes_link:
            raise Invalid(N_("A link is not taken here; send a file."))
        return
    attachments.check_name(rule, row.file_name)
    limits = attachments.limits_of(rule)
    found = Found(row.kind, row.blob.size, pages=row.pages, seconds=row.seconds)
    if limits.least_side is not None or limits.ratio is not None:
        found = inspect(files.path_of(row.blob.sha256))
    check(found, limits)
