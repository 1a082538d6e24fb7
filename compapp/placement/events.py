"""News about places for the rooms above (subscribed in ``app`` only)."""

from dataclasses import dataclass

from compapp.core.events import Event


@dataclass(frozen=True, slots=True)
class OfferAccepted(Event):
    """A team accepted a place; ``former_offer_id`` is the place it gave back for it."""

    offer_id: int
    entry_id: int
    former_offer_id: int | None = None


@dataclass(frozen=True, slots=True)
class PlaceLost(Event):
    """An accepted place was taken back (the entry was withdrawn, or by the organiser with a reason)."""

    offer_id: int
    entry_id: int
    reason: str
