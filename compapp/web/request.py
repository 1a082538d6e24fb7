"""What every request begins with: one clock reading, one session, one actor in their language."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack

from flask import Flask, g, request, session

from compapp.core import clock
from compapp.core.actor import Actor, acting
from compapp.core.db import keep_answers, session_scope
from compapp.web.i18n import in_locale, reader_locale

TOKEN = "token"  # noqa: S105 - the name of the key, not a secret

_load_actor: Callable[[str], Actor | None] | None = None


def use_actor_loader(loader: Callable[[str], Actor | None]) -> None:
    """Let ``loader`` find the person behind a session token."""
    global _load_actor
    _load_actor = loader


_limited: set[str] = set()


def open_to_limited(endpoints: Iterable[str]) -> None:
    """Let sessions that a one-time link opened reach these routes; at every other route they are a visitor's."""
    _limited.update(endpoints)


def is_open_to(actor: Actor, endpoint: str) -> bool:
    """Whether the actor's session reaches a route at all: one that a one-time link opened reaches a few only."""
    return actor.limited_to is None or endpoint in _limited


def init(app: Flask) -> None:
    """Open and close the frame of each request."""
    app.before_request(_open)
    app.teardown_request(_close)


def _open() -> None:
    if request.endpoint == "static":
        return
    g.frame = ExitStack()
    g.frame.enter_context(clock.reading())
    g.frame.enter_context(session_scope())
    keep_answers()
    become(_actor())


def _actor() -> Actor:
    token = session.get(TOKEN)
    if token and _load_actor is not None:
        actor = _load_actor(token)
        if actor is not None and not is_open_to(actor, request.endpoint or ""):
            g.only_desk = True
            return Actor.anonymous(actor.locale)
        if actor is not None:
            return actor
        session.pop(TOKEN)
        g.session_ended = True
    return Actor.anonymous(request.cookies.get("language", "vi"))


def become(actor: Actor) -> None:
    """Let ``actor`` act for the rest of this request, in their language (also after signing in)."""
    g.frame.enter_context(acting(actor))
    g.frame.enter_context(in_locale(reader_locale(actor)))


def _close(_error: BaseException | None) -> None:
    frame: ExitStack | None = g.pop("frame", None)
    if frame is not None:
        frame.close()
