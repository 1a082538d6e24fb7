"""A turnstile in front of the application: in a rush those who are further along go first.

Many threads read requests and wait; few work at a time, since one interpreter does one thing at a time anyway and a
thread that holds the database must not wait for a dozen others. Who sends something goes before who opens a page, and
both go before who only signs in: in the last minute before a deadline whoever began is done before newcomers begin,
instead of nobody. A later deed passes a page by no more than :data:`HEAD_START`, so everybody's turn comes.
"""

import heapq
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from tempfile import SpooledTemporaryFile
from threading import Lock
from typing import Any

AT_WORK = 3
"""How many requests of a process are worked on at once."""
HEAD_START = 12.0
"""Seconds by which a page lets a later deed pass, and a visitor a later page."""
FREE = ("/static/", "/health")
"""What passes freely: it costs next to nothing, and says whether the house stands."""
MOST_READ_AHEAD = 32 * 1024 * 1024
"""Bytes of a body that are read before the turnstile; a longer one, and one of unknown length, passes freely."""


IN_MEMORY = 2 * 1024 * 1024
"""Bytes of a body that wait in memory; longer ones wait in a file."""


class Turnstile:
    """A WSGI application that lets few requests at a time through to ``app``, the furthest along first."""

    def __init__(self, app: Any, session_cookie: str, at_work: int = AT_WORK) -> None:
        self._app = app
        self._mark = f"{session_cookie}="
        self._free = at_work
        self._lock = Lock()
        self._waiting: list[tuple[float, int, Lock]] = []
        self._numbers = count()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request; its body is there before its turn comes, so that a slow network keeps nobody waiting."""
        if environ.get("PATH_INFO", "").startswith(FREE) or _length(environ) > MOST_READ_AHEAD:
            free: Iterable[bytes] = self._app(environ, start_response)
            return free
        with _read_ahead(environ), self._passing(self._wait_of(environ)):
            answer: Iterable[bytes] = self._app(environ, start_response)
        return answer

    def _wait_of(self, environ: dict[str, Any]) -> float:
        if self._mark not in environ.get("HTTP_COOKIE", "") or environ.get("PATH_INFO") == "/sign-in":
            return 2 * HEAD_START
        return HEAD_START if environ["REQUEST_METHOD"] in ("GET", "HEAD") else 0.0

    @contextmanager
    def _passing(self, wait: float) -> Iterator[None]:
        self._enter(time.monotonic() + wait)
        try:
            yield
        finally:
            self._leave()

    def _enter(self, place: float) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            turn = Lock()
            turn.acquire()
            heapq.heappush(self._waiting, (place, next(self._numbers), turn))
        turn.acquire()

    def _leave(self) -> None:
        with self._lock:
            if self._waiting:
                heapq.heappop(self._waiting)[2].release()
            else:
                self._free += 1


def _length(environ: dict[str, Any]) -> float:
    """Return how many bytes the body has; of unknown length counts as endless."""
    length = environ.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdigit() and not environ.get("HTTP_TRANSFER_ENCODING") else float("inf")


@contextmanager
def _read_ahead(environ: dict[str, Any]) -> Iterator[None]:
    """Read the body into a file that lasts as long as the request; a body that broke off stays too short."""
    left = int(_length(environ))
    if not left:
        yield
        return
    with SpooledTemporaryFile(max_size=IN_MEMORY) as body:
        while left and (piece := environ["wsgi.input"].read(min(left, 64 * 1024))):
            body.write(piece)
            left -= len(piece)
        body.seek(0)
        environ["wsgi.input"] = body
        yield
