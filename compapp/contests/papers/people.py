"""Where the people of a paper come from: rooms above register who they know of."""

from collections.abc import Callable, Mapping, Sequence

Source = Callable[[int], Sequence[Mapping[str, str]]]
"""Given a contest's id, people with ``name``, ``degree``, ``position``, ``unit``, ``duty``."""

_sources: dict[str, Source] = {}


def register(paper: str, source: Source) -> None:
    """Let a paper of this kind begin with the people of ``source``."""
    _sources[paper] = source


def people_for(paper: str, contest_id: int) -> Sequence[Mapping[str, str]]:
    """Return the people whom a new paper lists; nobody where no room knows any."""
    source = _sources.get(paper)
    return source(contest_id) if source else ()
