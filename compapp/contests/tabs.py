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
    ``counted`` says (a marked msgid) what is counted: "Entries", "Sheets missing".
    """

    endpoint: str
    label: str
    visible: Callable[[Actor, ContestFacts], bool]
    order: int = 100
    count: Callable[[int], int] | None = None
    counted: str = ""


_tabs: list[Tab] = []


def register(tab: Tab) -> None:
    """Add a tab; the same endpoint replaces an earlier one."""
    _tabs[:] = [known for known in _tabs if known.endpoint != tab.endpoint]
    _tabs.append(tab)
    _tabs.sort(key=lambda one: one.order)


def tabs_for(actor: Actor, facts: ContestFacts) -> list[Tab]:
    """Return the tabs that ``actor`` sees of this contest, in order."""
    return [tab for tab in _tabs if tab.visible(actor, facts)]
