"""Which kinds of message exist. A room declares each beside the function that posts it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

Poster = TypeVar("Poster", bound=Callable[..., Any])


@dataclass(frozen=True)
class MessageKind:
    """One kind of message: ``templates/messages/<name>/`` holds its subject and bodies.

    ``urgent`` messages ignore quiet hours (21:00-07:00); a ``required`` one cannot be switched off (what a
    person must get to keep the account safe). ``sample`` is data of the shape that is posted, with which
    the house test renders it in both languages. ``room`` declared it.
    """

    name: str
    sample: Mapping[str, Any]
    urgent: bool = False
    required: bool = False
    room: str = ""


_kinds: dict[str, MessageKind] = {}


def message(
    name: str, *, sample: Mapping[str, Any], urgent: bool = False, required: bool = False
) -> Callable[[Poster], Poster]:
    """Declare the kind ``name`` on the function that posts it."""

    def declare(poster: Poster) -> Poster:
        _kinds[name] = MessageKind(name, sample, urgent, required, poster.__module__.split(".")[1])
        return poster

    return declare


def kinds() -> Mapping[str, MessageKind]:
    """Return every declared kind by name."""
    return _kinds


def kind(name: str) -> MessageKind:
    """Return the kind ``name``; KeyError for one that no room declared."""
    return _kinds[name]
