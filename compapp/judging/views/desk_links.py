"""Asking for a one-time link to the desk: the secretary for a judge, a judge by e-mail. Nobody else gets to see it."""

from flask import request
from flask.typing import ResponseReturnValue

from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Conflict
from compapp.core.text import N_
from compapp.judging import forms, policy, queries, services
from compapp.judging.models import Seat
from compapp.judging.views.blueprint import bp
from compapp.web.access import public, require
from compapp.web.i18n import _
from compapp.web.limits import Tries
from compapp.web.pages import notice, redirect_to, render

_by_address = Tries("desk-link-address", 3, 15 * 60)
_by_place = Tries("desk-link-place", 30, 3600)
_by_seat = Tries("desk-link-seat", 5, 3600)


@bp.route("/desk-link", methods=["GET", "POST"])
@public
def ask_for_link() -> ResponseReturnValue:
    """Ask for the link by e-mail; the answer is the same for every address."""
    form = forms.AddressForm()
    if request.method == "GET":
        return render("judging/desk/ask_for_link.html", form=form, sent=False)
    if not form.validate_on_submit():
        return render("judging/desk/ask_for_link.html", form=form, sent=False), 422
    address = str(form.email.data).strip().lower()
    if _by_place.take(request.remote_addr or "?") and _by_address.take(address):
        with unit_of_work():
            services.ask_for_desk_links(address, at=now())
    return render("judging/desk/ask_for_link.html", form=form, sent=True)


@bp.post("/contests/<code>/jury/<int:seat_id>/desk-link")
@require(policy.may_send_desk_link, facts=queries.seat_facts_in)
def send_link(code: str, seat_id: int) -> ResponseReturnValue:
    """Have a link sent to a judge's own address."""
    if not _by_seat.take(str(seat_id)):
        raise Conflict(N_("Several links were sent to this judge within the hour. Wait before sending another."))
    with unit_of_work():
        seat = session().get_one(Seat, seat_id)
        services.send_desk_link(seat, actor=current_actor(), at=now())
        name = seat.person.name
    notice(_("The link is on its way to %(name)s. It works once, within 24 hours.", name=name))
    return redirect_to("judging.seat", code=code, seat_id=seat_id)
