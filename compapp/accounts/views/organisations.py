"""Organisations and the people in them: for administrators, and for who leads the organisation."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from compapp.accounts import queries, services
from compapp.accounts.forms import AboveForm, MemberForm, OrganisationForm
from compapp.accounts.lifecycle import INVITATION
from compapp.accounts.models import Organisation
from compapp.accounts.policy import (
    KINDS_ABOVE,
    ORGANISATION_KINDS,
    grantable_roles,
    is_admin,
    is_asked_first,
    may_grant,
    may_manage_members,
    role_label,
)
from compapp.accounts.views.base import bp
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed, Conflict, Invalid, NotFound
from compapp.core.text import N_
from compapp.web.access import require
from compapp.web.i18n import _, localized
from compapp.web.pages import notice, redirect_to, render


@bp.get("/organisations")
@require(is_admin)
def organisations() -> str:
    """List organisations, searched without diacritics."""
    search = request.args.get("search", "")
    page = queries.organisations_page(search, request.args.get("page", 1, type=int))
    return render("accounts/organisations.html", organisations=page, search=search, kinds=ORGANISATION_KINDS)


@bp.route("/organisations/new", methods=["GET", "POST"])
@require(is_admin)
def new_organisation() -> ResponseReturnValue:
    """Add an organisation."""
    form = OrganisationForm()
    if request.method == "GET":
        return render("accounts/new_organisation.html", form=form)
    if not form.validate_on_submit():
        return render("accounts/new_organisation.html", form=form), 422
    try:
        with unit_of_work():
            made = services.add_organisation(
                form.kind.data,
                form.name_vi.data,
                form.name_en.data or "",
                form.province.data or "",
                actor=current_actor(),
                at=now(),
            )
    except (Invalid, Conflict) as error:
        form.apply(error) if isinstance(error, Invalid) else form.form_errors.append(_(error.msgid, **error.params))
        return render("accounts/new_organisation.html", form=form), 422
    notice(_("Saved."))
    return redirect_to("accounts.organisation", organisation_id=made.id)


@bp.get("/organisations/<int:organisation_id>")
@require(may_manage_members, facts=queries.organisation_facts)
def organisation(organisation_id: int) -> str:
    """Show an organisation and who holds which role in it."""
    return _page(organisation_id, _member_form(organisation_id))


@bp.post("/organisations/<int:organisation_id>")
@require(may_manage_members, facts=queries.organisation_facts)
def invite_member(organisation_id: int) -> ResponseReturnValue:
    """Ask somebody into a role of the organisation; an administrator gives it at once."""
    form = _member_form(organisation_id)
    if not form.validate_on_submit():
        return _page(organisation_id, form), 422
    actor, typed = current_actor(), (form.email.data, form.name.data, form.role.data)
    asks = is_asked_first(actor, organisation_id)
    try:
        with unit_of_work():
            if asks:
                services.ask_into(_the(organisation_id), *typed, actor=actor, at=now())
            else:
                services.invite_member(*typed, organisation_id, actor=actor, at=now())
    except Invalid as error:
        form.apply(error)
        return _page(organisation_id, form), error.status
    except Closed as error:
        form.form_errors.append(_(error.msgid, **error.params))
        return _page(organisation_id, form), error.status
    if asks:
        notice(_("An invitation is on its way to %(email)s. Who it is shows once they accept.", email=form.email.data))
    else:
        notice(_("The invitation is on its way."))
    return redirect_to("accounts.organisation", organisation_id=organisation_id)


@bp.post("/organisations/<int:organisation_id>/superior")
@require(is_admin)
def superior(organisation_id: int) -> ResponseReturnValue:
    """Say which body stands above an organisation."""
    form = _above_form(_the(organisation_id))
    if not form.validate_on_submit():
        return _page(organisation_id, _member_form(organisation_id), form), 422
    chosen = int(form.above.data) if form.above.data else None
    try:
        with unit_of_work():
            services.place_under(_the(organisation_id), chosen, actor=current_actor(), at=now())
    except Invalid as error:
        form.apply(error)
        return _page(organisation_id, _member_form(organisation_id), form), 422
    notice(_("Saved."))
    return redirect_to("accounts.organisation", organisation_id=organisation_id)


@bp.post("/organisations/<int:organisation_id>/roles/<int:membership_id>/revoke")
@require(may_manage_members, facts=queries.organisation_facts)
def revoke_member(organisation_id: int, membership_id: int) -> ResponseReturnValue:
    """Take a role of the organisation away."""
    with unit_of_work():
        services.revoke_role(membership_id, actor=current_actor(), at=now())
    notice(_("The role has been taken away."))
    return redirect_to("accounts.organisation", organisation_id=organisation_id)


def _the(organisation_id: int) -> Organisation:
    found = queries.organisation(organisation_id)
    if found is None:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return found


def _member_form(organisation_id: int) -> MemberForm:
    return MemberForm().offer(grantable_roles(current_actor(), organisation_id))


def _above_form(organisation: Organisation) -> AboveForm:
    """Return the choice of the body above an organisation, what stands there now chosen."""
    stands = queries.organisation(organisation.parent_id) if organisation.parent_id is not None else None
    bodies = [one for one in queries.organisations_by_kind(*sorted(KINDS_ABOVE)) if one.id != organisation.id]
    bodies += [stands] if stands is not None and stands not in bodies else []
    form = AboveForm(data={"above": str(organisation.parent_id or "")})
    return form.offer((one.id, localized(one.name)) for one in bodies)


def _page(organisation_id: int, form: MemberForm, above: AboveForm | None = None) -> str:
    actor, organisation = current_actor(), _the(organisation_id)
    places = is_admin(actor) and organisation.kind != "club"
    context: dict[str, Any] = {
        "organisation": organisation,
        "above": (above or _above_form(organisation)) if places else None,
        "asks_first": is_asked_first(actor, organisation_id),
        "invitations": queries.open_invitations(organisation_id),
        "invitation_states": INVITATION,
        "members": queries.members_page(organisation_id, request.args.get("page", 1, type=int)),
        "may_grant": lambda role: may_grant(actor, role, organisation_id),
    }
    return render("accounts/organisation.html", form=form, kinds=ORGANISATION_KINDS, role_label=role_label, **context)
