"""Single-use links: only a hash is stored, each expires, each works once."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from compapp.core.db import Base, current_unit, session
from compapp.core.errors import Closed
from compapp.core.text import N_


class Link(Base):
    """A link that was handed out: what for, until when, and whether it has been used."""

    __tablename__ = "link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[int]
    data: Mapped[dict[str, Any]]
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


def issue(
    purpose: str, subject: tuple[str, int], *, expires_at: datetime, at: datetime, data: dict[str, Any] | None = None
) -> str:
    """Hand out a link for ``purpose``; return its token, which is not stored."""
    current_unit()
    token = secrets.token_urlsafe(24)
    session().add(
        Link(
            token_hash=_hash(token),
            purpose=purpose,
            subject_kind=subject[0],
            subject_id=subject[1],
            data=data or {},
            issued_at=at,
            expires_at=expires_at,
        )
    )
    session().flush()
    return token


def was_issued(purpose: str, subject: tuple[str, int], *, since: datetime) -> bool:
    """Whether a link of ``purpose`` for ``subject`` has been handed out after ``since`` and was not used."""
    own = (
        Link.purpose == purpose,
        Link.subject_kind == subject[0],
        Link.subject_id == subject[1],
        Link.used_at.is_(None),
    )
    return session().scalar(select(Link.id).where(*own, Link.issued_at > since).limit(1)) is not None


def look(purpose: str, token: str, *, at: datetime) -> Link:
    """Return the usable link behind ``token`` without using it; Closed with the reason otherwise."""
    link = session().scalars(select(Link).where(Link.token_hash == _hash(token), Link.purpose == purpose)).one_or_none()
    if link is None or link.withdrawn_at is not None:
        raise Closed(N_("This link is not valid. Please ask for a new one."))
    if link.used_at is not None:
        raise Closed(N_("This link has been used already."))
    if link.expires_at < at:
        raise Closed(N_("This link has expired. Please ask for a new one."))
    return link


def redeem(purpose: str, token: str, *, at: datetime) -> Link:
    """Use the link up and return it; Closed when it is unknown, expired or used (also by a twin request)."""
    current_unit()
    link = look(purpose, token, at=at)
    result: Any = session().execute(update(Link).where(Link.id == link.id, Link.used_at.is_(None)).values(used_at=at))
    if result.rowcount != 1:
        raise Closed(N_("This link has been used already."))
    return link


def withdraw(purpose: str, subject: tuple[str, int], *, at: datetime) -> None:
    """Make every unused link of ``purpose`` for ``subject`` worthless."""
    current_unit()
    session().execute(
        update(Link)
        .where(
            Link.purpose == purpose,
            Link.subject_kind == subject[0],
            Link.subject_id == subject[1],
            Link.used_at.is_(None),
        )
        .values(withdrawn_at=at)
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
