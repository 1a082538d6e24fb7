"""Domain events: news that travels upward within the same transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from compapp.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, with who did it and when."""

    actor: Actor
    at: datetime


Listener = Callable[[Any], None]
_listeners: dict[type[Event], list[Listener]] = {}
_queue: ContextVar[list[Event] | None] = ContextVar("events", default=None)


def subscribe(kind: type[Event], listener: Listener) -> None:
    """Let ``listener`` (an upper room's service verb) hear every ``kind``; called by ``app`` only."""
    heard = _listeners.setdefault(kind, [])
    if listener not in heard:
        heard.append(listener)


def emit(event: Event) -> None:
    """Queue ``event``; it is dispatched before the unit of work commits."""
    queue = _queue.get()
    if queue is None:
        raise RuntimeError("an event needs a unit of work")
    queue.append(event)


@contextmanager
def collecting() -> Iterator[None]:
    """Collect the events of one unit of work."""
    token = _queue.set([])
    try:
        yield
    finally:
        _queue.reset(token)


def dispatch() -> None:
    """Hand every queued event to its listeners, also those that listeners emit."""
    queue = _queue.get()
    while queue:
        event = queue.pop(0)
        for listener in _listeners.get(type(event), []):
            listener(event)
