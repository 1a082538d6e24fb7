"""Opens each room, from the ground up. A room's wiring lives in the module of its name beside this one."""

from importlib import import_module
from typing import Protocol, cast

from flask import Flask

from compapp.core.settings import Settings

ROOMS = (
    "web",
    "accounts",
    "notifications",
    "clubs",
    "contests",
    "entries",
    "judging",
    "placement",
    "incubation",
    "portal",
    "reports",
)


class Wiring(Protocol):
    """What the wiring module of a room offers."""

    def open_room(self, app: Flask, settings: Settings) -> None:
        """Register the room's pages, navigation, home cards, listeners, sections and periodic jobs."""


def open_rooms(app: Flask, settings: Settings) -> None:
    """Open every room on ``app``; ``app.extensions['compapp.periodic']`` collects what the clock runs."""
    app.extensions["compapp.periodic"] = []
    for room in ROOMS:
        cast(Wiring, import_module(f"compapp.app.{room}")).open_room(app, settings)
