"""One's own account: profile, password, sessions, consents, and what is kept about oneself."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from compapp.accounts import passwords, queries, services
from compapp.accounts.consents import PURPOSES, purpose
from compapp.accounts.forms import ChangePasswordForm, ProfileForm
from compapp.accounts.lifecycle import IDENTITY
from compapp.accounts.models import Person
from compapp.accounts.policy import role_label
from compapp.accounts.views.base import bp, held_token, oneself
from compapp.core import formats
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Invalid
from compapp.core.text import N_
from compapp.web.access import require, signed_in
from compapp.web.filters import moment
from compapp.web.i18n import COOKIE, LANGUAGES, _, current_locale
from compapp.web.limits import Tries
from compapp.web.pages import notice, redirect_to, render

_ISO = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d.*)?")
_tries = Tries("change-password", 10, 15 * 60)


@bp.route("/account", methods=["GET", "POST"])
@require(signed_in)
def account() -> ResponseReturnValue:
    """Show and change one's profile."""
    person = oneself()
    form = ProfileForm(obj=person)
    if request.method == "GET":
        return render("accounts/account.html", form=form, person=person, roles=_roles(person))
    if not form.validate_on_submit():
        return render("accounts/account.html", form=form, person=person, roles=_roles(person)), 422
    try:
        with unit_of_work():
            person = oneself()
            services.update_profile(
                person, name=form.name.data, phone=form.phone.data or "", actor=current_actor(), at=now()
            )
            services.set_language(person, form.locale.data, actor=current_actor(), at=now())
    except Invalid as error:
        form.apply(error)
        return render("accounts/account.html", form=form, person=oneself(), roles=_roles(person)), 422
    notice(_("Saved."))
    response = redirect_to("accounts.account")
    if form.locale.data in LANGUAGES:
        response.set_cookie(COOKIE, form.locale.data, max_age=60 * 60 * 24 * 365, samesite="Lax", httponly=True)
    return response


def _roles(person: Person) -> list[tuple[str, dict[str, str] | None]]:
    return [
        (_(role_label(one.role)), one.organisation.name if one.organisation else None)
        for one in queries.memberships_of(person.id)
    ]


@bp.route("/account/password", methods=["GET", "POST"])
@require(signed_in)
def password() -> ResponseReturnValue:
    """Choose another password; every other session ends."""
    person = oneself()
    form = ChangePasswordForm()
    form.about(email=person.email or "", name=person.name)
    if request.method == "GET":
        return render("accounts/password.html", form=form)
    if not form.validate_on_submit():
        return render("accounts/password.html", form=form), 422
    if not _tries.take(str(person.id)):
        form.form_errors.append(_("Too many tries. Wait %(minutes)s minutes, or choose a new password.", minutes=15))
        return render("accounts/password.html", form=form), 429
    if not passwords.matches(person.password_hash, form.present.data):
        form.present.errors = [_("This is not your present password.")]
        return render("accounts/password.html", form=form), 422
    hashed = passwords.hash_password(form.password.data)
    with unit_of_work():
        services.change_password(oneself(), hashed, keep=held_token(), actor=current_actor(), at=now())
    notice(_("Your new password is set. All other sessions have ended."))
    return redirect_to("accounts.account")


@bp.get("/account/sessions")
@require(signed_in)
def sessions() -> str:
    """List the browsers on which one is signed in."""
    token = held_token()
    own = queries.token_hash(token) if token else ""
    return render("accounts/sessions.html", sessions=queries.sessions_of(oneself().id), own=own)


@bp.post("/account/sessions/<int:session_id>/end")
@require(signed_in)
def end_session(session_id: int) -> ResponseReturnValue:
    """End one session."""
    with unit_of_work():
        services.end_session(session_id, actor=current_actor(), at=now())
    notice(_("The session has ended."))
    return redirect_to("accounts.sessions")


@bp.get("/account/consents")
@require(signed_in)
def consents() -> str:
    """Show each purpose with the consent given to it, and all that was ever given."""
    given = queries.consents_of(oneself().id)
    in_force = {one.purpose: one for one in given if one.withdrawn_at is None}
    labels = {one.key: one.label for one in PURPOSES}
    return render("accounts/consents.html", purposes=PURPOSES, in_force=in_force, given=given, labels=labels)


@bp.post("/account/consents/<key>")
@require(signed_in)
def consent(key: str) -> ResponseReturnValue:
    """Give or withdraw a consent."""
    actor = current_actor()
    assert actor.person_id is not None
    with unit_of_work():
        if request.form.get("answer") == "withdraw":
            services.withdraw_consent(actor.person_id, key, actor=actor, at=now())
        else:
            services.give_consent(actor.person_id, key, locale=current_locale(), actor=actor, at=now())
    notice(_("Saved."))
    return redirect_to("accounts.consents")


@bp.get("/account/data")
@require(signed_in)
def data() -> str:
    """Show everything that is kept about oneself."""
    return render("accounts/data.html", sections=_own_data(oneself(), _shown))


@bp.post("/account/data")
@require(signed_in)
def data_copy() -> ResponseReturnValue:
    """Hand out a copy that a program can read (noted in the audit chain)."""
    person = oneself()
    with unit_of_work():
        services.export_own_data(person, actor=current_actor(), at=now())
    response = jsonify({heading: [dict(row) for row in rows] for heading, rows in _own_data(person).items()})
    response.headers["Content-Disposition"] = 'attachment; filename="compapp-data.json"'
    return response


def _own_data(person: Person, write: Callable[[Any], Any] | None = None) -> dict[str, list[dict[str, Any]]]:
    """Return heading to rows, in the reader's language; labels are translated, values as ``write`` gives them."""
    profile = {
        N_("Full name"): person.name,
        N_("E-mail address"): person.email,
        N_("Phone number"): person.phone,
        N_("Date of birth"): person.born,
        N_("Language"): LANGUAGES.get(person.locale, person.locale),
        N_("Account since"): person.created_at,
    }
    roles = [
        {
            N_("Role"): _(role_label(one.role)),
            N_("Organisation"): one.organisation.name[current_locale()] if one.organisation else "",
            N_("Since"): one.since,
        }
        for one in queries.memberships_of(person.id)
    ]
    agreed = [
        {
            N_("Purpose"): _(purpose(one.purpose).label),
            N_("Text version"): one.text_version,
            N_("Given"): one.given_at,
            N_("Given by"): one.given_by,
            N_("Withdrawn"): one.withdrawn_at,
        }
        for one in queries.consents_of(person.id)
    ]
    open_sessions = [
        {N_("Browser"): one.browser, N_("Network address"): one.address, N_("Since"): one.started_at}
        for one in queries.sessions_of(person.id)
    ]
    sections: dict[str, list[dict[str, Any]]] = {
        N_("Profile"): [profile],
        N_("Roles"): roles,
        N_("Where I study"): _studies(person),
        N_("Consents"): agreed,
        N_("Sessions"): open_sessions,
    }
    sections |= {heading: [dict(row) for row in rows] for heading, rows in queries.personal_data(person.id).items()}
    return {_(heading): [_row(row, write or _plain) for row in rows] for heading, rows in sections.items()}


def _studies(person: Person) -> list[dict[str, Any]]:
    return [
        {
            N_("School"): one.organisation.name[current_locale()],
            N_("Student number"): one.number,
            N_("Class"): one.class_name,
            N_("Faculty"): one.faculty,
            N_("State"): _(IDENTITY.states[one.state].public),
        }
        for one in queries.identities_of(person.id)
    ]


def _row(row: dict[str, Any], write: Callable[[Any], Any]) -> dict[str, Any]:
    return {_(label): write(value) for label, value in row.items()}


def _shown(value: Any) -> Any:
    """Return a value as people read it; rooms above may have written moments as ISO text."""
    if isinstance(value, str) and _ISO.fullmatch(value):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return formats.day(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return "–" if value is None or value == "" else value


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else "" if value is None else value
