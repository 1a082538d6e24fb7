"""What judges say of conflicts of interest: none, before an entry is opened, or one, at any time."""

from flask import request
from flask.typing import ResponseReturnValue

from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import NotFound
from compapp.core.text import N_
from compapp.entries.queries.anonymous import anonymous_titles
from compapp.judging import forms, policy, queries, services
from compapp.judging.queries.answers import unanswered_given
from compapp.judging.queries.sheets import OpenSheet, answerable_sheet
from compapp.judging.views.blueprint import bp
from compapp.judging.views.labels import conflict_choices, conflict_labels
from compapp.web.access import facts, require
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render


def _again(assignment_id: int) -> OpenSheet:
    """Return the assignment anew, with the rights as they are inside this transaction; NotFound."""
    found = queries.open_sheet(current_actor(), assignment_id, allowed=policy.may_answer_for_entry)
    if found is None:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return found


@bp.get("/sheets/<int:assignment_id>/conflict-answer")
@require(policy.may_answer_for_entry, facts=answerable_sheet)
def conflict_answer(assignment_id: int) -> ResponseReturnValue:
    """Ask, before an entry is opened, whether there is a conflict with it; its title and line alone are shown."""
    found: OpenSheet = facts().found
    if not found.facts.is_asked:
        return redirect_to("judging.sheet", assignment_id=assignment_id)
    given = unanswered_given(found.assignment.seat_id, unopened=True)
    titles = anonymous_titles([*given.values()])
    others = {one: titles[entry] for one, entry in given.items() if one != assignment_id}
    return render(
        "judging/sheet/conflict_answer.html",
        found=found,
        title=titles[found.assignment.entry_id],
        others=others,
        kinds=list(conflict_labels(found.contest).values()),
    )


@bp.post("/sheets/<int:assignment_id>/conflict-answer")
@require(policy.may_answer_for_entry, facts=answerable_sheet)
def state_no_conflict(assignment_id: int) -> ResponseReturnValue:
    """Record that there is none with this entry, or with none of those whose titles were shown, and open it."""
    with unit_of_work():
        found = _again(assignment_id)
        given = unanswered_given(found.assignment.seat_id)
        named = {assignment_id, *forms.shown_ids()} if request.form.get("answer") == "all" else {assignment_id}
        entries = {entry for one, entry in given.items() if one in named}
        if entries:
            services.state_no_conflict(found.assignment.seat, entries, actor=current_actor(), at=now())
    notice(_("Recorded: no conflict of interest. You can step back at any time."))
    return redirect_to("judging.sheet", assignment_id=assignment_id)


@bp.route("/sheets/<int:assignment_id>/recusal", methods=["GET", "POST"])
@require(policy.may_answer_for_entry, facts=answerable_sheet)
def recusal(assignment_id: int) -> ResponseReturnValue:
    """Step back from an entry: the assignment goes, and nothing of the entry is shown any more."""
    found: OpenSheet = facts().found
    form = forms.RecusalForm()
    form.kind.choices = conflict_choices(found.contest)
    if form.validate_on_submit():
        with unit_of_work():
            services.recuse(
                _again(assignment_id).assignment,
                kind=form.kind.data,
                note=form.note.data or "",
                actor=current_actor(),
                at=now(),
            )
        notice(
            _("Recorded. You will not see this entry again; the panel goes on without you.")
            if found.round.kind == "live_pitch"
            else _("Recorded. You will not see this entry again; the organiser looks for another judge.")
        )
        return redirect_to("judging.desk")
    title = queries.anonymous_title(found.assignment.entry_id)
    page = render("judging/sheet/recusal.html", found=found, form=form, title=title)
    return page, 422 if form.is_submitted() else 200
