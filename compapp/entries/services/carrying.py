"""Taking an idea along: copied by its team into another contest, or nominated up the ladder with its whole team.

Answers go where the other form asks the same question (same key, else the same words and kind); what finds no place
is set aside with the entry, so that nothing has to be typed twice and nothing is lost. Files go where they fit.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from compapp.accounts.models import Organisation
from compapp.contests.definition import EntryForm, FormField
from compapp.contests.models import Contest
from compapp.core import audit
from compapp.core.actor import CONTEST, Actor
from compapp.core.db import session
from compapp.core.errors import Conflict, Invalid, Refused
from compapp.core.text import N_, fold
from compapp.entries import answers as answer_rules
from compapp.entries import notifications, policy, queries
from compapp.entries.models import Entry, Origin, TeamMember
from compapp.entries.options import options_of
from compapp.entries.services import drafts, rules
from compapp.entries.services.carrying_files import carry_files

COPY, NOMINATION = "copy", "nomination"
OWN_QUESTIONS = frozenset({"title", "board", "commit_original", "consent_privacy"})
"""Questions that are answered anew in each contest: the title and board are given at the start, promises are made."""


def origin_of(entry_id: int) -> Origin | None:
    """Return where an entry comes from."""
    return session().scalars(select(Origin).where(Origin.entry_id == entry_id)).one_or_none()


def went_to(entry_id: int) -> list[Origin]:
    """Return where an entry was taken to."""
    return list(session().scalars(select(Origin).where(Origin.from_entry_id == entry_id).order_by(Origin.id)))


def carry_over(source: Entry, entry: Entry, *, actor: Actor, at: datetime) -> Origin:
    """Fill a draft just started with what another entry of the same team says (the caller holds both); Refused."""
    facts = queries.facts_of(actor, source)
    rules.require(facts is not None and policy.may_copy(actor, facts))
    return _carry(source, entry, COPY, note="", organisation_id=None, actor=actor, at=at)


def nominate_entry(
    source: Entry,
    contest: Contest,
    *,
    board_code: str,
    institution: Organisation | None = None,
    most: int | None = None,
    note: str = "",
    organisation_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> Entry:
    """Nominate an entry of one contest into another one, with its team and its answers; the team completes and submits.

    The organiser of the source contest does, within ``most`` nominations from it and the rules of the other contest
    (window, quota of the institution, who may be on a team). Raises Closed, Conflict, Invalid, Refused.
    """
    rules.require(actor.is_system or actor.has("organiser", CONTEST, source.contest_id))
    if contest.id == source.contest_id:
        raise Invalid(N_("An entry cannot be nominated into its own contest."))
    lead = queries.lead_of(source.id)
    if lead is None or lead.person_id is None:
        raise Refused(N_("The lead needs an account."))
    # held, so that two nominations at one moment never both find the last place
    session().execute(select(Contest.id).where(Contest.id == source.contest_id).with_for_update(key_share=True))
    contest = drafts.locked_contest(contest.id)
    nominated = _nominated(source.contest_id, contest.id)
    if source.id in nominated:
        raise Conflict(N_("This entry has been nominated there already."))
    if most is not None and len(nominated) >= most:
        raise Conflict(N_("All %(most)s nominations are used."), most=most)
    entry = drafts.start_draft(
        contest,
        board_code=board_code,
        institution=institution or source.institution,
        title=str(source.answers.get("title") or source.title.get("vi") or source.code),
        lead_id=lead.person_id,
        actor=actor,
        at=at,
    )
    board = queries.working_board(entry)
    for place, member in enumerate(one for one in queries.active_members(source.id) if one.role != "lead"):
        if member.person_id is not None and member.role != "advisor":
            rules.check_room(entry, board, role=member.role)
            rules.check_person(contest, member.person_id, role=member.role, board=board, but=entry.id)
        session().add(_same(member, entry, place + 2, at))
        session().flush()
    _carry(source, entry, NOMINATION, note=note, organisation_id=organisation_id, actor=actor, at=at)
    notifications.nominated(entry, source, note=note, at=at)
    return entry


def _nominated(from_contest: int, to_contest: int) -> list[int]:
    found = session().scalars(
        select(Origin.from_entry_id)
        .join(Entry, Entry.id == Origin.entry_id)
        .where(Entry.contest_id == to_contest, Origin.kind == NOMINATION)
    )
    own = set(session().scalars(select(Entry.id).where(Entry.contest_id == from_contest)))
    return [one for one in found if one in own]


def _same(member: TeamMember, entry: Entry, position: int, at: datetime) -> TeamMember:
    return TeamMember(
        entry_id=entry.id,
        person_id=member.person_id,
        position=position,
        role=member.role,
        name=member.name,
        born=member.born,
        institution_id=member.institution_id,
        class_name=member.class_name,
        student_number=member.student_number,
        joined_at=at,
        definition={},
    )


def _carry(
    source: Entry, entry: Entry, kind: str, *, note: str, organisation_id: int | None, actor: Actor, at: datetime
) -> Origin:
    given, aside = carried_answers(source, entry)
    entry.answers = {**given, **entry.answers}
    entry.version += 1
    entry.field_versions = dict.fromkeys(entry.answers, entry.version)
    drafts.drive_columns(entry)
    session().flush()
    taken, left_files = carry_files(source, entry, actor=actor, at=at)
    aside |= left_files
    origin = Origin(
        entry_id=entry.id,
        from_entry_id=source.id,
        kind=kind,
        carried_at=at,
        carried_by_id=actor.person_id,
        organisation_id=organisation_id,
        note=note,
        set_aside=aside,
    )
    session().add(origin)
    session().flush()
    data = {"from": source.id, "kind": kind, "answers": sorted(given), "files": taken, "set_aside": sorted(aside)}
    audit.record("entries.entry.carried_over", entry, actor=actor, at=at, contest_id=entry.contest_id, data=data)
    return origin


def carried_answers(source: Entry, entry: Entry) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what of ``source`` finds a place in the form of ``entry``, and what does not: key to label and value."""
    old = {field.key: field for field in EntryForm.of(source.contest).fields}
    asked = queries.fields_asked(entry.contest, queries.working_board(entry).code)
    left = {key: value for key, value in source.answers.items() if key not in OWN_QUESTIONS}
    given: dict[str, Any] = {}
    for field in asked:
        key = _matching(field, old, left)
        if key is None:
            continue
        codes = {option.code for option in options_of(entry.contest, field)}
        value, fault = answer_rules.clean(field, left[key], codes)
        if fault is None and value is not None:
            given[field.key] = value
            del left[key]
    aside = {key: {"label": dict(old[key].label) if key in old else {}, "value": value} for key, value in left.items()}
    return given, aside


def _matching(field: FormField, old: dict[str, FormField], left: dict[str, Any]) -> str | None:
    """Return which old answer belongs to a question: the one with its key, else with its words, of the same kind."""
    if field.key in OWN_QUESTIONS:
        return None
    if field.key in left and field.key in old and old[field.key].type == field.type:
        return field.key
    words = fold(field.label.get("vi", ""))
    return next(
        (
            key
            for key, one in old.items()
            if key in left and one.type == field.type and words and fold(one.label.get("vi", "")) == words
        ),
        None,
    )
