"""The organiser's form: saved by a plain POST or field by field while typing; nothing typed is lost."""

from collections.abc import Collection, Sequence
from typing import Any

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue

from compapp.contests.definition import EntryForm, FormField
from compapp.contests.models import Contest
from compapp.core import clock
from compapp.core.actor import current_actor
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict
from compapp.entries import blindness, policy, queries, services
from compapp.entries.forms import (
    PREFIX,
    answers_form,
    control_pairs,
    place_errors,
    shown_choices,
    shown_token,
    typed_answers,
    untouched,
)
from compapp.entries.models import Entry
from compapp.entries.policy import EntryFacts
from compapp.entries.structured import STRUCTURED
from compapp.entries.versions import Seen
from compapp.entries.views.blueprint import bp, on_entry, on_team, workspace_page
from compapp.web.access import facts
from compapp.web.i18n import _, localized, ngettext
from compapp.web.pages import notice, redirect_to


def _page(
    entry: Entry, form: Any, seen: Seen, *, clashes: dict[str, Any] | None = None, unsaved: Collection[str] = ()
) -> str:
    found: EntryFacts = facts()
    fields = queries.fields_asked(entry.contest, queries.working_board(entry).code)
    state = queries.completeness(entry)
    return workspace_page(
        "entries/answers.html",
        entry,
        facts=found,
        form=form,
        fields=fields,
        choices=shown_choices(entry.contest, fields),
        seen=seen.token(),
        shown=shown_token(fields, entry.answers),
        clashes=clashes or {},
        unsaved=" ".join(PREFIX + key for key in unsaved),
        names=_names_found(entry),
        editable=policy.may_edit(current_actor(), found),
        pairs=saved_pairs(fields, entry),
        board=queries.working_board(entry).code,
        parts={one.code: one for one in EntryForm.of(entry.contest).sections},
        conditions=conditions_in_words(entry.contest, fields),
        saved_at=_clock_of(entry),
        complete=_complete(state),
        deadline=queries.entry_window(entry).deadline(clock.now()),
    )


def saved_pairs(fields: Sequence[FormField], entry: Entry) -> dict[str, list[list[str]]]:
    """Return what is saved as a page would send it: a closed form holds it against what the device still keeps."""
    return {field.key: control_pairs(field, entry.answers.get(field.key)) for field in fields}


def conditions_in_words(contest: Contest, fields: Sequence[FormField]) -> dict[str, str]:
    """Return when a conditional question is asked, in words: field key to a sentence."""
    by_key = {field.key: field for field in EntryForm.of(contest).fields}
    said: dict[str, str] = {}
    for field in fields:
        asked = by_key.get(field.shown_if.field) if field.shown_if is not None else None
        if asked is None or field.shown_if is None:
            continue
        choices = shown_choices(contest, [asked])[asked.key]
        words = [_word_of(value, choices) for value in field.shown_if.values]
        said[field.key] = _(
            "Only if the answer to “%(question)s” is: %(answers)s",
            question=localized(asked.label),
            answers=", ".join(words),
        )
    return said


def _word_of(value: str | bool, choices: dict[str, str]) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return choices.get(value, value)


def _clock_of(entry: Entry) -> str:
    """Return when the entry was last saved: the hour, with the day where it was not today."""
    saved, today = clock.local(entry.saved_at), clock.local(clock.now()).date()
    return f"{saved:%H:%M}" if saved.date() == today else f"{saved:%H:%M, %d/%m}"


def _complete(state: queries.Completeness) -> dict[str, Any]:
    left = len(state.missing)
    text = ngettext("%(num)d thing is missing", "%(num)d things are missing", left) if left else _("Nothing is missing")
    return {"percent": state.percent, "text": text}


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


def _faults(entry: Entry, fields: Sequence[FormField]) -> dict[str, Any]:
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
    """Save what was changed on the page; on a fault or a clash show everything typed again, with both texts.

    A page whose script has saved all says so (``changed`` is there and names nothing).
    """
    entry = queries.entry(entry_id)
    fields = _asked_now(entry)
    only = request.form.getlist("changed") if "changed" in request.form else None
    typed = typed_answers(fields, request.form, only=only)
    left = untouched(entry.contest, fields, typed, request.form.get("shown"))
    meant = {key: value for key, value in typed.items() if key not in left}
    seen = Seen.read(request.form.get("version"))
    try:
        with unit_of_work():
            saved = services.save_answers(entry, meant, seen=seen, actor=current_actor(), at=clock.now())
    except Conflict as clash:
        entry = queries.entry(entry_id)
        newer = Seen.read(str((clash.current or {}).get("version", "")))
        form = answers_form(entry, fields, stored=left)
        return _page(entry, form, newer, clashes=their_texts(clash, entry, fields), unsaved=meant), 409
    if saved.errors:
        entry = queries.entry(entry_id)
        form = answers_form(entry, fields, stored=left)
        place_errors(form, saved.errors)
        return _page(entry, form, saved.seen, unsaved=saved.errors), 422
    notice(_("Saved."))
    return redirect_to("entries.workspace", entry_id=entry_id)


def _asked_now(entry: Entry) -> list[FormField]:
    return queries.fields_asked(entry.contest, request.form.get("a-board") or queries.working_board(entry).code)


def their_texts(clash: Conflict, entry: Entry, fields: Sequence[FormField]) -> dict[str, str]:
    """Return what stands in the clashing fields now, in words."""
    theirs: dict[str, Any] = (clash.current or {}).get("answers", {})
    choices = shown_choices(entry.contest, fields)
    return {
        field.key: _as_words(field, theirs[field.key], choices[field.key]) for field in fields if field.key in theirs
    }


def _as_words(field: FormField, value: Any, labels: dict[str, str]) -> str:
    if field.type in STRUCTURED:
        return "\n".join(text for _name, text in control_pairs(field, value)) or "–"
    return ", ".join(labels.get(text, text) for _name, text in control_pairs(field, value)) or "–"


@bp.post("/entries/<int:entry_id>/answers/autosave")
@on_entry(policy.may_see_own)
def autosave(entry_id: int) -> ResponseReturnValue:
    """Save the changed fields; 409 with both texts where a teammate changed one of them meanwhile."""
    entry = queries.entry(entry_id)
    fields = _asked_now(entry)
    typed = typed_answers(fields, request.form, only=request.form.getlist("changed"))
    seen = Seen.read(request.form.get("version"))
    try:
        with unit_of_work():
            saved = services.save_answers(entry, typed, seen=seen, actor=current_actor(), at=clock.now())
    except Conflict as clash:
        return jsonify(clash_state(clash, queries.entry(entry_id), fields, typed)), 409
    return jsonify(saved_state(saved, fields, typed))


def saved_state(saved: services.Saved, fields: Sequence[FormField], typed: Collection[str]) -> dict[str, Any]:
    """Return what a page hears after its changes were saved."""
    errors = {PREFIX + key: [_(msgid, **params)] for key, (msgid, params) in saved.errors.items()}
    names = queries.name_findings(saved.entry, {key: saved.entry.answers.get(key) for key in typed})
    body = page_state(saved.entry, fields, saved.seen, touched=typed)
    return body | {"errors": errors, "warnings": {PREFIX + key: _warning(hits) for key, hits in names.items()}}


def clash_state(clash: Conflict, entry: Entry, fields: Sequence[FormField], typed: dict[str, Any]) -> dict[str, Any]:
    """Return what a page hears when somebody else changed the same answer: both texts."""
    current: dict[str, Any] = (clash.current or {}).get("answers", {})
    body = page_state(entry, fields, Seen.read(str((clash.current or {}).get("seen"))), touched=current)
    return body | {
        "error": _(clash.msgid),
        "current": current,
        "yours": typed,
        "clashes": their_texts(clash, entry, fields),
    }


@bp.get("/entries/<int:entry_id>/answers/state")
@on_team
def answers_state(entry_id: int) -> ResponseReturnValue:
    """Tell a page that stays open what team mates have saved since the version it has seen."""
    entry = queries.entry(entry_id)
    fields = queries.fields_asked(entry.contest, queries.working_board(entry).code)
    return jsonify(page_state(entry, fields, Seen.read(request.args.get("version")), touched=()))


def page_state(entry: Entry, fields: Sequence[FormField], seen: Seen, *, touched: Collection[str]) -> dict[str, Any]:
    """Return what an open page needs to stay true: its token, the server's time, what changed, what is missing."""
    missed = set(seen.missed(entry.field_versions))
    told = [field for field in fields if field.key in missed or field.key in touched]
    at = clock.now()
    return {
        "version": seen.token(),
        "saved_at": f"{clock.local(at):%H:%M}",
        "now": at.isoformat(),
        "deadline": queries.entry_window(entry).deadline(at).isoformat(),
        "fields": {
            PREFIX + field.key: {
                "pairs": control_pairs(field, entry.answers.get(field.key)),
                "version": entry.field_versions.get(field.key, 1),
                "label": localized(field.label),
                "yours": field.key in touched,
            }
            for field in told
        },
        "complete": _complete(queries.completeness(entry)),
        "asked": queries.working_board(entry).code,
        "next": url_for("entries.workspace", entry_id=entry.id),
    }
