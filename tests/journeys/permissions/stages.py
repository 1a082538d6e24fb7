"""The demonstration at the moments of its year, each a database of its own that is put back after every change.

``stage_of(phase)`` makes a phase the one in use; its clients are signed in directly (no password is asked).
"""

import fcntl
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compapp.accounts.models import Person
from compapp.accounts.services import sessions
from compapp.app import create_app
from compapp.core import clock, db, files, reading
from compapp.notifications.services import delivery
from compapp.web.request import TOKEN
from tests.journeys.permissions import building

ROOT = Path(__file__).parents[3]
VISITOR = "visitor"
ACCOUNTS = (
    *("student", "member", "judge", "chair", "secretary", "organiser", "school", "club"),
    *("incubator", "mentor", "officer", "admin", "student2", "judge2", "organiser2", VISITOR),
)
"""The columns of the table, in its order."""


class Stage:
    """One phase: its application, its clients, and the rows behind the names of the table."""

    def __init__(self, phase: str, app: Flask, database: Path, pristine: sqlite3.Connection) -> None:
        self.phase = phase
        self.app = app
        self.tokens: dict[str, str] = {}
        self._database = database
        self._pristine = pristine
        self._watch = sqlite3.connect(database, isolation_level=None)
        self._version = self._data_version()

    def client(self, account: str, language: str | None = None) -> FlaskClient:
        """Return a browser of ``account``."""
        client = self.app.test_client()
        if account != VISITOR:
            with client.session_transaction() as kept:
                kept[TOKEN] = self.tokens[account]
        if language is not None:
            client.set_cookie("language", language)
        return client

    def one(self, question: str) -> str | None:
        """Return the first column of the first row that answers an SQL question; nothing where there is none."""
        row = self._watch.execute(question).fetchone()
        return None if row is None or row[0] is None else str(row[0])

    def column(self, question: str) -> list[str]:
        """Return the first column of every row."""
        return [str(row[0]) for row in self._watch.execute(question) if row[0] is not None]

    @property
    def today(self) -> date:
        """The day of this phase, as the province counts it."""
        return clock.local(building.moment_of(self.phase)).date()

    def execute(self, statement: str) -> None:
        """Change the database at hand (not what :meth:`put_back` brings back)."""
        self._watch.execute(statement)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection for changes of many rows (what :meth:`put_back` brings back stays)."""
        with closing(sqlite3.connect(self._database, isolation_level=None)) as connection:
            yield connection
        reading.forget()

    def has_changed(self) -> bool:
        """Whether anything was written since the last look or :meth:`put_back`."""
        return self._data_version() != self._version

    def put_back(self) -> None:
        """Let the database be what it was at first."""
        self._pristine.backup(self._watch)
        self._version = self._data_version()

    def keep(self) -> None:
        """Let the database as it stands now be what :meth:`put_back` brings back."""
        self._watch.backup(self._pristine)
        self._version = self._data_version()

    def close(self) -> None:
        """Let go of the files."""
        db.engine().dispose()
        self._watch.close()
        self._pristine.close()
        self._database.unlink()

    def _data_version(self) -> int:
        return int(self._watch.execute("PRAGMA data_version").fetchone()[0])


@cache
def _built(base: Path) -> Path:
    """Return the folder with a database for each phase, built once for all workers of this run."""
    folder = base / "journeys"
    with (base / "journeys.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "accounts.json").exists():
            folder.mkdir(exist_ok=True)
            command = [sys.executable, "-m", building.__name__, str(folder)]
            result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            assert result.returncode == 0, result.stderr[-3000:]
    return folder


@pytest.fixture(scope="session")
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with a database for each phase."""
    base = tmp_path_factory.getbasetemp()
    return _built(base.parent if hasattr(request.config, "workerinput") else base)


@pytest.fixture
def stage_of(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Stage]]:
    """``stage_of("scoring")``: the demonstration at that phase, in use until the end of the test."""
    opened: list[Stage] = []
    for module, name in ((files, "_root"), (clock, "_offset_file"), (delivery, "_office")):
        monkeypatch.setattr(module, name, getattr(module, name))

    def open_stage(phase: str) -> Stage:
        monkeypatch.setattr(clock, "system_time", lambda: building.moment_of(phase))
        opened.append(_open(built, tmp_path, phase))
        return opened[-1]

    yield open_stage
    for stage in opened:
        stage.close()


def _open(built: Path, folder: Path, phase: str) -> Stage:
    database = folder / f"{phase}.db"
    database.write_bytes((built / f"{phase}.db").read_bytes())
    app = create_app(building.settings_in(built, database))
    app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    tokens = _sign_in_all(json.loads((built / "accounts.json").read_text(encoding="utf-8")))
    pristine = sqlite3.connect(":memory:")
    stage = Stage(phase, app, database, pristine)
    stage.tokens = tokens
    stage.keep()
    return stage


def _sign_in_all(addresses: dict[str, str]) -> dict[str, str]:
    tokens = {}
    with clock.reading() as at, db.session_scope(), db.unit_of_work():
        for account, address in addresses.items():
            person = db.session().scalars(select(Person).where(Person.email == address)).one()
            tokens[account] = sessions.sign_in(person, browser="test", address="127.0.0.1", at=at)
    return tokens
