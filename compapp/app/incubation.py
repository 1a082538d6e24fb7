"""Wiring of incubation: its sections of the contest file, what it hears of places, and its clock jobs."""

from flask import Flask

from compapp.core.events import subscribe
from compapp.core.periodic import Periodic
from compapp.core.settings import Settings
from compapp.incubation import file, jobs, services
from compapp.placement.events import OfferAccepted, PlaceLost


def open_room(app: Flask, settings: Settings) -> None:
    """Register incubation."""
    file.register()
    subscribe(OfferAccepted, _open)
    subscribe(PlaceLost, _close)
    app.extensions["compapp.periodic"] += [
        Periodic("incubation.sessions", 60, jobs.remind_of_sessions),
        Periodic("incubation.milestones", 600, jobs.remind_of_milestones),
    ]


def _open(event: OfferAccepted) -> None:
    services.open_residency(event.offer_id, actor=event.actor, at=event.at)


def _close(event: PlaceLost) -> None:
    services.close_residency(event.entry_id, reason=event.reason, actor=event.actor, at=event.at)
