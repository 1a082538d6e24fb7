"""One's own e-mail addresses: asking for another, taking it up by the mailed link, swapping, removing."""

from flask import request
from flask.typing import ResponseReturnValue

from compapp.accounts import passwords, queries, services
from compapp.accounts.forms import NewAddressForm
from compapp.accounts.services.addresses import ADDRESS
from compapp.accounts.views.base import bp, oneself
from compapp.accounts.views.sign_in import may_mail
from compapp.core import links
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Invalid
from compapp.web.access import public, require, signed_in
from compapp.web.i18n import _
from compapp.web.limits import Tries
from compapp.web.pages import notice, redirect_to, render

_tries = Tries("change-address", 10, 15 * 60)


@bp.route("/account/addresses", methods=["GET", "POST"])
@require(signed_in)
def addresses() -> ResponseReturnValue:
    """Show one's addresses and ask for another; it counts once its own mailbox has confirmed it."""
    person, form = oneself(), NewAddressForm()
    if request.method == "GET":
        return render("accounts/addresses.html", form=form, person=person)
    if not form.validate_on_submit():
        return render("accounts/addresses.html", form=form, person=person), 422
    if not _tries.take(str(person.id)):
        form.form_errors.append(_("Too many tries. Wait %(minutes)s minutes, or choose a new password.", minutes=15))
        return render("accounts/addresses.html", form=form, person=person), 429
    if not passwords.matches(person.password_hash, form.present.data):
        form.present.errors = [_("This is not your present password.")]
        return render("accounts/addresses.html", form=form, person=person), 422
    try:
        if may_mail(form.email.data):
            with unit_of_work():
                services.ask_for_address(oneself(), form.email.data, form.use.data, actor=current_actor(), at=now())
    except Invalid as error:
        form.apply(error)
        return render("accounts/addresses.html", form=form, person=oneself()), 422
    notice(_("A link is on its way to %(email)s. Nothing changes until you open it.", email=form.email.data.strip()))
    return redirect_to("accounts.addresses")


@bp.post("/account/addresses/exchange")
@require(signed_in)
def swap_addresses() -> ResponseReturnValue:
    """Let messages go to the second address."""
    with unit_of_work():
        services.swap_addresses(oneself(), actor=current_actor(), at=now())
    notice(_("Saved. Messages now go to %(email)s.", email=oneself().email))
    return redirect_to("accounts.addresses")


@bp.post("/account/addresses/second/removal")
@require(signed_in)
def remove_second_address() -> ResponseReturnValue:
    """Forget the second address."""
    with unit_of_work():
        services.remove_second_address(oneself(), actor=current_actor(), at=now())
    notice(_("The second address is removed."))
    return redirect_to("accounts.addresses")


@bp.route("/address/<token>", methods=["GET", "POST"])
@public
def new_address(token: str) -> ResponseReturnValue:
    """Take up an address by the link that came to it (opening the link alone changes nothing)."""
    link = links.look(ADDRESS, token, at=now())
    person = queries.person(link.subject_id)
    if request.method == "GET":
        name = person.name if person is not None else ""
        return render("accounts/new_address.html", email=link.data["email"], use=link.data["use"], name=name)
    with unit_of_work():
        services.confirm_address(token, at=now())
    notice(_("The address is confirmed."))
    return redirect_to("accounts.addresses")
