"""A club's overview for who looks after it: goal, what comes next, who asks to join; its term; its teams."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from compapp.clubs import queries, services
from compapp.clubs.forms import CohortForm
from compapp.clubs.lifecycle import VERDICTS
from compapp.clubs.models import Cohort
from compapp.clubs.queries import ClubTeam
from compapp.clubs.views.base import bp, club_page, looking_after, managing, saved, the_club
from compapp.core.actor import current_actor
from compapp.core.clock import local, now
from compapp.core.text import fold
from compapp.web.i18n import _, localized


@bp.get("/clubs/<int:club_id>")
@looking_after
def club(club_id: int) -> str:
    """Show the term's goal, what comes next and what waits for the manager."""
    return _page(club_id)


def _page(club_id: int, **forms: Any) -> str:
    found = the_club(club_id)
    cohorts = queries.cohorts_of(club_id)
    cohort = cohorts[0] if cohorts else None
    teams = queries.teams_of(found, cohort)
    return club_page(
        "clubs/club.html",
        found,
        "club",
        **{
            "cohort": cohort,
            "earlier": cohorts[1:],
            "member_count": queries.member_count(cohort.id) if cohort else 0,
            "advisors": queries.advisors_of(club_id),
            "coming": queries.coming_of(club_id, now()),
            "to_conclude": queries.to_conclude([club_id], now()),
            "requests": queries.open_request_count(club_id),
            "teams": teams,
            "handed_in": _handed_in(cohort),
            "deadline": _deadline(teams),
            "cohort_form": _offering(CohortForm(formdata=None, obj=cohort), cohorts),
            **forms,
        },
    )


def _offering(form: CohortForm, cohorts: Sequence[Cohort]) -> CohortForm:
    return form.offer([one.term for one in cohorts], local(now()).date())


def _handed_in(cohort: Cohort | None) -> int:
    """Return how many entries of the term's own people are in; other entries of the school reach nobody's goal."""
    found = queries.entries_of_terms([cohort.id]).get(cohort.id) if cohort is not None else None
    return found.handed_in if found is not None else 0


def _deadline(teams: Sequence[ClubTeam]) -> Any:
    """Return the nearest deadline of a team that has not handed in, None where nothing is open."""
    return min((team.closes_at for team in teams if not team.is_handed_in and team.closes_at > now()), default=None)


@bp.post("/clubs/<int:club_id>/cohort")
@managing
def cohort(club_id: int) -> ResponseReturnValue:
    """Open a term's cohort or change its goal."""
    form = _offering(CohortForm(), queries.cohorts_of(club_id))

    def act() -> str:
        services.set_cohort(
            the_club(club_id),
            form.term.data,
            size=form.size.data,
            goal_entries=form.goal_entries.data,
            actor=current_actor(),
            at=now(),
        )
        return _("The cohort is saved.")

    return saved(form, act, lambda: _page(club_id, cohort_form=form), endpoint="clubs.club", club_id=club_id)


TeamPage = Callable[[int, int], str]

_team_page: TeamPage | None = None


def use_team_page(address: TeamPage) -> None:
    """Let a room above say where a club looks at an entry: entry and club in, address out."""
    global _team_page
    _team_page = address


@bp.get("/clubs/<int:club_id>/teams")
@looking_after
def teams(club_id: int) -> str:
    """List the teams of the cohort and the school: title and state, never what they write."""
    found = the_club(club_id)
    every = queries.teams_of(found, queries.current_cohort(club_id))
    wanted, search = request.args.get("show", ""), request.args.get("q", "").strip()[:100]
    shown = [team for team in every if _matches(team, wanted, search)]
    return club_page(
        "clubs/teams.html",
        found,
        "teams",
        teams=shown,
        reviews=queries.reviews_of(club_id, [team.entry_id for team in shown]),
        verdicts=VERDICTS,
        page_of=lambda team: _team_page(team.entry_id, club_id) if _team_page is not None else "",
        count=len(every),
        wanted=wanted,
        search=search,
    )


def _matches(team: ClubTeam, wanted: str, search: str) -> bool:
    if wanted == "cohort" and not team.is_from_cohort:
        return False
    if wanted == "open" and (team.is_handed_in or team.closes_at <= now()):
        return False
    if wanted == "handed-in" and not team.is_handed_in:
        return False
    return fold(search) in fold(f"{localized(team.title)} {localized(team.contest)}")
