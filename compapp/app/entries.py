"""Wiring of the entries room: pages, navigation, home cards, its section of the contest file, the clock's jobs."""

from flask import Flask

from compapp.contests.file import registry
from compapp.contests.queries import register_bar
from compapp.core.settings import Settings
from compapp.entries import queries
from compapp.entries.file_section import ENTRIES_SECTION


def open_room(app: Flask, settings: Settings) -> None:
    """Open the room."""
    registry.register(ENTRIES_SECTION)
    register_bar(queries.contests_entered)
