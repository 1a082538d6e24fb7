"""The database: base of all models, the session of the moment, and the one commit.

Reading starts a deferred transaction; writing happens only inside :func:`unit_of_work`, which
takes SQLite's write lock at once (``BEGIN IMMEDIATE``): a deferred upgrade loses updates or fails
although busy_timeout is set.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import JSON, Connection, Engine, MetaData, Select, create_engine, event, inspect
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

from compapp.core import events
from compapp.core.types import ExactFraction, UtcDateTime

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The typed base of every model."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {
        datetime: UtcDateTime,
        Fraction: ExactFraction,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


@event.listens_for(Base, "instrument_class", propagate=True)
def _never_reuse_ids(mapper: Any, _mapped: type) -> None:
    """Let SQLite never give a removed row's id to another: audit and outbox keep plain ids."""
    table = mapper.local_table
    if table is not None and len(table.primary_key.columns) == 1:
        table.dialect_options["sqlite"]["autoincrement"] = True


def identity_of(row: Base) -> int | None:
    """Return the primary key of a stored row, nothing for one that is not stored yet."""
    key = inspect(row).identity
    return int(key[0]) if key else None


@dataclass
class UnitOfWork:
    """One writing transaction: what is written at its end and what happens after it is collected here."""

    after_commit: list[Callable[[], None]] = field(default_factory=list)
    at_the_end: dict[Callable[[list[Any]], None], list[Any]] = field(default_factory=dict)

    def write_at_the_end(self, write: Callable[[list[Any]], None], pieces: Iterable[Any]) -> None:
        """Hand ``pieces`` to ``write``, together with all others for it, right before the commit."""
        self.at_the_end.setdefault(write, []).extend(pieces)

    def write_now(self, write: Callable[[list[Any]], None]) -> None:
        """Hand over at once what waits for ``write``."""
        pieces = self.at_the_end.pop(write, [])
        if pieces:
            write(pieces)

    def call_after_commit(self, action: Callable[[], None]) -> None:
        """Call ``action`` once the transaction stands; each action at most once."""
        if action not in self.after_commit:
            self.after_commit.append(action)


_PATIENCE = 4.0
"""Seconds that a writer of this process waits for the one before it, SQLite's own five left aside."""
_writers = threading.Lock()
_IDLE = 1.0
"""Seconds without use after which a connection to PostgreSQL is asked whether it still stands."""
_engine: Engine | None = None
_session: ContextVar[Session | None] = ContextVar("session", default=None)
_unit: ContextVar[UnitOfWork | None] = ContextVar("unit_of_work", default=None)
_settled: ContextVar[dict[Any, Any] | None] = ContextVar("settled", default=None)


def _leave_to_the_parent() -> None:
    """Forget the connections of the process this one was forked from; they are still its own."""
    if _engine is not None:
        _engine.dispose(close=False)


os.register_at_fork(after_in_child=_leave_to_the_parent)


def configure(url: str, **options: Any) -> Engine:
    """Create the engine for ``url`` and make it the one in use."""
    global _engine
    if _engine is not None:
        _retire(_engine)
    _engine = _create(url, options)
    return _engine


def _retire(old: Engine) -> None:
    """Close an engine's connections; those in use close as they come back, for nobody empties their pool any more."""
    event.listen(old, "checkin", _close_late)
    old.dispose()


def _close_late(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.invalidate()


def _create(url: str, options: dict[str, Any]) -> Engine:
    if url.startswith("sqlite"):
        created = create_engine(url, **options)
        event.listen(created, "connect", _prepare_sqlite)
        event.listen(created, "begin", _begin_sqlite)
        return created
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    arguments = {"options": "-c statement_timeout=10s -c idle_in_transaction_session_timeout=30s -c lock_timeout=5s"}
    created = create_engine(url, connect_args=arguments, **options)
    event.listen(created, "checkin", _note_use)
    event.listen(created, "checkout", _ask_whether_alive)
    return created


def _note_use(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["used"] = time.monotonic()


def _ask_whether_alive(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Ask the server before a connection is used that has lain idle; a request that goes on need not ask again."""
    used = record.info.get("used")
    if used is None or time.monotonic() - used < _IDLE:
        return
    try:
        engine().dialect.do_ping(connection)
    except Exception as error:  # whatever the driver raises: the pool takes another connection
        raise DisconnectionError from error


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Set what safety needs on every connection (WAL, FULL, foreign keys)."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _unit.get() is not None else "BEGIN")


def engine() -> Engine:
    """Return the engine in use; RuntimeError before :func:`configure`."""
    if _engine is None:
        raise RuntimeError("the database is not configured")
    return _engine


def session() -> Session:
    """Return the session of this request, job or command; RuntimeError outside of one."""
    current = _session.get()
    if current is None:
        raise RuntimeError("no session is open here")
    return current


def keep_answers() -> None:
    """Let the open session keep what :mod:`compapp.core.reading` reads: it belongs to one request."""
    session().info["answers"] = {}


def kept_answers() -> dict[Any, Any] | None:
    """Return the answers that the open session keeps; nothing where it keeps none or something is being written."""
    if _unit.get() is not None:
        return _settled.get()
    kept: dict[Any, Any] | None = session().info.get("answers")
    return kept


@contextmanager
def settled() -> Iterator[None]:
    """Inside a unit of work: promise that nothing is written here, so that what is read is read once.

    The caller holds the rows that matter; every check then looks at the very same answers.
    """
    token = _settled.set({})
    try:
        yield
    finally:
        _settled.reset(token)


def hold(rows: Select[Any]) -> None:
    """Hold rows (a select ``with_for_update``) that need not be read; SQLite's one writer holds everything already."""
    if engine().dialect.name != "sqlite":
        session().execute(rows)


@contextmanager
def session_scope() -> Iterator[Session]:
    """Open the session of one request, job or command; nested scopes get their own."""
    opened = Session(engine(), expire_on_commit=False)
    token = _session.set(opened)
    try:
        yield opened
    finally:
        opened.close()
        _session.reset(token)


@contextmanager
def hasty_session_scope() -> Iterator[Session]:
    """Open a session whose commits survive the death of this program, but perhaps not a power cut.

    For marks whose loss costs nothing but a repetition (a message sent once more under the same
    Message-ID), where waiting for the disk each time would cost hundreds of commits a second.
    """
    with engine().connect() as connection:
        if engine().dialect.name == "sqlite":
            on, off = "PRAGMA synchronous=NORMAL", "PRAGMA synchronous=FULL"
        else:
            on, off = "SET synchronous_commit = off", "SET synchronous_commit = on"
        _execute_outside(connection, on)
        opened = Session(connection, expire_on_commit=False)
        token = _session.set(opened)
        try:
            yield opened
        finally:
            opened.close()
            _session.reset(token)
            _execute_outside(connection, off)


def _execute_outside(connection: Connection, statement: str) -> None:
    """Run a setting of the connection outside of any transaction (SQLite insists on that)."""
    raw: Any = connection.connection.dbapi_connection
    postgresql = engine().dialect.name == "postgresql"
    if postgresql:
        raw.autocommit = True
    cursor = raw.cursor()
    cursor.execute(statement)
    cursor.close()
    if postgresql:
        raw.autocommit = False


@contextmanager
def _in_line() -> Iterator[None]:
    """Put the writers of this process in line before SQLite's lock, for which threads would only poll.

    Who has waited in vain tries all the same, and SQLite says what is wrong.
    """
    came = engine().dialect.name == "sqlite" and _writers.acquire(timeout=_PATIENCE)
    try:
        yield
    finally:
        if came:
            _writers.release()


@contextmanager
def unit_of_work() -> Iterator[UnitOfWork]:
    """The one commit of the code base.

    Ends the read before it, takes the write lock, yields, lets the listeners of domain events act
    in the same transaction, writes what waited for the end, commits, then runs what waits for the commit.
    Any error rolls back everything. Raises RuntimeError when one is already open: services compose within one.
    """
    if _unit.get() is not None:
        raise RuntimeError("a unit of work is already open")
    current = session()
    current.rollback()
    current.info.get("answers", {}).clear()
    unit = UnitOfWork()
    token = _unit.set(unit)
    try:
        with _in_line(), events.collecting():
            current.connection()
            yield unit
            events.dispatch()
            for write in tuple(unit.at_the_end):
                unit.write_now(write)
            current.commit()
    except BaseException:
        current.rollback()
        raise
    finally:
        _unit.reset(token)
    for action in unit.after_commit:
        action()


def current_unit() -> UnitOfWork:
    """Return the open unit of work; RuntimeError where nothing may be written."""
    unit = _unit.get()
    if unit is None:
        raise RuntimeError("writing needs a unit of work")
    return unit
