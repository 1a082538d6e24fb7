"""Inviting people into a club: as a member of the cohort, an advisor or a further manager."""

from flask.typing import ResponseReturnValue

from compapp.accounts import services as accounts
from compapp.clubs.forms import InvitationForm, OfficeForm
from compapp.clubs.lifecycle import MEMBER
from compapp.clubs.views.base import bp, managing, saved, the_club
from compapp.clubs.views.members import members_page
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.web.i18n import _


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
        accounts.ask_into(the_club(club_id), form.email.data, form.name.data, role, actor=current_actor(), at=now())
        return _("An invitation is on its way to %(email)s. Who it is shows once they accept.", email=form.email.data)

    return saved(form, act, lambda: members_page(club_id, **{name: form}), endpoint="clubs.members", club_id=club_id)
