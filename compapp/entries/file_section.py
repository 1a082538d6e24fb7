"""The section ``entries`` of the contest file: what was handed in, as history. Importing is not submitting.

An item keeps its whole JSON in ``definition``; writing starts from it and replaces what has changed since, so
that an import followed by an export gives an equal value.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compapp.contests.definition import EntryForm, moment, moved_moment
from compapp.contests.file.faults import Fault
from compapp.contests.file.registry import ENTRIES, ImportContext, Section
from compapp.contests.models import Body, Contest
from compapp.core.clock import local
from compapp.core.db import session
from compapp.core.files import Blob
from compapp.core.text import N_, fold, sort_key
from compapp.entries.lifecycle import DRAFT, ELIGIBLE, SUBMITTED
from compapp.entries.models import Attachment, EligibilityDecision, Endorsement, Entry, TeamMember

Item = Mapping[str, Any]


def check_entries(data: Sequence[Item], document: Mapping[str, Any]) -> list[Fault]:
    """Return what is wrong beyond shape and references: two leads, a size other than the names, a file twice."""
    faults: list[Fault] = []
    for place, item in enumerate(data):
        roles = [member.get("role") for member in item.get("members") or ()]
        if roles.count("lead") > 1:
            faults.append(Fault(f"entries[{place}].members", N_("A team has one lead.")))
        size = len(roles) - roles.count("advisor")
        if roles and item.get("team_size", size) != size:
            wrong = N_("%(count)s of the team are named here. Name all of them, or leave the size out.")
            faults.append(Fault(f"entries[{place}].team_size", wrong, {"count": size}))
        keys = [one["key"] for one in item.get("attachments") or ()]
        if len(keys) != len(set(keys)):
            faults.append(Fault(f"entries[{place}].attachments", N_("An attachment stands twice.")))
    return faults


def load_entries(contest: Contest, data: Sequence[Item], context: ImportContext) -> None:
    """Add entries, teams and what is known of their files, in the state they had."""
    judged = _judged(context.document)
    for place, item in enumerate(data, 1):
        entry = _entry(contest, item, place, context, judged)
        session().add(entry)
        session().flush()
        context.keep("entry", item["code"], entry)
        for position, member in enumerate(item.get("members") or (), 1):
            session().add(_member(entry, member, position, context))
        for one in item.get("attachments") or ():
            session().add(_attachment(entry, one, context))
        if entry.institution_id is not None and entry.state != DRAFT:
            session().add(Endorsement(entry_id=entry.id, organisation_id=entry.institution_id))
    session().flush()


def _judged(document: Mapping[str, Any]) -> set[str]:
    """Return the codes of entries that have sheets: they were found eligible before."""
    return {sheet["entry"] for sheets in (document.get("sheets") or {}).values() for sheet in sheets}


def inferred_state(item: Item, judged: set[str]) -> str:
    """Return the state of an item that does not say its own."""
    if item["code"] in judged:
        return ELIGIBLE
    return SUBMITTED if item.get("submitted") else DRAFT


def _entry(contest: Contest, item: Item, place: int, context: ImportContext, judged: set[str]) -> Entry:
    title = _both(item.get("title"), item["code"])
    line = _both(item.get("one_liner"), "")
    sector = context.sector(item.get("sector"))
    institution = context.institution(item.get("institution"))
    submitted_at = moment(item.get("submitted"))
    known = submitted_at or min(context.at, contest.opens_at)
    return Entry(
        contest_id=contest.id,
        code=item["code"],
        number=item.get("number") or f"{contest.code}-{place:03d}",
        board_id=context.board(item["board"]).id,
        sector_id=sector.id if sector is not None else None,
        institution_id=institution.id if institution is not None else None,
        state=item.get("state") or inferred_state(item, judged),
        title=title,
        title_fold=fold(" ".join(dict.fromkeys(title.values())))[:400],
        title_sort=sort_key(title["vi"])[:1200],
        one_liner=line,
        stage=item.get("stage"),
        answers=dict(item["answers"]) if "answers" in item else derived_answers(contest, item),
        field_versions={},
        created_at=known,
        saved_at=known,
        submitted_at=submitted_at,
        definition=dict(item),
    )


def _both(text: Any, fallback: str) -> dict[str, str]:
    if isinstance(text, str):
        return {"vi": text, "en": text}
    given = dict(text or {})
    vi = given.get("vi") or given.get("en") or fallback
    return {"vi": vi, "en": given.get("en") or vi}


def derived_answers(contest: Contest, item: Item) -> dict[str, Any]:
    """Return the answers that follow from an item's own keys, for the questions the form really asks."""
    title, line = item.get("title"), item.get("one_liner")
    vi = title.get("vi") if isinstance(title, Mapping) else title
    found = {
        "title": vi,
        "title_en": title.get("en") if isinstance(title, Mapping) else None,
        "one_liner": line.get("vi") if isinstance(line, Mapping) else line,
        "board": item["board"],
        "sector": item.get("sector"),
        "stage": item.get("stage"),
        "incubator_prefs": list(item["incubator_prefs"]) if item.get("incubator_prefs") else None,
    }
    asked = {field.key for field in EntryForm.of(contest).fields}
    return {key: value for key, value in found.items() if value is not None and key in asked}


def _member(entry: Entry, item: Item, position: int, context: ImportContext) -> TeamMember:
    institution = context.institution(item.get("institution"))
    email = item.get("email")
    person = context.person(item["name"], email=email) if email else None
    return TeamMember(
        entry_id=entry.id,
        person_id=person.id if person is not None else None,
        position=position,
        role=item.get("role") or "member",
        name=item["name"],
        born=date.fromisoformat(item["born"]) if item.get("born") else None,
        institution_id=institution.id if institution is not None else None,
        class_name=item.get("class"),
        student_number=item.get("student_number"),
        joined_at=entry.created_at,
        definition=dict(item),
    )


def _attachment(entry: Entry, item: Item, context: ImportContext) -> Attachment:
    digest = item.get("sha256")
    blob = session().scalars(select(Blob).where(Blob.sha256 == digest)).one_or_none() if digest else None
    return Attachment(
        entry_id=entry.id,
        key=item["key"],
        blob_id=blob.id if blob is not None else None,
        link=item.get("link"),
        file_name=item.get("file_name") or "",
        kind="link" if item.get("link") else "",
        uploaded_at=moment(item.get("uploaded")) or entry.saved_at,
        pages=item.get("pages"),
        seconds=item.get("seconds"),
        findings=[],
        definition=dict(item),
    )


def write_entries(contest: Contest) -> list[dict[str, Any]] | None:
    """Return the section as it stands now; None for a contest without entries."""
    entries = list(
        session().scalars(
            select(Entry)
            .where(Entry.contest_id == contest.id)
            .options(joinedload(Entry.board), joinedload(Entry.sector))
            .order_by(Entry.id)
        )
    )
    if not entries:
        return None
    ids = [entry.id for entry in entries]
    codes = _institution_codes(contest)
    members = _by_entry(
        select(TeamMember)
        .where(TeamMember.entry_id.in_(ids), TeamMember.left_at.is_(None))
        .options(joinedload(TeamMember.person))
        .order_by(TeamMember.position, TeamMember.id)
    )
    files = _by_entry(
        select(Attachment)
        .where(Attachment.entry_id.in_(ids), Attachment.replaced_at.is_(None))
        .options(joinedload(Attachment.blob))
        .order_by(Attachment.id)
    )
    decided = set(session().scalars(select(EligibilityDecision.entry_id).where(EligibilityDecision.entry_id.in_(ids))))
    return [
        _item(contest, one, codes, members.get(one.id, []), files.get(one.id, []), one.id in decided) for one in entries
    ]


def _by_entry(statement: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in session().scalars(statement):
        found.setdefault(row.entry_id, []).append(row)
    return found


def _institution_codes(contest: Contest) -> dict[int, str]:
    rows = session().execute(
        select(Body.organisation_id, Body.code).where(Body.contest_id == contest.id, Body.section == "institutions")
    )
    return {row[0]: row[1] for row in rows}


def _item(
    contest: Contest,
    entry: Entry,
    codes: Mapping[int, str],
    members: list[TeamMember],
    files: list[Attachment],
    decided: bool,
) -> dict[str, Any]:
    old: dict[str, Any] = dict(entry.definition)
    item = dict(old)
    _set(item, "code", entry.code)
    if "number" in old or not old:
        item["number"] = entry.number
    _set(item, "board", entry.board.code)
    _set(item, "institution", codes.get(entry.institution_id or 0))
    _set(item, "sector", entry.sector.code if entry.sector else None)
    _set(item, "stage", entry.stage)
    _set_text(item, "title", entry.title)
    _set_text(item, "one_liner", entry.one_liner)
    _set_submitted(contest, item, entry.submitted_at)
    _set_answers(contest, item, entry, old)
    judged = {entry.code} if entry.state == ELIGIBLE and not decided else set[str]()
    if "state" in old or entry.state != inferred_state(item, judged):
        item["state"] = entry.state
    _set_members(item, members, codes)
    _set_files(contest, item, files)
    return item


def _set(item: dict[str, Any], key: str, value: Any) -> None:
    """Set what is there; a key that stood in the file stays, also when it is empty now."""
    if value is not None or key in item:
        item[key] = value


def _set_text(item: dict[str, Any], key: str, text: Mapping[str, str]) -> None:
    if _both(item.get(key), item["code"] if key == "title" else "") == dict(text):
        return
    item[key] = {language: words for language, words in text.items() if words}


def _set_submitted(contest: Contest, item: dict[str, Any], at: datetime | None) -> None:
    if at is None:
        if item.get("submitted") is not None:
            del item["submitted"]
    elif moment(item.get("submitted")) != at:
        item["submitted"] = moved_moment(item.get("submitted"), at, local(contest.launch_at).date())


def _set_answers(contest: Contest, item: dict[str, Any], entry: Entry, old: Item) -> None:
    prefs = entry.answers.get("incubator_prefs")
    if prefs is not None and "incubator_prefs" in item:
        item["incubator_prefs"] = list(prefs)
    if "answers" in old or entry.answers != derived_answers(contest, item):
        item["answers"] = dict(entry.answers)


def _set_members(item: dict[str, Any], members: list[TeamMember], codes: Mapping[int, str]) -> None:
    if members or "members" in item:
        item["members"] = [_written_member(member, codes) for member in members]
    if members and "team_size" in item:
        item["team_size"] = len([member for member in members if member.role != "advisor"])


def _written_member(member: TeamMember, codes: Mapping[int, str]) -> dict[str, Any]:
    item: dict[str, Any] = dict(member.definition)
    _set(item, "name", member.name)
    if "role" in item or member.role != "member":
        item["role"] = member.role
    _set(item, "born", member.born.isoformat() if member.born else None)
    _set(item, "institution", codes.get(member.institution_id or 0))
    _set(item, "class", member.class_name)
    _set(item, "student_number", member.student_number)
    if not member.definition and member.person is not None and member.person.email:
        item["email"] = member.person.email
    return item


def _set_files(contest: Contest, item: dict[str, Any], files: list[Attachment]) -> None:
    if not files and "attachments" not in item:
        return
    item["attachments"] = [_written_file(contest, row) for row in files]


def _written_file(contest: Contest, row: Attachment) -> dict[str, Any]:
    if row.definition:
        return dict(row.definition)
    item: dict[str, Any] = {"key": row.key}
    if row.link is not None:
        item["link"] = row.link
    else:
        item["file_name"] = row.file_name
    if row.blob is not None:
        item["sha256"], item["size"] = row.blob.sha256, row.blob.size
    if row.pages is not None:
        item["pages"] = row.pages
    if row.seconds is not None:
        item["seconds"] = row.seconds
    item["uploaded"] = moved_moment(None, row.uploaded_at, local(contest.launch_at).date())
    return item


ENTRIES_SECTION = Section("entries", ENTRIES, check_entries, load_entries, write_entries)
