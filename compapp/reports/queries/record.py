"""The record as people read it: who did what, to which entry, when; narrowed and by pages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, literal, not_, or_, select, union_all

from compapp.contests.models import Contest
from compapp.contests.policy import APPROVER, CHAIR, JUDGE, ORGANISER, SECRETARY
from compapp.contests.queries import people_with_role
from compapp.core.audit import AuditRow
from compapp.core.clock import ZONE
from compapp.core.db import Base, session
from compapp.core.paging import Page, paginate
from compapp.core.text import fold
from compapp.entries.models import Entry, TeamMember
from compapp.entries.queries.anonymous import anonymous_titles
from compapp.judging.queries.results import hidden_entries

JUDGING_PART = ("judging.", "contests.round.")
"""What the verbs of a chair's part of the record begin with."""

SHOWN = ("reason", "outcome", "seat", "until", "receipt", "version")
"""What is shown of a deed's particulars; scores, hashes and contents never are."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the record is narrowed; empty means everything. ``verb`` is whole, ``entry`` a code, days are local."""

    who: str = ""
    verb: str = ""
    entry: str = ""
    since: date | None = None
    until: date | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the record. ``who`` is empty for somebody on a team whom the reader may not know."""

    at: datetime
    who: str
    verb: str
    contest: str
    entry: str
    title: Mapping[str, str] | None
    round_id: int | None
    round: str
    particulars: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """The part of the record that a reader may see.

    ``conditions`` hold for each of its rows; ``unnamed`` are the ids of people who must not be named, and for a
    reader who ``is_blind`` to teams titles are masked as judges see them. Where ``named`` is given, the part is in
    short: nobody else is named, and neither entries nor particulars are shown.
    """

    conditions: tuple[ColumnElement[bool], ...]
    unnamed: frozenset[int] = frozenset()
    is_blind: bool = False
    named: frozenset[int] | None = None


def part_of_contest(contest_id: int, reader_id: int | None, *, whole: bool) -> Part:
    """Return what a reader sees of a contest's record: all, or the judging alone without anybody's team.

    Nothing of an entry with which the reader has a conflict of interest.
    """
    conditions: list[ColumnElement[bool]] = [AuditRow.contest_id == contest_id]
    hidden = hidden_entries(contest_id, reader_id)
    if hidden:
        conditions.append(not_(_concerns(contest_id, hidden)))
    if whole:
        return Part(tuple(conditions))
    conditions.append(or_(*(AuditRow.verb.startswith(piece, autoescape=True) for piece in JUDGING_PART)))
    members = select(TeamMember.person_id).join(Entry).where(Entry.contest_id == contest_id)
    unnamed = frozenset(found for found in session().scalars(members) if found is not None)
    return Part(tuple(conditions), unnamed, is_blind=True)


def part_in_short(contest_id: int) -> Part:
    """Return what the department sees of a contest's record: what was done and when, and who of its office did it."""
    office = {person for role in (ORGANISER, APPROVER, SECRETARY) for person in people_with_role(contest_id, role)}
    jury = {person for role in (JUDGE, CHAIR) for person in people_with_role(contest_id, role)}
    return Part((AuditRow.contest_id == contest_id,), named=frozenset(office - jury))


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something was done, first and last."""

    verb: str
    count: int
    first: datetime
    last: datetime


def tallies(part: Part) -> list[Tally]:
    """Return how often each deed of a part stands in it, the most frequent first."""
    count = func.count()
    statement = select(AuditRow.verb, count, func.min(AuditRow.at), func.max(AuditRow.at)).where(*part.conditions)
    rows = session().execute(statement.group_by(AuditRow.verb).order_by(count.desc(), AuditRow.verb)).all()
    return [Tally(*row) for row in rows]


def part_of_platform(reader_id: int | None, own_contests: Collection[int]) -> Part:
    """Return what an administrator sees: every deed, none of a contest with a team or a seat of the own."""
    teams = select(Entry.contest_id).join(TeamMember).where(TeamMember.person_id == reader_id)
    barred = {*own_contests, *session().scalars(teams)}
    return Part((or_(AuditRow.contest_id.is_(None), AuditRow.contest_id.not_in(barred)),))


def verbs_of(part: Part) -> list[str]:
    """Return the verbs that stand in a part of the record."""
    return sorted(session().scalars(select(AuditRow.verb).where(*part.conditions).distinct()))


def record_page(part: Part, wanted: Wanted) -> Page:
    """Return a page of deeds, the newest first; four statements, however long the record is."""
    statement = select(AuditRow, Contest.code).outerjoin(Contest, Contest.id == AuditRow.contest_id)
    page = paginate(
        statement.where(*part.conditions, *_narrowed(part, wanted)).order_by(AuditRow.id.desc()), wanted.page
    )
    if part.named is not None:
        return replace(page, rows=[_bare_deed(row, part.named) for row, _contest in page.rows])
    entries = _entries([row for row, _contest in page.rows], masked=part.is_blind)
    return replace(page, rows=[_deed(row, contest, entries, part.unnamed) for row, contest in page.rows])


def _narrowed(part: Part, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.who:
        found.append(AuditRow.actor_name.in_(_names(part, wanted.who)))
        if part.unnamed:
            found.append(or_(AuditRow.actor_id.is_(None), AuditRow.actor_id.not_in(part.unnamed)))
        if part.named is not None:
            found.append(AuditRow.actor_id.in_(part.named))
    if wanted.verb:
        found.append(AuditRow.verb == wanted.verb)
    if wanted.entry:
        found.append(_concerns(None, [wanted.entry.upper()]))
    if wanted.since is not None:
        found.append(AuditRow.at >= _midnight(wanted.since))
    if wanted.until is not None and wanted.until < date.max:
        found.append(AuditRow.at < _midnight(wanted.until + timedelta(days=1)))
    return found


def _names(part: Part, who: str) -> list[str]:
    """Return the names that hold ``who``, whatever marks either is written with."""
    names = session().scalars(select(AuditRow.actor_name).where(*part.conditions).distinct())
    return [name for name in names if fold(who) in fold(name)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=ZONE)


def _tables() -> list[Table]:
    """Return every table whose rows belong to an entry."""
    return [table for table in Base.metadata.sorted_tables if "id" in table.c and "entry_id" in table.c]


def _concerns(contest_id: int | None, codes: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that a deed is about one of these entries, or about something of theirs."""
    ids = select(Entry.id).where(Entry.code.in_(codes))
    if contest_id is not None:
        ids = ids.where(Entry.contest_id == contest_id)
    kind, subject = AuditRow.subject_kind, AuditRow.subject_id
    return or_(
        and_(kind == Entry.__tablename__, subject.in_(ids)),
        func.coalesce(AuditRow.data["entry"].as_string(), "").in_(codes),
        *(
            and_(kind == table.name, subject.in_(select(table.c.id).where(table.c.entry_id.in_(ids))))
            for table in _tables()
        ),
    )


def _entries(rows: Sequence[AuditRow], *, masked: bool) -> dict[tuple[str, int], tuple[str, Mapping[str, str]]]:
    """Return code and title of the entry that each row is about, by kind and id of its subject.

    One statement; where titles are ``masked``, those of the anonymous projection besides.
    """
    subjects: dict[str, set[int]] = {}
    for row in rows:
        if row.subject_id is not None:
            subjects.setdefault(row.subject_kind, set()).add(row.subject_id)
    parts = [
        select(literal(table.name), table.c.id, Entry.id, Entry.code, Entry.title)
        .join(Entry, Entry.id == table.c.entry_id)
        .where(table.c.id.in_(subjects[table.name]))
        for table in _tables()
        if table.name in subjects
    ]
    own = subjects.get(Entry.__tablename__, set())
    first = select(literal(Entry.__tablename__), Entry.id, Entry.id.label("entry_id"), Entry.code, Entry.title)
    found = session().execute(union_all(first.where(Entry.id.in_(own)), *parts)).all()
    shown = anonymous_titles(sorted({row[2] for row in found})) if masked else {}
    return {
        (kind, identity): (code, shown[entry_id].title if masked else title)
        for kind, identity, entry_id, code, title in found
    }


def _bare_deed(row: AuditRow, named: Collection[int]) -> Deed:
    who = row.actor_name if row.actor_id in named else ""
    return Deed(row.at, who, row.verb, contest="", entry="", title=None, round_id=None, round="", particulars={})


def _deed(
    row: AuditRow,
    contest: str | None,
    entries: Mapping[tuple[str, int], tuple[str, Mapping[str, str]]],
    unnamed: Collection[int],
) -> Deed:
    code, title = entries.get((row.subject_kind, row.subject_id or 0), (str(row.data.get("entry") or ""), None))
    return Deed(
        at=row.at,
        who="" if row.actor_id in unnamed else row.actor_name,
        verb=row.verb,
        contest=contest or "",
        entry=code,
        title=title,
        round_id=row.subject_id if row.subject_kind == "round" else None,
        round=str(row.data.get("round") or ""),
        particulars={key: row.data[key] for key in SHOWN if row.data.get(key)},
    )
