"""Wiring of the contests: their sections of the contest file and the grants of their roles."""

from flask import Flask

from compapp.contests.file import sections
from compapp.core.settings import Settings


def open_room(app: Flask, settings: Settings) -> None:
    """Claim the file's sections."""
    sections.register()
