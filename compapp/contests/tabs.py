"""The tabs of a contest's workspace: each room above registers its own from its wiring.

A page of the workspace extends ``contests/workspace.html`` and passes ``contest``; the tabs come by themselves.
"""

from collections.abc import Callable
from dataclasses import dataclass

from compapp.contests.policy import ContestFacts
from compapp.core.actor import Actor


@dataclass(frozen=True)
class Tab:
    """One tab: ``label`` is a marked msgid, ``endpoint`` takes the contest's ``code``.

    ``visible(actor, facts)`` says who sees it; ``count(contest_id)`` is shown on the overview (one query).
    ``counted`` says (a marked msgid) what is counted: "Entries", "Sheets missing". Tabs of one ``group``
    (a marked msgid) share a place in the row, so that the row stays short; ``pages`` are the endpoints of the
    pages that belong to this tab.
    """

    endpoint: str
    label: str
    visible: Callable[[Actor, ContestFacts], bool]
    order: int = 100
    count: Callable[[int], int] | None = None
    counted: str = ""
    group: str = ""
    pages: frozenset[str] = frozenset()


_tabs: list[Tab] = []


def register(tab: Tab) -> None:
    """Add a tab; the same endpoint replaces an earlier one."""
    _tabs[:] = [known for known in _tabs if known.endpoint != tab.endpoint]
    _tabs.append(tab)
    _tabs.sort(key=lambda one: one.order)


def tab_of(endpoint: str, tabs: list[Tab]) -> Tab | None:
    """Return the tab to which a page belongs: itself, by its ``pages``, or the first of its room; else None."""
    for tab in tabs:
        if endpoint == tab.endpoint or endpoint in tab.pages:
            return tab
    room = endpoint.split(".")[0]
    return next((tab for tab in tabs if tab.endpoint.split(".")[0] == room), None)


def groups_of(tabs: list[Tab]) -> list[list[Tab]]:
    """Return the tabs gathered by their group, each group where its first tab stands; a tab without one alone."""
    found: dict[str, list[Tab]] = {}
    for tab in tabs:
        found.setdefault(tab.group or tab.endpoint, []).append(tab)
    return list(found.values())


def tabs_for(actor: Actor, facts: ContestFacts) -> list[Tab]:
    """Return the tabs that ``actor`` sees of this contest, in order."""
    return [tab for tab in _tabs if tab.visible(actor, facts)]


@dataclass(frozen=True)
class PeoplePage:
    """A page of a room above where people are given a part in a contest: a marked msgid, an endpoint with ``code``."""

    endpoint: str
    label: str


_people: list[PeoplePage] = []


def register_people(page: PeoplePage) -> None:
    """Offer a page beside the roles; doing it twice is harmless."""
    if page not in _people:
        _people.append(page)


def people_pages() -> tuple[PeoplePage, ...]:
    """Return the pages where other people are given a part."""
    return tuple(_people)
