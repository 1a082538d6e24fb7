"""Signing in, out and up, and asking for a new password."""

from flask import current_app, redirect, request, session
from flask.typing import ResponseReturnValue

from compapp.accounts import passwords, queries, services
from compapp.accounts.forms import AddressForm, SignInForm, SignUpForm
from compapp.accounts.models import Person
from compapp.accounts.policy import clean_address
from compapp.accounts.views.base import bp, browser_name, held_token, remember
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Invalid
from compapp.web.access import public, require, signed_in
from compapp.web.i18n import _, current_locale
from compapp.web.limits import Tries
from compapp.web.pages import notice, redirect_to, render
from compapp.web.resume import carried_fields, opens_by_get, way_back

TRIES, TRIES_MINUTES = 10, 15
_by_account = Tries("sign-in-account", TRIES, TRIES_MINUTES * 60)
_by_address = Tries("sign-in-address", TRIES, 60)
_mails = Tries("account-mail", 3, 15 * 60)
_mails_by_address = Tries("account-mail-address", 200, 3600)


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Show the sign-in form; who is signed in goes on."""
    if current_actor().is_signed_in:
        return redirect(_target() or "/home", 303)
    return _form(SignInForm())


@bp.post("/sign-in")
@public
def sign_in_post() -> ResponseReturnValue:
    """Sign in; then lead back, or show what was typed before the session ended."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _form(form), 422
    account = clean_address(form.email.data)
    here = request.remote_addr or "?"
    if not _by_address.are_left(here) or not _by_account.take(account):
        sentence = _("Too many tries. Wait %(minutes)s minutes, or choose a new password.", minutes=TRIES_MINUTES)
        form.form_errors.append(sentence)
        return _form(form), 429
    person = queries.person_by_email(account)
    stored = person.password_hash if person is not None and person.active else None
    if not passwords.matches(stored, form.password.data) or person is None:
        _by_address.take(here)
        form.form_errors.append(_("The e-mail address or the password is not right."))
        return _form(form), 422
    _by_account.forget(account)
    open_session(person, form.password.data)
    return _go_on()


def open_session(person: Person, password: str | None = None) -> None:
    """Open a session for ``person`` in this browser; a password hashed with old parameters is hashed anew."""
    stale = password and person.password_hash and passwords.needs_rehash(person.password_hash)
    rehashed = passwords.hash_password(password) if password and stale else None
    with unit_of_work():
        token = services.sign_in(
            person,
            browser=browser_name(),
            address=request.remote_addr or "",
            replaces=held_token(),
            rehashed=rehashed,
            at=now(),
        )
    remember(token, person)


def _target() -> str | None:
    return way_back(request.values.get("back"))


def _form(form: SignInForm) -> str:
    return render(
        "accounts/sign_in.html",
        form=form,
        kept=carried_fields(),
        back=request.values.get("back", ""),
        demonstration=current_app.config["ENVIRONMENT"] == "demo",
    )


def _go_on() -> ResponseReturnValue:
    kept, target = carried_fields(), _target()
    if target is not None and (kept or not opens_by_get(target)):
        return render("accounts/resume.html", kept=kept, target=target)
    return redirect(target or "/home", 303)


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    token = held_token()
    if token and current_actor().is_signed_in:
        with unit_of_work():
            services.sign_out(token, actor=current_actor(), at=now())
    session.clear()
    return redirect("/", 303)


@bp.route("/sign-up", methods=["GET", "POST"])
@public
def sign_up() -> ResponseReturnValue:
    """Sign up as a student; the account begins with the link in the e-mail, and leads back to where one came from."""
    form = SignUpForm()
    if request.method == "GET":
        return render("accounts/sign_up.html", form=form)
    if not form.validate_on_submit():
        return render("accounts/sign_up.html", form=form), 422
    guardian = form.guardian_email.data or ""
    if may_mail(form.email.data) and (not guardian or may_mail(guardian)):
        try:
            with unit_of_work():
                services.sign_up(
                    form.email.data,
                    form.name.data,
                    birth_year=form.birth_year.data,
                    has_turned=form.has_turned.data,
                    guardian=(form.guardian_name.data or "", guardian),
                    locale=current_locale(),
                    back=_target() or "",
                    actor=current_actor(),
                    at=now(),
                )
        except Invalid as error:
            form.apply(error)
            return render("accounts/sign_up.html", form=form), 422
    return redirect_to("accounts.mail_sent")


@bp.route("/forgotten-password", methods=["GET", "POST"])
@public
def forgotten_password() -> ResponseReturnValue:
    """Ask for the link with which a new password is chosen; the answer is the same for every address."""
    form = AddressForm()
    if request.method == "GET":
        return render("accounts/forgotten_password.html", form=form)
    if not form.validate_on_submit():
        return render("accounts/forgotten_password.html", form=form), 422
    if may_mail(form.email.data):
        with unit_of_work():
            services.ask_for_reset(form.email.data, at=now())
    return redirect_to("accounts.mail_sent")


def may_mail(email: str) -> bool:
    """Whether one more mail may go to this address; a mailbox cannot be flooded from here."""
    return _mails.take(clean_address(email)) and _mails_by_address.take(request.remote_addr or "?")


@bp.get("/mail-sent")
@public
def mail_sent() -> str:
    """Say that a mail is on its way, whoever asked."""
    return render("accounts/mail_sent.html", demonstration=current_app.config["ENVIRONMENT"] == "demo")


@bp.post("/account/other-sessions/end")
@require(signed_in)
def end_other_sessions() -> ResponseReturnValue:
    """End every session but this browser's."""
    actor = current_actor()
    assert actor.person_id is not None
    with unit_of_work():
        services.end_other_sessions(actor.person_id, keep=held_token(), actor=actor, at=now())
    notice(_("All other sessions have ended."))
    return redirect_to("accounts.sessions")
