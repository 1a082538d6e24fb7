"""What later rounds ask of the entries that reached them: parts of the form with windows of their own."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from compapp.contests.definition import AttachmentRule, EntryForm, FormField, RoundRule, Text
from compapp.contests.models import Contest
from compapp.core.db import session
from compapp.core.errors import NotFound
from compapp.core.text import N_
from compapp.entries import advancement
from compapp.entries.models import Entry, EntryPart
from compapp.entries.queries import rows
from compapp.entries.queries.completeness import (
    attachments_asked,
    field_fault,
    fields_asked,
    is_later,
    round_asking,
    working_board,
)


@dataclass(frozen=True)
class LaterPart:
    """A part that a later round asks, open to ``closes_at``; ``opens_at`` is None: as soon as the round is reached."""

    code: str
    label: Text
    help: Text | None
    round_code: str
    opens_at: datetime | None
    closes_at: datetime
    fields: tuple[FormField, ...]
    files: tuple[AttachmentRule, ...]
    must_confirm: bool

    def is_open(self, at: datetime) -> bool:
        """Whether it may be changed and confirmed at ``at``."""
        return (self.opens_at is None or self.opens_at <= at) and at < self.closes_at


def later_parts(entry: Entry) -> list[LaterPart]:
    """Return the parts asked of this entry by later rounds that it reached, in the organiser's order.

    Questions of a later round that stand in no part of the form make a part named after the round.
    """
    board, form = working_board(entry).code, EntryForm.of(entry.contest)
    fields = fields_asked(entry.contest, board, later=True)
    if not fields:
        return []
    files = attachments_asked(entry.contest, board, later=True)
    rounds = {one.code: RoundRule.of(one) for one in entry.contest.rounds}
    keys = dict.fromkeys((field.section or f"round-{round_asking(form, field)}") for field in fields)
    made = []
    for code in keys:
        own = tuple(one for one in fields if (one.section or f"round-{round_asking(form, one)}") == code)
        round_code = round_asking(form, own[0]) or ""
        rule, section = rounds.get(round_code), form.section(own[0].section)
        if rule is None or not advancement.takes_part(entry.id, round_code):
            continue
        made.append(
            LaterPart(
                code=code,
                label=section.label if section is not None else rule.label,
                help=section.help if section is not None else None,
                round_code=round_code,
                opens_at=section.opens_at if section is not None else None,
                closes_at=(section.closes_at if section is not None else None) or rule.opens_at,
                fields=own,
                files=tuple(one for one in files if one.section == own[0].section and one.section is not None),
                must_confirm=section.confirm if section is not None else False,
            )
        )
    return made


def later_window(contest: Contest, rule: AttachmentRule) -> tuple[datetime | None, datetime | None]:
    """Return from when to when a later round's file is taken: its own window, its part's, or up to the round."""
    form = EntryForm.of(contest)
    part, asking = form.section(rule.section), round_asking(form, rule)
    closes = rule.closes_at or (part.closes_at if part is not None else None)
    if closes is None:
        closes = next((RoundRule.of(one).opens_at for one in contest.rounds if one.code == asking), None)
    return rule.opens_at or (part.opens_at if part is not None else None), closes


def later_deadlines(contest: Contest) -> frozenset[datetime]:
    """Return when anything that later rounds of the contest ask must be there."""
    form = EntryForm.of(contest)
    rounds = {one.code: RoundRule.of(one) for one in contest.rounds}
    found: set[datetime | None] = set()
    for field in form.fields:
        asking, section = round_asking(form, field), form.section(field.section)
        if asking in rounds and is_later(contest, asking):
            found.add((section.closes_at if section is not None else None) or rounds[asking].opens_at)
    for rule in form.attachments:
        if is_later(contest, round_asking(form, rule)):
            found.add(later_window(contest, rule)[1])
    return frozenset(one for one in found if one is not None)


@dataclass(frozen=True)
class Owed:
    """Something that a later round asks and a team has not handed in: what it is called, and on which page it goes."""

    label: Text
    place: str


def owed_by(entry: Entry, closes_at: datetime) -> list[Owed]:
    """Return what an entry that went on still owes by ``closes_at``: parts not confirmed, files that are not there."""
    form, board = EntryForm.of(entry.contest), working_board(entry).code
    confirmed, present = confirmed_parts(entry.id), rows.current_attachments(entry.id)
    owed = [
        Owed(part.label, f"parts/{part.code}")
        for part in later_parts(entry)
        if part.closes_at == closes_at and part.code not in confirmed and (part.must_confirm or _lacks(entry, part))
    ]
    for rule in attachments_asked(entry.contest, board, later=True, answers=entry.answers):
        asking = round_asking(form, rule) or ""
        is_due = rule.required and rule.key not in present and later_window(entry.contest, rule)[1] == closes_at
        if is_due and advancement.takes_part(entry.id, asking):
            owed.append(Owed(rule.label, "files"))
    return owed


@dataclass(frozen=True)
class LaterFile:
    """A file that a later round asks of a team that reached it, open now and not handed in yet."""

    rule: AttachmentRule
    closes_at: datetime


def later_files_due(entry: Entry, at: datetime) -> list[LaterFile]:
    """Return the files of later rounds that the team may hand in at ``at`` and has not, the next deadline first."""
    if not advancement.reached(entry.id):
        return []
    form, board, present = EntryForm.of(entry.contest), working_board(entry).code, rows.current_attachments(entry.id)
    due: list[LaterFile] = []
    for rule in attachments_asked(entry.contest, board, later=True, answers=entry.answers):
        opens, closes = later_window(entry.contest, rule)
        if rule.key in present or closes is None or closes <= at or (opens is not None and at < opens):
            continue
        if advancement.takes_part(entry.id, round_asking(form, rule) or ""):
            due.append(LaterFile(rule, closes))
    return sorted(due, key=lambda one: one.closes_at)


def _lacks(entry: Entry, part: LaterPart) -> bool:
    asked = (field for field in part.fields if field.asked_with(entry.answers))
    return any(field_fault(entry.contest, field, entry.answers) is not None for field in asked)


def later_part(entry: Entry, code: str) -> LaterPart:
    """Return one part asked of this entry; NotFound."""
    found = next((one for one in later_parts(entry) if one.code == code), None)
    if found is None:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return found


def confirmed_parts(entry_id: int) -> dict[str, EntryPart]:
    """Return what was confirmed last of each part: code to confirmation."""
    rows = session().scalars(
        select(EntryPart).where(EntryPart.entry_id == entry_id).order_by(EntryPart.section, EntryPart.number)
    )
    return {row.section: row for row in rows}
