"""Wiring of placement: its sections of the contest file, what it hears of entries, and its clock jobs."""

from flask import Flask

from compapp.core.events import subscribe
from compapp.core.periodic import Periodic
from compapp.core.settings import Settings
from compapp.entries.events import EntryWithdrawn
from compapp.placement import file, jobs, services


def open_room(app: Flask, settings: Settings) -> None:
    """Register placement."""
    file.register()
    subscribe(EntryWithdrawn, _let_go)
    app.extensions["compapp.periodic"] += [
        Periodic("placement.lapse_offers", 30, jobs.lapse_offers),
        Periodic("placement.remind", 300, jobs.remind),
    ]


def _let_go(event: EntryWithdrawn) -> None:
    services.release_entry(event.entry_id, actor=event.actor, at=event.at)
