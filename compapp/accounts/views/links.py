"""Pages behind the links that came by e-mail. Opening one uses nothing up (mail scanners open links too)."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from compapp.accounts import passwords, queries, services
from compapp.accounts.forms import InvitationForm, NewPasswordForm
from compapp.accounts.models import Person
from compapp.accounts.services.guardians import CONFIRMATION, GUARDIAN
from compapp.accounts.services.sign_up import INVITATION, RESET
from compapp.accounts.views.base import bp
from compapp.accounts.views.sign_in import open_session
from compapp.core import links
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed, Invalid
from compapp.core.text import N_
from compapp.web.access import public
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render


@bp.route("/confirmation/<token>", methods=["GET", "POST"])
@public
def confirmation(token: str) -> ResponseReturnValue:
    """Ask for a password; then make the account, sign in, and lead back to where the person came from."""
    data = dict(links.look(CONFIRMATION, token, at=now()).data)
    form = NewPasswordForm().about(email=data["email"], name=data["name"])
    if request.method == "GET" or not form.validate_on_submit():
        page = render("accounts/confirmation.html", form=form, name=data["name"], email=data["email"])
        return page if request.method == "GET" else (page, 422)
    hashed = passwords.hash_password(form.password.data)
    back = str(data.get("back") or "")
    with unit_of_work():
        person = services.confirm_sign_up(token, hashed, at=now())
        services.give_consent(
            person.id, "run_contest", locale=person.locale, actor=queries.actor_for(person.id), at=now()
        )
    open_session(person)
    notice(_("Welcome, %(name)s. Your account is ready.", name=person.name))
    return redirect(back, 303) if back else redirect_to("web.home")


@bp.route("/guardians/<token>", methods=["GET", "POST"])
@public
def guardian(token: str) -> ResponseReturnValue:
    """Let a guardian agree to the account of a child, or refuse it; no account is needed for that."""
    data = dict(links.look(GUARDIAN, token, at=now()).data)
    answer = request.form.get("answer", "")
    if request.method == "GET" or answer not in ("agree", "refuse"):
        return render("accounts/guardian.html", child=data["name"], email=data["email"], name=data["guardian"]["name"])
    with unit_of_work():
        services.answer_as_guardian(token, agreed=answer == "agree", at=now())
    return render("accounts/guardian_thanks.html", child=data["name"], agreed=answer == "agree")


@bp.route("/new-password/<token>", methods=["GET", "POST"])
@public
def new_password(token: str) -> ResponseReturnValue:
    """Choose a new password."""
    person = _person_behind(RESET, token)
    form = NewPasswordForm().about(email=person.email or "", name=person.name)
    if request.method == "GET":
        return render("accounts/new_password.html", form=form)
    if not form.validate_on_submit():
        return render("accounts/new_password.html", form=form), 422
    hashed = passwords.hash_password(form.password.data)
    with unit_of_work():
        person = services.reset_password(token, hashed, at=now())
    open_session(person)
    notice(_("Your new password is set. All other sessions have ended."))
    return redirect_to("web.home")


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@public
def invitation(token: str) -> ResponseReturnValue:
    """Take up an invitation: name, password, language; then go where the invitation leads."""
    person = _person_behind(INVITATION, token)
    path = str(links.look(INVITATION, token, at=now()).data.get("path") or "")
    form = InvitationForm(data={"name": person.name, "locale": person.locale} if request.method == "GET" else None)
    form.about(email=person.email or "", name=person.name)
    if request.method == "GET":
        return render("accounts/invitation.html", form=form, email=person.email)
    if not form.validate_on_submit():
        return render("accounts/invitation.html", form=form, email=person.email), 422
    hashed = passwords.hash_password(form.password.data)
    try:
        with unit_of_work():
            person = services.accept_invitation(
                token, name=form.name.data, password_hash=hashed, locale=form.locale.data, at=now()
            )
    except Invalid as error:
        form.apply(error)
        return render("accounts/invitation.html", form=form, email=person.email), 422
    open_session(person)
    notice(_("Welcome, %(name)s. Your account is ready.", name=person.name))
    return redirect(path, 303) if path else redirect_to("web.home")


def _person_behind(purpose: str, token: str) -> Person:
    person = queries.person(links.look(purpose, token, at=now()).subject_id)
    if person is None or not person.active:
        raise Closed(N_("This link is not valid. Please ask for a new one."))
    return person
