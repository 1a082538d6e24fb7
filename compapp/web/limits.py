"""Rate limits, counted in the queue server where there is one, else in the process."""

import logging

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, RateLimiter
from redis.backoff import NoBackoff
from redis.retry import Retry

limiter = Limiter(get_remote_address, default_limits=[], headers_enabled=False)
_log = logging.getLogger(__name__)
_in_process = FixedWindowRateLimiter(MemoryStorage())


def init(app: Flask, redis_url: str) -> None:
    """Bind the limiter; a queue server that is away never blocks a page."""
    url = redis_url.replace("unix://", "redis+unix://") if redis_url.startswith("unix://") else redis_url
    app.config["RATELIMIT_STORAGE_URI"] = url or "memory://"
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = True
    app.config["RATELIMIT_SWALLOW_ERRORS"] = True
    if url:
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {
            "socket_timeout": 0.5,
            "socket_connect_timeout": 0.5,
            "retry": Retry(NoBackoff(), 0),
        }
    limiter.init_app(app)


class Tries:
    """A number of tries within a time: ``Tries("sign-in", 10, 900)``, counted for each key."""

    def __init__(self, name: str, most: int, seconds: int) -> None:
        self._item: RateLimitItem = RateLimitItemPerSecond(most, seconds, namespace=name)

    def are_left(self, key: str) -> bool:
        """Whether another try may be made; counts nothing."""
        return self._ask("test", key)

    def take(self, key: str) -> bool:
        """Count a try; whether it was still within the limit."""
        return self._ask("hit", key)

    def forget(self, key: str) -> None:
        """Give ``key`` all its tries back."""
        for strategy in (limiter.limiter, _in_process):
            try:
                strategy.clear(self._item, key)
            except Exception:
                _log.warning("the tries could not be counted", exc_info=True)

    def _ask(self, question: str, key: str) -> bool:
        """Ask where the limits are counted; in this process while that place is away."""
        strategy: RateLimiter = limiter.limiter
        try:
            return bool(getattr(strategy, question)(self._item, key))
        except Exception:
            _log.warning("the tries could not be counted in the queue server", exc_info=True)
            return bool(getattr(_in_process, question)(self._item, key))
