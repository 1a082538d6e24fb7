"""Where the options of ``options_from`` questions come from: sectors, organisations, kept sections.

A room above that has taken over a section of the contest file (technology needs, incubators) registers
its own source here.
"""

from collections.abc import Callable, Sequence

from compapp.contests.definition import Choice, FormField, text_of
from compapp.contests.file.reader import KEPT_SECTIONS
from compapp.contests.models import Contest

Source = Callable[[Contest], Sequence[Choice]]

_sources: dict[str, Source] = {}


def register(section: str, source: Source) -> None:
    """Let ``source(contest)`` give the options of ``section``."""
    _sources[section] = source


def options_of(contest: Contest, field: FormField) -> tuple[Choice, ...]:
    """Return the options of a question; its own, the board's, or those of the section it names."""
    if field.options_from is None:
        if field.key == "board" and not field.options:
            return tuple(
                Choice(board.code, text_of(board.definition.get("label"), board.code)) for board in contest.boards
            )
        return field.options
    if field.options_from == "sectors":
        return tuple(Choice(one.code, text_of(one.definition.get("label"), one.code)) for one in contest.sectors)
    source = _sources.get(field.options_from)
    found = tuple(source(contest)) if source is not None else ()
    return found or _bodies(contest, field.options_from) or _kept(contest, field.options_from)


def _bodies(contest: Contest, section: str) -> tuple[Choice, ...]:
    return tuple(Choice(body.code, body.organisation.name) for body in contest.bodies if body.section == section)


def _kept(contest: Contest, section: str) -> tuple[Choice, ...]:
    items = (contest.kept.get(KEPT_SECTIONS) or {}).get(section)
    if not isinstance(items, list):
        return ()
    return tuple(
        Choice(item["code"], text_of(item.get("label") or item.get("name") or item.get("title"), item["code"]))
        for item in items
        if isinstance(item, dict) and isinstance(item.get("code"), str)
    )
