"""Signing in and out: a session is a row, so that it can be listed and ended (safety.md T-SESSION)."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from compapp.accounts import notifications, passwords, queries
from compapp.accounts.models import Person, SignInSession
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import NotFound, Refused
from compapp.core.text import N_

LASTS = timedelta(days=30)
LIMITED_LASTS = timedelta(days=3)


def sign_in(
    person: Person,
    *,
    browser: str,
    address: str,
    replaces: str | None = None,
    rehashed: str | None = None,
    limited_to: int | None = None,
    at: datetime,
) -> str:
    """Open a session for a person whose password was checked; return its token, which is not stored.

    ``replaces`` is the token that this browser held until now; ``rehashed`` a hash with today's
    parameters; ``limited_to`` the contest to which a session by a one-time link is limited (it lasts three
    days). Refused for an inactive person.
    """
    if not person.active:
        raise Refused(N_("This account is closed."))
    known = queries.has_used_browser(person.id, browser)
    if replaces:
        _end(SignInSession.token_hash == queries.token_hash(replaces), at=at)
    if rehashed and person.password_hash and passwords.needs_rehash(person.password_hash):
        person.password_hash = rehashed
    token = secrets.token_urlsafe(32)
    opened = SignInSession(
        token_hash=queries.token_hash(token),
        person_id=person.id,
        started_at=at,
        seen_at=at,
        expires_at=at + (LASTS if limited_to is None else LIMITED_LASTS),
        address=address[:60],
        browser=browser[:300],
        limited_to=limited_to,
    )
    session().add(opened)
    actor = Actor(person.id, person.name, person.email, person.locale)
    data: dict[str, Any] = {"browser": browser[:300]}
    if limited_to is not None:
        data["limited_to"] = limited_to
    audit.record("accounts.session.started", opened, actor=actor, at=at, data=data)
    if known is False:
        notifications.new_device(person, browser=browser, session_id=opened.id, at=at)
    return token


def sign_out(token: str, *, actor: Actor, at: datetime) -> None:
    """End the session of this browser."""
    if _end(SignInSession.token_hash == queries.token_hash(token), at=at):
        audit.record("accounts.session.ended", ("person", actor.person_id), actor=actor, at=at)


def end_session(session_id: int, *, actor: Actor, at: datetime) -> None:
    """End one of the actor's own sessions; NotFound for anybody else's."""
    ended = _end(SignInSession.id == session_id, SignInSession.person_id == actor.person_id, at=at)
    if not ended:
        raise NotFound(N_("This session has ended already."))
    audit.record("accounts.session.ended", ("sign_in_session", session_id), actor=actor, at=at)


def end_other_sessions(person_id: int, *, keep: str | None, actor: Actor, at: datetime) -> int:
    """End every session of a person but the one of the token ``keep``; return how many."""
    kept = queries.token_hash(keep) if keep else ""
    ended = _end(SignInSession.person_id == person_id, SignInSession.token_hash != kept, at=at)
    if ended:
        audit.record("accounts.session.others_ended", ("person", person_id), actor=actor, at=at, data={"count": ended})
    return ended


def touch(session_id: int, *, at: datetime) -> None:
    """Note that a session was used."""
    session().execute(update(SignInSession).where(SignInSession.id == session_id).values(seen_at=at))


def _end(*conditions: Any, at: datetime) -> int:
    result: Any = session().execute(
        update(SignInSession).where(SignInSession.ended_at.is_(None), *conditions).values(ended_at=at)
    )
    return int(result.rowcount)
