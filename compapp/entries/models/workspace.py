"""Tables of the team's workspace: files on their way, links looked at, remarks, later parts, changes asked, origins."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compapp.core.db import Base
from compapp.entries.models.entry import Attachment, Entry, TeamMember


class Upload(Base):
    """A file on its way in pieces: what was announced. How much is there is the length of its file on the disk.

    ``token`` names that file. ``finished_at`` is set once it was attached or refused; ``attachment_id`` tells which.
    """

    __tablename__ = "entry_upload"
    __table_args__ = (Index("ix_entry_upload_entry_begun", "entry_id", "begun_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    key: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    file_name: Mapped[str] = mapped_column(String(300))
    size: Mapped[int]
    mark: Mapped[str] = mapped_column(String(64))
    token: Mapped[str] = mapped_column(String(64), unique=True)
    begun_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))

    entry: Mapped[Entry] = relationship()
    attachment: Mapped[Attachment | None] = relationship()


class LinkCheck(Base):
    """What stood behind a link when it was looked at: a link can change after the deadline, this does not.

    ``key`` names the question or file, ``status`` the answer (None: no answer, ``note`` says why), ``sha256`` the
    hash of the ``size`` bytes that were fetched.
    """

    __tablename__ = "entry_link_check"
    __table_args__ = (Index("ix_entry_link_check_entry_key", "entry_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    key: Mapped[str] = mapped_column(String(60))
    link: Mapped[str] = mapped_column(String(1000))
    asked_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    is_open: Mapped[bool | None]
    status: Mapped[int | None]
    title: Mapped[str | None] = mapped_column(String(300))
    sha256: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(String(300))


class Remark(Base):
    """A remark on one question (or, with an empty ``key``, the whole) between the team and its advisor."""

    __tablename__ = "entry_remark"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    key: Mapped[str] = mapped_column(String(60), default="")
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("entry_remark.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("team_member.id"))
    text: Mapped[str]
    said_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    member: Mapped[TeamMember] = relationship()


class EntryPart(Base):
    """What a team confirmed of a later round's part of the form; the newest number counts, none is removed."""

    __tablename__ = "entry_part"
    __table_args__ = (UniqueConstraint("entry_id", "section", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    section: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))
    confirmed_at: Mapped[datetime]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class TeamRequest(Base):
    """A change of the team that is asked for after the lock: an organiser decides.

    ``kind``: leave, replace, add or lead. ``member_id`` is who leaves or leads; ``name`` and ``email`` who comes.
    """

    __tablename__ = "team_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="asked")
    member_id: Mapped[int | None] = mapped_column(ForeignKey("team_member.id"))
    name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str | None] = mapped_column(String(254))
    reason: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decided_by_name: Mapped[str | None] = mapped_column(String(200))
    note: Mapped[str | None]

    entry: Mapped[Entry] = relationship()
    member: Mapped[TeamMember | None] = relationship()


class Origin(Base):
    """Where an entry comes from: copied by its team, or nominated up the ladder. What found no place is set aside."""

    __tablename__ = "entry_origin"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), unique=True)
    from_entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    carried_at: Mapped[datetime]
    carried_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    note: Mapped[str] = mapped_column(default="")
    set_aside: Mapped[dict[str, Any]]

    entry: Mapped[Entry] = relationship(foreign_keys=[entry_id])
    from_entry: Mapped[Entry] = relationship(foreign_keys=[from_entry_id])
