"""Tabs of a team's workspace that rooms above register from their wiring."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EntryTab:
    """A page about an entry; ``label`` is marked for translation, the endpoint takes ``entry_id``."""

    endpoint: str
    label: str


_tabs: list[EntryTab] = []


def register(tab: EntryTab) -> None:
    """Add a tab after the room's own."""
    if tab not in _tabs:
        _tabs.append(tab)


def registered() -> tuple[EntryTab, ...]:
    """Return the tabs of the rooms above."""
    return tuple(_tabs)
