"""Wiring of the clubs."""

from flask import Flask

from compapp.core.settings import Settings


def open_room(app: Flask, settings: Settings) -> None:
    """Open the room; its pages come with the rooms above that fill them."""
