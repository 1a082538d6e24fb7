"""An entry, its team, its files, and what was decided about it before judging."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compapp.accounts.models import Organisation, Person
from compapp.contests.models import Board, Contest, Sector
from compapp.core.db import Base
from compapp.core.files import Blob


class Entry(Base):
    """One team's idea in one contest; ``answers`` maps form keys to values, ``version`` guards them.

    ``field_versions`` maps a form key to the ``version`` that last changed it, so that two members who
    edit different fields never clash. Title, board, sector, … stand in columns as they were last
    submitted (of a draft: as last saved).
    """

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("contest_id", "code"),
        UniqueConstraint("contest_id", "number"),
        Index("ix_entry_contest_state", "contest_id", "state"),
        Index("ix_entry_contest_title_sort", "contest_id", "title_sort"),
        Index("ix_entry_contest_submitted", "contest_id", "submitted_at", "id", "state"),
        Index("ix_entry_contest_search", "contest_id", "state", "title_fold", "code", "number", "institution_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    code: Mapped[str] = mapped_column(String(60))
    number: Mapped[str] = mapped_column(String(60))
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id"))
    sector_id: Mapped[int | None] = mapped_column(ForeignKey("sector.id"))
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default="draft")
    title: Mapped[dict[str, Any]]
    title_fold: Mapped[str] = mapped_column(String(400))
    title_sort: Mapped[str] = mapped_column(String(1200))
    one_liner: Mapped[dict[str, Any]]
    stage: Mapped[str | None] = mapped_column(String(60))
    answers: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1)
    field_versions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    reopened_until: Mapped[datetime | None]
    frozen_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    definition: Mapped[dict[str, Any]]

    contest: Mapped[Contest] = relationship()
    board: Mapped[Board] = relationship()
    sector: Mapped[Sector | None] = relationship()
    institution: Mapped[Organisation | None] = relationship()
    members: Mapped[list["TeamMember"]] = relationship(order_by="TeamMember.position", back_populates="entry")


class TeamMember(Base):
    """A person on a team (role lead, member or advisor), with or without an account yet."""

    __tablename__ = "team_member"
    __table_args__ = (UniqueConstraint("entry_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    position: Mapped[int]
    role: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    born: Mapped[date | None]
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    class_name: Mapped[str | None] = mapped_column(String(60))
    student_number: Mapped[str | None] = mapped_column(String(40))
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    definition: Mapped[dict[str, Any]]

    entry: Mapped[Entry] = relationship(back_populates="members")
    person: Mapped[Person | None] = relationship()


class TeamInvitation(Base):
    """An invitation to join a team by link; the link's hash lies in core's links.

    One that an organiser's decision after the lock sent names its ``request_id``; ``member_id`` is who accepted it, on
    the team from ``seated_at`` only (a guardian may have to agree in between).
    """

    __tablename__ = "team_invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    email: Mapped[str | None] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("team_request.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("team_member.id"))
    seated_at: Mapped[datetime | None]


class EntryVersion(Base):
    """What was submitted, frozen with its SHA-256; ``content`` holds answers, team and file hashes."""

    __tablename__ = "entry_version"
    __table_args__ = (UniqueConstraint("entry_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    number: Mapped[int]
    receipt: Mapped[str] = mapped_column(String(80), unique=True)
    content: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))
    submitted_at: Mapped[datetime]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Attachment(Base):
    """A file or link given for one attachment key; replaced ones stay.

    ``blind_state``: unchecked, clean, withheld (a name was found) or replaced (``neutral_blob`` is what
    judges get). ``findings`` says what was found where; ``checked_against`` is the hash of the names that
    were looked for, so that a changed team is looked for again. ``kind`` is what the content is (pdf, …).
    """

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_entry_key", "entry_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    key: Mapped[str] = mapped_column(String(60))
    blob_id: Mapped[int | None] = mapped_column(ForeignKey("blob.id"))
    link: Mapped[str | None] = mapped_column(String(1000))
    file_name: Mapped[str] = mapped_column(String(300))
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    replaced_at: Mapped[datetime | None]
    pages: Mapped[int | None]
    seconds: Mapped[int | None]
    blind_state: Mapped[str] = mapped_column(String(20), default="unchecked")
    findings: Mapped[list[Any]]
    neutral_blob_id: Mapped[int | None] = mapped_column(ForeignKey("blob.id"))
    kind: Mapped[str] = mapped_column(String(20), default="")
    checked_against: Mapped[str | None] = mapped_column(String(64))
    blind_note: Mapped[str | None]
    definition: Mapped[dict[str, Any]]

    entry: Mapped[Entry] = relationship()
    blob: Mapped[Blob | None] = relationship(foreign_keys=[blob_id])
    neutral_blob: Mapped[Blob | None] = relationship(foreign_keys=[neutral_blob_id])


class GuardianConsent(Base):
    """A guardian asked by link whether a minor may take part: waiting, given or refused.

    ``way``: mailed to the guardian alone, or passed_on by the team (where the guardian has no e-mail). An organiser
    checks the latter by hand, by telephone: ``checked_at``.
    """

    __tablename__ = "guardian_consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("team_member.id"), index=True)
    guardian_name: Mapped[str] = mapped_column(String(200))
    guardian_email: Mapped[str | None] = mapped_column(String(254))
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    text_version: Mapped[str] = mapped_column(String(20))
    locale: Mapped[str] = mapped_column(String(5), default="vi")
    way: Mapped[str] = mapped_column(String(20), server_default="passed_on")
    guardian_phone: Mapped[str | None] = mapped_column(String(30))
    checked_at: Mapped[datetime | None]
    checked_by_name: Mapped[str | None] = mapped_column(String(200))

    member: Mapped[TeamMember] = relationship()


class Endorsement(Base):
    """The school's word on an entry of its students: waiting, confirmed or refused.

    ``preference`` is the place the school gives the entry among its own, from 1.
    """

    __tablename__ = "endorsement"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    preference: Mapped[int | None]
    note: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    entry: Mapped[Entry] = relationship()


class EligibilityDecision(Base):
    """One decision of the eligibility round; the newest not undone counts, none is ever removed."""

    __tablename__ = "eligibility_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str]
    fix_until: Mapped[datetime | None]
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_by_name: Mapped[str] = mapped_column(String(200))
    undone_at: Mapped[datetime | None]


class Case(Base):
    """A matter that a person recorded: suspected_copy, two_contests, team_split or other."""

    __tablename__ = "entry_case"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    other_entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    kind: Mapped[str] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(20), default="open")
    reason: Mapped[str]
    due_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    opened_by_name: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    settled_by_name: Mapped[str | None] = mapped_column(String(200))

    entry: Mapped[Entry] = relationship(foreign_keys=[entry_id])
    other_entry: Mapped[Entry | None] = relationship(foreign_keys=[other_entry_id])


class CaseStatement(Base):
    """What a member of the team says in a case (explanation, ownership statement)."""

    __tablename__ = "entry_case_statement"
    __table_args__ = (UniqueConstraint("case_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("entry_case.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("team_member.id"))
    text: Mapped[str]
    stated_at: Mapped[datetime]
