"""What the pages of this room share: the blueprint, the person signed in, the browser's name."""

import re

from flask import Blueprint, current_app, g, request, session

from compapp.accounts import queries
from compapp.accounts.models import Person
from compapp.core.actor import current_actor
from compapp.core.errors import NotFound
from compapp.core.text import N_
from compapp.web.request import TOKEN, become

bp = Blueprint("accounts", __name__)

_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("coc_coc", "Cốc Cốc"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"))
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"))


def oneself() -> Person:
    """Return the person signed in."""
    person_id = current_actor().person_id
    found = queries.person(person_id) if person_id is not None else None
    if found is None:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return found


def browser_name() -> str:
    """Return the browser in words, such as "Chrome, Windows"; versions change too often to tell devices apart."""
    agent = request.user_agent.string
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    if not browser:
        browser = "Safari" if "Safari/" in agent else re.split(r"[/\s]", agent.strip(), maxsplit=1)[0][:40] or "?"
    system = next((name for mark, name in _SYSTEMS if mark in agent), "Linux" if "Linux" in agent else "")
    return f"{browser}, {system}" if system else browser


def remember(token: str, person: Person) -> None:
    """Sign this browser in with a fresh cookie session (so also a fresh form token)."""
    session.clear()
    g.pop(current_app.config["WTF_CSRF_FIELD_NAME"], None)
    session[TOKEN] = token
    session.permanent = True
    actor = queries.actor_of(token)
    if actor is not None:
        become(actor)


def held_token() -> str | None:
    """Return the session token that this browser holds."""
    token: str | None = session.get(TOKEN)
    return token
