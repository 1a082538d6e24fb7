"""Wiring of the clubs."""

from flask import Flask

from compapp.clubs.views import bp, home_cards
from compapp.core.settings import Settings
from compapp.web import navigation


def open_room(app: Flask, settings: Settings) -> None:
    """Register the page of a club and its manager's card."""
    app.register_blueprint(bp)
    navigation.register_home_cards(home_cards)
