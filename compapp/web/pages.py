"""Rendering and redirecting, with what every page shows around its content."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from compapp.core.errors import Sentence
from compapp.web.i18n import _, ngettext

MOST_NAMED = 10
"""What a message names before it counts the rest."""


def render(template: str, **context: Any) -> str:
    """Render ``template``."""
    return render_template(template, **context)


def redirect_to(endpoint: str, **values: Any) -> Response:
    """Lead to another page with 303, so that reloading does not post again."""
    return redirect(url_for(endpoint, **values), 303)


def notice(message: str) -> None:
    """Show ``message`` (translated) on the next page as good news."""
    flash(message, "notice")


def warning(message: str) -> None:
    """Show ``message`` (translated) on the next page as a warning."""
    flash(message, "warning")


def warn_left_out(left_out: Sequence[tuple[str, Sentence]]) -> None:
    """Warn what a deed on many left out, by name and reason, the first ten; says nothing where nothing was."""
    if not left_out:
        return
    named = "; ".join(f"{name}: {_(msgid, **params)}" for name, (msgid, params) in left_out[:MOST_NAMED])
    more = len(left_out) - MOST_NAMED
    if more <= 0:
        warning(_("Left out: %(names)s", names=named))
        return
    warning(
        ngettext("Left out: %(names)s; and %(num)d more", "Left out: %(names)s; and %(num)d more", more, names=named)
    )


def wants_json() -> bool:
    """Whether a script asks (autosave, upload), rather than a person's browser."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
