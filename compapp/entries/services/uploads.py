"""Files that arrive in pieces: begun, continued where the line broke, looked through and attached at the end.

A piece is written behind what is there already and nowhere else; how much has arrived is the length of the file on
the disk, so that no statement is needed for a piece. A file may arrive after the deadline if it began before it, within
the grace that the contest states (safety.md I2: judged by the moment at which the last request began).
"""

import fcntl
import hashlib
import os
import secrets
import time
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from compapp.contests.definition import EntryForm
from compapp.core import audit, files
from compapp.core.actor import Actor
from compapp.core.db import current_unit, session
from compapp.core.errors import Closed, Conflict, Invalid
from compapp.core.text import N_
from compapp.entries import queries
from compapp.entries.models import Attachment, Entry, Upload
from compapp.entries.queries.uploads import finishing_until, open_uploads
from compapp.entries.services import attachments, rules
from compapp.entries.services.drafts import CLOSED_SENTENCE

PIECE = 1 << 20
"""Most bytes of one piece."""
LASTS = timedelta(hours=24)
MOST_AT_ONCE = 8
_BROKEN = N_("The file was damaged on its way. Choose it again.")
_OTHER_PLACE = N_("The file continues elsewhere.")


def _folder() -> Path:
    return files.root() / "pieces"


def path_of(upload: Upload) -> Path:
    """Return where the pieces of a file on its way lie."""
    return _folder() / upload.token


def arrived(upload: Upload) -> int:
    """Return how many bytes have arrived."""
    try:
        return path_of(upload).stat().st_size
    except FileNotFoundError:
        return 0


def begin_upload(entry: Entry, key: str, *, file_name: str, size: int, mark: str, actor: Actor, at: datetime) -> Upload:
    """Announce a file of ``size`` bytes; the same file (its sender knows it by ``mark``) goes on where it broke off.

    Raises Invalid for one that is too large or of no use here, Closed after the deadline, Conflict for too many.
    """
    person_id = rules.person_id_of(actor)
    entry = queries.locked_entry(entry.id)
    rule = attachments.rule_of(entry, key)
    if not rule.file_formats:
        raise Invalid(N_("No file is asked for here."))
    name = attachments.safe_name(file_name)
    attachments.check_name(rule, file_name)
    waiting = open_uploads(entry.id)
    for one in waiting:
        if (one.person_id, one.key, one.size, one.mark) == (
            person_id,
            key,
            size,
            mark[:64],
        ) and at < one.begun_at + LASTS:
            check_may_continue(entry, one, actor=actor, at=at)
            return one
    attachments.check_may_attach(entry, rule, actor=actor, at=at)
    if size <= 0:
        raise Invalid(N_("The file is empty."))
    if rule.max_mb is not None and size > rule.max_mb * 1_000_000:
        raise Invalid(
            N_("The file has %(size)s MB; at most %(most)s MB are taken."), size=megabytes(size), most=rule.max_mb
        )
    if len(waiting) >= MOST_AT_ONCE:
        raise Conflict(N_("Too many files are on their way. Wait for one of them."))
    attachments.must_have_room(entry, size + sum(one.size for one in waiting))
    upload = Upload(
        entry_id=entry.id,
        key=key,
        person_id=person_id,
        file_name=name,
        size=size,
        mark=mark[:64],
        token=secrets.token_hex(16),
        begun_at=at,
    )
    session().add(upload)
    session().flush()
    data = {"key": key, "size": size}
    audit.record("entries.upload.begun", upload, actor=actor, at=at, contest_id=entry.contest_id, data=data)
    return upload


def megabytes(size: int) -> str:
    """Return a size in MB (1,000,000 bytes) with one decimal, as people write it here."""
    return f"{size / 1_000_000:.1f}".replace(".", ",")


def check_may_continue(entry: Entry, upload: Upload, *, actor: Actor, at: datetime) -> bool:
    """Raise unless this file may still arrive; return whether it does so after the deadline, within the grace."""
    if upload.finished_at is not None:
        raise Closed(N_("This file has arrived already, or was refused."))
    rule = attachments.rule_of(entry, upload.key)
    try:
        attachments.check_may_attach(entry, rule, actor=actor, at=at)
    except Closed:
        until = finishing_until(entry, queries.entry_window(entry), at)
        if until is None or queries.is_later(entry.contest, queries.round_asking(EntryForm.of(entry.contest), rule)):
            raise
        deadline = queries.entry_window(entry).deadline(at)
        if upload.begun_at >= deadline:
            raise Closed(CLOSED_SENTENCE) from None
        return True
    return False


def add_piece(upload: Upload, offset: int, piece: bytes) -> int:
    """Write a piece behind what has arrived and return how much there is now. Needs no transaction.

    Conflict (``current``: how much there is) where it belongs elsewhere, Invalid for more than was announced.
    """
    if not piece or len(piece) > PIECE or offset + len(piece) > upload.size:
        raise Invalid(_BROKEN)
    path = path_of(upload)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        there = os.fstat(handle).st_size
        if there != offset:
            raise Conflict(_OTHER_PLACE, current=there)
        os.pwrite(handle, piece, offset)
        return offset + len(piece)
    finally:
        os.close(handle)


def prepare_upload(entry: Entry, upload: Upload, *, sha256: str | None) -> attachments.PreparedFile:
    """Hold a file that is there as a whole against its hash and every limit. Needs no transaction; Invalid."""
    path = path_of(upload)
    if arrived(upload) != upload.size:
        raise Conflict(_OTHER_PLACE, current=arrived(upload))
    with path.open("rb") as stream:
        if sha256 and hashlib.file_digest(stream, "sha256").hexdigest() != sha256.lower():
            raise Invalid(_BROKEN)
        stream.seek(0)
        return attachments.prepare_file(entry, upload.key, file_name=upload.file_name, source=stream)


def finish_upload(upload: Upload, prepared: attachments.PreparedFile, *, actor: Actor, at: datetime) -> Attachment:
    """Attach a file that has arrived; one that came within the grace is marked as such, with when it began."""
    entry = queries.locked_entry(upload.entry_id)
    session().refresh(upload)
    is_late = check_may_continue(entry, upload, actor=actor, at=at)
    row = attachments.attach_file(entry, prepared, begun_at=upload.begun_at if is_late else None, actor=actor, at=at)
    upload.finished_at, upload.attachment_id = at, row.id
    session().flush()
    path = path_of(upload)
    current_unit().call_after_commit(lambda: path.unlink(missing_ok=True))
    return row


def give_up_upload(upload: Upload, *, actor: Actor, at: datetime) -> None:
    """Forget a file on its way: it was refused, or its sender chose another."""
    session().refresh(upload)
    if upload.finished_at is None:
        upload.finished_at = at
        session().flush()
        audit.record("entries.upload.given_up", upload, actor=actor, at=at, contest_id=upload.entry.contest_id)
    path = path_of(upload)
    current_unit().call_after_commit(lambda: path.unlink(missing_ok=True))


def sweep_uploads(*, at: datetime) -> int:
    """End what was begun more than a day ago and never finished; remove pieces nobody waits for. Return how many."""
    old = list(session().scalars(select(Upload).where(Upload.finished_at.is_(None), Upload.begun_at < at - LASTS)))
    for upload in old:
        upload.finished_at = at
        path_of(upload).unlink(missing_ok=True)
    session().flush()
    waiting = set(session().scalars(select(Upload.token).where(Upload.finished_at.is_(None))))
    gone = len(old)
    for path in _folder().glob("*") if _folder().is_dir() else ():
        if path.name not in waiting and path.stat().st_mtime < time.time() - LASTS.total_seconds():
            path.unlink(missing_ok=True)
            gone += 1
    return gone
