"""Pages that are the same for every visitor: built once, kept in the process, answered by 304 when unchanged.

A page is known by its mark (what it shows), its address, the language and a slot of the clock: countdowns and
what is under way are at most ``SLOT`` seconds old. Who is signed in, or is to read a message after an action,
gets a page of their own.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from flask import current_app, make_response, request, session
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.web.i18n import current_locale

SLOT = 30
"""Seconds after which a kept page is built anew."""

MOST = 64
"""How many pages a process keeps."""

_pages: OrderedDict[str, str] = OrderedDict()
_lock = Lock()


def kept(mark: str, make: Callable[[], str]) -> ResponseReturnValue:
    """Answer with the page of ``mark``, made by ``make`` only where no copy is at hand."""
    if current_actor().is_signed_in or session.get("_flashes"):
        return make()
    tag = _tag(mark)
    if request.if_none_match.contains(tag):
        return _answer(make_response("", 304), tag)
    body = _held(tag)
    if body is None:
        body = make()
        _hold(tag, body)
    return _answer(make_response(body), tag)


def _tag(mark: str) -> str:
    parts = (
        mark,
        request.full_path,
        request.host_url,
        current_locale(),
        current_app.config["ENVIRONMENT"],
        str(int(now().timestamp()) // SLOT),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


def _held(tag: str) -> str | None:
    with _lock:
        body = _pages.get(tag)
        if body is not None:
            _pages.move_to_end(tag)
        return body


def _hold(tag: str, body: str) -> None:
    with _lock:
        _pages[tag] = body
        while len(_pages) > MOST:
            _pages.popitem(last=False)


def _answer(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    return response


def forget() -> None:
    """Forget every kept page (for tests)."""
    with _lock:
        _pages.clear()
