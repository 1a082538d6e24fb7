"""What a page's script saves of a sheet: changed fields with the version they were typed upon, answered as JSON."""

from collections.abc import Mapping
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from compapp.core.actor import current_actor
from compapp.core.clock import local, now
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid, NotFound
from compapp.core.text import N_
from compapp.judging import forms, queries, services
from compapp.judging.queries.sheets import OpenSheet
from compapp.judging.scoring.card import Card
from compapp.web.i18n import _


def open_again(assignment_id: int) -> OpenSheet:
    """Return the sheet anew, with the rights as they are inside this transaction; NotFound."""
    found = queries.open_sheet(current_actor(), assignment_id)
    if found is None:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return found


def sentences_of(error: Invalid) -> dict[str, list[str]]:
    """Return the translated sentences of a refusal, by field."""
    fields = {name: [_(msgid, **params) for msgid, params in found] for name, found in error.fields.items()}
    return fields or {"": [_(error.msgid, **error.params)]}


def autosave(found: OpenSheet) -> ResponseReturnValue:
    """Save form fields or a JSON body of the same names.

    200 tells the new version and what could not be saved; 409 tells what stands (``current``) beside what was
    sent. A body with ``note`` alone keeps the judge's own note and leaves the sheet as it is.
    """
    data = request.get_json(silent=True) if request.is_json else None
    if request.is_json and not isinstance(data, dict):
        return jsonify({"error": _("This is not a sheet.")}), 400
    try:
        answer = _keep_note(found, data) if forms.is_note_alone(data) else _keep_sheet(found, data)
    except Invalid as error:
        return jsonify({"error": _(error.msgid, **error.params), "errors": sentences_of(error)}), 422
    except Conflict as error:
        current = _plain(open_again(found.assignment.id))
        both = {"current": current, "sent": data if data is not None else dict(request.form)}
        return jsonify({"error": _(error.msgid, **error.params), **both}), 409
    return jsonify(answer)


def _keep_note(found: OpenSheet, data: Mapping[str, Any] | None) -> dict[str, Any]:
    text, version = forms.note_input(data)
    with unit_of_work():
        kept = services.keep_note(found.assignment, text or "", version=version, actor=current_actor(), at=now())
    return {"note_version": kept, "saved_at": f"{local(now()):%H:%M}", "errors": {}}


def _keep_sheet(found: OpenSheet, data: Mapping[str, Any] | None) -> dict[str, Any]:
    typed, faults = _savable(services.card_for(found.round), forms.sheet_input(data))
    version = forms.version_of(data)
    with unit_of_work():
        saved = services.save_sheet(found.assignment, typed, version=version, actor=current_actor(), at=now())
    return {"version": saved.version, "saved_at": f"{local(saved.saved_at):%H:%M}", "errors": faults}


def _savable(card: Card, typed: services.SheetInput) -> tuple[services.SheetInput, dict[str, list[str]]]:
    """Part what can be saved from what cannot, so that one wrong number does not keep the rest from being kept."""
    read, faults = services.read_scores(card, typed.scores)
    kept = services.SheetInput(
        scores=read, comments=typed.comments, comment=typed.comment, comment_to_jury=typed.comment_to_jury
    )
    sentences = {f"score-{code}": [_(msgid, **params) for msgid, params in found] for code, found in faults.items()}
    return kept, sentences


def _plain(found: OpenSheet) -> dict[str, Any]:
    """Return what stands of the judge's own sheet and note."""
    sheet, note = found.sheet, found.note
    return {
        "version": sheet.version if sheet is not None else 0,
        "state": sheet.state if sheet is not None else "",
        "scores": dict(sheet.scores) if sheet is not None else {},
        "comments": dict(sheet.comments) if sheet is not None else {},
        "comment": sheet.comment if sheet is not None else "",
        "comment_to_jury": sheet.comment_to_jury if sheet is not None else "",
        "note": note.text if note is not None else "",
        "note_version": note.version if note is not None else 0,
    }
