"""A whole installation for a journey: web, worker and clock as processes of their own, a real queue, mails in a folder.

Nothing of it shares memory with the tests: they use pages, read the mails, and look into the database only to know
when everything that was said has been delivered.
"""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.services import QueueServer

ROOT = Path(__file__).resolve().parents[2]
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WEB, JOBS, CLOCK = "web", "jobs", "clock"
_LINK = re.compile(r"https?://[^\s<>\")]+")


def local(words: str) -> datetime:
    """Return the moment of ``2026-09-14 08:00`` in Vietnam."""
    return datetime.fromisoformat(words).replace(tzinfo=ZONE)


@dataclass(frozen=True)
class Letter:
    """A mail that was delivered."""

    key: str
    kind: str
    to: str
    subject: str
    text: str

    @property
    def links(self) -> list[str]:
        """The addresses in the text, in their order."""
        return [found.rstrip(".,;") for found in _LINK.findall(self.text)]


class House:
    """The installation: ``start``, ``move_to`` (the time), ``settled`` (all mail delivered), ``letters``, ``stop``."""

    def __init__(self, data_dir: Path, queue: QueueServer | None = None, mail_url: str = "") -> None:
        """Plan an installation whose data lie in ``data_dir``; nothing runs yet. It works without a queue too."""
        self.data_dir = data_dir
        self.queue: Any = queue
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "FLASK_APP": "wsgi",
            "APP_ENV": "test",
            "DATA_DIR": str(data_dir),
            "DATABASE_URL": f"sqlite:///{data_dir / 'compapp.db'}",
            "MAIL_URL": mail_url or f"file:{data_dir / 'mail'}",
            "REDIS_URL": queue.url if queue is not None else "",
            "SECRET_KEY": "a secret that only the journeys use 0123456789",
            "SITE_URL": self.url,
            "PYTHONUNBUFFERED": "1",
        }
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    # The processes -----------------------------------------------------------------------------------

    def flask(self, *arguments: str, given: str = "") -> str:
        """Run a ``flask`` command to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", *arguments],
            cwd=ROOT,
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *names: str) -> None:
        """Start the processes of these names (default: web, worker and clock), and wait until the web answers."""
        for name in names or (WEB, JOBS, CLOCK):
            self.start_one(name)
        deadline = time.monotonic() + 30
        while not self._answers() or (CLOCK in self.running and "the clock runs" not in self.log(CLOCK)):
            assert self.running[WEB].poll() is None and time.monotonic() < deadline, self.log(WEB)
            time.sleep(0.05)

    def start_one(self, name: str) -> None:
        """Start one of the processes."""
        gunicorn = ["gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{self.port}", "--no-control-socket"]
        gunicorn += ["--worker-class", "gthread", "--workers", "1", "--threads", "6", "--timeout", "60"]
        command = gunicorn if name == WEB else ["compapp.worker", name]
        with (self.data_dir / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """Let a process die without a word, with all it has started: the web server's workers outlive it otherwise."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def hang(self, name: str, *, again: bool = False) -> None:
        """Let a process stand still with all it has started, or go on ``again``: it takes what comes, and is silent."""
        os.killpg(self.running[name].pid, signal.SIGCONT if again else signal.SIGSTOP)

    def _end(self, name: str) -> None:
        process = self.running.pop(name, None)
        if process is None:
            return
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def stop(self) -> None:
        """Stop everything but the queue server."""
        for process in self.running.values():
            process.terminate()
        for name in list(self.running):
            self._end(name)

    def log(self, name: str, most: int = 4000) -> str:
        """Return the end of what a process wrote."""
        return (self.data_dir / f"{name}.log").read_text(errors="replace")[-most:]

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    # Time --------------------------------------------------------------------------------------------

    def move_to(self, moment: datetime) -> None:
        """Let the program's time be ``moment`` from now on, and let the clock do at once what is due by then."""
        folder = self.data_dir / "run"
        folder.mkdir(parents=True, exist_ok=True)
        offset = moment.timestamp() - time.time()
        (folder / "clock").write_text(str(offset))
        if CLOCK in self.running:
            self._wait_for_the_clock(timedelta(seconds=offset))

    def _wait_for_the_clock(self, offset: timedelta) -> None:
        """Wait until the clock has noticed the new time and has run all its jobs."""
        deadline = time.monotonic() + 20
        while f"moved by {offset}: every job has run" not in self.log(CLOCK):
            assert self.running[CLOCK].poll() is None and time.monotonic() < deadline, self.log(CLOCK)
            time.sleep(0.05)

    def now(self) -> datetime:
        """Return the program's time."""
        path = self.data_dir / "run" / "clock"
        offset = float(path.read_text()) if path.exists() else 0.0
        return datetime.now(ZONE) + timedelta(seconds=offset)

    # Messages ----------------------------------------------------------------------------------------

    def outbox(self, condition: str = "1 = 1") -> list[sqlite3.Row]:
        """Return the rows of the outbox that fulfil ``condition``, in the order in which they were posted."""
        return self.rows(f"SELECT * FROM outbox_message WHERE {condition} ORDER BY id")

    def rows(self, question: str) -> list[sqlite3.Row]:
        """Return the rows that answer an SQL question."""
        path = self.data_dir / "compapp.db"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as connection:
            connection.row_factory = sqlite3.Row
            return list(connection.execute(question))

    def settled(self, seconds: float = 20.0) -> None:
        """Wait until no message is due that has not been delivered."""
        deadline = time.monotonic() + seconds
        while True:
            due = [row for row in self.outbox("state IN ('ready', 'claimed')") if self._is_due(row)]
            if not due:
                break
            assert time.monotonic() < deadline, [(row["kind"], row["state"], row["reason"]) for row in due]
            time.sleep(0.05)
        failed = [(row["kind"], row["reason"]) for row in self.outbox("state = 'failed'")]
        assert not failed, failed

    def _is_due(self, row: sqlite3.Row) -> bool:
        moment = datetime.fromisoformat(str(row["not_before"])).replace(tzinfo=ZoneInfo("UTC"))
        return moment <= self.now()

    def letters(self) -> list[Letter]:
        """Return every mail in the folder, the oldest first."""
        found = []
        for path in (self.data_dir / "mail").glob("*.eml"):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            body = mail.get_body(("plain",))
            key = str(mail["X-Dedupe-Key"])
            text = body.get_content() if body is not None else ""
            address = mail["To"].addresses[0].addr_spec
            letter = Letter(key, key.partition(":")[0], address, str(mail["Subject"]), text)
            found.append((int(path.name.partition("-")[0]), letter))
        return [letter for _number, letter in sorted(found, key=lambda one: one[0])]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
