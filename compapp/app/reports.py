"""Wiring of the figures: the officer's page, home cards, and the teams that the clubs room shows."""

from flask import Flask

from compapp.clubs.queries import use_teams
from compapp.core.settings import Settings
from compapp.core.text import N_
from compapp.reports import policy
from compapp.reports.queries import club_teams
from compapp.reports.views import bp, home_cards
from compapp.web import navigation


def open_room(app: Flask, settings: Settings) -> None:
    """Register the figures."""
    app.register_blueprint(bp)
    navigation.register(navigation.NavEntry("reports.funnel", N_("Figures"), policy.may_read_figures, 60))
    navigation.register_home_cards(home_cards)
    use_teams(club_teams)
