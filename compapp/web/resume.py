"""Keeping what was typed when a session has ended, and a signed way back to where it was typed."""

import re

from flask import current_app, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.exceptions import HTTPException

_MOST_KEPT = 500_000
_SECRET = ("csrf_token", "password", "present", "token")
"""Names of fields (or parts of names) that are never shown or carried again."""
_PATH = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f\\]*")
"""A path of this site: browsers read a backslash as a slash and skip tabs, and would go to another host."""


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="way-back")


def sign_way_back(path: str) -> str:
    """Return ``path`` signed, so that nobody can send a person elsewhere after sign-in."""
    return str(_signer().dumps(path))


def way_back(token: str | None) -> str | None:
    """Return the path behind a signed way back, nothing for a forged one."""
    if not token:
        return None
    try:
        path = str(_signer().loads(token))
    except BadSignature:
        return None
    return path if _PATH.fullmatch(path) else None


CARRIED = "kept."
"""Before the name of each field that the sign-in form carries for the form that was interrupted."""


SIGN_IN = "accounts.sign_in"


def is_sign_in() -> bool:
    """Whether this request is for the page that signs people in."""
    return request.path == url_for(SIGN_IN)


def carried_fields() -> list[tuple[str, str]]:
    """Return the fields that the posted sign-in form carries, under their own names."""
    return [(name[len(CARRIED) :], text) for name, text in request.form.items(multi=True) if name.startswith(CARRIED)]


def opens_by_get(path: str) -> bool:
    """Whether ``path`` is a page, rather than only the target of a form."""
    try:
        current_app.url_map.bind("").match(path.partition("?")[0], method="GET")
    except HTTPException:
        return False
    return True


def kept_fields() -> list[tuple[str, str]]:
    """Return the text fields of the posted form (never passwords or tokens) as name and value."""
    if is_sign_in():
        return carried_fields()
    kept: list[tuple[str, str]] = []
    size = 0
    for name, values in request.form.lists():
        if any(part in name for part in _SECRET):
            continue
        for value in values:
            size += len(value)
            if size > _MOST_KEPT:
                return kept
            kept.append((name, value))
    return kept
