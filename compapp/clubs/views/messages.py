"""Words to the cohort: written, shown as they will arrive, then sent."""

from flask import request
from flask.typing import ResponseReturnValue

from compapp.clubs import queries, services
from compapp.clubs.forms import CohortMessageForm
from compapp.clubs.services import Words
from compapp.clubs.views.base import bp, club_page, managing, the_club, the_cohort
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Invalid
from compapp.web.i18n import _, ngettext
from compapp.web.limits import Tries
from compapp.web.pages import notice, redirect_to, warning

_MESSAGES = Tries("club-message", 5, 3600)


@bp.get("/clubs/<int:club_id>/messages")
@managing
def messages(club_id: int) -> str:
    """Ask for words to the cohort, and show what was sent before."""
    return _page(club_id, CohortMessageForm(formdata=None))


def _page(club_id: int, form: CohortMessageForm, preview: Words | None = None, count: int = 0) -> str:
    cohort = queries.current_cohort(club_id)
    return club_page(
        "clubs/messages.html",
        the_club(club_id),
        "messages",
        form=form,
        preview=preview,
        count=count or (queries.member_count(cohort.id) if cohort else 0),
        cohort=cohort,
        sent=queries.messages_of(cohort.id) if cohort else [],
    )


@bp.post("/clubs/<int:club_id>/messages")
@managing
def write(club_id: int) -> ResponseReturnValue:
    """Show how the message will arrive; with ``send``, send it, a few times an hour at most."""
    form, actor = CohortMessageForm(), current_actor()
    if not form.validate_on_submit():
        return _page(club_id, form), 422
    words = Words(form.subject.data, form.text.data, form.subject_en.data or "", form.text_en.data or "")
    try:
        if not request.form.get("send"):
            checked, people = services.checked_words(the_cohort(club_id), words, actor=actor)
            return _page(club_id, form, checked, len(people))
        if not _MESSAGES.are_left(str(actor.person_id)):
            warning(_("You have written several times in this hour. Wait a little, then write again."))
            return _page(club_id, form), 429
        with unit_of_work():
            count = services.write_to_cohort(the_cohort(club_id), words, actor=actor, at=now())
    except Invalid as error:
        form.apply(error)
        return _page(club_id, form), 422
    _MESSAGES.take(str(actor.person_id))
    notice(ngettext("Sent to %(num)d person.", "Sent to %(num)d people.", count))
    return redirect_to("clubs.messages", club_id=club_id)
