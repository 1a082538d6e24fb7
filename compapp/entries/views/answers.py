"""The organiser's form: saved by a plain POST or field by field while typing; nothing typed is lost."""

from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from compapp.core import clock
from compapp.core.actor import current_actor
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict
from compapp.entries import blindness, policy, queries, services
from compapp.entries.forms import answers_form, place_errors, shown_choices, typed_answers
from compapp.entries.models import Entry
from compapp.entries.policy import EntryFacts
from compapp.entries.versions import Seen
from compapp.entries.views.blueprint import bp, on_entry, on_team, workspace_page
from compapp.web.access import facts
from compapp.web.i18n import _, localized
from compapp.web.pages import notice, redirect_to


def _page(entry: Entry, form: Any, seen: Seen, *, clashes: dict[str, Any] | None = None) -> str:
    found: EntryFacts = facts()
    fields = queries.fields_asked(entry.contest, queries.working_board(entry).code)
    return workspace_page(
        "entries/answers.html",
        entry,
        facts=found,
        form=form,
        fields=fields,
        choices=shown_choices(entry.contest, fields),
        seen=seen.token(),
        clashes=clashes or {},
        names=_names_found(entry),
        editable=policy.may_edit(current_actor(), found),
        saved_at=f"{clock.local(entry.saved_at):%H:%M}",
    )


def _names_found(entry: Entry) -> dict[str, str]:
    """Return which answers name the team: field key to a sentence for the team."""
    return {key: _warning(hits) for key, hits in queries.name_findings(entry).items()}


def _warning(hits: list[blindness.Finding]) -> str:
    kinds = ", ".join(dict.fromkeys(_(blindness.KINDS[hit.kind]) for hit in hits))
    return _("Judges may not know who you are. Found here: %(kinds)s. They would see it masked.", kinds=kinds)


@bp.get("/entries/<int:entry_id>/answers")
@on_team
def answers(entry_id: int) -> str:
    """Show the form with what is saved."""
    entry = queries.entry(entry_id)
    fields = queries.fields_asked(entry.contest, queries.working_board(entry).code)
    form = answers_form(entry, fields)
    place_errors(form, _faults(entry, fields))
    return _page(entry, form, Seen(entry.version))


def _faults(entry: Entry, fields: list[Any]) -> dict[str, Any]:
    """Return sentences about saved answers that break a limit (an absent one is no fault while writing)."""
    return {
        field.key: fault
        for field in fields
        if entry.answers.get(field.key) is not None
        and (fault := queries.field_fault(entry.contest, field, entry.answers)) is not None
    }


@bp.post("/entries/<int:entry_id>/answers")
@on_entry(policy.may_see_own)
def save(entry_id: int) -> ResponseReturnValue:
    """Save the whole form; on a fault or a clash show everything typed again, with both texts."""
    entry = queries.entry(entry_id)
    fields = queries.fields_asked(entry.contest, request.form.get("a-board") or queries.working_board(entry).code)
    typed = typed_answers(fields, request.form)
    seen = Seen.read(request.form.get("version"))
    form = answers_form(entry, fields)
    try:
        with unit_of_work():
            saved = services.save_answers(entry, typed, seen=seen, actor=current_actor(), at=clock.now())
    except Conflict as clash:
        theirs = _their_texts(clash, fields)
        newer = Seen.read(str((clash.current or {}).get("version", "")))
        return _page(queries.entry(entry_id), form, newer, clashes=theirs), 409
    if saved.errors:
        place_errors(form, saved.errors)
        return _page(queries.entry(entry_id), form, saved.seen), 422
    notice(_("Saved."))
    return redirect_to("entries.workspace", entry_id=entry_id)


def _their_texts(clash: Conflict, fields: list[Any]) -> dict[str, str]:
    theirs: dict[str, Any] = (clash.current or {}).get("answers", {})
    labels = {field.key: localized(field.label) for field in fields}
    return {key: text if isinstance(text, str) else str(text) for key, text in theirs.items() if key in labels}


@bp.post("/entries/<int:entry_id>/answers/autosave")
@on_entry(policy.may_see_own)
def autosave(entry_id: int) -> ResponseReturnValue:
    """Save the changed fields; 409 with both texts where a teammate changed one of them meanwhile."""
    entry = queries.entry(entry_id)
    fields = queries.fields_asked(entry.contest, request.form.get("a-board") or queries.working_board(entry).code)
    typed = typed_answers(fields, request.form, only=request.form.getlist("changed"))
    seen = Seen.read(request.form.get("version"))
    try:
        with unit_of_work():
            saved = services.save_answers(entry, typed, seen=seen, actor=current_actor(), at=clock.now())
    except Conflict as clash:
        current = dict((clash.current or {}).get("answers", {}))
        body = {
            "error": _(clash.msgid),
            "current": current,
            "yours": typed,
            "version": (clash.current or {})["version"],
        }
        return jsonify(body), 409
    errors = {f"a-{key}": [_(msgid, **params)] for key, (msgid, params) in saved.errors.items()}
    names = queries.name_findings(saved.entry, {key: saved.entry.answers.get(key) for key in typed})
    return jsonify(
        {
            "version": saved.seen.token(),
            "saved_at": f"{clock.local(clock.now()):%H:%M}",
            "errors": errors,
            "warnings": {f"a-{key}": _warning(hits) for key, hits in names.items()},
        }
    )
