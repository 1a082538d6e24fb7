"""Which kinds of message exist. A room declares each beside the function that posts it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

Poster = TypeVar("Poster", bound=Callable[..., Any])


@dataclass(frozen=True)
class MessageKind:
    """One kind of message: ``templates/messages/<name>/`` holds its subject and bodies.

    ``urgent`` messages ignore quiet hours (21:00-07:00). ``sample`` is data of the shape that is posted,
    with which the house test renders it in both languages.
    """

    name: str
    sample: Mapping[str, Any]
    urgent: bool = False


_kinds: dict[str, MessageKind] = {}


def message(name: str, *, sample: Mapping[str, Any], urgent: bool = False) -> Callable[[Poster], Poster]:
    """Declare the kind ``name`` on the function that posts it."""

    def declare(poster: Poster) -> Poster:
        _kinds[name] = MessageKind(name, sample, urgent)
        return poster

    return declare


def kinds() -> Mapping[str, MessageKind]:
    """Return every declared kind by name."""
    return _kinds


def kind(name: str) -> MessageKind:
    """Return the kind ``name``; KeyError for one that no room declared."""
    return _kinds[name]
