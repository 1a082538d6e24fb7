"""The anonymous projection: all that a judge ever gets of an entry. It has no field that could hold an identity.

Text answers pass the mask, files are neutral copies under neutral names, and only what belongs to the
round is there. What has not been checked, or was withheld, is left out and counted.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Text as Plain
from sqlalchemy import bindparam, cast, select

from compapp.contests.definition import AttachmentRule, EntryForm, FormField, RoundRule, Text, text_of
from compapp.contests.definition.times import Json
from compapp.contests.models import Board, Contest, Round, Sector
from compapp.core.db import session
from compapp.entries import blindness, structured
from compapp.entries.inspection import media_type_of
from compapp.entries.models import Attachment, Entry, EntryPart, EntryVersion
from compapp.entries.options import options_of
from compapp.entries.queries import rows
from compapp.entries.queries.completeness import is_later, round_asking
from compapp.entries.queries.handed_in import handed_in_files
from compapp.entries.queries.identity import JUDGES_SEE, identities_of, identity_of_entry

HEADINGS = frozenset({"title", "title_en", "one_liner", "one_liner_en", "board", "sector"})
"""Questions whose answers stand in the projection's own fields."""
_HEADINGS = (
    select(
        Entry.id,
        Entry.code,
        cast(Entry.title, Plain).label("title"),
        cast(Entry.one_liner, Plain).label("one_liner"),
        Board.code.label("board_code"),
        cast(Board.definition, Plain).label("board"),
        Sector.code.label("sector_code"),
        cast(Sector.definition, Plain).label("sector"),
    )
    .join(Board, Board.id == Entry.board_id)
    .outerjoin(Sector, Sector.id == Entry.sector_id)
    .where(Entry.id.in_(bindparam("entry_ids", expanding=True)))
)
"""What headings are made of, JSON as it is stored; long answers are never read for a list."""


@dataclass(frozen=True, slots=True)
class AnonymousAnswer:
    """One answer: ``value`` as stored (text already masked), ``shown`` the labels of chosen options.

    A table or canvas has no ``value`` here but a ``layout``, masked in each of its texts.
    """

    key: str
    label: Text
    type: str
    value: Any
    shown: tuple[Text, ...] = ()
    layout: structured.Layout | None = None
    unit: Text | None = None


@dataclass(frozen=True, slots=True)
class AnonymousFile:
    """One file or link: ``name`` is neutral, ``blob_sha256`` that of the neutral copy (None for a link)."""

    attachment_id: int
    key: str
    label: Text
    name: str
    media_type: str
    size: int
    pages: int | None
    seconds: int | None
    blob_sha256: str | None
    link: str | None = None


@dataclass(frozen=True)
class AnonymousEntry:
    """An entry without its team. ``withheld`` counts files that judges do not get (yet)."""

    code: str
    board_code: str
    board: Text
    sector_code: str | None
    sector: Text
    title: Text
    one_liner: Text
    answers: tuple[AnonymousAnswer, ...]
    files: tuple[AnonymousFile, ...]
    withheld: int = field(default=0)


def anonymous_entry(entry_id: int, round_: Round) -> AnonymousEntry:
    """Return what judges of ``round_`` see of the entry as it was last submitted; NotFound."""
    entry, version = rows.entry_with_version(entry_id)
    return _project(entry, round_, version, list(handed_in_files(entry, version).values()))


def anonymous_titles(entry_ids: list[int]) -> dict[int, AnonymousEntry]:
    """Return projections without answers and files for lists: entry id to projection, a constant number of queries."""
    found: Sequence[Any] = session().execute(_HEADINGS, {"entry_ids": entry_ids}).all()
    known = identities_of(found)
    return {
        one.id: _heading(
            one.code,
            (one.board_code, _stored_label(one.board_code, one.board)),
            (one.sector_code, _stored_label(one.sector_code, one.sector)),
            (_stored_text(one.title, known[one.id]), _stored_text(one.one_liner, known[one.id])),
        )
        for one in found
    }


def _heading(
    code: str, board: tuple[str, Text], sector: tuple[str | None, Text], texts: tuple[Text, Text]
) -> AnonymousEntry:
    """Return a projection without answers and files; ``texts`` are title and one-liner, already masked."""
    return AnonymousEntry(code, *board, *sector, *texts, answers=(), files=())


def _label(code: str | None, definition: Json | None) -> Text:
    return {} if code is None or definition is None else text_of(definition.get("label"), code)


def _masked(text: Mapping[str, Any], who: blindness.Identity) -> Text:
    return {key: blindness.mask(str(value), who) for key, value in text.items()}


@lru_cache(maxsize=512)
def _stored_label(code: str | None, definition: str | None) -> Text:
    """Return a label from JSON as it is stored; every row of a list says one of a few."""
    return {} if definition is None else _label(code, json.loads(definition))


@lru_cache(maxsize=4_096)
def _stored_text(text: str, who: blindness.Identity) -> Text:
    """Return a masked text from JSON as it is stored; the same stand on every desk of a jury, all evening."""
    return _masked(json.loads(text), who)


def _project(entry: Entry, round_: Round, version: EntryVersion | None, files: list[Attachment]) -> AnonymousEntry:
    who = identity_of_entry(entry)
    board, sector = entry.board, entry.sector
    heading = _heading(
        entry.code,
        (board.code, _label(board.code, board.definition)),
        (sector.code, _label(sector.code, sector.definition)) if sector is not None else (None, {}),
        (_masked(entry.title, who), _masked(entry.one_liner, who)),
    )
    form = EntryForm.of(entry.contest)
    positions = {one.code: one.position for one in entry.contest.rounds}
    given = _given(entry, version, form)
    blind = RoundRule.of(round_).blind
    hides = blind.hide_team_names or blind.hide_institution
    asked = [
        one
        for one in form.seen_by(JUDGES_SEE)
        if one.key not in HEADINGS
        and one.asked_of(heading.board_code)
        and one.asked_with(given)
        and not (hides and one.hidden_when_blind)
        and positions.get(round_asking(form, one) or "", -1) <= round_.position
    ]
    answers = tuple(_answer(entry.contest, one, given[one.key], who) for one in asked if given.get(one.key) is not None)
    wanted = {
        rule.key: rule
        for rule in form.attachments
        if rule.visibility in JUDGES_SEE
        and not (hides and rule.hidden_when_blind)
        and positions.get(round_asking(form, rule) or "", -1) <= round_.position
    }
    visible = [(one, wanted[one.key]) for one in sorted(files, key=lambda row: row.key) if one.key in wanted]
    shown = [made for one, rule in visible if (made := _file(one, rule, who)) is not None]
    order = list(wanted)
    return replace(
        heading,
        answers=answers,
        files=tuple(sorted(shown, key=lambda one: order.index(one.key))),
        withheld=len(visible) - len(shown),
    )


def _given(entry: Entry, version: EntryVersion | None, form: EntryForm) -> dict[str, Any]:
    """Return the answers as they were handed in, those confirmed for later rounds beside them."""
    given = dict(version.content["answers"] if version is not None else entry.answers)
    asking = {field.key: round_asking(form, field) for field in form.fields}
    late_rounds = {code for code in set(asking.values()) if is_later(entry.contest, code)}
    later = {key for key, code in asking.items() if code in late_rounds}
    if later:
        given = {key: value for key, value in given.items() if key not in later}
        for part in session().scalars(
            select(EntryPart).where(EntryPart.entry_id == entry.id).order_by(EntryPart.section, EntryPart.number)
        ):
            given |= part.content["answers"]
    return given


def _answer(contest: Contest, question: FormField, value: Any, who: blindness.Identity) -> AnonymousAnswer:
    shown: tuple[Text, ...] = ()
    if question.type in {"choice", "reference", "multichoice", "ranked"}:
        labels = {option.code: option.label for option in options_of(contest, question)}
        chosen = value if isinstance(value, list) else [value]
        shown = tuple(labels.get(code, {"vi": str(code), "en": str(code)}) for code in chosen)
    elif question.type in structured.STRUCTURED:
        layout = structured.laid_out(question, value).masked(lambda text: blindness.mask(text, who))
        return AnonymousAnswer(question.key, question.label, question.type, None, layout=layout)
    elif isinstance(value, str):
        value = blindness.mask(value, who)
    return AnonymousAnswer(question.key, question.label, question.type, value, shown, unit=question.unit)


def _file(row: Attachment, rule: AttachmentRule, who: blindness.Identity) -> AnonymousFile | None:
    """Return the neutral file; None for one that is unchecked, withheld, or was checked for another team."""
    if row.blind_state not in {blindness.CLEAN, blindness.REPLACED}:
        return None
    if row.link is not None:
        if blindness.search(row.link, who):
            return None
        return AnonymousFile(row.id, row.key, rule.label, row.key, "", 0, None, None, None, row.link)
    blob = row.neutral_blob
    if blob is None or (row.blind_state == blindness.CLEAN and row.checked_against != who.fingerprint):
        return None
    return AnonymousFile(
        row.id,
        row.key,
        rule.label,
        f"{neutral_name(row.key)}.{row.kind}",
        media_type_of(row.kind),
        blob.size,
        row.pages,
        row.seconds,
        blob.sha256,
    )


def neutral_name(key: str) -> str:
    """Return a file name from an attachment's key: letters, digits and dashes only."""
    bare = "".join(c if c.isascii() and c.isalnum() else "-" for c in key.lower())
    return bare.strip("-") or "file"
