"""The blueprint of the public pages, and where they lead."""

from flask import Blueprint, current_app, url_for

bp = Blueprint("portal", __name__)
START = "entries.start"


def start_url(code: str) -> str:
    """Return where an entry is begun in the contest ``code``."""
    known = START in current_app.view_functions
    return url_for(START, code=code) if known else f"/contests/{code}/entries/new"
