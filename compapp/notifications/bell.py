"""The bell: tells the worker that something waits. It may fail or be lost; the sweeper delivers all the same."""

import logging
import time

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

RUNG = "compapp:outbox-bell"
"""Set from the ringing until the worker begins, so that a hundred commits ring once."""
DRAIN = "compapp.notifications.jobs.drain"
_RESTS = 5.0
_log = logging.getLogger(__name__)


class Bell:
    """Rings through the queue server, never waiting for it longer than half a second."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._redis: Redis | None = None
        self._silent_until = 0.0

    def ring(self) -> None:
        """Let the worker drain the outbox; after a failure the bell rests for a moment."""
        if time.monotonic() < self._silent_until:
            return
        try:
            self._ring()
        except (RedisError, OSError) as error:
            self._silent_until = time.monotonic() + _RESTS
            _log.warning("the queue server does not answer (%s); the sweeper will deliver", type(error).__name__)

    def _ring(self) -> None:
        if self._redis is None:
            self._redis = Redis.from_url(self._url, socket_timeout=0.5, socket_connect_timeout=0.5, retry=None)
        if self._redis.set(RUNG, "1", nx=True, ex=20):
            queue = Queue("default", connection=self._redis, serializer=JSONSerializer)
            queue.enqueue(DRAIN, job_timeout=120, result_ttl=0, failure_ttl=3600)


def answer(connection: "Redis") -> None:
    """Note that the worker has heard: what is posted from now on rings again."""
    connection.delete(RUNG)
