"""Tabs of a team's workspace that rooms above register from their wiring."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from compapp.entries.models import Entry


def _always(_entry: "Entry") -> bool:
    return True


@dataclass(frozen=True)
class EntryTab:
    """A page about an entry, where ``shown`` says so; ``label`` is a msgid, the endpoint takes ``entry_id``."""

    endpoint: str
    label: str
    shown: Callable[["Entry"], bool] = _always


_tabs: list[EntryTab] = []


def register(tab: EntryTab) -> None:
    """Add a tab after the room's own."""
    if tab not in _tabs:
        _tabs.append(tab)


def registered(entry: "Entry") -> tuple[EntryTab, ...]:
    """Return the tabs of the rooms above that ``entry`` has."""
    return tuple(tab for tab in _tabs if tab.shown(entry))
