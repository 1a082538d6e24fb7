"""Invitations into a club: the manager sends, repeats and takes back; whose address it is accepts or declines."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from compapp.clubs import queries, services
from compapp.clubs.forms import InvitationForm, OfficeForm
from compapp.clubs.lifecycle import INVITATION, MEMBER, SENT
from compapp.clubs.models import Invitation
from compapp.clubs.views.base import bp, done, managing, saved, the_club
from compapp.clubs.views.members import members_page
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.errors import NotFound
from compapp.core.text import N_
from compapp.web.access import require, signed_in
from compapp.web.i18n import _, localized
from compapp.web.pages import render


@bp.post("/clubs/<int:club_id>/members")
@managing
def invite_member(club_id: int) -> ResponseReturnValue:
    """Ask an address into the cohort."""
    return _sent(club_id, MEMBER, InvitationForm(), "member_form")


@bp.post("/clubs/<int:club_id>/advisors")
@managing
def invite_office(club_id: int) -> ResponseReturnValue:
    """Ask a lecturer's address to advise the club, or somebody's to manage it too."""
    form = OfficeForm(prefix="office-")
    return _sent(club_id, form.role.data or "", form, "office_form")


def _sent(club_id: int, role: str, form: InvitationForm, name: str) -> ResponseReturnValue:
    def act() -> str:
        services.invite(the_club(club_id), form.email.data, form.name.data, role, actor=current_actor(), at=now())
        return _("An invitation is on its way to %(email)s. Who it is shows once they accept.", email=form.email.data)

    return saved(form, act, lambda: members_page(club_id, **{name: form}), endpoint="clubs.members", club_id=club_id)


@bp.post("/clubs/<int:club_id>/invitations/<int:invitation_id>")
@managing
def change_invitation(club_id: int, invitation_id: int) -> ResponseReturnValue:
    """Send an invitation again, or take it back."""

    def act() -> str:
        found = queries.invitation(invitation_id)
        if found is None or found.club_id != club_id:
            raise NotFound(N_("There is no such invitation."))
        if request.form.get("word") == "withdraw":
            services.withdraw_invitation(found, actor=current_actor(), at=now())
            return _("The invitation has been taken back.")
        services.send_again(found, actor=current_actor(), at=now())
        return _("The invitation is on its way again.")

    return done(act, "clubs.members", club_id=club_id)


@bp.get("/club-invitations/<int:invitation_id>")
@require(signed_in)
def invitation(invitation_id: int) -> str:
    """Show an invitation to whose address it is, with what the club then sees."""
    found = _mine(invitation_id)
    return render("clubs/invitation.html", invitation=found, states=INVITATION, open=found.state == SENT)


@bp.post("/club-invitations/<int:invitation_id>")
@require(signed_in)
def answer_invitation(invitation_id: int) -> ResponseReturnValue:
    """Accept an invitation, or decline it."""
    accepts = request.form.get("word") == "accept"
    _mine(invitation_id)

    def act() -> str:
        found: Any = queries.invitation(invitation_id)
        services.answer_invitation(found, accepts=accepts, actor=current_actor(), at=now())
        if accepts:
            return _("Welcome to %(club)s!", club=localized(found.club.name))
        return _("You have declined. The club has learned nothing about you.")

    return done(act, "clubs.mine")


def _mine(invitation_id: int) -> Invitation:
    found = queries.invitation(invitation_id)
    if found is None or not queries.is_addressed_to(found, current_actor().person_id or 0):
        sentence = N_(
            "This invitation went to another address. Sign in with the account of that address, or add it to yours."
        )
        raise NotFound(sentence)
    return found
