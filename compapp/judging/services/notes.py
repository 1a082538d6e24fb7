"""A judge's own notes: for nobody else's eyes, and part of no sheet."""

from datetime import datetime

from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict, Invalid, Sentence
from compapp.core.text import N_
from compapp.judging.models import Assignment, JudgeNote
from compapp.judging.services.sheets import cleaned_comment, own_sheet


def keep_note(assignment: Assignment, text: str, *, version: int | None = None, actor: Actor, at: datetime) -> int:
    """Keep the judge's own note on an assigned entry, also after the sheet is in; return its new version.

    ``version`` is the one the judge saw (0 for none); None writes over whatever stands. Raises NotFound without
    the right to the entry, Conflict for another version, Invalid beyond 5,000 characters. Nothing of a note is
    recorded: it is the judge's own paper.
    """
    found, faults = own_sheet(assignment, actor), dict[str, list[Sentence]]()
    note, written = found.note, cleaned_comment(text, "note", faults)
    if faults:
        raise Invalid(fields=faults)
    known = note.version if note is not None else 0
    if version is not None and version != known:
        raise Conflict(N_("This note was changed in another window. Both texts are shown; choose what to keep."))
    if note is None:
        if written:
            session().add(JudgeNote(assignment_id=found.assignment.id, text=written, version=1, saved_at=at))
            session().flush()
        return 1 if written else 0
    if note.text != written:
        note.text, note.version, note.saved_at = written, known + 1, at
    return note.version
