"""The page on which a club looks at an entry (title and state, never what is in it) and nominates it."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from compapp.accounts.models import Organisation
from compapp.clubs import queries as clubs
from compapp.clubs.lifecycle import REVIEW, VERDICTS
from compapp.clubs.policy import may_look_after, may_manage
from compapp.contests.definition import Rules
from compapp.core import clock
from compapp.core.actor import Actor, current_actor
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid, NotFound
from compapp.core.text import N_
from compapp.entries import queries
from compapp.entries.forms.nominations import ReviewForm
from compapp.entries.lifecycle import ENTRY
from compapp.entries.policy import NominationFacts
from compapp.entries.queries import nominations
from compapp.entries.services import nominations as services
from compapp.entries.views.blueprint import bp
from compapp.web.access import facts, require
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render, warning


def _may_look(actor: Actor, known: NominationFacts) -> bool:
    return may_look_after(actor, known.club)


def _may_decide(actor: Actor, known: NominationFacts) -> bool:
    return may_manage(actor, known.club)


def _club(club_id: int) -> Organisation:
    found = clubs.club(club_id)
    if found is None:
        raise NotFound(N_("There is no such club."))
    return found


@bp.get("/entries/<int:entry_id>/clubs/<int:club_id>")
@require(_may_look, facts=nominations.nomination_facts)
def club_review(entry_id: int, club_id: int) -> str:
    """Show title and state, what the club said, and whether it nominates."""
    return _page(entry_id, club_id)


def _page(entry_id: int, club_id: int, form: ReviewForm | None = None) -> str:
    entry, known = queries.entry(entry_id), facts()
    review = nominations.club_review(entry_id, club_id)
    return render(
        "entries/club_review.html",
        entry=entry,
        club=_club(club_id),
        review=review,
        form=form or ReviewForm(formdata=None, obj=review),
        facts=known,
        manages=_may_decide(current_actor(), known),
        most=Rules.of(entry.contest).max_entries_per_institution,
        used=nominations.nominated_count(entry.contest_id, known.club.school_id),
        lifecycle=ENTRY,
        verdicts=VERDICTS,
        review_states=REVIEW,
    )


@bp.post("/entries/<int:entry_id>/clubs/<int:club_id>")
@require(_may_decide, facts=nominations.nomination_facts)
def save_club_review(entry_id: int, club_id: int) -> ResponseReturnValue:
    """Say what the club thinks; the team reads it."""
    form = ReviewForm()
    if not form.validate_on_submit():
        return _page(entry_id, club_id, form), 422
    given: dict[str, Any] = {"verdict": form.verdict.data, "note": form.note.data}
    try:
        with unit_of_work():
            services.review_for_club(
                queries.entry(entry_id), _club(club_id), **given, actor=current_actor(), at=clock.now()
            )
    except Invalid as error:
        form.apply(error)
        return _page(entry_id, club_id, form), 422
    notice(_("Saved. The team reads it."))
    return redirect_to("entries.club_review", entry_id=entry_id, club_id=club_id)


@bp.post("/entries/<int:entry_id>/clubs/<int:club_id>/nomination")
@require(_may_decide, facts=nominations.nomination_facts)
def club_nomination(entry_id: int, club_id: int) -> ResponseReturnValue:
    """Nominate to the school, or take that back."""
    takes_back = request.form.get("word") == "take-back"
    verb = services.take_back_nomination if takes_back else services.nominate
    try:
        with unit_of_work():
            verb(queries.entry(entry_id), _club(club_id), actor=current_actor(), at=clock.now())
    except Conflict as error:
        warning(_(error.msgid, **error.params))
        return _page(entry_id, club_id), 409
    notice(_("The nomination is taken back.") if takes_back else _("Nominated. School and team are told."))
    return redirect_to("entries.club_review", entry_id=entry_id, club_id=club_id)
