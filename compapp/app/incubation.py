"""Wiring of incubation: pages, home cards, sections of the contest file, news of places, clock jobs."""

from flask import Flask, url_for

from compapp.accounts.queries import register_grants
from compapp.core.events import subscribe
from compapp.core.periodic import Periodic
from compapp.core.settings import Settings
from compapp.core.text import N_
from compapp.incubation import file, jobs, policy, queries, services
from compapp.incubation.cards import home_cards
from compapp.incubation.queries.hosts import select_residencies
from compapp.incubation.views import bp
from compapp.judging.queries import ties
from compapp.placement import continuation
from compapp.placement.events import OfferAccepted, PlaceLost
from compapp.web import navigation


def open_room(app: Flask, settings: Settings) -> None:
    """Register incubation."""
    file.register()
    register_grants(queries.select_mentor_grants)
    ties.register_hosts(select_residencies)
    app.register_blueprint(bp)
    navigation.register(navigation.NavEntry("incubation.cohorts", N_("Cohort"), queries.manages_residents, 62))
    navigation.register(navigation.NavEntry("incubation.mentoring", N_("Mentoring"), policy.is_mentor, 64))
    navigation.register_home_cards(home_cards)
    continuation.register(_page_of_team)
    subscribe(OfferAccepted, _open)
    subscribe(PlaceLost, _close)
    app.extensions["compapp.periodic"] += [
        Periodic("incubation.sessions", 60, jobs.remind_of_sessions),
        Periodic("incubation.milestones", 600, jobs.remind_of_milestones),
    ]


def _page_of_team(entry_id: int) -> str | None:
    found = queries.residency_of_entry(entry_id)
    return None if found is None else url_for("incubation.residency", residency_id=found.id)


def _open(event: OfferAccepted) -> None:
    services.open_residency(event.offer_id, actor=event.actor, at=event.at)


def _close(event: PlaceLost) -> None:
    services.close_residency(event.entry_id, reason=event.reason, actor=event.actor, at=event.at)
