"""Taking an idea along: where the team may copy it, where an organiser may nominate it, and what was set aside."""

from flask.typing import ResponseReturnValue

from compapp.contests.definition import BoardRule, EntryForm
from compapp.contests.models import Contest
from compapp.core import clock
from compapp.core.actor import current_actor
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed, Conflict, Invalid, Refused
from compapp.entries import policy, queries
from compapp.entries.forms import NominationForm
from compapp.entries.models import Entry
from compapp.entries.services import carrying
from compapp.entries.views.blueprint import bp, on_entry, on_team, sentence_of, workspace_page
from compapp.web.access import facts
from compapp.web.i18n import _, localized
from compapp.web.pages import notice, redirect_to, render


@bp.get("/entries/<int:entry_id>/copies")
@on_team
def copies_of(entry_id: int) -> str:
    """Show into which contests the team may take its idea, where it went, and what was set aside."""
    entry = queries.entry(entry_id)
    origin = carrying.origin_of(entry_id)
    return workspace_page(
        "entries/copies.html",
        entry,
        facts=facts(),
        contests=[one for one in queries.startable_contests(clock.now()) if one.id != entry.contest_id],
        may_copy=policy.may_copy(current_actor(), facts()),
        gone=carrying.went_to(entry_id),
        origin=origin,
        labels={field.key: field.label for field in EntryForm.of(entry.contest).fields},
    )


def _boards(contests: list[Contest]) -> list[tuple[str, str]]:
    return [
        (f"{contest.id}:{board.code}", f"{localized(contest.title)} – {localized(BoardRule.of(board).label)}")
        for contest in contests
        for board in contest.boards
    ]


def _targets(entry: Entry) -> list[Contest]:
    return [one for one in queries.startable_contests(clock.now()) if one.id != entry.contest_id]


@bp.route("/entries/<int:entry_id>/nominations", methods=["GET", "POST"])
@on_entry(policy.may_nominate)
def nominate_further(entry_id: int) -> ResponseReturnValue:
    """Nominate an entry into a contest further up, with its team and answers."""
    entry = queries.entry(entry_id)
    contests = _targets(entry)
    form = NominationForm().offer(_boards(contests))
    if form.validate_on_submit():
        number, _colon, board = (form.board.data or "").partition(":")
        target = next((one for one in contests if str(one.id) == number), None)
        try:
            if target is None:
                raise Invalid(fields={"board": [("Choose one of the options.", {})]})
            with unit_of_work():
                made = carrying.nominate_entry(
                    queries.entry(entry_id),
                    target,
                    board_code=board,
                    most=form.most.data,
                    note=form.note.data or "",
                    actor=current_actor(),
                    at=clock.now(),
                )
            notice(_("Nominated as %(number)s. The team is told and completes the entry there.", number=made.number))
            return redirect_to("entries.dossier", entry_id=entry_id)
        except Invalid as error:
            form.apply(error)
            form.form_errors.append(sentence_of(error))
        except (Conflict, Closed, Refused) as error:
            form.form_errors.append(_(error.msgid, **error.params))
    status = 422 if form.is_submitted() else 200
    context = {"entry": entry, "contest": entry.contest, "form": form, "contests": contests}
    return render("entries/nomination.html", gone=carrying.went_to(entry_id), **context), status
