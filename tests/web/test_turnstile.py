"""Few requests are worked on at once, the furthest along first; a slow network holds nobody else up."""

import io
from collections.abc import Callable, Iterable
from threading import Event, Thread
from typing import Any

import pytest

from compapp.web.turnstile import MOST_READ_AHEAD, Turnstile

SIGNED_IN = {"HTTP_COOKIE": "compapp=abc"}


class House:
    """An application that notes who comes in, and lets nobody out before it is told."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.bodies: list[bytes] = []
        self.come_in = Event()
        self.go_on = Event()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.seen.append(environ["PATH_INFO"])
        self.bodies.append(environ["wsgi.input"].read())
        self.come_in.set()
        assert self.go_on.wait(10)
        return [b""]


def asked(path: str, method: str = "GET", **more: Any) -> dict[str, Any]:
    return {"PATH_INFO": path, "REQUEST_METHOD": method, "wsgi.input": io.BytesIO(), **more}


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(1000):
        if condition():
            return
        Event().wait(0.005)
    raise AssertionError("it did not come to that")


def test_whoever_is_further_along_goes_first() -> None:
    house = House()
    door = Turnstile(house, "compapp", at_work=1)
    threads = []

    def come(environ: dict[str, Any], waiting: int) -> None:
        threads.append(Thread(target=door, args=(environ, None)))
        threads[-1].start()
        wait_for(lambda: len(door._waiting) == waiting)

    come(asked("/first"), 0)
    assert house.come_in.wait(10)
    come(asked("/sign-in", "POST", CONTENT_LENGTH="0", **SIGNED_IN), 1)
    come(asked("/entries/1", **SIGNED_IN), 2)
    come(asked("/entries/1/submission", "POST", CONTENT_LENGTH="0", **SIGNED_IN), 3)
    come(asked("/static/app.css"), 3)
    house.go_on.set()
    for thread in threads:
        thread.join(10)
    assert house.seen == ["/first", "/static/app.css", "/entries/1/submission", "/entries/1", "/sign-in"]


def test_a_failure_gives_the_place_back() -> None:
    def fails(_environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        raise RuntimeError("broken")

    door = Turnstile(fails, "compapp", at_work=1)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            door(asked("/x"), None)


class SlowBody:
    """A body whose last piece arrives only when somebody else has been served."""

    def __init__(self, until: Event) -> None:
        self._until = until
        self._pieces = [b"slow", b"ly"]

    def read(self, _most: int) -> bytes:
        if len(self._pieces) == 1:
            assert self._until.wait(10)
        return self._pieces.pop(0) if self._pieces else b""


def test_a_slow_body_keeps_nobody_from_working_and_arrives_whole() -> None:
    house, served = House(), Event()
    house.go_on.set()
    door = Turnstile(house, "compapp", at_work=1)
    slow = asked("/files", "POST", CONTENT_LENGTH="6", **SIGNED_IN) | {"wsgi.input": SlowBody(served)}
    thread = Thread(target=door, args=(slow, None))
    thread.start()
    door(asked("/entries/1", **SIGNED_IN), None)
    served.set()
    thread.join(10)
    assert (house.seen, house.bodies) == (["/entries/1", "/files"], [b"", b"slowly"])


@pytest.mark.parametrize("head", [{"CONTENT_LENGTH": str(MOST_READ_AHEAD + 1)}, {"HTTP_TRANSFER_ENCODING": "chunked"}])
def test_what_is_too_long_to_read_ahead_passes_freely(head: dict[str, str]) -> None:
    house = House()
    house.go_on.set()
    door = Turnstile(house, "compapp", at_work=0)
    door(asked("/files", "POST", **head), None)
    assert house.seen == ["/files"]
