"""Who stands behind a session token, and which browsers a person is signed in on."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select, true

from compapp.accounts.models import Person, SignInSession
from compapp.accounts.queries.grants import select_grants
from compapp.core import clock
from compapp.core.actor import CONTEST, Actor, Grant
from compapp.core.db import session
from compapp.core.types import UtcDateTime

TOUCH_EVERY = timedelta(minutes=10)
LIMITED_ROLE = "judge"
"""All that is left of a person's roles in a session that a one-time link opened."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A living session: its row, the acting person, and whether it should be marked as seen again."""

    session_id: int
    actor: Actor
    is_touch_due: bool


def token_hash(token: str) -> str:
    """Return what is stored of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


@cache
def _statement() -> Select[Any]:
    """Return what asks for session, person and all grants at once, made once: every request asks it."""
    at: Any = bindparam("at", type_=UtcDateTime())
    here = (
        select(SignInSession.id, SignInSession.seen_at, SignInSession.limited_to)
        .add_columns(Person.id.label("person_id"), Person.name, Person.email, Person.locale)
        .join(Person, Person.id == SignInSession.person_id)
        .where(
            SignInSession.token_hash == bindparam("token_hash"),
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > at,
            Person.active,
        )
        .cte("here")
    )
    held = select_grants(select(here.c.person_id).scalar_subquery()).subquery("held")
    return select(here, held).outerjoin(held, true())


def signed_in(token: str) -> SignedIn | None:
    """Return who is signed in by ``token``, in one query; nothing for an ended, expired or unknown one."""
    at = clock.now()
    rows = session().execute(_statement(), {"token_hash": token_hash(token), "at": at}).all()
    if not rows:
        return None
    session_id, seen_at, limited_to, person_id, name, email, locale = rows[0][:7]
    grants = frozenset(Grant(role, scope, scope_id) for *_, role, scope, scope_id in rows if role is not None)
    if limited_to is not None:
        grants &= {Grant(LIMITED_ROLE, CONTEST, limited_to)}
    actor = Actor(person_id, name, email, locale, grants, limited_to=limited_to)
    return SignedIn(session_id, actor, abs(at - seen_at) >= TOUCH_EVERY)


def actor_of(token: str) -> Actor | None:
    """Return the actor behind a session token."""
    found = signed_in(token)
    return found.actor if found else None


def sessions_of(person_id: int) -> Sequence[SignInSession]:
    """Return the living sessions of a person, the last seen first."""
    statement = (
        select(SignInSession)
        .where(
            SignInSession.person_id == person_id,
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > clock.now(),
        )
        .order_by(SignInSession.seen_at.desc(), SignInSession.id.desc())
    )
    return session().scalars(statement).all()


def has_used_browser(person_id: int, browser: str) -> bool | None:
    """Whether the person signed in with such a browser before; nothing when they never signed in at all."""
    seen = set(session().scalars(select(SignInSession.browser).where(SignInSession.person_id == person_id)))
    return browser in seen if seen else None
