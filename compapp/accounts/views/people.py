"""The administrator's pages of people and their roles; nothing that teams write is shown here."""

from flask import request
from flask.typing import ResponseReturnValue

from compapp.accounts import queries, services
from compapp.accounts.forms import MemberForm, RoleForm
from compapp.accounts.models import Person
from compapp.accounts.policy import PLATFORM_ROLES, grantable_roles, is_admin, may_see_person, role_label
from compapp.accounts.views.base import bp
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid, NotFound
from compapp.core.text import N_
from compapp.web.access import require
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render


@bp.get("/people")
@require(is_admin)
def people() -> str:
    """List people, searched without diacritics."""
    return _list(MemberForm().offer(PLATFORM_ROLES))


@bp.post("/people")
@require(is_admin)
def invite() -> ResponseReturnValue:
    """Invite somebody into a role on the platform."""
    form = MemberForm().offer(grantable_roles(current_actor(), None))
    if not form.validate_on_submit():
        return _list(form), 422
    try:
        with unit_of_work():
            services.invite_member(
                form.email.data, form.name.data, form.role.data, None, actor=current_actor(), at=now()
            )
    except Invalid as error:
        form.apply(error)
        return _list(form), 422
    notice(_("The invitation is on its way."))
    return redirect_to("accounts.people")


def _list(form: MemberForm) -> str:
    search = request.args.get("search", "")
    page, roles = queries.people_page(search, request.args.get("page", 1, type=int))
    return render("accounts/people.html", people=page, roles=roles, search=search, form=form, role_label=role_label)


@bp.get("/people/<int:person_id>")
@require(may_see_person, facts=queries.person_facts)
def person(person_id: int) -> str:
    """Show a person's address and roles."""
    return _person(person_id, RoleForm().offer(grantable_roles(current_actor(), None)))


def _person(person_id: int, form: RoleForm) -> str:
    return render(
        "accounts/person.html",
        person=queries.person(person_id),
        memberships=queries.memberships_of(person_id),
        form=form,
        role_label=role_label,
    )


@bp.post("/people/<int:person_id>/roles")
@require(may_see_person, facts=queries.person_facts)
def grant(person_id: int) -> ResponseReturnValue:
    """Give the person a role on the platform."""
    form = RoleForm().offer(grantable_roles(current_actor(), None))
    if not form.validate_on_submit():
        return _person(person_id, form), 422
    with unit_of_work():
        services.grant_role(_found(person_id), form.role.data, None, actor=current_actor(), at=now())
    notice(_("Saved."))
    return redirect_to("accounts.person", person_id=person_id)


@bp.post("/people/<int:person_id>/roles/<int:membership_id>/revoke")
@require(may_see_person, facts=queries.person_facts)
def revoke(person_id: int, membership_id: int) -> ResponseReturnValue:
    """Take a role away; it ends with the person's next click."""
    with unit_of_work():
        services.revoke_role(membership_id, actor=current_actor(), at=now())
    notice(_("The role has been taken away."))
    return redirect_to("accounts.person", person_id=person_id)


@bp.post("/people/<int:person_id>/state")
@require(may_see_person, facts=queries.person_facts)
def person_state(person_id: int) -> ResponseReturnValue:
    """Close or open an account."""
    with unit_of_work():
        verb = services.activate if request.form.get("state") == "active" else services.deactivate
        verb(_found(person_id), actor=current_actor(), at=now())
    notice(_("Saved."))
    return redirect_to("accounts.person", person_id=person_id)


@bp.route("/people/<int:person_id>/merging", methods=["GET", "POST"])
@require(may_see_person, facts=queries.person_facts)
def merging(person_id: int) -> ResponseReturnValue:
    """Show two accounts side by side; then make the second one part of the first."""
    address = request.values.get("duplicate", "").strip()
    duplicate = queries.person_by_email(address) if address else None
    if request.method == "GET" or duplicate is None:
        return _merging(person_id, address, duplicate), 200 if request.method == "GET" else 422
    duplicate_id = duplicate.id
    try:
        with unit_of_work():
            services.merge_people(_found(person_id), _found(duplicate_id), actor=current_actor(), at=now())
    except Conflict as error:
        return _merging(person_id, address, _found(duplicate_id), _(error.msgid, **error.params)), 409
    notice(_("The accounts are one now."))
    return redirect_to("accounts.person", person_id=person_id)


def _merging(person_id: int, address: str, duplicate: Person | None, reason: str = "") -> str:
    both = [_found(person_id), *([duplicate] if duplicate is not None else [])]
    return render(
        "accounts/merging.html",
        person=both[0],
        duplicate=duplicate,
        address=address,
        reason=reason,
        memberships={one.id: queries.memberships_of(one.id) for one in both},
        role_label=role_label,
    )


def _found(person_id: int) -> Person:
    found = queries.person(person_id)
    if found is None:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return found
