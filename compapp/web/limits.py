"""Rate limits, counted in the queue server where there is one, else in the process."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, default_limits=[], headers_enabled=False)


def init(app: Flask, redis_url: str) -> None:
    """Bind the limiter; a queue server that is away never blocks a page."""
    url = redis_url.replace("unix://", "redis+unix://") if redis_url.startswith("unix://") else redis_url
    app.config["RATELIMIT_STORAGE_URI"] = url or "memory://"
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = True
    app.config["RATELIMIT_SWALLOW_ERRORS"] = True
    if url:
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
    limiter.init_app(app)
