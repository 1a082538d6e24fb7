"""Wiring of the figures: the officer's page, home cards, and the teams that the clubs room shows."""

from flask import Flask

from compapp.app.recorded import name_all_deeds
from compapp.clubs.queries import use_teams
from compapp.contests import tabs
from compapp.contests.policy import ContestFacts
from compapp.core.actor import CONTEST, Actor
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
    navigation.register(navigation.NavEntry("reports.platform_record", N_("Record"), policy.is_admin, 70))
    tabs.register(tabs.Tab("reports.contest_record", N_("Record"), _reads_record, 910, group=N_("Record")))
    use_teams(club_teams)
    name_all_deeds()


def _reads_record(actor: Actor, facts: ContestFacts) -> bool:
    return actor.has_any(policy.RECORD_ROLES, CONTEST, facts.contest_id)
