"""Starting an entry and saving its answers."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from compapp.accounts import queries as accounts
from compapp.accounts.models import Organisation
from compapp.contests.definition import EntryForm, FormField
from compapp.contests.models import Board, Contest
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Invalid, Sentence
from compapp.core.text import N_, fold, nfc, sort_key
from compapp.entries import answers as answer_rules
from compapp.entries import policy, queries
from compapp.entries.lifecycle import DRAFT, NEEDS_FIX
from compapp.entries.models import Endorsement, Entry, TeamMember
from compapp.entries.options import options_of
from compapp.entries.queries.facts import HIDDEN_CONTEST_STATES
from compapp.entries.queries.quotas import working_sector
from compapp.entries.services import links, rules
from compapp.entries.versions import Seen

CLOSED_SENTENCE = N_("The deadline has passed. Nothing can be changed any more; ask the organiser if you had a fault.")


@dataclass(frozen=True)
class Saved:
    """The outcome of saving: the entry, what its page has seen now, and sentences about single answers."""

    entry: Entry
    seen: Seen
    errors: Mapping[str, Sentence]


def start_entry(
    contest: Contest,
    *,
    board_code: str,
    institution: Organisation | None,
    title: str,
    declared: Mapping[str, bool] | None = None,
    actor: Actor,
    at: datetime,
) -> Entry:
    """Start a draft with the actor as lead; ``declared`` answers the contest's first questions (yes or no).

    Raises Closed outside the window, Invalid for what is missing, Conflict and Refused for the contest's rules.
    """
    person_id = rules.person_id_of(actor)
    _check_declared(contest, board_code, declared or {})
    return start_draft(
        contest,
        board_code=board_code,
        institution=institution,
        title=title,
        lead_id=person_id,
        declared=declared,
        actor=actor,
        at=at,
    )


def start_draft(
    contest: Contest,
    *,
    board_code: str,
    institution: Organisation | None,
    title: str,
    lead_id: int,
    declared: Mapping[str, bool] | None = None,
    actor: Actor,
    at: datetime,
) -> Entry:
    """Start a draft that ``lead_id`` leads, within every rule of the contest (the actor's right is checked above)."""
    contest = locked_contest(contest.id)
    if contest.state in HIDDEN_CONTEST_STATES or not contest.opens_at <= at < contest.closes_at:
        raise Closed(N_("This contest does not receive entries now."))
    board = queries.board_by_code(contest.id, board_code)
    if board is None:
        raise Invalid(fields={"board": [(N_("Choose one of the options."), {})]})
    title = " ".join(nfc(title).split())
    if not title or len(title) > 300:
        raise Invalid(fields={"title": [(N_("Give your idea a name of at most 300 characters."), {})]})
    rules.check_institution(contest, board, institution)
    rules.check_person(contest, lead_id, role="lead", board=board)
    code, number = _next_code(contest, board)
    answers: dict[str, Any] = {"title": title, "board": board.code}
    entry = Entry(
        contest_id=contest.id,
        code=code,
        number=number,
        board_id=board.id,
        institution_id=institution.id if institution else None,
        state=DRAFT,
        title={"vi": title, "en": title},
        title_fold=fold(title)[:400],
        title_sort=sort_key(title)[:1200],
        one_liner={"vi": "", "en": ""},
        answers=answers,
        field_versions=dict.fromkeys(answers, 1),
        created_by_id=actor.person_id or lead_id,
        created_at=at,
        saved_at=at,
        definition={},
    )
    session().add(entry)
    session().flush()
    session().add(_lead(entry, lead_id, at))
    if institution is not None:
        session().add(Endorsement(entry_id=entry.id, organisation_id=institution.id))
    data = {"code": code, **({"declared": dict(declared)} if declared else {})}
    audit.record("entries.entry.started", entry, actor=actor, at=at, contest_id=contest.id, data=data)
    return entry


def _lead(entry: Entry, lead_id: int, at: datetime) -> TeamMember:
    person = queries.person_of(lead_id)
    return TeamMember(
        entry_id=entry.id,
        person_id=lead_id,
        position=1,
        role="lead",
        name=person.name,
        born=person.born,
        institution_id=entry.institution_id,
        **accounts.particulars(lead_id, entry.institution_id),
        joined_at=at,
        definition={},
    )


def _check_declared(contest: Contest, board_code: str, declared: Mapping[str, bool]) -> None:
    """Raise Invalid for each first question that is not answered as it must be (``declared-KEY``)."""
    faults: dict[str, list[Sentence]] = {}
    for question in EntryForm.of(contest).eligibility:
        if not question.asked_of(board_code):
            continue
        if question.key not in declared:
            faults[f"declared-{question.key}"] = [(N_("Answer yes or no."), {})]
        elif declared[question.key] is not question.answer:
            faults[f"declared-{question.key}"] = [(N_("With this answer you cannot enter this contest."), {})]
    if faults:
        raise Invalid(fields=faults)


def locked_contest(contest_id: int) -> Contest:
    """Return the contest as it stands now and hold its row: drafts of one contest begin one after the other."""
    return (
        session()
        .scalars(
            select(Contest)
            .where(Contest.id == contest_id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
        .one()
    )


def _next_code(contest: Contest, board: Board) -> tuple[str, str]:
    """Return the next free code (S17) and number (VL-2026-017); the caller holds the contest's row."""
    known = session().execute(select(Entry.code, Entry.number).where(Entry.contest_id == contest.id)).all()
    prefix = board.code[:1].upper() or "E"
    used = [int(found[1]) for code, _number in known if (found := re.fullmatch(rf"{re.escape(prefix)}(\d+)", code))]
    code = f"{prefix}{max(used, default=0) + 1:02d}"
    head, width, last = f"{contest.code}-", 3, 0
    for _code, number in known:
        found = re.fullmatch(r"(.*?)(\d{1,9})", number)
        if found and int(found[2]) > last:
            head, width, last = found[1], len(found[2]), int(found[2])
    return code, f"{head}{last + 1:0{width}d}"


def save_answers(
    entry: Entry, values: Mapping[str, Any], *, seen: Seen | None = None, actor: Actor, at: datetime
) -> Saved:
    """Save the given answers; others stay. What breaks a limit is kept as typed and named in ``errors``.

    ``seen`` tells what the page showed: Conflict with ``current`` where somebody else has changed one of these
    fields meanwhile (``answers``: what stands now; ``seen``: the token once these are shown; ``version``: once
    everything is). None overwrites (programs, imports).
    Closed after the deadline, Refused for who may not edit.
    """
    entry = queries.locked_entry(entry)
    _check_may_edit(entry, actor)
    fields = queries.fields_asked(entry.contest, _board_code(entry, values))
    return save_fields(entry, fields, values, seen=seen, actor=actor, at=at)


def save_fields(
    entry: Entry,
    fields: Iterable[FormField],
    values: Mapping[str, Any],
    *,
    seen: Seen | None,
    actor: Actor,
    at: datetime,
) -> Saved:
    """Save answers to ``fields`` alone; the caller holds the entry and has checked who may and when."""
    asked = {field.key: field for field in fields}
    cleaned: dict[str, Any] = {}
    errors: dict[str, Sentence] = {}
    for key, value in values.items():
        if key not in asked:
            continue
        cleaned[key], fault = answer_rules.clean(asked[key], value, _codes(entry.contest, asked[key]))
        if fault is not None:
            errors[key] = fault
            if cleaned[key] is None and value not in (None, "", []):
                del cleaned[key]
    before = entry.version
    changed = {key: value for key, value in cleaned.items() if entry.answers.get(key) != value}
    page = seen if seen is not None else Seen(before)
    _check_clash(entry, changed, page)
    if changed:
        _store(entry, changed, at)
        for key, value in changed.items():
            if asked[key].type == "link" and key not in errors and value:
                links.ask_for_look(entry, key, value, at=at)
        audit.record(
            "entries.answers.saved",
            entry,
            actor=actor,
            at=at,
            contest_id=entry.contest_id,
            data={"fields": sorted(changed), "version": entry.version},
        )
    now_seen = page.with_own(cleaned, entry.version).shortened(entry.field_versions, entry.version)
    return Saved(entry, now_seen, errors)


def _check_may_edit(entry: Entry, actor: Actor) -> None:
    facts = queries.facts_of(actor, entry)
    rules.require(facts is not None and facts.member_role in {"lead", "member"})
    if facts is not None and not policy.may_edit(actor, facts):
        if facts.is_frozen:
            raise Closed(N_("The entry is frozen until a matter is settled."))
        raise Closed(CLOSED_SENTENCE)


def _board_code(entry: Entry, values: Mapping[str, Any]) -> str:
    wanted = values.get("board", entry.answers.get("board"))
    if wanted == entry.board.code:
        return entry.board.code
    return next((board.code for board in entry.contest.boards if board.code == wanted), entry.board.code)


def _codes(contest: Contest, field: FormField) -> Collection[str]:
    if field.type not in answer_rules.CODES | answer_rules.CODE_LISTS:
        return ()
    return {option.code for option in options_of(contest, field)}


def _check_clash(entry: Entry, changed: Mapping[str, Any], seen: Seen) -> None:
    clashing = {key: entry.answers.get(key) for key in changed if entry.field_versions.get(key, 1) > seen.of(key)}
    if clashing:
        raise Conflict(
            N_("Somebody on your team has changed this meanwhile. Both texts are kept: compare, then save again."),
            current={
                "answers": clashing,
                "version": Seen(entry.version).token(),
                "seen": seen.with_own(clashing, entry.version).token(),
            },
        )


def _store(entry: Entry, changed: Mapping[str, Any], at: datetime) -> None:
    entry.version += 1
    merged = dict(entry.answers) | dict(changed)
    entry.answers = {key: value for key, value in merged.items() if value is not None}
    entry.field_versions = dict(entry.field_versions) | dict.fromkeys(changed, entry.version)
    entry.saved_at = at
    if entry.state in (DRAFT, NEEDS_FIX):
        drive_columns(entry)
    session().flush()


def drive_columns(entry: Entry) -> None:
    """Set title, one line, board, sector and stage from the answers (of a draft at once, else when submitted)."""
    answers = entry.answers
    title = str(answers.get("title") or entry.title.get("vi") or "")
    entry.title = {"vi": title, "en": str(answers.get("title_en") or title)}
    entry.title_fold = fold(f"{title} {answers.get('title_en') or ''}")[:400]
    entry.title_sort = sort_key(title)[:1200]
    line = str(answers.get("one_liner") or "")
    entry.one_liner = {"vi": line, "en": str(answers.get("one_liner_en") or entry.one_liner.get("en") or line)}
    entry.board = queries.working_board(entry)
    entry.sector = working_sector(entry)
    stage = answers.get("stage")
    entry.stage = stage if isinstance(stage, str) else entry.stage
