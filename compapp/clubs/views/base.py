"""The room's one blueprint, and what its pages share: guards, the frame with its tabs, saving."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from compapp.accounts.models import Organisation
from compapp.clubs import policy, queries
from compapp.clubs.lifecycle import ACTIVITY, AUDIENCES, KINDS, OFFICES, REGISTRATION, ROLES, TOPICS
from compapp.clubs.models import Cohort
from compapp.clubs.terms import term_name
from compapp.core.actor import current_actor
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed, Conflict, DomainError, Invalid, NotFound
from compapp.core.text import N_
from compapp.web.access import require
from compapp.web.i18n import _, localized
from compapp.web.pages import notice, redirect_to, render, warning

bp = Blueprint("clubs", __name__)

managing = require(policy.may_manage, facts=queries.managed_club_facts)
looking_after = require(policy.may_look_after, facts=queries.inner_club_facts)
seeing_figures = require(policy.may_see_figures, facts=queries.figures_club_facts)


@bp.app_template_filter("term")
def term(code: str) -> str:
    """Return the name of a term in the reader's language."""
    return localized(term_name(code))


def number_asked(name: str = "page") -> int:
    """Return a whole number of the address, 1 where there is none."""
    given = request.args.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 1


def the_club(club_id: int) -> Organisation:
    """Return the club; NotFound for an unknown one."""
    found = queries.club(club_id)
    if found is None:
        raise NotFound(N_("There is no such club."))
    return found


def the_cohort(club_id: int) -> Cohort:
    """Return the cohort of the newest term; NotFound before there is one."""
    found = queries.current_cohort(club_id)
    if found is None:
        raise NotFound(N_("The club has no cohort yet."))
    return found


def chosen_cohort(club_id: int) -> Cohort | None:
    """Return the cohort that the address names by ``term``, the newest without; nothing before there is one."""
    cohorts = queries.cohorts_of(club_id)
    wanted = request.args.get("term", "")
    return next((one for one in cohorts if one.term == wanted), cohorts[0] if cohorts and not wanted else None)


def club_page(template: str, club: Organisation, tab: str, **context: Any) -> str:
    """Render a page of a club's workspace, whose tabs are those that the reader may open."""
    facts = policy.ClubFacts(club.id, club.parent_id)
    manages = policy.may_manage(current_actor(), facts)
    return render(template, club=club, manages=manages, tabs=_tabs(club.id, tab, facts, manages), **labels(), **context)


def labels() -> dict[str, Any]:
    """Return the words that templates look up by key."""
    return {
        "kinds": KINDS,
        "topics": TOPICS,
        "audiences": AUDIENCES,
        "roles": ROLES,
        "offices": OFFICES,
        "activity_states": ACTIVITY,
        "registration_states": REGISTRATION,
    }


def _tabs(club_id: int, here: str, facts: policy.ClubFacts, manages: bool) -> list[dict[str, Any]]:
    inside = policy.may_look_after(current_actor(), facts)
    waiting = queries.open_request_count(club_id) if manages else 0
    places = [
        ("club", _("Overview"), inside, None),
        ("members", _("Members"), inside, waiting or None),
        ("activities", _("Activities"), inside, None),
        ("teams", _("Teams"), inside, None),
        ("messages", _("Message the cohort"), manages, None),
        ("report", _("Term report"), True, None),
    ]
    return [
        {"label": label, "url": url_for(f"clubs.{name}", club_id=club_id), "current": name == here, "count": count}
        for name, label, shown, count in places
        if shown
    ]


def saved(form: Any, act: Callable[[], str], again: Callable[[], str], **target: Any) -> ResponseReturnValue:
    """Run ``act`` in a unit of work and say its sentence; show the page ``again`` where something is wrong."""
    if not form.validate_on_submit():
        return again(), 422
    try:
        with unit_of_work():
            sentence = act()
    except Invalid as error:
        form.apply(error)
        return again(), 422
    notice(sentence)
    endpoint = target.pop("endpoint")
    return redirect_to(endpoint, **target)


def done(act: Callable[[], str], endpoint: str, **values: Any) -> ResponseReturnValue:
    """Run ``act`` in a unit of work and say its sentence on the next page, or why it came too late."""
    try:
        with unit_of_work():
            sentence = act()
        if sentence:
            notice(sentence)
    except (Closed, Conflict, Invalid) as error:
        warning(sentence_of(error))
    return redirect_to(endpoint, **values)


def sentence_of(error: DomainError) -> str:
    """Return the sentence of a refusal, the first of its fields where it has some."""
    for sentences in error.fields.values() if isinstance(error, Invalid) else ():
        for msgid, params in sentences:
            return _(msgid, **params)
    return _(error.msgid, **error.params)
