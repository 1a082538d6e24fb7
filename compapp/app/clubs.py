"""Wiring of the clubs: pages, navigation, home cards, reminders, what became of their entries."""

from flask import Flask, url_for

from compapp.accounts.queries import register_personal_data
from compapp.accounts.services import Admission, register_admission
from compapp.clubs import jobs, notifications, policy, services
from compapp.clubs.cards import home_cards
from compapp.clubs.queries import CLUB, finds_clubs, is_listed, personal_data, use_entry_figures, use_reviews
from compapp.clubs.views import bp
from compapp.clubs.views.club import use_team_page
from compapp.core.periodic import Periodic
from compapp.core.settings import Settings
from compapp.core.text import N_
from compapp.entries.queries.nominations import reviews_by_club
from compapp.reports.queries.club_entries import entries_of_cohorts
from compapp.web import navigation

_OF_CLUBS = r"/clubs(/.*)?|/club-(activities|attendance|joining)(/.*)?"
_ADMISSION = Admission(
    must_take=services.must_take,
    is_listed=is_listed,
    admit=services.admit,
    tell=notifications.invited,
    lasts=services.INVITATION_LASTS,
    template="clubs/invitation.html",
    leaders_path="/clubs/{}/members",
    own_path="/my-clubs",
)


def _page_of_team(entry_id: int, club_id: int) -> str:
    return url_for("entries.club_review", entry_id=entry_id, club_id=club_id)


def open_room(app: Flask, settings: Settings) -> None:
    """Register the pages of clubs and what the clock does for them."""
    app.register_blueprint(bp)
    navigation.register(navigation.NavEntry("clubs.mine", N_("My clubs"), finds_clubs, 55, within=_OF_CLUBS))
    navigation.register(navigation.NavEntry("clubs.health", N_("Clubs"), policy.looks_after_schools, 61))
    navigation.register_home_cards(home_cards)
    register_personal_data(personal_data)
    register_admission(CLUB, _ADMISSION)
    use_entry_figures(entries_of_cohorts)
    use_reviews(reviews_by_club)
    use_team_page(_page_of_team)
    app.extensions["compapp.periodic"].append(Periodic("clubs.activities", 300, jobs.remind_of_activities))
