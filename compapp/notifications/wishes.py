"""What a contest wants of its own messages: which are not sent, and what it adds to them in its own words.

A room above knows; it registers where to ask. Nothing is asked for messages that belong to no contest.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Wishes:
    """One contest's wishes: kinds that are ``off``, and its own ``words`` by kind (text in two languages)."""

    off: frozenset[str] = frozenset()
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


NONE = Wishes()
Source = Callable[[Collection[int]], Mapping[int, Wishes]]
_source: Source | None = None


def use_wishes(source: Source | None) -> None:
    """Ask ``source`` for the wishes of contests (ids to wishes; who has none may be left out)."""
    global _source
    _source = source


def wishes_of(contest_ids: Collection[int]) -> Mapping[int, Wishes]:
    """Return the wishes of these contests."""
    return _source(contest_ids) if _source is not None and contest_ids else {}
