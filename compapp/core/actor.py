"""Who acts: a frozen value with roles and language, so that services need no request."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

PLATFORM = "platform"
ORGANISATION = "organisation"
CONTEST = "contest"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held within a scope: the platform, one organisation, one contest, …"""

    role: str
    scope: str
    scope_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The acting person (or the system itself) with the roles held at this moment.

    ``limited_to``: the id of the one contest in which a session without a password may judge, and do nothing else.
    """

    person_id: int | None
    name: str = ""
    email: str | None = None
    locale: str = "vi"
    grants: frozenset[Grant] = field(default_factory=frozenset)
    is_system: bool = False
    limited_to: int | None = None

    @property
    def is_signed_in(self) -> bool:
        """Whether a person stands behind this actor."""
        return self.person_id is not None

    def is_within(self, contest_id: int) -> bool:
        """Whether the session reaches into this contest at all (one that a link opened reaches into one only)."""
        return self.limited_to is None or self.limited_to == contest_id

    def has(self, role: str, scope: str, scope_id: int | None = None) -> bool:
        """Whether the actor holds ``role`` in exactly this scope."""
        return Grant(role, scope, scope_id) in self.grants

    def has_any(self, roles: frozenset[str] | set[str], scope: str, scope_id: int | None = None) -> bool:
        """Whether the actor holds one of ``roles`` in exactly this scope."""
        return any(Grant(role, scope, scope_id) in self.grants for role in roles)

    def scopes(self, role: str, scope: str) -> frozenset[int]:
        """Return the ids of the scopes in which the actor holds ``role``."""
        return frozenset(
            grant.scope_id
            for grant in self.grants
            if grant.role == role and grant.scope == scope and grant.scope_id is not None
        )

    @staticmethod
    def anonymous(locale: str = "vi") -> "Actor":
        """Return the visitor who is not signed in."""
        return Actor(person_id=None, locale=locale)

    @staticmethod
    def system(name: str = "system") -> "Actor":
        """Return the system as an actor (clock, import); it holds no role."""
        return Actor(person_id=None, name=name, is_system=True)


_current: ContextVar[Actor | None] = ContextVar("actor", default=None)


def current_actor() -> Actor:
    """Return who acts in this request, job or command; a visitor where nobody was set."""
    return _current.get() or Actor.anonymous()


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """Let ``actor`` act for the block."""
    token = _current.set(actor)
    try:
        yield actor
    finally:
        _current.reset(token)
