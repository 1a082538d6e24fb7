"""What happens before the web opens: migrations, then the demonstration where the database is empty."""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from compapp.dev.place import ROOT, Place

ACCOUNTS = "demo.json"


class NotPrepared(Exception):
    """A step failed; the message says which and where its log is."""


def migrate(place: Place, environment: Mapping[str, str]) -> None:
    """Bring the database to the newest migration; NotPrepared when that fails."""
    log = place.log / "upgrade.log"
    with log.open("wb") as stream:
        done = _flask(["db", "upgrade"], environment, stdout=stream, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise NotPrepared(f"The database could not be migrated; see {log}.")


def demonstrate(place: Place, environment: Mapping[str, str]) -> None:
    """Fill the empty database with the demonstration, at the moment when the judges score.

    The accounts that ``flask demo --json`` prints are kept in the data folder. NotPrepared when
    the command fails.
    """
    log = place.log / "demo.log"
    with log.open("wb") as stream:
        done = _flask(["demo", "--phase", "scoring", "--yes", "--json"], environment, subprocess.PIPE, stream)
    if done.returncode != 0:
        raise NotPrepared(f"The demonstration could not be built; see {log}.")
    kept = place.data_dir / ACCOUNTS
    kept.touch(mode=0o600)
    kept.write_bytes(done.stdout)


def demo_accounts(place: Place) -> list[dict[str, Any]]:
    """Return the demonstration's accounts (role, email, password) as they were made."""
    try:
        kept = json.loads((place.data_dir / ACCOUNTS).read_text())
    except (OSError, ValueError):
        return []
    accounts = kept.get("accounts", []) if isinstance(kept, dict) else kept
    return [account for account in accounts if isinstance(account, dict)]


def _flask(
    arguments: list[str], environment: Mapping[str, str], stdout: Any, stderr: Any
) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "flask", *arguments],
        cwd=ROOT,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        check=False,
    )


def is_empty(database_url: str) -> bool:
    """Whether nobody has an account yet."""
    from sqlalchemy import create_engine, inspect, text

    if database_url.startswith("postgresql://"):
        database_url = database_url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(database_url)
    try:
        if not inspect(engine).has_table("person"):
            return True
        with engine.connect() as connection:
            return connection.scalar(text("SELECT 1 FROM person LIMIT 1")) is None
    finally:
        engine.dispose()
