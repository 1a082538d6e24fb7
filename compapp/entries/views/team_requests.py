"""Changes of a team after the lock: asked for on the team's page, decided on the organiser's."""

from flask import request
from flask.typing import ResponseReturnValue

from compapp.core import clock
from compapp.core.actor import Actor, current_actor
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid
from compapp.entries import policy, queries
from compapp.entries.forms import TeamRequestForm
from compapp.entries.lifecycle import TEAM_CHANGES, TEAM_REQUEST
from compapp.entries.policy import EntryFacts
from compapp.entries.services import team_requests as verbs
from compapp.entries.views.blueprint import bp, on_entry
from compapp.web.access import facts
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render, warning


def _may_look(actor: Actor, found: EntryFacts) -> bool:
    return policy.may_see_own(actor, found) or policy.may_decide_team_change(actor, found)


def _page(entry_id: int, form: TeamRequestForm) -> str:
    entry, found = queries.entry(entry_id), facts()
    context = {
        "entry": entry,
        "contest": entry.contest,
        "facts": found,
        "asked": verbs.requests_of(entry_id),
        "members": queries.active_members(entry_id),
        "kinds": TEAM_CHANGES,
        "lifecycle": TEAM_REQUEST,
    }
    if not found.is_member:
        return render("entries/team_requests_to_decide.html", **context)
    may_ask = policy.may_ask_team_change(current_actor(), found) and not found.team_is_open and not found.is_frozen
    form.offer(context["members"], only_leave=found.member_role != "lead", own=current_actor().person_id)
    return render("entries/team_requests.html", **(context | {"form": form, "may_ask": may_ask}))


@bp.get("/entries/<int:entry_id>/team-requests")
@on_entry(_may_look)
def team_requests(entry_id: int) -> str:
    """Show what was asked and decided; the team asks here, an organiser decides."""
    return _page(entry_id, TeamRequestForm())


@bp.post("/entries/<int:entry_id>/team-requests")
@on_entry(policy.may_ask_team_change)
def ask_team_change(entry_id: int) -> ResponseReturnValue:
    """Ask for a change of the locked team."""
    form = TeamRequestForm()
    member = form.member.data or ""
    try:
        with unit_of_work():
            verbs.ask_team_change(
                queries.entry(entry_id),
                form.kind.data or "",
                reason=form.reason.data or "",
                member_id=int(member) if member.isascii() and member.isdigit() and len(member) < 10 else None,
                name=form.name.data or "",
                email=form.email.data or "",
                actor=current_actor(),
                at=clock.now(),
            )
    except Invalid as error:
        form.apply(error)
        return _page(entry_id, form), 422
    notice(_("The organiser has been asked. You will be told as soon as it is decided."))
    return redirect_to("entries.team_requests", entry_id=entry_id)


@bp.post("/entries/<int:entry_id>/team-requests/<int:request_id>/withdrawal")
@on_entry(policy.may_ask_team_change)
def take_back_request(entry_id: int, request_id: int) -> ResponseReturnValue:
    """Take a request back."""
    with unit_of_work():
        verbs.take_back_request(verbs.request_of(entry_id, request_id), actor=current_actor(), at=clock.now())
    return redirect_to("entries.team_requests", entry_id=entry_id)


@bp.post("/entries/<int:entry_id>/team-requests/<int:request_id>/decision")
@on_entry(policy.may_decide_team_change)
def decide_team_change(entry_id: int, request_id: int) -> ResponseReturnValue:
    """Grant or refuse; a refusal has a reason."""
    try:
        with unit_of_work():
            verbs.decide_team_change(
                verbs.request_of(entry_id, request_id),
                grant=request.form.get("decision") == "grant",
                note=request.form.get("note", ""),
                actor=current_actor(),
                at=clock.now(),
            )
        notice(_("Decided. The team is told."))
    except (Invalid, Conflict) as error:
        sentences = [sentence for found in getattr(error, "fields", {}).values() for sentence in found]
        msgid, params = sentences[0] if sentences else (error.msgid, error.params)
        warning(_(msgid, **params))
    return redirect_to("entries.team_requests", entry_id=entry_id)
