"""Merging two entries of one team."""

from flask.typing import ResponseReturnValue

from compapp.core import clock
from compapp.core.actor import current_actor
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid
from compapp.entries import policy, queries, services
from compapp.entries.forms.screening import MergeForm
from compapp.entries.lifecycle import ENTRY
from compapp.entries.queries import copies
from compapp.entries.views.blueprint import bp, on_entry
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render


@bp.route("/entries/<int:entry_id>/merging", methods=["GET", "POST"])
@on_entry(policy.may_merge)
def merging(entry_id: int) -> ResponseReturnValue:
    """Merge this entry into another one of the same team; it leaves the contest and keeps its history."""
    entry = queries.entry(entry_id)
    others = copies.likely_twins(entry)
    form = MergeForm().offer(others)
    if form.validate_on_submit():
        chosen = next((one for one in others if str(one.id) == form.stays.data), None)
        try:
            if chosen is None:
                raise Invalid(fields={"stays": [("Choose one of the options.", {})]})
            with unit_of_work():
                services.merge_entries(entry, chosen, reason=form.reason.data, actor=current_actor(), at=clock.now())
            notice(_("Merged. The teams are told."))
            return redirect_to("entries.dossier", entry_id=chosen.id)
        except Invalid as error:
            form.apply(error)
        except Conflict as error:
            form.form_errors = [_(error.msgid, **error.params)]
    status = 422 if form.is_submitted() else 200
    return (
        render("entries/merging.html", entry=entry, contest=entry.contest, form=form, others=others, lifecycle=ENTRY),
        status,
    )
