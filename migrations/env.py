"""Runs the migrations on the database in use. Each must run beside the code before it."""

from logging import getLogger
from typing import Any

from alembic import context
from sqlalchemy import Connection, text

from compapp.core.db import Base, engine

_log = getLogger("alembic.env")


def run() -> None:
    """Migrate within one transaction; PostgreSQL gives up on a lock after 4 s rather than queue behind it."""
    with engine().connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET lock_timeout = '4s'"))
            connection.execute(text("SET statement_timeout = '60s'"))
            connection.commit()
        else:
            _foreign_keys(connection, "OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            user_module_prefix="compapp.core.types.",
        )
        with context.begin_transaction():
            context.run_migrations()
        if connection.dialect.name == "sqlite":
            _foreign_keys(connection, "ON")


def _foreign_keys(connection: Connection, switch: str) -> None:
    """Let SQLite rebuild a table that others point at; within a transaction it would not hear the switch."""
    driver: Any = connection.connection.dbapi_connection
    driver.execute(f"PRAGMA foreign_keys={switch}")


if context.is_offline_mode():
    raise SystemExit("Migrations need the database; there is no offline mode.")
run()
