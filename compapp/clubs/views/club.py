"""The page of a club for its managers, and their card on the home page."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from compapp.accounts.models import Organisation
from compapp.clubs import queries, services
from compapp.clubs.forms import CohortForm, CohortMemberForm, CohortMessageForm
from compapp.clubs.models import Cohort
from compapp.clubs.policy import may_manage
from compapp.clubs.queries import ClubTeam
from compapp.core.actor import Actor, current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Invalid, NotFound
from compapp.core.text import N_
from compapp.web.access import require
from compapp.web.i18n import _, localized, ngettext
from compapp.web.limits import Tries
from compapp.web.navigation import Card, CardItem
from compapp.web.pages import notice, redirect_to, render, warning

bp = Blueprint("clubs", __name__)
_MESSAGES = Tries("club-message", 5, 3600)
_ON_CARD = 4


@bp.get("/clubs/<int:club_id>")
@require(may_manage, facts=queries.managed_club_facts)
def club(club_id: int) -> str:
    """Show the term's cohort, its goal, and how far each team is."""
    return _page(club_id)


def _page(club_id: int, **forms: Any) -> str:
    found = _club(club_id)
    cohort = queries.current_cohort(club_id)
    teams = queries.teams_of(found, cohort)
    first = CohortForm(formdata=None, obj=cohort)
    return render(
        "clubs/club.html",
        **{
            "club": found,
            "cohort": cohort,
            "earlier": queries.cohorts_of(club_id)[1:],
            "members": queries.roster(cohort.id) if cohort else [],
            "teams": teams,
            "handed_in": sum(team.is_handed_in for team in teams),
            "deadline": _deadline(teams),
            "cohort_form": first,
            "member_form": CohortMemberForm(formdata=None),
            "message_form": CohortMessageForm(formdata=None),
            **forms,
        },
    )


def _deadline(teams: Sequence[ClubTeam]) -> Any:
    """Return the nearest deadline of a team that has not handed in, None where nothing is open."""
    return min((team.closes_at for team in teams if _is_due(team)), default=None)


def _is_due(team: ClubTeam) -> bool:
    return not team.is_handed_in and team.closes_at > now()


def _club(club_id: int) -> Organisation:
    found = queries.club(club_id)
    if found is None:
        raise NotFound(N_("There is no such club."))
    return found


def _cohort(club_id: int) -> Cohort:
    found = queries.current_cohort(club_id)
    if found is None:
        raise NotFound(N_("The club has no cohort yet."))
    return found


def _saved(club_id: int, name: str, form: Any, act: Callable[[], str]) -> ResponseReturnValue:
    """Run ``act`` in a unit of work and say its sentence; show ``form`` again where something is wrong."""
    if not form.validate_on_submit():
        return _page(club_id, **{name: form}), 422
    try:
        with unit_of_work():
            sentence = act()
    except Invalid as error:
        form.apply(error)
        return _page(club_id, **{name: form}), 422
    notice(sentence)
    return redirect_to("clubs.club", club_id=club_id)


@bp.post("/clubs/<int:club_id>/cohort")
@require(may_manage, facts=queries.managed_club_facts)
def cohort(club_id: int) -> ResponseReturnValue:
    """Open a term's cohort or change its goal."""
    form = CohortForm()

    def act() -> str:
        services.set_cohort(
            _club(club_id),
            form.term.data,
            size=form.size.data,
            goal_entries=form.goal_entries.data,
            actor=current_actor(),
            at=now(),
        )
        return _("The cohort is saved.")

    return _saved(club_id, "cohort_form", form, act)


@bp.post("/clubs/<int:club_id>/members")
@require(may_manage, facts=queries.managed_club_facts)
def add_member(club_id: int) -> ResponseReturnValue:
    """Put somebody into the cohort."""
    form = CohortMemberForm()

    def act() -> str:
        services.add_member(_cohort(club_id), form.email.data, form.name.data, actor=current_actor(), at=now())
        return _("%(name)s is in the cohort and gets a message.", name=form.name.data)

    return _saved(club_id, "member_form", form, act)


@bp.post("/clubs/<int:club_id>/members/<int:person_id>/removal")
@require(may_manage, facts=queries.managed_club_facts)
def remove_member(club_id: int, person_id: int) -> ResponseReturnValue:
    """Take somebody out of the cohort."""
    with unit_of_work():
        services.remove_member(_cohort(club_id), person_id, actor=current_actor(), at=now())
    notice(_("The person is no longer in the cohort."))
    return redirect_to("clubs.club", club_id=club_id)


@bp.post("/clubs/<int:club_id>/messages")
@require(may_manage, facts=queries.managed_club_facts)
def write(club_id: int) -> ResponseReturnValue:
    """Write to everybody in the cohort, a few times an hour at most."""
    form = CohortMessageForm()
    if not _MESSAGES.are_left(str(current_actor().person_id)):
        warning(_("You have written several times in this hour. Wait a little, then write again."))
        return _page(club_id, message_form=form), 429

    def act() -> str:
        _MESSAGES.take(str(current_actor().person_id))
        words = services.Words(form.subject.data, form.text.data or "")
        count = services.write_to_cohort(_cohort(club_id), words, actor=current_actor(), at=now())
        return ngettext("Sent to %(num)d person.", "Sent to %(num)d people.", count)

    return _saved(club_id, "message_form", form, act)


def home_cards(actor: Actor) -> Sequence[Card]:
    """Return a card per club that the actor manages: progress towards the goal, and who has not handed in."""
    cards = []
    for found in queries.managed_clubs(actor):
        term = queries.current_cohort(found.id)
        teams = queries.teams_of(found, term)
        due = sorted((team for team in teams if _is_due(team)), key=lambda team: team.closes_at)
        cards.append(
            Card(
                title=localized(found.name),
                text=_progress(term, sum(team.is_handed_in for team in teams)),
                action_label=_("Open the club’s page"),
                action_url=url_for("clubs.club", club_id=found.id),
                items=[_item(team) for team in due[:_ON_CARD]],
                tone="warning" if due and (due[0].closes_at - now()).days < 3 else "neutral",
                order=45,
            )
        )
    return cards


def _progress(term: Cohort | None, done: int) -> str:
    if term is None:
        return _("The club has no cohort yet. Open one for this term.")
    return _("%(term)s: %(done)s of %(goal)s entries handed in.", term=term.term, done=done, goal=term.goal_entries)


def _item(team: ClubTeam) -> CardItem:
    days = (team.closes_at - now()).days
    left = ngettext("%(num)d day left", "%(num)d days left", days) if days else _("closes today")
    return CardItem(localized(team.title), note=left, tone="warning" if days < 3 else "neutral")
