"""What the wizard's pages share: reading what was typed, saving it, and showing a page again with its faults."""

import copy
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from compapp.contests import queries, services
from compapp.contests.file.faults import ContestFileRefused
from compapp.contests.file.shift import launch_day
from compapp.contests.forms.setup.binding import PieceForm, dig, field_at
from compapp.contests.forms.setup.rows import acted
from compapp.contests.models import Contest
from compapp.contests.services.revision import definition_of
from compapp.contests.setup.checks import Finding
from compapp.contests.setup.drafted import said_on
from compapp.contests.setup.stale import one_side_changed
from compapp.contests.setup.start import untouched
from compapp.contests.setup.steps import BY_NAME, STATES, STEPS, next_step, state_of
from compapp.contests.setup.tidy import tidy
from compapp.contests.views.setup.seen import clashes, seen_version, shown_version
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Invalid
from compapp.core.text import N_
from compapp.web.i18n import _
from compapp.web.pages import notice, render

Document = dict[str, Any]


class Typed(NamedTuple):
    """What was sent: the text (None for a mere look), the row to look at, and whether it is to be saved."""

    text: MultiDict[str, str] | None
    focus: str
    save: bool


def typed() -> Typed:
    """Return what was typed; a button of a row has been obeyed already, and then nothing is saved."""
    if request.method != "POST":
        return Typed(None, "", False)
    text, act = MultiDict(request.form.items(multi=True)), request.form.get("row", "")
    if not act:
        return Typed(text, "", True)
    text.pop("row", None)
    moved, focus = acted(text, act)
    return Typed(moved, focus, False)


def save(code: str, change: Callable[[Document], None]) -> bool:
    """Let ``change`` edit the definition and save it; return whether anything changed.

    Raises what the service raises: ContestFileRefused, Invalid (no reason), Conflict, Refused.
    """
    with unit_of_work():
        contest = queries.contest_by_code(code)
        document = definition_of(contest)
        before = copy.deepcopy(document)
        change(document)
        tidy(document)
        if document == before:
            return False
        services.revise(
            contest,
            document,
            reason=request.form.get("reason", ""),
            version=seen_version(),
            actor=current_actor(),
            at=now(),
        )
    _remind_of_the_other_language(before, document)
    return True


def _remind_of_the_other_language(before: Document, after: Document) -> None:
    found = sorted(set(one_side_changed(before, after)))
    if found:
        names = ", ".join(f"“{text[:80]}”" for text in found[:_NAMED])
        notice(_("Only one language was changed of %(texts)s. See whether the other still says the same.", texts=names))


def put_faults(form: PieceForm, error: Invalid, base: str) -> None:
    """Put the faults of a definition on the fields they belong to; ``base`` is the path of the piece, with its dot."""
    if not isinstance(error, ContestFileRefused):
        elsewhere = [
            _(msgid, **params) for name, found in error.fields.items() if name not in form for msgid, params in found
        ]
        form.form_errors += elsewhere
        if not elsewhere:
            form.apply(error)
        return
    for fault in error.faults:
        sentence = _(_PLAINER.get(fault.msgid, fault.msgid), **fault.params)
        path = tuple(fault.path.removeprefix(base).replace("[", ".").replace("]", "").split("."))
        field = field_at(form, path) if fault.path.startswith(base) else None
        if field is not None:
            field.errors = [*field.errors, sentence]
            form.form_errors += _row_faults(form, field, sentence)
        else:
            form.form_errors.append(sentence)


def _row_faults(form: PieceForm, field: Any, sentence: str) -> list[str]:
    """Return the sentence with the place of a field that stands in a row; the summary knows the others by itself."""
    name, _dash, rest = str(field.name).partition("-")
    number = rest.partition("-")[0]
    return [f"{form[name].label.text} {int(number) + 1}, {field.label.text}: {sentence}"] if number.isdigit() else []


_NAMED = 4
"""So many texts are named in one notice."""

_PLAINER = {
    "This must be later than “%(first)s”.": N_("This must be after the beginning."),
    "“%(code)s” stands already at %(first)s.": N_("Two things here have the same name. Give one of them another."),
    "Too few items: at least %(limit)s.": N_("Something is missing here. Add at least one."),
}
"""Faults of the file that name its keys, in words for who never sees the file."""


def launch_of(document: Document) -> Any:
    """Return the day from which the days of a definition are counted."""
    return launch_day(document)


def previewed(document: Document, form: PieceForm | None, change: Callable[[Document], None] | None) -> Document:
    """Return the definition as it would be with what was typed, where that can be read; else as it is saved."""
    if form is None or change is None or not request.form or not form.validate():
        return document
    tried = copy.deepcopy(document)
    change(tried)
    tidy(tried)
    return tried


def page(
    template: str,
    contest: Contest,
    step: str,
    document: Document,
    status: int = 200,
    *,
    item: str | None = None,
    saved: Document | None = None,
    **more: Any,
) -> ResponseReturnValue:
    """Render a page of the wizard with its neighbours, what the check says of it, and its rules in words.

    ``item`` is the code of the one thing that the page shows (empty for a new one): only what is said of it is shown.
    """
    found = services.check_setup(contest, now(), saved if saved is not None else document)
    answered = services.accepted_warnings(contest)
    context: Mapping[str, Any] = {
        "contest": contest,
        "step": BY_NAME[step],
        "following": next_step(step),
        "steps": steps_of(saved if saved is not None else document, found, answered),
        "step_states": STATES,
        "place": [one.name for one in STEPS].index(step) + 1,
        "found": [
            one
            for one in found
            if one.step == step and one.key not in answered and (item is None or item in one.key.split("."))
        ],
        "said": said_on(step, document, item or ""),
        "announced": contest.state != "draft",
        "reason": request.form.get("reason", ""),
        "version": shown_version(contest.version),
        "clashes": None,
    }
    return render(template, **{**context, **more}), status


def clashed(
    contest: Contest, step: str, document: Document, saved: PieceForm, form: PieceForm, **more: Any
) -> ResponseReturnValue:
    """Show a page again that somebody else saved meanwhile: what was typed, beside what stands there by now."""
    context = {"form": form, "focus": "", "version": contest.version, "clashes": clashes(saved, form), **more}
    return page("contests/setup/step.html", contest, step, document, 409, **context)


def steps_of(document: Document, found: list[Finding], answered: set[str]) -> list[tuple[Any, str]]:
    """Return every page with how far it is."""
    fresh = untouched(document)
    return [(step, state_of(step.name, found, answered, fresh)) for step in STEPS]


def piece_at(document: Document, path: tuple[str, ...]) -> Any:
    """Return what stands at a path; an empty object where nothing does."""
    return dig(document, path)[1] or {}
