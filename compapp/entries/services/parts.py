"""Saving and confirming what a later round asks: each part in its own window, frozen with its hash when confirmed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Invalid, Sentence
from compapp.core.text import N_
from compapp.entries import notifications, policy, queries
from compapp.entries.models import Entry, EntryPart
from compapp.entries.queries.parts import LaterPart, confirmed_parts, later_part
from compapp.entries.services import drafts, rules
from compapp.entries.services.drafts import CLOSED_SENTENCE, Saved
from compapp.entries.services.submission import digest_of
from compapp.entries.versions import Seen


def save_part(
    entry: Entry, code: str, values: Mapping[str, Any], *, seen: Seen | None = None, actor: Actor, at: datetime
) -> Saved:
    """Save answers of a later part, as :func:`save_answers` does; Closed outside its window."""
    entry = queries.locked_entry(entry.id)
    part = _open_part(entry, code, actor, at)
    return drafts.save_fields(entry, part.fields, values, seen=seen, actor=actor, at=at)


def confirm_part(entry: Entry, code: str, *, actor: Actor, at: datetime) -> EntryPart:
    """Confirm a later part as it stands: it is frozen, and judges of that round read it. The same twice is one.

    Raises Invalid (``fields``: what is missing), Closed, Refused.
    """
    entry = queries.locked_entry(entry.id)
    part = _open_part(entry, code, actor, at)
    missing = missing_of(entry, part)
    if missing:
        fields: dict[str, list[Sentence]] = {key: [sentence] for key, sentence in missing.items()}
        raise Invalid(N_("This part is not complete yet. Look at what is still missing."), fields=fields)
    keys = {field.key for field in part.fields if field.asked_with(entry.answers)}
    content = {"part": code, "answers": {key: value for key, value in entry.answers.items() if key in keys}}
    digest = digest_of(content)
    before = confirmed_parts(entry.id).get(code)
    if before is not None and before.sha256 == digest:
        return before
    made = EntryPart(
        entry_id=entry.id,
        section=code,
        number=before.number + 1 if before is not None else 1,
        content=content,
        sha256=digest,
        confirmed_at=at,
        confirmed_by_id=actor.person_id,
    )
    session().add(made)
    session().flush()
    data = {"part": code, "number": made.number, "sha256": digest}
    audit.record("entries.part.confirmed", made, actor=actor, at=at, contest_id=entry.contest_id, data=data)
    path = f"/entries/{entry.id}/parts/{code}"
    version = f"part:{code}:{made.number}"
    notifications.part_confirmed(entry, dict(part.label), version=version, name="", sha256=digest, path=path, at=at)
    return made


def missing_of(entry: Entry, part: LaterPart) -> dict[str, Sentence]:
    """Return what is missing or wrong in a part: question to sentence."""
    asked = [field for field in part.fields if field.asked_with(entry.answers)]
    faults = {field.key: queries.field_fault(entry.contest, field, entry.answers) for field in asked}
    return {key: sentence for key, sentence in faults.items() if sentence is not None}


def _open_part(entry: Entry, code: str, actor: Actor, at: datetime) -> LaterPart:
    facts = queries.facts_of(actor, entry)
    rules.require(facts is not None and policy.may_add_later_files(actor, facts))
    part = later_part(entry, code)
    if not part.is_open(at):
        raise Closed(CLOSED_SENTENCE)
    return part
