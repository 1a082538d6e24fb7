"""Submitting: what was handed in is frozen with its hash, and the receipt says so."""

import hashlib
import json
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import select

from compapp.accounts.models import Person
from compapp.accounts.services import give_consents
from compapp.contests.definition import EntryForm
from compapp.contests.models import Contest
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import hold, identity_of, session, settled
from compapp.core.errors import Closed, Invalid, Sentence
from compapp.core.events import emit
from compapp.core.moves import move
from compapp.core.text import N_
from compapp.entries import notifications, policy, queries
from compapp.entries.answers import LEDGER
from compapp.entries.events import EntrySubmitted, EntryWithdrawn
from compapp.entries.lifecycle import DRAFT, ELIGIBLE, ENTRY, SUBMITTED
from compapp.entries.models import Endorsement, Entry, EntryVersion
from compapp.entries.queries.uploads import finishing_until, late_files
from compapp.entries.services import blinding, drafts, links, rules

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def submit_entry(entry: Entry, *, actor: Actor, at: datetime) -> EntryVersion:
    """Submit the entry as it stands and return the frozen version with its receipt.

    Open at ``at``, complete, within every rule, by the lead. Submitting what was submitted already gives the
    same receipt (a double click). Raises Closed, Invalid (``fields``: what is missing), Conflict, Refused.
    """
    entry = _held_with_contest(entry)
    with settled():
        facts = queries.facts_of(actor, entry)
        rules.require(facts is not None and policy.may_submit(actor, facts))
        newest = queries.newest_version(entry.id)
        team, files = queries.active_members(entry.id), queries.current_attachments(entry.id)
        content = content_of(entry)
        digest = digest_of(content)
        if newest is not None and newest.sha256 == digest and entry.state == SUBMITTED:
            return newest
        _check_open(entry, at)
        _check_complete(entry)
        rules.check_whole_team(entry, queries.working_board(entry))
    drafts.drive_columns(entry)
    _keep_endorsement(entry)
    blinding.forget_stale_examinations(entry, files.values())
    number = newest.number + 1 if newest is not None else 1
    version = EntryVersion(
        entry_id=entry.id,
        number=number,
        receipt=f"{entry.number}-{number}-{''.join(secrets.choice(_ALPHABET) for _ in range(6))}",
        content=content,
        sha256=digest,
        submitted_at=at,
        submitted_by_id=actor.person_id,
    )
    session().add(version)
    session().flush()
    links.ask_for_looks(entry, files, at=at)
    _note_consents(entry, content["answers"], actor=actor, at=at)
    data = {"receipt": version.receipt, "sha256": digest, "version": number}
    contest = entry.contest  # held: the move forgets what hangs on the row, and nobody need read the contest again
    columns = {"submitted_at": at, "reopened_until": _window_left(entry, at)}
    move(entry, ENTRY, "submit", actor=actor, at=at, contest_id=contest.id, data=data, **columns)
    emit(EntrySubmitted(actor=actor, at=at, entry_id=entry.id, version=number))
    notifications.submitted(entry, version, to=[one.person_id for one in team if one.person_id is not None], at=at)
    if number == 1:
        notifications.endorsement_asked(entry, at=at)
    return version


def _note_consents(entry: Entry, answers: dict[str, Any], *, actor: Actor, at: datetime) -> None:
    """Write what the lead agreed to in the form into the lead's own ledger, where it can be withdrawn."""
    person = session().get(Person, actor.person_id)
    if person is None:
        return
    for field in queries.fields_asked(entry.contest, entry.board.code):
        given = answers.get(field.key) if field.type == "consents" else None
        agreed = [LEDGER[purpose] for purpose, yes in (given or {}).items() if yes and purpose in LEDGER]
        if agreed:
            give_consents(person.id, agreed, locale=person.locale, actor=actor, at=at)


def _held_with_contest(entry: Entry) -> Entry:
    """Keep the contest's deadline from moving under us, then read the entry and the contest as they stand now."""
    its_contest = select(Entry.contest_id).where(Entry.id == identity_of(entry)).scalar_subquery()
    hold(select(Contest.id).where(Contest.id == its_contest).with_for_update(read=True))
    return queries.locked_entry(entry)


def _check_open(entry: Entry, at: datetime) -> None:
    window = queries.entry_window(entry)
    if window.frozen:
        raise Closed(N_("The entry is frozen until a matter is settled."))
    if not window.entry_open(entry.state, at) and finishing_until(entry, window, at) is None:
        if at < window.opens_at:
            raise Closed(N_("This contest does not receive entries now."))
        raise Closed(drafts.CLOSED_SENTENCE)


def _window_left(entry: Entry, at: datetime) -> datetime | None:
    """A fix is handed in once and its window ends; a reopened entry stays open until its own deadline."""
    return None if entry.state not in (DRAFT, SUBMITTED) else entry.reopened_until


def _check_complete(entry: Entry) -> None:
    missing = queries.completeness(entry).missing
    if missing:
        fields = {f"{one.kind}:{one.key}": [one.sentence] for one in missing}
        raise Invalid(N_("The entry is not complete yet. Look at what is still missing."), fields=fields)


def _keep_endorsement(entry: Entry) -> None:
    if entry.institution_id is None:
        return
    if queries.endorsement_of(entry.id) is None:
        session().add(Endorsement(entry_id=entry.id, organisation_id=entry.institution_id))


def content_of(entry: Entry) -> dict[str, Any]:
    """Return what is frozen: answers, team and files by hash. Nothing in it depends on when it is read."""
    board = queries.working_board(entry)
    asked = {field.key for field in queries.fields_asked(entry.contest, board.code, answers=entry.answers)}
    unasked = {field.key for field in EntryForm.of(entry.contest).fields} - asked
    later = {rule.key for rule in queries.attachments_asked(entry.contest, board.code, later=True)}
    present = queries.current_attachments(entry.id)
    late = late_files(entry, present.values())
    return {
        "format": "compapp/entry/1",
        "contest": entry.contest.code,
        "entry": entry.code,
        "number": entry.number,
        "board": board.code,
        "institution": entry.institution.name if entry.institution else None,
        "answers": {key: value for key, value in entry.answers.items() if key not in unasked},
        "team": [{"name": one.name, "role": one.role} for one in queries.active_members(entry.id)],
        "attachments": [
            {
                "key": key,
                "file_name": row.file_name,
                "sha256": row.blob.sha256 if row.blob else None,
                "link": row.link,
                **({"begun_in_time": late[row.id].isoformat()} if row.id in late else {}),
            }
            for key, row in sorted(present.items())
            if key not in later
        ],
    }


def canonical(content: dict[str, Any]) -> bytes:
    """Return the canonical JSON of a version's content: sorted keys, no spaces, UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest_of(content: dict[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON, as on the receipt."""
    return hashlib.sha256(canonical(content)).hexdigest()


def withdraw_entry(entry: Entry, *, actor: Actor, at: datetime) -> None:
    """Withdraw for good; nothing is deleted. Closed while a dispute freezes the entry."""
    entry = queries.locked_entry(entry.id)
    facts = queries.facts_of(actor, entry)
    rules.require(facts is not None and facts.member_role == "lead")
    if facts is not None and facts.is_frozen:
        raise Closed(N_("The entry is frozen until a matter is settled."))
    was_submitted = entry.submitted_at is not None
    move(entry, ENTRY, "withdraw", actor=actor, at=at)
    emit(EntryWithdrawn(actor=actor, at=at, entry_id=entry.id))
    notifications.withdrawn(entry, was_submitted=was_submitted, at=at)


def reopen_entry(entry: Entry, *, until: datetime, reason: str, actor: Actor, at: datetime) -> None:
    """Let one team hand in after the deadline: a named organiser, a reason, a deadline, all audited (incident 1)."""
    entry = queries.locked_entry(entry.id)
    facts = queries.facts_of(actor, entry)
    rules.require(facts is not None and policy.may_reopen(actor, facts))
    faults: dict[str, list[Sentence]] = {}
    if not reason.strip():
        faults["reason"] = [(N_("Give a reason."), {})]
    if until <= at:
        faults["until"] = [(N_("Choose a moment in the future."), {})]
    if faults:
        raise Invalid(fields=faults)
    if entry.state == ELIGIBLE:
        raise Invalid(N_("The entry was found eligible already; send it back to be completed instead."))
    entry.reopened_until = until
    session().flush()
    data = {"until": until.isoformat(), "reason": reason.strip()}
    audit.record("entries.entry.reopened", entry, actor=actor, at=at, contest_id=entry.contest_id, data=data)
    notifications.reopened(entry, until=until, reason=reason.strip(), at=at)
