"""Wiring of placement: pages, home cards, sections of the contest file, news of entries, clock jobs."""

from flask import Flask

from compapp.contests import tabs
from compapp.contests.policy import ContestFacts
from compapp.core.actor import CONTEST, Actor
from compapp.core.events import subscribe
from compapp.core.periodic import Periodic
from compapp.core.settings import Settings
from compapp.core.text import N_
from compapp.entries.events import EntryWithdrawn
from compapp.judging.queries import ties
from compapp.placement import file, jobs, policy, queries, services
from compapp.placement.cards import home_cards
from compapp.placement.queries.hosts import select_offers
from compapp.placement.views import bp
from compapp.web import navigation


def open_room(app: Flask, settings: Settings) -> None:
    """Register placement."""
    file.register()
    app.register_blueprint(bp)
    navigation.register(navigation.NavEntry("placement.intakes", N_("Intakes"), queries.manages_intakes, 60))
    navigation.register_home_cards(home_cards)
    tabs.register(tabs.Tab("placement.matching", N_("Incubation places"), _sees_matching, 80))
    ties.register_hosts(select_offers)
    subscribe(EntryWithdrawn, _let_go)
    app.extensions["compapp.periodic"] += [
        Periodic("placement.lapse_offers", 30, jobs.lapse_offers),
        Periodic("placement.remind", 300, jobs.remind),
    ]


def _sees_matching(actor: Actor, facts: ContestFacts) -> bool:
    return actor.has_any(policy.RELEASERS, CONTEST, facts.contest_id)


def _let_go(event: EntryWithdrawn) -> None:
    services.release_entry(event.entry_id, actor=event.actor, at=event.at)
