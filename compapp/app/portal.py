"""Wiring of the public face: its pages, its place in the navigation and the links at the foot of every page."""

from flask import Flask

from compapp.core.periodic import Periodic
from compapp.core.settings import Settings
from compapp.core.text import N_
from compapp.entries import tabs
from compapp.portal import jobs
from compapp.portal.views import bp
from compapp.web import navigation


def open_room(app: Flask, settings: Settings) -> None:
    """Register the public pages."""
    app.register_blueprint(bp)
    app.extensions["compapp.periodic"].append(Periodic("portal.vote_traces", 3600, jobs.forget_vote_traces))
    navigation.register_place("start", "portal.start")
    navigation.register_place("account", "accounts.account")
    navigation.register_place("sign_in", "accounts.sign_in")
    navigation.register_place("sign_out", "accounts.sign_out")
    navigation.register_place("inbox", "notifications.inbox")
    tabs.register(tabs.EntryTab("portal.listing", N_("Gallery")))
    navigation.register(navigation.NavEntry("portal.contests", N_("Contests"), lambda _actor: True, 20))
    for order, (endpoint, label) in enumerate(
        (
            ("portal.contests", N_("Contests")),
            ("portal.help_page", N_("Help")),
            ("portal.privacy", N_("Personal data")),
        )
    ):
        navigation.register_footer(navigation.FooterLink(endpoint, label, order))
