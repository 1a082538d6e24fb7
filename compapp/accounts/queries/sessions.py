"""Who stands behind a session token, and which browsers a person is signed in on."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, bindparam, select

from compapp.accounts.models import Membership, Person, SignInSession
from compapp.accounts.queries.grants import added_grants, as_grant, holds_at
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


_AT: Any = bindparam("at", type_=UtcDateTime())
_SIGNED_IN = (
    select(
        SignInSession.id,
        SignInSession.seen_at,
        SignInSession.limited_to,
        Person.id,
        Person.name,
        Person.email,
        Person.locale,
        Membership.id,
        Membership.role,
        Membership.organisation_id,
    )
    .join(Person, Person.id == SignInSession.person_id)
    .outerjoin(Membership, and_(Membership.person_id == Person.id, holds_at(_AT)))
    .where(
        SignInSession.token_hash == bindparam("token_hash"),
        SignInSession.ended_at.is_(None),
        SignInSession.expires_at > _AT,
        Person.active,
    )
)


def signed_in(token: str) -> SignedIn | None:
    """Return who is signed in by ``token``; nothing for an ended, expired or unknown one.

    One query for session, person and memberships, and one for the grants of all registered sources.
    """
    at = clock.now()
    rows: Sequence[Any] = session().execute(_SIGNED_IN, {"token_hash": token_hash(token), "at": at}).all()
    if not rows:
        return None
    session_id, seen_at, limited_to, person_id, name, email, locale = rows[0][:7]
    own = frozenset(as_grant(role, organisation) for *_, kept, role, organisation in rows if kept is not None)
    grants = own | added_grants(person_id)
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
