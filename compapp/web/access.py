"""Who may open a route: every one carries ``@require(policy)`` or ``@public``; nothing else is served."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import g, request
from flask.typing import ResponseReturnValue

from compapp.core.actor import Actor, current_actor
from compapp.core.errors import NotFound, Refused
from compapp.core.text import N_

View = TypeVar("View", bound=Callable[..., Any])


class SignInNeeded(Exception):
    """The route needs a person; the handler leads to sign-in and keeps what was typed."""


def public(view: View) -> View:
    """Let everybody open this route."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def require(policy: Callable[..., bool], facts: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """Let those open the route whom ``policy`` allows.

    ``facts(actor, **view_args)`` loads the frozen facts the policy judges; nothing loaded means the
    actor may not know of the thing (404). ``policy(actor, facts)``, or ``policy(actor)`` without a
    loader; anything but True refuses (403).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            check(policy, facts, kwargs)
            result: ResponseReturnValue = view(*args, **kwargs)
            return result

        guarded.access = policy  # type: ignore[attr-defined]
        guarded.facts_loader = facts  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def check(policy: Callable[..., bool], loader: Callable[..., Any] | None, arguments: dict[str, Any]) -> None:
    """Raise SignInNeeded, NotFound or Refused unless the policy holds; keep the loaded facts."""
    actor = current_actor()
    if not actor.is_signed_in:
        raise SignInNeeded(request.path)
    if loader is None:
        allowed = policy(actor)
    else:
        g.facts = loader(actor, **arguments)
        if g.facts is None:
            raise NotFound(N_("This page does not exist, or it is not open to you."))
        allowed = policy(actor, g.facts)
    if allowed is not True:
        raise Refused(N_("Your role does not allow this here."))


def facts() -> Any:
    """Return the facts that the route's access check loaded."""
    return g.facts


def signed_in(actor: Actor) -> bool:
    """Policy: anybody with an account."""
    return actor.is_signed_in
