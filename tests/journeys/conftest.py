"""What journeys ask for: an installation of processes, and people with browsers of their own."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from compapp.demo.cast import ACCOUNTS, DOMAIN, PASSWORD
from tests.journeys.house import CLOCK, JOBS, WEB, House
from tests.journeys.permissions.building import moment_of
from tests.journeys.permissions.stages import built
from tests.journeys.visitor import Visitor
from tests.services import QueueServer

__all__ = ["built"]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An empty installation that runs: ``.url``, ``.move_to(moment)``, ``.letters()``."""
    queue = QueueServer()
    made = House(tmp_path_factory.mktemp("house"), queue)
    try:
        made.flask("db", "upgrade")
        made.start()
        yield made
    finally:
        made.stop()
        queue.stop()


@pytest.fixture(scope="module")
def demonstration(
    built: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[House]:
    """The demonstration at the phase that the module names (``PHASE``), with web, worker and clock running."""
    queue = QueueServer()
    made = House(tmp_path_factory.mktemp("demonstration"), queue)
    phase: str = getattr(request, "param", request.module.PHASE)
    shutil.copy(built / f"{phase}.db", made.data_dir / "compapp.db")
    shutil.copytree(built / "files", made.data_dir / "files", copy_function=os.link)
    made.move_to(moment_of(phase))
    try:
        made.start(WEB, JOBS, CLOCK)
        yield made
    finally:
        made.stop()
        queue.stop()


@pytest.fixture(scope="module")
def player(browser: Any, demonstration: House) -> Iterator[Callable[..., Visitor]]:
    """Give somebody of the demonstration at a browser: ``player("student", width=390, locale="vi")``."""
    guests = Guests(browser, demonstration)

    def welcome(account: str, **options: Any) -> Visitor:
        assert account in ACCOUNTS or account == "visitor"
        made = guests.welcome(account, f"{account}@{DOMAIN}", **options)
        made.password = PASSWORD
        return made

    yield welcome
    guests.say_goodbye()


@pytest.fixture(scope="module")
def newcomer(browser: Any, house: House) -> Iterator[Callable[..., Visitor]]:
    """Make people with browsers of their own; at the end nothing may stand on a console and no page have failed."""
    guests = Guests(browser, house)
    yield guests.welcome
    guests.say_goodbye()


class Guests:
    """The browsers of a journey, and what went wrong in them."""

    def __init__(self, browser: Any, house: House) -> None:
        self.browser = browser
        self.house = house
        self.contexts: list[Any] = []
        self.faults: list[str] = []

    def welcome(self, name: str, email: str, *, width: int = 1280, locale: str = "vi", **options: Any) -> Visitor:
        """Return somebody at a new browser."""
        context = self.browser.new_context(
            base_url=self.house.url,
            viewport={"width": width, "height": 900},
            locale="vi-VN" if locale == "vi" else "en-GB",
            timezone_id="Asia/Ho_Chi_Minh",
            **options,
        )
        if locale == "en":
            context.add_cookies([{"name": "language", "value": "en", "url": self.house.url}])
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8_000)
        page.on("console", self._note_console)
        page.on("pageerror", self._note_error)
        page.on("response", self._note_response)
        return Visitor(page, self.house, name, email, locale)

    def _note_error(self, error: object) -> None:
        """A page that is left while its modules arrive says so; a module that is missing is told by its answer."""
        if "Failed to fetch dynamically imported module" not in str(error):
            self.faults.append(f"script error: {error}")

    def say_goodbye(self) -> None:
        """Close the browsers; AssertionError with what they reported."""
        for context in self.contexts:
            context.close()
        assert not self.faults, "the browsers reported: " + "; ".join(self.faults)

    def _note_console(self, message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(f"{message.text} at {message.location.get('url', '')}")

    def _note_response(self, response: Any) -> None:
        if response.status >= 500 or (response.status >= 400 and "/static/" in response.url):
            self.faults.append(f"{response.status} for {response.url}")
