"""Headers and cookies: a fixed policy, no inline script, private pages never stored."""

from collections.abc import Callable

from flask import Flask, Response, request, session
from flask_wtf import CSRFProtect

from compapp.core.actor import current_actor
from compapp.core.settings import Settings

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
MOST_TEXT = 8 * 1024 * 1024
"""Bytes of a form without files; a Vietnamese letter takes up to nine of them."""
csrf = CSRFProtect()


def init(app: Flask, settings: Settings) -> None:
    """Set what safety.md section 10 asks for."""
    https = settings.site_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="compapp",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=60 * 60 * 24 * 30,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=https,
        MAX_CONTENT_LENGTH=220 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=2000,
    )
    if settings.is_production:
        app.config["TRUSTED_HOSTS"] = [settings.site_url.split("://", 1)[1].split("/")[0].split(":")[0]]
    app.before_request(_limit_text)
    csrf.init_app(app)
    app.after_request(_headers(https))


def _is_same_for_all() -> bool:
    """Whether this answer to a visitor could be anybody's: not behind a link from a mail, without a form token."""
    return request.method == "GET" and "token" not in (request.view_args or {}) and not session


def _limit_text() -> None:
    """Refuse bodies that would be read into memory at once; only uploads (multipart) may be large."""
    if not request.mimetype.startswith("multipart/"):
        request.max_content_length = MOST_TEXT


def _headers(https: bool) -> Callable[[Response], Response]:
    def add(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if https:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        if request.endpoint != "static":
            headers.setdefault("Vary", "Cookie")
            is_shared = "Cache-Control" in headers and request.method == "GET"
            if current_actor().is_signed_in or not (is_shared or _is_same_for_all()):
                headers["Cache-Control"] = "private, no-store"
        return response

    return add
