"""Guardians: asked by the team or by a newcomer, answering behind a link without an account, checked by the office."""

from collections.abc import Callable
from functools import partial

from flask import url_for
from flask.typing import ResponseReturnValue

from compapp.core import clock
from compapp.core.actor import current_actor
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid
from compapp.entries import policy, queries, services
from compapp.entries.forms import GuardianAnswerForm, GuardianForm
from compapp.entries.lifecycle import GUARDIAN, PASSED_ON
from compapp.entries.models import GuardianConsent
from compapp.entries.policy import SeatFacts
from compapp.entries.queries.team import born_of, seat_facts
from compapp.entries.services import guardians
from compapp.entries.views.blueprint import bp, on_entry, on_team, spend_a_mail, tended_member, workspace_page
from compapp.web.access import facts, public, require
from compapp.web.i18n import _, current_locale
from compapp.web.pages import notice, redirect_to, render, warning


@bp.route("/guardian-consents/<token>", methods=["GET", "POST"])
@public
def guardian_consent(token: str) -> ResponseReturnValue:
    """Show what a guardian agrees to, and take the answer once."""
    asked, child, entry = services.asked_by(token, at=clock.now())
    form = GuardianAnswerForm()
    context = {"asked": asked, "child": child, "entry": entry, "contest": entry.contest, "form": form}
    if form.validate_on_submit():
        with unit_of_work():
            asked = services.answer_guardian(token, given=form.answer.data == "given", at=clock.now())
        return render("entries/guardian_answered.html", **(context | {"asked": asked}))
    return render("entries/guardian_consent.html", **context), 422 if form.is_submitted() else 200


Ask = Callable[..., tuple[GuardianConsent, str]]
"""A service that asks a guardian and returns what was asked and the token of its link."""


def _asked(form: GuardianForm, ask: Ask) -> tuple[GuardianConsent | None, str, int]:
    """Ask as the form says; return what was asked, the link to pass on, and the status of the page.

    The team may see only the link of a guardian without an address.
    """
    if not form.validate_on_submit():
        return None, "", 422 if form.is_submitted() else 200
    spend_a_mail()
    try:
        with unit_of_work():
            asked, token = ask(
                guardian_name=form.guardian_name.data,
                guardian_email=form.guardian_email.data,
                guardian_phone=form.guardian_phone.data,
                locale=current_locale(),
                actor=current_actor(),
                at=clock.now(),
            )
    except Invalid as error:
        form.apply(error)
        return None, "", 422
    link = url_for("entries.guardian_consent", token=token, _external=True) if asked.way == PASSED_ON else ""
    return asked, link, 200


@bp.route("/entries/<int:entry_id>/members/<int:member_id>/guardian", methods=["GET", "POST"])
@on_team
def guardian(entry_id: int, member_id: int) -> ResponseReturnValue:
    """Ask a minor's guardian; a link is shown only where it cannot be mailed to the guardian."""
    entry, form = queries.entry(entry_id), GuardianForm()
    found = tended_member(entry, member_id)
    asked, link, status = _asked(form, partial(services.ask_guardian, entry, member_id))
    context = {"member": found, "form": form, "asked": asked, "link": link, "only_year": born_of(found) is None}
    return workspace_page("entries/guardian.html", entry, facts=facts(), **context), status


@bp.route("/seats/<int:invitation_id>/guardian", methods=["GET", "POST"])
@require(policy.may_ask_own_guardian, facts=seat_facts)
def own_guardian(invitation_id: int) -> ResponseReturnValue:
    """Let a newcomer after the lock name the guardian who must agree before the seat counts."""
    seat: SeatFacts = facts()
    entry, form = queries.entry(seat.entry_id), GuardianForm()
    asked, link, status = _asked(form, partial(guardians.ask_own_guardian, invitation_id))
    earlier = guardians.newest_consent(seat.member_id)
    context = {"entry": entry, "contest": entry.contest, "form": form, "asked": asked, "link": link}
    return render("entries/own_guardian.html", earlier=earlier, lifecycle=GUARDIAN, **context), status


@bp.post("/entries/<int:entry_id>/guardians/<int:consent_id>/check")
@on_entry(policy.may_decide)
def check_guardian(entry_id: int, consent_id: int) -> ResponseReturnValue:
    """Note that the office has spoken with the guardian."""
    try:
        with unit_of_work():
            guardians.check_consent(queries.entry(entry_id), consent_id, actor=current_actor(), at=clock.now())
        notice(_("Noted: you have spoken with the guardian."))
    except Conflict as error:
        warning(_(error.msgid, **error.params))
    return redirect_to("entries.dossier", entry_id=entry_id)
