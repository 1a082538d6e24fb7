"""Texts that were read for comparing, and the flags that came of it."""

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from compapp.contests.models import Contest
from compapp.core.db import session
from compapp.core.errors import NotFound
from compapp.core.text import N_, fold
from compapp.entries.lifecycle import COUNTED, INELIGIBLE
from compapp.entries.models import Entry, EntryText, EntryVersion, SimilarityCheck, SimilarityFlag, TeamMember
from compapp.entries.queries.facts import HIDDEN_CONTEST_STATES
from compapp.entries.similarity import Piece
from compapp.entries.similarity.words import Hashes

COMPARED = (*COUNTED, INELIGIBLE)
"""States of an entry whose text is compared: what was handed in and neither withdrawn nor merged."""


def unread_versions(most: int) -> list[int]:
    """Return the newest versions of entries whose text was not read yet, the oldest first."""
    later = aliased(EntryVersion)
    newest = (
        ~select(later.id).where(later.entry_id == EntryVersion.entry_id, later.number > EntryVersion.number).exists()
    )
    unread = ~select(EntryText.id).where(EntryText.version_id == EntryVersion.id).exists()
    return list(
        session().scalars(
            select(EntryVersion.id)
            .join(Entry, Entry.id == EntryVersion.entry_id)
            .where(Entry.state.in_(COMPARED), newest, unread)
            .order_by(EntryVersion.submitted_at, EntryVersion.id)
            .limit(most)
        )
    )


def runs_of_entries(contest_id: int | None = None) -> dict[int, Hashes]:
    """Return the runs of each entry's newest text, of one contest or of all: entry id to hashes."""
    newest = select(func.max(EntryText.id)).group_by(EntryText.entry_id)
    statement = (
        select(EntryText.entry_id, EntryText.runs)
        .join(Entry, Entry.id == EntryText.entry_id)
        .where(EntryText.id.in_(newest), Entry.state.in_(COMPARED))
    )
    if contest_id is not None:
        statement = statement.where(EntryText.contest_id == contest_id)
    rows = session().execute(statement)
    return {entry_id: np.frombuffer(runs, dtype="<u8").astype(np.uint64) for entry_id, runs in rows}


def pieces_of_entry(entry_id: int) -> list[Piece]:
    """Return the pieces of an entry's newest text."""
    packed = session().scalar(
        select(EntryText.pieces).where(EntryText.entry_id == entry_id).order_by(EntryText.id.desc()).limit(1)
    )
    return [] if packed is None else unpack(packed)


def pack(pieces: Iterable[Piece]) -> bytes:
    """Return pieces as they are stored."""
    return zlib.compress(json.dumps([[one.place, one.text] for one in pieces], ensure_ascii=False).encode())


def unpack(packed: bytes) -> list[Piece]:
    """Return stored pieces."""
    return [Piece(place, text) for place, text in json.loads(zlib.decompress(packed))]


def contests_to_compare(at: datetime) -> list[int]:
    """Return the contests whose deadline has passed, whose texts are all read, and that were not looked at since."""
    done = select(SimilarityCheck.id).where(
        SimilarityCheck.contest_id == Contest.id, SimilarityCheck.closes_at == Contest.closes_at
    )
    has_texts = select(EntryText.id).where(EntryText.contest_id == Contest.id)
    return list(
        session().scalars(
            select(Contest.id)
            .where(Contest.closes_at <= at, Contest.state.not_in(HIDDEN_CONTEST_STATES))
            .where(has_texts.exists(), ~done.exists())
            .order_by(Contest.id)
        )
    )


def flags_between(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], SimilarityFlag]:
    """Return the flags that stand between pairs of entries, by (later, other) as stored."""
    ids = {entry_id for pair in pairs for entry_id in pair}
    rows = session().scalars(
        select(SimilarityFlag).where(SimilarityFlag.entry_id.in_(ids), SimilarityFlag.other_entry_id.in_(ids))
    )
    return {(row.entry_id, row.other_entry_id): row for row in rows}


@dataclass(frozen=True, slots=True)
class People:
    """Who is on a team, as far as two teams can be told to share somebody."""

    accounts: frozenset[int]
    students: frozenset[tuple[str, Any]]

    def shares_somebody_with(self, other: "People") -> bool:
        """Whether somebody is on both teams: by account, or by name with school or student number."""
        return bool(self.accounts & other.accounts or self.students & other.students)


def people_on(entry_ids: Iterable[int]) -> dict[int, People]:
    """Return who is on several teams (advisors left out), in one query."""
    found: dict[int, tuple[set[int], set[tuple[str, Any]]]] = {one: (set(), set()) for one in entry_ids}
    rows = session().execute(
        select(
            TeamMember.entry_id,
            TeamMember.person_id,
            TeamMember.name,
            TeamMember.institution_id,
            TeamMember.student_number,
        ).where(TeamMember.entry_id.in_(found), TeamMember.left_at.is_(None), TeamMember.role != "advisor")
    )
    for entry_id, person_id, name, school_id, number in rows:
        accounts, students = found[entry_id]
        if person_id is not None:
            accounts.add(person_id)
        for mark in (school_id, fold(number) if number else None):
            if mark is not None:
                students.add((fold(name), mark))
    return {one: People(frozenset(accounts), frozenset(students)) for one, (accounts, students) in found.items()}


def flags_of_contest(contest_id: int, state: str = "", entry_id: int | None = None) -> list[SimilarityFlag]:
    """Return a contest's flags with both entries, the most alike first; ``state`` and one of the entries narrow."""
    statement = (
        select(SimilarityFlag)
        .where(SimilarityFlag.contest_id == contest_id)
        .options(
            joinedload(SimilarityFlag.entry),
            joinedload(SimilarityFlag.other_entry).joinedload(Entry.contest),
        )
        .order_by(SimilarityFlag.score.desc(), SimilarityFlag.id)
    )
    if state:
        statement = statement.where(SimilarityFlag.state == state)
    if entry_id is not None:
        statement = statement.where(_touches(entry_id))
    return list(session().scalars(statement.limit(500)))


def _touches(entry_id: int) -> Any:
    return or_(SimilarityFlag.entry_id == entry_id, SimilarityFlag.other_entry_id == entry_id)


def flag_counts(contest_id: int, entry_id: int | None = None) -> dict[str, int]:
    """Return how many flags of a contest (that touch one entry, where one is given) are in each state."""
    statement = select(SimilarityFlag.state, func.count()).where(SimilarityFlag.contest_id == contest_id)
    if entry_id is not None:
        statement = statement.where(_touches(entry_id))
    rows = session().execute(statement.group_by(SimilarityFlag.state))
    return {row[0]: row[1] for row in rows}


def open_flags(contest_id: int) -> int:
    """Return how many pairs of the contest a person should still look at."""
    return flag_counts(contest_id).get("open", 0)


def flag_of(contest_id: int, flag_id: int) -> SimilarityFlag:
    """Return one flag of the contest; NotFound."""
    found = session().get(SimilarityFlag, flag_id)
    if found is None or found.contest_id != contest_id:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return found


def flags_about(entry_id: int) -> list[SimilarityFlag]:
    """Return the flags that touch an entry within its own contest's list, the most alike first."""
    own = select(Entry.contest_id).where(Entry.id == entry_id).scalar_subquery()
    touches = or_(SimilarityFlag.entry_id == entry_id, SimilarityFlag.other_entry_id == entry_id)
    return list(
        session().scalars(
            select(SimilarityFlag)
            .where(and_(touches, SimilarityFlag.contest_id == own))
            .options(joinedload(SimilarityFlag.entry), joinedload(SimilarityFlag.other_entry))
            .order_by(SimilarityFlag.score.desc())
        )
    )


def last_check(contest_id: int) -> SimilarityCheck | None:
    """Return when all entries of the contest were last compared together."""
    return (
        session()
        .scalars(
            select(SimilarityCheck)
            .where(SimilarityCheck.contest_id == contest_id)
            .order_by(SimilarityCheck.id.desc())
            .limit(1)
        )
        .one_or_none()
    )


def likely_twins(entry: Entry) -> list[Entry]:
    """Return the entries of the contest that may be the same team's: somebody is on both, or the texts are alike.

    An advisor of both makes no twins: one teacher often advises many teams.
    """
    alike = select(SimilarityFlag.other_entry_id).where(SimilarityFlag.entry_id == entry.id)
    turned = select(SimilarityFlag.entry_id).where(SimilarityFlag.other_entry_id == entry.id)
    inside = (TeamMember.left_at.is_(None), TeamMember.role != "advisor")
    people = select(TeamMember.person_id).where(
        TeamMember.entry_id == entry.id, TeamMember.person_id.is_not(None), *inside
    )
    shared = select(TeamMember.entry_id).where(TeamMember.person_id.in_(people), *inside)
    return list(
        session().scalars(
            select(Entry)
            .where(Entry.contest_id == entry.contest_id, Entry.id != entry.id, Entry.state.in_(COUNTED))
            .where(or_(Entry.id.in_(alike), Entry.id.in_(turned), Entry.id.in_(shared)))
            .order_by(Entry.code)
        )
    )
