"""What every test can ask for. The servers (PostgreSQL, Valkey, SMTP, browser) stand in services.py.

``db``      an empty database and its session; ``--database`` chooses sqlite, postgres or both
``app``     the application on that database; ``client`` a browser without JavaScript (no CSRF check);
            ``as_person(person)`` such a client of somebody who is signed in
``clock_at``  ``clock_at(moment)`` stops the clock there, for services and requests alike
``server``  the application behind a real port; ``page`` a Chromium page that fails on console errors;
            ``page_of(person, width=390)`` such a page of somebody who is signed in
``valkey``, ``smtp``, ``run_jobs``  a real queue server, a real mail server, a worker in this process
"""

import gc
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine, event, literal, select, text, union_all
from sqlalchemy.orm import Session

import compapp
from compapp.core import clock, files, reading
from compapp.core import db as database_module
from compapp.core.settings import Settings

pytest_plugins = ["tests.services"]

hypothesis_settings.register_profile("house", deadline=None, derandomize=os.environ.get("CI") == "true")
hypothesis_settings.load_profile("house")

ON_ONE_DATABASE = {"client", "csrf_client", "as_person", "server", "new_page", "page"}
"""Fixtures whose tests look at pages; they run on one database unless marked ``every_database``."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgres", "both"),
        default="sqlite",
        help="where tests with data run; with 'both', tests of pages run on SQLite only",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" not in metafunc.fixturenames:
        return
    wanted = metafunc.config.getoption("--database")
    names = ["sqlite", "postgres"] if wanted == "both" else [wanted]
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    shows_pages = bool(ON_ONE_DATABASE & set(metafunc.fixturenames)) and "every_database" not in marks
    if shows_pages or "one_database" in marks:
        names = names[:1]
    metafunc.parametrize("database", names, indirect=True, scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the journeys come first: a worker that ends with the longest of them lets the others wait."""
    items.sort(key=lambda item: "journeys" not in item.path.parts)


def pytest_collection_finish() -> None:
    """What is loaded by now stays; searching it for garbage again and again took an eighth of the tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


class Database:
    """One database of this test run, emptied between tests."""

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        self.url = url
        self._made = False
        self._engine: Engine | None = None

    def use(self) -> Engine:
        """Make this the database in use, with all tables and no row."""
        if self._engine is None or _engine_in_use() is not self._engine:
            self._engine = database_module.configure(self.url)
            if self.name == "sqlite":
                event.listen(self._engine, "connect", _forgo_durability)
        if not self._made:
            _import_models()
            database_module.Base.metadata.create_all(self._engine)
            self._made = True
        empty(self._engine)
        return self._engine


def _engine_in_use() -> Engine | None:
    try:
        return database_module.engine()
    except RuntimeError:
        return None


def _forgo_durability(connection: Any, _record: object) -> None:
    """Let the disk be lazy: a test's data need not survive a power cut."""
    connection.execute("PRAGMA synchronous=OFF")


def _import_models() -> None:
    """Import the models of every room, so that the metadata knows all tables; core keeps a table with what uses it."""
    for name in ("anchors", "audit", "files", "links", "outbox"):
        import_module(f"compapp.core.{name}")
    for room in iter_modules(compapp.__path__):
        if room.ispkg and find_spec(f"compapp.{room.name}.models") is not None:
            import_module(f"compapp.{room.name}.models")


def empty(engine: Engine) -> None:
    """Remove every row; only the tables that hold some are touched."""
    tables = database_module.Base.metadata.sorted_tables
    if not tables:
        return
    with engine.connect() as connection:
        probe = union_all(*(select(literal(table.name)).where(select(table).exists()) for table in tables))
        filled = set(connection.scalars(probe))
        connection.rollback()
        if not filled:
            return
        if engine.dialect.name == "postgresql":
            names = ", ".join(f'"{name}"' for name in sorted(filled))
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
            connection.commit()
            return
        raw: Any = connection.connection.dbapi_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("BEGIN IMMEDIATE")
        for name in filled:
            raw.execute(f'DELETE FROM "{name}"')
        raw.execute("DELETE FROM sqlite_sequence")
        raw.execute("COMMIT")
        raw.execute("PRAGMA foreign_keys=ON")


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of this run: files, mails, the SQLite database."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest, data_dir: Path) -> Database:
    """The database under test (parametrised by ``--database``)."""
    name: str = request.param
    if name == "sqlite":
        return Database(name, f"sqlite:///{data_dir / 'compapp.db'}")
    cluster = request.getfixturevalue("postgres_cluster")
    return Database(name, cluster.create_database())


@pytest.fixture
def clean_database(database: Database) -> Database:
    """The database, emptied."""
    reading.forget()
    database.use()
    return database


@pytest.fixture
def db(clean_database: Database) -> Iterator[Session]:
    """An empty database; yields the open session (write inside ``unit_of_work()``)."""
    with database_module.session_scope() as session:
        yield session


@pytest.fixture(scope="session")
def settings_of(data_dir: Path) -> Callable[..., Settings]:
    """Return a maker of settings for tests; keyword arguments replace single ones."""

    def make(**changes: Any) -> Settings:
        values: dict[str, Any] = {
            "environment": "test",
            "database_url": f"sqlite:///{data_dir / 'compapp.db'}",
            "redis_url": "",
            "mail_url": f"file:{data_dir / 'mail'}",
            "secret_key": "a secret that only the tests use 0123456789",
            "site_url": "http://localhost",
            "data_dir": data_dir,
            "port": 8000,
            "mail_from": "compapp <no-reply@localhost>",
            "trusted_proxies": 0,
        }
        return Settings(**(values | changes))

    return make


_apps: dict[str, Flask] = {}


@pytest.fixture
def app(database: Database, clean_database: Database, settings_of: Callable[..., Settings]) -> Iterator[Flask]:
    """The application (made once for each database) on an empty database."""
    from compapp.app import create_app

    if database.name not in _apps:
        _apps[database.name] = create_app(settings_of(database_url=database.url))
        database.use()
    made = _apps[database.name]
    before = dict(made.config)
    _forget_rate_limits(made)
    files.use_folder(made.config["SETTINGS"].data_dir / "files")
    yield made
    made.config.clear()
    made.config.update(before)


def _forget_rate_limits(app: Flask) -> None:
    for limiter in app.extensions.get("limiter", ()):
        limiter.reset()


class FreshClient(FlaskClient):
    """A client after whose requests the test's own session reads anew."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        _read_anew()
        try:
            return super().open(*args, **kwargs)
        finally:
            _read_anew()


def _read_anew() -> None:
    try:
        session = database_module.session()
    except RuntimeError:
        return
    session.rollback()
    session.expire_all()


@pytest.fixture
def client(app: Flask, db: Session) -> FlaskClient:
    """A visitor without JavaScript; forms need no CSRF token here."""
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = FreshClient
    return app.test_client()


@pytest.fixture
def csrf_client(app: Flask, db: Session) -> FlaskClient:
    """A visitor whose forms are checked for their CSRF token."""
    app.test_client_class = FreshClient
    return app.test_client()


@pytest.fixture
def as_person(app: Flask, db: Session) -> Callable[..., FlaskClient]:
    """Give a signed-in person's client: ``as_person(person)`` (a row or its id; no CSRF check)."""
    from compapp.accounts.models import Person
    from compapp.accounts.services import sessions
    from compapp.web.request import TOKEN

    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = FreshClient

    def signed_in(person: Any) -> FlaskClient:
        identity = person if isinstance(person, int) else person.id
        with database_module.unit_of_work():
            row = db.get_one(Person, identity)
            token = sessions.sign_in(row, browser="test", address="127.0.0.1", at=clock.now())
        made = app.test_client()
        with made.session_transaction() as kept:
            kept[TOKEN] = token
        return made

    return signed_in


@pytest.fixture
def at() -> datetime:
    """A moment for services: Thursday, 1 October 2026, 9:00 in Vietnam."""
    return datetime(2026, 10, 1, 2, 0, tzinfo=UTC)


class StoppedClock:
    """The clock of the program under the test's hand."""

    def __init__(self) -> None:
        self.moment: datetime | None = None

    def __call__(self, moment: datetime) -> datetime:
        """Stop the clock at ``moment``."""
        self.moment = moment.astimezone(UTC)
        return self.moment

    def advance(self, **spans: float) -> datetime:
        """Move the stopped clock by a timedelta's arguments."""
        assert self.moment is not None, "stop the clock first: clock_at(moment)"
        return self(self.moment + timedelta(**spans))


@pytest.fixture
def clock_at(monkeypatch: pytest.MonkeyPatch) -> StoppedClock:
    """Stop the clock: ``clock_at(moment)``, then ``clock_at.advance(minutes=5)``."""
    stopped = StoppedClock()
    monkeypatch.setattr(clock, "system_time", lambda: stopped.moment or datetime.now(UTC))
    return stopped


@pytest.fixture(autouse=True, scope="session")
def _cheap_hashes() -> None:
    """Hash passwords as cheaply as argon2 can."""
    from compapp.accounts import passwords

    passwords.use_light_profile()


@pytest.fixture(autouse=True)
def _no_leftover_context() -> Iterator[None]:
    """Fail a test that leaves a session or a unit of work open for the next one."""
    yield
    assert database_module._unit.get() is None, "the test left a unit of work open"


@pytest.fixture
def count_queries(clean_database: Database) -> Callable[[], Any]:
    """Count statements: ``with count_queries() as seen: …; assert len(seen) <= 8``."""
    from contextlib import contextmanager

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        engine = database_module.engine()
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return counting
