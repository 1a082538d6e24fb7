"""Invitations into an organisation: who leads it repeats or takes back; whose address it is accepts or declines."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from compapp.accounts import queries, services
from compapp.accounts.lifecycle import INVITATION, SENT
from compapp.accounts.models import OrganisationInvitation
from compapp.accounts.policy import may_manage_members, role_label
from compapp.accounts.views.base import bp
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed, Conflict, Invalid, NotFound
from compapp.core.text import N_
from compapp.web.access import require, signed_in
from compapp.web.i18n import _, localized
from compapp.web.pages import notice, redirect_to, render, warning


@bp.post("/organisations/<int:organisation_id>/invitations/<int:invitation_id>")
@require(may_manage_members, facts=queries.organisation_facts)
def change_invitation(organisation_id: int, invitation_id: int) -> ResponseReturnValue:
    """Send an invitation again, or take it back."""
    try:
        with unit_of_work():
            found = _of(organisation_id, invitation_id)
            if request.form.get("word") == "withdraw":
                services.take_back(found, actor=current_actor(), at=now())
            else:
                services.ask_again(found, actor=current_actor(), at=now())
    except (Conflict, Invalid) as error:
        warning(_(error.msgid, **error.params))
    else:
        taken = request.form.get("word") == "withdraw"
        notice(_("The invitation has been taken back.") if taken else _("The invitation is on its way again."))
    return redirect(services.admission_into(found.organisation).leaders_path.format(organisation_id), 303)


def _of(organisation_id: int, invitation_id: int) -> OrganisationInvitation:
    found = queries.organisation_invitation(invitation_id)
    if found is None or found.organisation_id != organisation_id:
        raise NotFound(N_("There is no such invitation."))
    return found


@bp.get("/organisation-invitations/<int:invitation_id>")
@require(signed_in)
def organisation_invitation(invitation_id: int) -> str:
    """Show an invitation to whose address it is, with what the organisation then sees."""
    found = _mine(queries.organisation_invitation(invitation_id))
    return render(
        services.admission_into(found.organisation).template,
        invitation=found,
        role=role_label(found.role),
        states=INVITATION,
        open=found.state == SENT,
    )


@bp.get("/club-invitations/<int:number>")
@require(signed_in)
def invitation_of_club(number: int) -> ResponseReturnValue:
    """Lead from the address that clubs mailed once to the invitation of whose address it is."""
    found = _mine(queries.invitation_of_club(number))
    return redirect_to("accounts.organisation_invitation", invitation_id=found.id)


@bp.post("/organisation-invitations/<int:invitation_id>")
@require(signed_in)
def answer_invitation(invitation_id: int) -> ResponseReturnValue:
    """Accept an invitation, or decline it."""
    accepts = request.form.get("word") == "accept"
    try:
        with unit_of_work():
            found = _mine(queries.organisation_invitation(invitation_id))
            services.answer(found, accepts=accepts, actor=current_actor(), at=now())
            name = localized(found.organisation.name)
    except (Closed, Conflict) as error:
        warning(_(error.msgid, **error.params))
        return redirect_to("accounts.organisation_invitation", invitation_id=invitation_id)
    notice(
        _("Welcome to %(organisation)s!", organisation=name)
        if accepts
        else _("You have declined. %(organisation)s has learned nothing about you.", organisation=name)
    )
    return redirect(services.admission_into(found.organisation).own_path, 303)


def _mine(found: OrganisationInvitation | None) -> OrganisationInvitation:
    if found is None or not queries.is_addressed_to(found, current_actor().person_id or 0):
        sentence = N_(
            "This invitation went to another address. Sign in with the account of that address, or add it to yours."
        )
        raise NotFound(sentence)
    return found
