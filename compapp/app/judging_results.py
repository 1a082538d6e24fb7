"""Wiring of the second half of judging: standings, decisions, publications, places, pitches, votes."""

from flask import Flask

from compapp.contests import tabs
from compapp.contests.file import registry
from compapp.contests.policy import ContestFacts
from compapp.core import clock
from compapp.core.actor import CONTEST, Actor
from compapp.core.db import unit_of_work
from compapp.core.events import subscribe
from compapp.core.periodic import Periodic
from compapp.core.settings import Settings
from compapp.core.text import N_
from compapp.entries import advancement, outlook
from compapp.entries import tabs as entry_tabs
from compapp.entries.events import EntryWithdrawn
from compapp.entries.queries.appeals import register_appeals
from compapp.judging.file_sections import SECTIONS
from compapp.judging.policy import STANDINGS_ROLES
from compapp.judging.queries.appeals import appeal_rows, waiting_appeals
from compapp.judging.queries.own import has_results
from compapp.judging.queries.rounds import later_rounds_of, takes_part
from compapp.judging.services.hall.door import take_withdrawn_off
from compapp.judging.services.places import anything_due, lapse_places, release_withdrawn
from compapp.judging.views import (
    appeals,
    comparing,
    deliberation,
    hall,
    mirror,
    papers,
    pitch,
    points,
    results,
    screening,
    shortlist,
    standings,
)
from compapp.judging.views.home_results import cards_of_entries, result_cards
from compapp.judging.views.results_blueprint import bp
from compapp.web import navigation, request

PAGES = (
    mirror,
    standings,
    appeals,
    deliberation,
    hall,
    comparing,
    screening,
    shortlist,
    pitch,
    points,
    results,
    papers,
)
"""Importing these modules adds their pages to the blueprint."""


def open_results(app: Flask, settings: Settings) -> None:
    """Register pages, home cards, sections of the contest file, listeners and the clock's work."""
    app.register_blueprint(bp)
    request.open_to_limited({f"results.{name}" for name in ("room_page", "talk", "say", "vote")})
    navigation.register_home_cards(result_cards)
    tabs.register(tabs.Tab("results.overview", N_("Results"), _sees_standings, 60))
    entry_tabs.register(entry_tabs.EntryTab("results.own", N_("Results"), has_results))
    advancement.register(takes_part)
    register_appeals(appeal_rows, waiting_appeals)
    advancement.register_rounds(later_rounds_of)
    outlook.register_cards(lambda entry_id: cards_of_entries([entry_id]))
    subscribe(EntryWithdrawn, release_withdrawn)
    subscribe(EntryWithdrawn, take_withdrawn_off)
    for section in SECTIONS:
        registry.register(section)
    app.extensions["compapp.periodic"].append(Periodic("judging.places", 60, lapse_due_places))


def _sees_standings(actor: Actor, facts: ContestFacts) -> bool:
    return actor.has_any(STANDINGS_ROLES, CONTEST, facts.contest_id)


def lapse_due_places() -> None:
    """Let places lapse and reserves move up; nothing is locked where nothing is due."""
    at = clock.now()
    if anything_due(at):
        with unit_of_work():
            lapse_places(at)
