"""What organisers and the clock do about blindness: look again, replace, mark a false alarm."""

from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import select

from compapp.contests.definition import EntryForm
from compapp.core import audit, files
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Invalid
from compapp.core.text import N_
from compapp.entries import blindness, policy, queries
from compapp.entries.inspection import check, inspect
from compapp.entries.inspection.found import Limits
from compapp.entries.models import Attachment, Entry
from compapp.entries.queries.identity import JUDGES_SEE
from compapp.entries.services import rules
from compapp.entries.services.attachments import set_examination


def stale_files(*, most: int = 20) -> list[int]:
    """Return ids of current files that were never examined (links are checked at once)."""
    return list(
        session().scalars(
            select(Attachment.id)
            .where(
                Attachment.replaced_at.is_(None),
                Attachment.blob_id.is_not(None),
                Attachment.blind_state == blindness.UNCHECKED,
                Attachment.kind != "",
                Attachment.checked_against.is_(None),
            )
            .order_by(Attachment.id)
            .limit(most)
        )
    )


def forget_stale_examinations(entry: Entry, present: Iterable[Attachment]) -> int:
    """Ask for a new look at every current file that was examined for another team than today's; return how many."""
    who = queries.identity_of_entry(entry)
    count = 0
    for row in present:
        if row.kind in {"", "link"} or row.checked_against == who.fingerprint:
            continue
        if row.blind_state == blindness.CLEAN:
            row.blind_state, row.checked_against = blindness.UNCHECKED, None
            count += 1
    session().flush()
    return count


def examine_again(attachment_id: int) -> tuple[blindness.Examination | None, str]:
    """Look through a stored file outside of any lock; nothing for one that judges never see."""
    row = queries.attachment(attachment_id)
    entry = queries.entry(row.entry_id)
    who = queries.identity_of_entry(entry)
    visible = {rule.key for rule in EntryForm.of(entry.contest).attachments if rule.visibility in JUDGES_SEE}
    if row.blob is None or row.key not in visible:
        return None, who.fingerprint
    return blindness.examine(files.path_of(row.blob.sha256), row.kind, row.file_name, who), who.fingerprint


def keep_examination(
    attachment_id: int, examination: blindness.Examination | None, fingerprint: str, *, actor: Actor, at: datetime
) -> None:
    """Write down the result of :func:`examine_again`."""
    row = queries.attachment(attachment_id)
    entry = queries.locked_entry(row.entry_id)
    if examination is None:
        row.checked_against = fingerprint
        session().flush()
        return
    rule = EntryForm.of(entry.contest).attachment(row.key)
    set_examination(entry, row, examination, fingerprint, rule, at=at)
    audit.record(
        "entries.file.examined", row, actor=actor, at=at, contest_id=entry.contest_id, data={"state": row.blind_state}
    )


def _withheld(attachment_id: int, actor: Actor) -> tuple[Attachment, Entry]:
    row = queries.attachment(attachment_id)
    entry = queries.locked_entry(row.entry_id)
    facts = queries.facts_of(actor, entry)
    rules.require(facts is not None and policy.may_decide(actor, facts))
    if row.replaced_at is not None:
        raise Invalid(N_("The team has replaced this file meanwhile."))
    return row, entry


def replace_file(
    attachment_id: int, *, file_name: str, source: BinaryIO | bytes, reason: str, actor: Actor, at: datetime
) -> Attachment:
    """Give judges a neutral copy made by hand. Invalid when a name stands in this one too."""
    row, entry = _withheld(attachment_id, actor)
    incoming = files.receive(source)
    files.keep(incoming, at=at)
    found = inspect(incoming.path)
    check(found, Limits((row.kind,)))
    who = queries.identity_of_entry(entry)
    examination = blindness.examine(incoming.path, found.kind, file_name, who)
    if examination.neutral is None:
        raise Invalid(N_("Names were found in this copy too. Take them out and send it again."))
    row.neutral_blob = files.store(examination.neutral, at=at)
    row.blind_state = blindness.REPLACED
    row.blind_note = reason.strip() or None
    row.pages = found.pages
    session().flush()
    audit.record(
        "entries.file.neutral_given", row, actor=actor, at=at, contest_id=entry.contest_id, data={"reason": reason}
    )
    return row


def mark_false_alarm(attachment_id: int, *, reason: str, actor: Actor, at: datetime) -> Attachment:
    """Let judges have the file as it is, metadata taken out; a person answers for it with a reason."""
    row, entry = _withheld(attachment_id, actor)
    if not reason.strip():
        raise Invalid(fields={"reason": [(N_("Give a reason."), {})]})
    if row.blob is not None:
        copy = blindness.neutral_copy(files.path_of(row.blob.sha256), row.kind)
        row.neutral_blob = files.store(copy, at=at)
        row.blind_state = blindness.REPLACED
    else:
        row.blind_state = blindness.CLEAN
    row.blind_note = reason.strip()
    session().flush()
    audit.record(
        "entries.file.false_alarm", row, actor=actor, at=at, contest_id=entry.contest_id, data={"reason": reason}
    )
    return row
