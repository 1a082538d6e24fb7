"""Rows of the room, one at a time or by their parent."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import aliased, joinedload

from compapp.accounts.models import Organisation, Person
from compapp.contests.models import Board, Body, Contest
from compapp.contests.queries import people_with_role
from compapp.core.db import identity_of, session
from compapp.core.errors import NotFound
from compapp.core.reading import read_once
from compapp.core.text import N_
from compapp.entries.models import Attachment, Entry, EntryVersion

_ABSENT = N_("This page does not exist, or it is not open to you.")


_AROUND = (
    joinedload(Entry.contest),
    joinedload(Entry.board),
    joinedload(Entry.sector),
    joinedload(Entry.institution),
)


_ENTRY = select(Entry).where(Entry.id == bindparam("entry_id")).options(*_AROUND)
_HELD = _ENTRY.with_for_update(of=Entry).execution_options(populate_existing=True)


@read_once
def find_entry(entry_id: int) -> Entry | None:
    """Return the entry with its contest, board, sector and school, if there is one."""
    return session().scalars(_ENTRY, {"entry_id": entry_id}).one_or_none()


def entry_with_version(entry_id: int) -> tuple[Entry, EntryVersion | None]:
    """Return the entry with all that :func:`entry` loads, and its newest submitted version; NotFound."""
    other = aliased(EntryVersion)
    newest = select(func.max(other.number)).where(other.entry_id == Entry.id).scalar_subquery()
    found: Any = (
        session()
        .execute(
            select(Entry, EntryVersion)
            .outerjoin(EntryVersion, and_(EntryVersion.entry_id == Entry.id, EntryVersion.number == newest))
            .where(Entry.id == entry_id)
            .options(*_AROUND)
        )
        .one_or_none()
    )
    if found is None:
        raise NotFound(_ABSENT)
    return found[0], found[1]


def entry(entry_id: int) -> Entry:
    """Return the entry with its contest, board, sector and school; NotFound."""
    found = find_entry(entry_id)
    if found is None:
        raise NotFound(_ABSENT)
    return found


def locked_entry(known: Entry | int) -> Entry:
    """Return an entry, given by its id or a row read earlier, as it stands now; held until the transaction ends."""
    entry_id = known if isinstance(known, int) else identity_of(known)
    found = session().scalars(_HELD, {"entry_id": entry_id}).one_or_none()
    if found is None:
        raise NotFound(_ABSENT)
    return found


def contest_id_of(entry_id: int) -> int:
    """Return the contest of an entry."""
    return session().get_one(Entry, entry_id).contest_id


def entry_by_code(contest_id: int, code: str) -> Entry:
    """Return the entry with this code in the contest; NotFound."""
    found = session().scalars(select(Entry).where(Entry.contest_id == contest_id, Entry.code == code)).one_or_none()
    if found is None:
        raise NotFound(_ABSENT)
    return found


def versions_of(entry_id: int) -> list[EntryVersion]:
    """Return the submitted versions, the newest first."""
    return list(
        session().scalars(
            select(EntryVersion).where(EntryVersion.entry_id == entry_id).order_by(EntryVersion.number.desc())
        )
    )


_NEWEST = (
    select(EntryVersion)
    .where(EntryVersion.entry_id == bindparam("entry_id"))
    .order_by(EntryVersion.number.desc())
    .limit(1)
)


@read_once
def newest_version(entry_id: int) -> EntryVersion | None:
    """Return the newest submitted version, if any."""
    return session().scalars(_NEWEST, {"entry_id": entry_id}).one_or_none()


def version_by_receipt(receipt: str) -> EntryVersion | None:
    """Return the version with this receipt number."""
    return session().scalars(select(EntryVersion).where(EntryVersion.receipt == receipt)).one_or_none()


def attachment(attachment_id: int) -> Attachment:
    """Return an attachment with its blobs; NotFound."""
    found = (
        session()
        .scalars(
            select(Attachment)
            .where(Attachment.id == attachment_id)
            .options(joinedload(Attachment.blob), joinedload(Attachment.neutral_blob))
        )
        .one_or_none()
    )
    if found is None:
        raise NotFound(_ABSENT)
    return found


def attachments_of(entry_id: int) -> list[Attachment]:
    """Return everything ever attached, the newest first."""
    return list(
        session().scalars(
            select(Attachment)
            .where(Attachment.entry_id == entry_id)
            .options(joinedload(Attachment.blob), joinedload(Attachment.neutral_blob))
            .order_by(Attachment.uploaded_at.desc(), Attachment.id.desc())
        )
    )


_CURRENT = (
    select(Attachment)
    .where(Attachment.entry_id.in_(bindparam("entry_ids", expanding=True)), Attachment.replaced_at.is_(None))
    .options(joinedload(Attachment.blob), joinedload(Attachment.neutral_blob))
    .order_by(Attachment.id)
)


@read_once
def current_attachments(entry_id: int) -> dict[str, Attachment]:
    """Return what counts now, by attachment key."""
    return attachments_now([entry_id])[entry_id]


def attachments_now(entry_ids: Iterable[int]) -> dict[int, dict[str, Attachment]]:
    """Return what counts now of several entries, in one query: entry id to attachments by key."""
    found: dict[int, dict[str, Attachment]] = {entry_id: {} for entry_id in entry_ids}
    for row in session().scalars(_CURRENT, {"entry_ids": list(found)}):
        found[row.entry_id][row.key] = row
    return found


def board_by_code(contest_id: int, code: str) -> Board | None:
    """Return the board with this code."""
    return session().scalars(select(Board).where(Board.contest_id == contest_id, Board.code == code)).one_or_none()


def institutions_of(contest: Contest) -> list[Organisation]:
    """Return the institutions whose students may enter, in Vietnamese order."""
    return list(
        session().scalars(
            select(Organisation)
            .join(Body, Body.organisation_id == Organisation.id)
            .where(Body.contest_id == contest.id, Body.section == "institutions")
            .order_by(Organisation.name_sort)
        )
    )


def person_of(person_id: int) -> Person:
    """Return the person; NotFound."""
    found = session().get(Person, person_id)
    if found is None:
        raise NotFound(_ABSENT)
    return found


def staff_of(contest_id: int, roles: frozenset[str] | set[str] = frozenset({"organiser"})) -> list[int]:
    """Return the ids of the active people who hold one of ``roles`` in the contest now, each once."""
    return list(dict.fromkeys(one for role in sorted(roles) for one in people_with_role(contest_id, role)))
