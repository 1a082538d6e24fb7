"""A judge's own notes: for nobody else's eyes, and part of no sheet."""

from datetime import datetime

from compapp.core.actor import Actor
from compapp.core.db import identity_of, session
from compapp.core.errors import Conflict, Invalid, NotFound
from compapp.core.text import N_, nfc
from compapp.judging import queries
from compapp.judging.models import Assignment, JudgeNote
from compapp.judging.services.sheets import LONGEST_COMMENT


def keep_note(assignment: Assignment, text: str, *, version: int | None = None, actor: Actor, at: datetime) -> int:
    """Keep the judge's own note on an assigned entry, also after the sheet is in; return its new version.

    ``version`` is the one the judge saw (0 for none); None writes over whatever stands. Raises NotFound without
    the right to the entry, Conflict for another version, Invalid beyond 5,000 characters. Nothing of a note is
    recorded: it is the judge's own paper.
    """
    number = identity_of(assignment)
    if number is None:
        raise NotFound(N_("This sheet does not exist, or it is not open to you."))
    queries.lock_assignment(number)
    found = queries.open_sheet(actor, number)
    if found is None:
        raise NotFound(N_("This sheet does not exist, or it is not open to you."))
    note, written = found.note, nfc(text).replace("\r\n", "\n").strip()
    if len(written) > LONGEST_COMMENT:
        raise Invalid(fields={"note": [(N_("Write at most %(most)s characters."), {"most": LONGEST_COMMENT})]})
    known = note.version if note is not None else 0
    if version is not None and version != known:
        raise Conflict(N_("This note was changed in another window. Both texts are shown; choose what to keep."))
    if note is None:
        if written:
            session().add(JudgeNote(assignment_id=number, text=written, version=1, saved_at=at))
            session().flush()
        return 1 if written else 0
    if note.text != written:
        note.text, note.version, note.saved_at = written, known + 1, at
    return note.version
