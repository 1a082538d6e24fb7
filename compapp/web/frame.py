"""What every page shows around its content, and addresses of static files that change with their content."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request, url_for
from jinja2 import StrictUndefined

from compapp.core import clock
from compapp.core.actor import Actor, current_actor
from compapp.web import navigation
from compapp.web.i18n import LANGUAGES, _, current_locale
from compapp.web.request import is_open_to
from compapp.web.resume import sign_way_back

SITE_NAME = "compapp"


def init(app: Flask) -> None:
    """Give every template the frame."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(_frame)
    app.after_request(_keep_static)


def _frame() -> dict[str, Any]:
    actor = current_actor()
    return {
        "actor": actor,
        "navigation": _navigation(),
        "unread_count": navigation.unread_count(actor) if actor.limited_to is None else 0,
        "locale": current_locale(),
        "languages": LANGUAGES,
        "way_back": sign_way_back(request.full_path.rstrip("?") if request.method == "GET" else request.path),
        "static_url": static_url,
        "now": clock.now(),
        "site_name": SITE_NAME,
        "demo_mode": current_app.config["ENVIRONMENT"] == "demo",
        "places": _places(actor),
    }


def _places(actor: Actor) -> dict[str, Any]:
    """Return the addresses that the frame links to; a room that is not there leaves its usual address."""
    known = current_app.view_functions
    found: dict[str, Any] = {
        name: _address(endpoint)
        for name in ("inbox", "account", "sign_in", "sign_out")
        if (endpoint := navigation.place(name)) in known and endpoint is not None
    }
    start = navigation.place("start")
    found["home"] = _address("web.home" if actor.is_signed_in or start not in known else start or "web.home")
    if actor.limited_to is not None:
        found["home"] = next((_address(entry.endpoint) for entry in _entries()), found["home"])
    found["footer"] = [
        {"label": _(link.label), "url": _address(link.endpoint)}
        for link in navigation.footer_links()
        if link.endpoint in known
    ]
    return found


def _entries() -> list[navigation.NavEntry]:
    """Return the places that the actor sees and that the session reaches."""
    actor = current_actor()
    return [entry for entry in navigation.entries_for(actor) if is_open_to(actor, entry.endpoint)]


def _navigation() -> list[dict[str, Any]]:
    entries = _entries()
    urls = [_address(entry.endpoint) for entry in entries]
    here = navigation.current_entry(entries, request.endpoint, request.path, urls)
    return [
        {"label": _(entry.label), "url": url, "current": entry is here}
        for entry, url in zip(entries, urls, strict=True)
    ]


@lru_cache(maxsize=500)
def _fingerprinted(folder: str, path: str, _root: str) -> str:
    file = Path(folder) / path
    mark = hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "0"
    return url_for("static", filename=path, v=mark)


def static_url(path: str) -> str:
    """Return the address of a static file, with a mark that changes when its content does."""
    return _fingerprinted(current_app.static_folder or "", path, request.root_path)


@lru_cache(maxsize=500)
def _built(endpoint: str, _root: str) -> str:
    return url_for(endpoint)


def _address(endpoint: str) -> str:
    """Return the address of a place that every page links to; it depends on nothing but where the site is mounted."""
    return _built(endpoint, request.root_path)


def _keep_static(response: Response) -> Response:
    if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
