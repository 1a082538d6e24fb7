"""News about entries for the rooms above (subscribed in ``app`` only)."""

from dataclasses import dataclass

from compapp.core.events import Event


@dataclass(frozen=True, slots=True)
class EntrySubmitted(Event):
    """An entry was submitted, for the first time or again."""

    entry_id: int
    version: int


@dataclass(frozen=True, slots=True)
class EntryWithdrawn(Event):
    """A team withdrew its entry; judging, placement and incubation let it go."""

    entry_id: int


@dataclass(frozen=True, slots=True)
class EntryBecameEligible(Event):
    """An organiser found the entry eligible; it may be assigned to judges."""

    entry_id: int
