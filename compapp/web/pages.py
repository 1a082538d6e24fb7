"""Rendering and redirecting, with what every page shows around its content."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response


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


def wants_json() -> bool:
    """Whether a script asks (autosave, upload), rather than a person's browser."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
