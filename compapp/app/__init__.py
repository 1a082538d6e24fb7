"""Opens the rooms: the one place that sees them all and wires what lower rooms must show of upper ones."""

import logging

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from compapp.app.wiring import open_rooms
from compapp.core import clock, db, files
from compapp.core.settings import Settings, from_environment
from compapp.web import errors, filters, frame, i18n, limits, request, security
from compapp.web.turnstile import Turnstile


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application for ``settings`` (default: the environment's)."""
    settings = settings or from_environment()
    app = Flask("compapp", template_folder="../templates", static_folder="static")
    app.config["ENVIRONMENT"] = settings.environment
    app.config["SETTINGS"] = settings
    if settings.site_url:
        app.config["PREFERRED_URL_SCHEME"] = settings.site_url.split("://")[0]
    _open_ground_floor(settings)
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=settings.trusted_proxies)  # type: ignore[method-assign]
    request.init(app)
    security.init(app, settings)
    i18n.init(app)
    filters.init(app)
    frame.init(app)
    errors.init(app)
    limits.init(app, settings.redis_url)
    logging.basicConfig(level=logging.INFO)
    open_rooms(app, settings)
    app.wsgi_app = Turnstile(app.wsgi_app, app.config["SESSION_COOKIE_NAME"])  # type: ignore[method-assign]
    return app


def _open_ground_floor(settings: Settings) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    db.configure(settings.database_url)
    files.use_folder(settings.data_dir / "files")
    clock.use_offset_file(None if settings.is_production else settings.data_dir / "run" / "clock")
