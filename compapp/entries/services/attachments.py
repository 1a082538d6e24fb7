"""Files and links: taken in and examined before the lock, kept beside their predecessors, neutral for judges."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import BinaryIO

from sqlalchemy import func, select, update

from compapp.contests.definition import AttachmentRule, EntryForm
from compapp.core import audit, files
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Invalid, NotFound, Refused
from compapp.core.text import N_, nfc
from compapp.entries import advancement, answers, blindness, notifications, policy, queries
from compapp.entries.inspection import Found, Limits, check, inspect
from compapp.entries.models import Attachment, Entry
from compapp.entries.queries.identity import JUDGES_SEE
from compapp.entries.queries.parts import later_window
from compapp.entries.services import links, rules
from compapp.entries.services.drafts import CLOSED_SENTENCE

MOST_KEPT = 2_000_000_000
"""Bytes that one entry may fill with files, those included that were replaced."""


@dataclass(frozen=True)
class PreparedFile:
    """A file that lies on the disk, was looked through, and waits for its row."""

    key: str
    file_name: str
    incoming: files.Incoming
    found: Found
    examination: blindness.Examination | None
    fingerprint: str | None
    neutral: files.Incoming | None


def rule_of(entry: Entry, key: str) -> AttachmentRule:
    """Return the rule of an attachment that this entry's board is asked for; NotFound."""
    board = queries.working_board(entry).code
    for rule in EntryForm.of(entry.contest).attachments:
        if rule.key == key and rule.asked_of(board):
            return rule
    raise NotFound(N_("This contest asks for no such file."))


def safe_name(file_name: str) -> str:
    """Return the last part of a file's name, in NFC, without control characters, at most 150 characters."""
    bare = PurePath(nfc(file_name).replace("\\", "/")).name
    kept = "".join(c for c in bare if c.isprintable() and c not in '<>:"|?*').strip(" .")
    if len(kept) > 150:
        suffix = PurePath(kept).suffix[:10]
        kept = kept[: 150 - len(suffix)] + suffix
    return kept or "file"


def prepare_file(entry: Entry, key: str, *, file_name: str, source: BinaryIO | bytes) -> PreparedFile:
    """Take a file in, tell what it is, hold it against the limits and look for names. Needs no transaction.

    It and its neutral copy lie at their places afterwards, flushed: the transaction need not wait for the disk.

    Raises Invalid with a sentence for a file that cannot be taken.
    """
    rule = rule_of(entry, key)
    if not rule.file_formats:
        raise Invalid(N_("No file is asked for here."))
    check_name(rule, file_name)
    incoming = files.receive(source)
    found = inspect(incoming.path)
    check(found, limits_of(rule))
    examination = fingerprint = neutral = None
    name = safe_name(file_name)
    if rule.visibility in JUDGES_SEE:
        who = queries.identity_of_entry(entry)
        examination, fingerprint = blindness.examine(incoming.path, found.kind, name, who), who.fingerprint
        neutral = _received_copy(examination)
    files.place(incoming)
    return PreparedFile(key, name, incoming, found, examination, fingerprint, neutral)


def _received_copy(examination: blindness.Examination) -> files.Incoming | None:
    if examination.neutral is None:
        return None
    copy = files.receive(examination.neutral)
    files.place(copy)
    return copy


def limits_of(rule: AttachmentRule) -> Limits:
    """Return what the rule of an attachment says of the file itself."""
    return Limits(
        rule.file_formats,
        rule.max_mb,
        rule.max_pages,
        rule.max_slides,
        rule.max_seconds,
        least_side=int(side) if (side := (rule.min_resolution or "").removesuffix("p")).isdecimal() else None,
        ratio=rule.ratio,
    )


def check_name(rule: AttachmentRule, file_name: str) -> None:
    """Raise Invalid for a file that is not called as the contest asks."""
    name = safe_name(file_name)
    if not rule.takes_name(name):
        sentence = N_(
            "The file must be called “%(pattern)s” (* stands for any letters), not “%(name)s”. "
            "Rename it, send it again."
        )
        raise Invalid(sentence, pattern=rule.file_name, name=name)


def attach_file(
    entry: Entry, prepared: PreparedFile, *, begun_at: datetime | None = None, actor: Actor, at: datetime
) -> Attachment:
    """Keep a prepared file as the one that counts; its predecessor stays. Closed outside its window.

    ``begun_at`` is given for a file that arrived within the grace after the deadline, which the caller has checked:
    it says when it began.
    """
    entry = queries.locked_entry(entry)
    rule = rule_of(entry, prepared.key)
    if begun_at is None:
        check_may_attach(entry, rule, actor=actor, at=at)
    must_have_room(entry, prepared.incoming.size)
    row = Attachment(
        entry_id=entry.id,
        key=rule.key,
        blob=files.keep(prepared.incoming, at=at),
        file_name=prepared.file_name,
        kind=prepared.found.kind,
        pages=prepared.found.pages,
        seconds=prepared.found.seconds,
        uploaded_at=at,
        uploaded_by_id=actor.person_id,
        findings=[],
        blind_state=blindness.UNCHECKED,
        definition={},
    )
    if prepared.examination is not None:
        _write_down(row, prepared.examination, prepared.fingerprint, prepared.neutral, at)
    _replace(entry, row, at)
    _tell_if_withheld(entry, row, rule, at)
    data = {"key": rule.key, "sha256": prepared.incoming.sha256, "size": prepared.found.size}
    if begun_at is not None:
        data["begun_in_time"] = begun_at.isoformat()
    audit.record("entries.file.attached", row, actor=actor, at=at, contest_id=entry.contest_id, data=data)
    _confirm_later(entry, rule, row, prepared.incoming.sha256, at)
    return row


def must_have_room(entry: Entry, size: int) -> None:
    """Raise Invalid where the entry's files, older ones included, would fill more than their share of the disk."""
    kept = select(func.coalesce(func.sum(files.Blob.size), 0)).join(Attachment, Attachment.blob_id == files.Blob.id)
    if (session().scalar(kept.where(Attachment.entry_id == entry.id)) or 0) + size > MOST_KEPT:
        raise Invalid(N_("The files of this entry have been replaced too often. Ask the organiser."))


def attach(
    entry: Entry, key: str, *, file_name: str, content: BinaryIO | bytes, actor: Actor, at: datetime
) -> Attachment:
    """Prepare and attach in one step, where the content is small and at hand."""
    return attach_file(entry, prepare_file(entry, key, file_name=file_name, source=content), actor=actor, at=at)


def attach_link(entry: Entry, key: str, link: str, *, actor: Actor, at: datetime) -> Attachment:
    """Keep an https address as what counts; Invalid for another kind of address."""
    entry = queries.locked_entry(entry.id)
    rule = rule_of(entry, key)
    address = nfc(link).strip()
    if not rule.takes_link:
        raise Invalid(N_("A link is not taken here; send a file."))
    if not answers.is_link(address):
        raise Invalid(N_("Give a full address that begins with https://."))
    check_may_attach(entry, rule, actor=actor, at=at)
    who = queries.identity_of_entry(entry)
    hits = [blindness.Finding(marker.kind, "link", marker.text) for marker in blindness.search(address, who)]
    row = Attachment(
        entry_id=entry.id,
        key=rule.key,
        link=address,
        file_name="",
        kind="link",
        uploaded_at=at,
        uploaded_by_id=actor.person_id,
        findings=[hit.as_json() for hit in hits],
        blind_state=blindness.WITHHELD if hits else blindness.CLEAN,
        checked_against=who.fingerprint,
        definition={},
    )
    _replace(entry, row, at)
    if hits and rule.visibility in JUDGES_SEE:
        notifications.file_withheld(entry, row, dict(rule.label), at=at)
    links.ask_for_look(entry, rule.key, address, at=at)
    audit.record("entries.file.linked", row, actor=actor, at=at, contest_id=entry.contest_id, data={"key": rule.key})
    _confirm_later(entry, rule, row, "", at)
    return row


def take_over(entry: Entry, rule: AttachmentRule, row: Attachment, *, actor: Actor, at: datetime) -> Attachment:
    """Attach what another entry of the same team has, by its content; that it fits the rule is the caller's to check.

    Raises Invalid when the entry's share of the disk is full.
    """
    must_have_room(entry, row.blob.size if row.blob is not None else 0)
    made = Attachment(
        entry_id=entry.id,
        key=rule.key,
        blob_id=row.blob_id,
        link=row.link,
        file_name=row.file_name,
        kind=row.kind,
        pages=row.pages,
        seconds=row.seconds,
        uploaded_at=at,
        uploaded_by_id=actor.person_id,
        findings=list(row.findings) if row.blob_id is None else [],
        blind_state=row.blind_state if row.blob_id is None else blindness.UNCHECKED,
        checked_against=row.checked_against if row.blob_id is None else None,
        definition={},
    )
    _replace(entry, made, at)
    if row.link is not None:
        links.ask_for_look(entry, rule.key, row.link, at=at)
    data = {"key": rule.key, "from": row.id}
    audit.record("entries.file.attached", made, actor=actor, at=at, contest_id=entry.contest_id, data=data)
    return made


def _confirm_later(entry: Entry, rule: AttachmentRule, row: Attachment, sha256: str, at: datetime) -> None:
    """Tell the team that a file which a later round asks has arrived; there is no receipt of a submission for it."""
    if queries.is_later(entry.contest, queries.round_asking(EntryForm.of(entry.contest), rule)):
        name, path = row.file_name or row.link or rule.key, f"/entries/{entry.id}/files"
        notifications.part_confirmed(
            entry, dict(rule.label), version=f"file:{row.id}", name=name, sha256=sha256, path=path, at=at
        )


def remove_attachment(entry: Entry, key: str, *, actor: Actor, at: datetime) -> None:
    """Let an attachment no longer count; it is kept. Only while the entry is a working copy."""
    entry = queries.locked_entry(entry.id)
    rule = rule_of(entry, key)
    check_may_attach(entry, rule, actor=actor, at=at)
    _retire(entry, key, at)
    audit.record("entries.file.removed", entry, actor=actor, at=at, contest_id=entry.contest_id, data={"key": key})


def _replace(entry: Entry, row: Attachment, at: datetime) -> None:
    _retire(entry, row.key, at)
    session().add(row)
    entry.saved_at = at
    session().flush()


def _retire(entry: Entry, key: str, at: datetime) -> None:
    session().execute(
        update(Attachment)
        .where(Attachment.entry_id == entry.id, Attachment.key == key, Attachment.replaced_at.is_(None))
        .values(replaced_at=at)
    )


def check_may_attach(entry: Entry, rule: AttachmentRule, *, actor: Actor, at: datetime) -> None:
    """Raise unless the actor may hand in this file now: with the entry, or in a later round's own window."""
    facts = queries.facts_of(actor, entry)
    rules.require(facts is not None and facts.member_role in {"lead", "member"})
    if facts is None or facts.is_frozen:
        raise Closed(N_("The entry is frozen until a matter is settled."))
    asking = queries.round_asking(EntryForm.of(entry.contest), rule)
    if not queries.is_later(entry.contest, asking):
        if not policy.may_edit(actor, facts) or not within_own_deadline(entry, rule, at):
            raise Closed(CLOSED_SENTENCE)
        return
    if not policy.may_add_later_files(actor, facts):
        raise Closed(N_("This file is asked of entries that went on to a later round."))
    if not later_window_open(entry, rule, at):
        raise Closed(CLOSED_SENTENCE)
    if not advancement.takes_part(entry.id, asking or ""):
        raise Refused(N_("This file is asked of entries that went on to a later round."))


def within_own_deadline(entry: Entry, rule: AttachmentRule, at: datetime) -> bool:
    """Whether a file of the submission is taken at ``at``: until its own deadline, unless the entry is reopened."""
    return rule.closes_at is None or at < rule.closes_at or queries.entry_window(entry).reopened(at)


def later_window_open(entry: Entry, rule: AttachmentRule, at: datetime) -> bool:
    """Whether a later round's file may be handed in at ``at``: until its own deadline, else the round's opening."""
    opens, closes = later_window(entry.contest, rule)
    return closes is not None and at < closes and (opens is None or opens <= at)


def set_examination(
    entry: Entry,
    row: Attachment,
    examination: blindness.Examination,
    fingerprint: str | None,
    rule: AttachmentRule,
    *,
    at: datetime,
) -> None:
    """Write down what an examination found; organisers are told of a file that judges do not get."""
    _write_down(row, examination, fingerprint, _received_copy(examination), at)
    session().flush()
    _tell_if_withheld(entry, row, rule, at)


def _write_down(
    row: Attachment,
    examination: blindness.Examination,
    fingerprint: str | None,
    neutral: files.Incoming | None,
    at: datetime,
) -> None:
    row.findings = [finding.as_json() for finding in examination.findings]
    row.blind_state = examination.state
    row.checked_against = fingerprint
    if neutral is not None:
        row.neutral_blob = files.keep(neutral, at=at)


def _tell_if_withheld(entry: Entry, row: Attachment, rule: AttachmentRule, at: datetime) -> None:
    if row.blind_state == blindness.WITHHELD:
        notifications.file_withheld(entry, row, dict(rule.label), at=at)
