"""The inbox and what people chose to receive. The messages themselves wait in core's outbox."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from compapp.core.db import Base

AT_ONCE, DAILY, NEVER = "at_once", "daily", "never"
"""When a person wants messages of a kind by e-mail; the inbox has them at once in any case."""


class InboxItem(Base):
    """A delivered in-app message, rendered in its reader's language when it arrived."""

    __tablename__ = "inbox_item"
    __table_args__ = (Index("ix_inbox_item_person_read", "person_id", "read_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox_message.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(String(500))
    arrived_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Preference(Base):
    """What a person does not want by e-mail, or once a day (``rhythm``); the inbox gets everything at once."""

    __tablename__ = "notification_preference"
    __table_args__ = (UniqueConstraint("person_id", "kind", "channel"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(60))
    channel: Mapped[str] = mapped_column(String(20))
    wanted: Mapped[bool]
    rhythm: Mapped[str | None] = mapped_column(String(10))


class DigestItem(Base):
    """An e-mail that its reader wants once a day: it waits here for the digest that tells of it."""

    __tablename__ = "digest_item"
    __table_args__ = (Index("ix_digest_item_waiting", "gathered_at", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox_message.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kept_at: Mapped[datetime]
    gathered_at: Mapped[datetime | None]
