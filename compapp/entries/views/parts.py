"""Parts that later rounds ask: filled in and confirmed by the teams that went on, each in its own window."""

from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from compapp.core import clock
from compapp.core.actor import current_actor
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid
from compapp.entries import policy, queries
from compapp.entries.forms import (
    PREFIX,
    answers_form,
    place_errors,
    shown_choices,
    shown_token,
    typed_answers,
    untouched,
)
from compapp.entries.models import Entry
from compapp.entries.queries.parts import LaterPart, confirmed_parts, later_part
from compapp.entries.services import parts as verbs
from compapp.entries.versions import Seen
from compapp.entries.views.answers import (
    clash_state,
    conditions_in_words,
    page_state,
    saved_pairs,
    saved_state,
    their_texts,
)
from compapp.entries.views.blueprint import bp, on_team, workspace_page
from compapp.web.access import facts
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, warning


def _page(entry: Entry, part: LaterPart, form: Any, seen: Seen, **more: Any) -> str:
    fields, at = list(part.fields), clock.now()
    return workspace_page(
        "entries/part.html",
        entry,
        facts=facts(),
        part=part,
        form=form,
        fields=fields,
        choices=shown_choices(entry.contest, fields),
        seen=seen.token(),
        shown=shown_token(fields, entry.answers),
        conditions=conditions_in_words(entry.contest, fields),
        confirmed=confirmed_parts(entry.id).get(part.code),
        missing=verbs.missing_of(entry, part),
        editable=part.is_open(at) and policy.may_add_later_files(current_actor(), facts()),
        pairs=saved_pairs(fields, entry),
        saved_at=f"{clock.local(entry.saved_at):%H:%M}",
        **({"clashes": {}, "unsaved": ""} | more),
    )


@bp.get("/entries/<int:entry_id>/parts/<code>")
@on_team
def part_of(entry_id: int, code: str) -> str:
    """Show a part that a later round asks."""
    entry = queries.entry(entry_id)
    part = later_part(entry, code)
    return _page(entry, part, answers_form(entry, part.fields), Seen(entry.version))


@bp.post("/entries/<int:entry_id>/parts/<code>")
@on_team
def save_part(entry_id: int, code: str) -> ResponseReturnValue:
    """Save a part; on a fault or a clash show everything typed again, with both texts."""
    entry = queries.entry(entry_id)
    part = later_part(entry, code)
    only = request.form.getlist("changed") if "changed" in request.form else None
    typed = typed_answers(part.fields, request.form, only=only)
    left = untouched(entry.contest, part.fields, typed, request.form.get("shown"))
    meant = {key: value for key, value in typed.items() if key not in left}
    seen = Seen.read(request.form.get("version"))
    try:
        with unit_of_work():
            saved = verbs.save_part(entry, code, meant, seen=seen, actor=current_actor(), at=clock.now())
    except Conflict as clash:
        entry = queries.entry(entry_id)
        newer = Seen.read(str((clash.current or {}).get("version", "")))
        more = {"clashes": their_texts(clash, entry, part.fields), "unsaved": " ".join(PREFIX + key for key in meant)}
        return _page(entry, part, answers_form(entry, part.fields, stored=left), newer, **more), 409
    if saved.errors:
        entry = queries.entry(entry_id)
        form = answers_form(entry, part.fields, stored=left)
        place_errors(form, saved.errors)
        unsaved = " ".join(PREFIX + key for key in saved.errors)
        return _page(entry, part, form, saved.seen, unsaved=unsaved), 422
    notice(_("Saved."))
    return redirect_to("entries.part_of", entry_id=entry_id, code=code)


@bp.post("/entries/<int:entry_id>/parts/<code>/autosave")
@on_team
def autosave_part(entry_id: int, code: str) -> ResponseReturnValue:
    """Save the changed fields of a part; 409 with both texts where a team mate changed one of them meanwhile."""
    entry = queries.entry(entry_id)
    fields = later_part(entry, code).fields
    typed = typed_answers(fields, request.form, only=request.form.getlist("changed"))
    seen = Seen.read(request.form.get("version"))
    try:
        with unit_of_work():
            saved = verbs.save_part(entry, code, typed, seen=seen, actor=current_actor(), at=clock.now())
    except Conflict as clash:
        return jsonify(_of_part(clash_state(clash, queries.entry(entry_id), fields, typed))), 409
    return jsonify(_of_part(saved_state(saved, fields, typed)))


@bp.get("/entries/<int:entry_id>/parts/<code>/state")
@on_team
def part_state(entry_id: int, code: str) -> ResponseReturnValue:
    """Tell an open page what team mates have saved since."""
    entry = queries.entry(entry_id)
    fields = later_part(entry, code).fields
    return jsonify(_of_part(page_state(entry, fields, Seen.read(request.args.get("version")), touched=())))


def _of_part(body: dict[str, Any]) -> dict[str, Any]:
    """Return the state without what belongs to the submission: its deadline and how complete it is."""
    return {key: value for key, value in body.items() if key not in {"deadline", "complete"}}


@bp.post("/entries/<int:entry_id>/parts/<code>/confirmation")
@on_team
def confirm_part(entry_id: int, code: str) -> ResponseReturnValue:
    """Confirm a part as it is saved: judges of that round read what was confirmed."""
    try:
        with unit_of_work():
            verbs.confirm_part(queries.entry(entry_id), code, actor=current_actor(), at=clock.now())
        notice(_("Confirmed. Until this part closes you can change it and confirm again."))
    except Invalid as error:
        warning(_(error.msgid, **error.params))
    return redirect_to("entries.part_of", entry_id=entry_id, code=code)
