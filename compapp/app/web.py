"""Wiring of the kit itself: the home page."""

from flask import Flask

from compapp.core.settings import Settings
from compapp.core.text import N_
from compapp.web import navigation
from compapp.web.access import signed_in
from compapp.web.views import bp


def open_room(app: Flask, settings: Settings) -> None:
    """Register the home page."""
    app.register_blueprint(bp)
    navigation.register(navigation.NavEntry("web.home", N_("My work"), signed_in, 10))
