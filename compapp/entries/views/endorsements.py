"""The school's page: its entries of a contest, to confirm or refuse."""

from flask import request
from flask.typing import ResponseReturnValue

from compapp.contests.definition import Rules
from compapp.contests.queries import contest_by_code
from compapp.core import clock
from compapp.core.actor import ORGANISATION, current_actor
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid
from compapp.entries import policy, queries, services
from compapp.entries.forms import EndorsementForm
from compapp.entries.lifecycle import ENDORSEMENT, ENTRY
from compapp.entries.views.blueprint import bp, on_entry, sentence_of
from compapp.web.access import require
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render, warning


@bp.get("/endorsements")
@require(policy.represents_a_school)
def endorsements() -> ResponseReturnValue:
    """List the contests in which one's school has entries; with one only, lead there."""
    contests = queries.contests_to_endorse(current_actor())
    if len(contests) == 1:
        return redirect_to("entries.endorsements_of", code=contests[0].code)
    return render("entries/endorsements.html", contests=contests)


@bp.get("/endorsements/<code>")
@require(policy.represents_a_school)
def endorsements_of(code: str) -> str:
    """List the school's entries: title, team and state, never what is in them."""
    contest, actor = contest_by_code(code), current_actor()
    rows = queries.endorsement_rows(actor, contest.id)
    used = queries.used_quotas(contest.id, sorted(actor.scopes("representative", ORGANISATION)))
    return render(
        "entries/endorsements_of.html",
        contest=contest,
        rows=rows,
        used=used,
        most=Rules.of(contest).max_entries_per_institution,
        form=EndorsementForm(),
        lifecycle=ENTRY,
        endorsement_lifecycle=ENDORSEMENT,
    )


@bp.post("/entries/<int:entry_id>/endorsement")
@on_entry(policy.may_endorse)
def endorse(entry_id: int) -> ResponseReturnValue:
    """Confirm or refuse for the school."""
    form, entry = EndorsementForm(), queries.entry(entry_id)
    verb = services.refuse_endorsement if request.form.get("word") == "refuse" else services.confirm_endorsement
    try:
        with unit_of_work():
            verb(entry, note=form.note.data or "", actor=current_actor(), at=clock.now())
        notice(_("Saved. The team is told."))
    except (Invalid, Conflict) as error:
        warning(sentence_of(error) if isinstance(error, Invalid) else _(error.msgid, **error.params))
    return redirect_to("entries.endorsements_of", code=entry.contest.code)
