"""What every command begins and ends with: one clock reading, one session, JSON or a sentence."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from compapp.core import clock
from compapp.core.actor import Actor, acting
from compapp.core.db import session_scope
from compapp.core.errors import DomainError

Command = TypeVar("Command", bound=Callable[..., Any])

COMMAND_LINE = Actor.system("command line")


@contextmanager
def frame(actor: Actor = COMMAND_LINE) -> Iterator[None]:
    """Open what services need: a reading of the clock, a session, somebody who acts."""
    with clock.reading(), session_scope(), acting(actor):
        yield


def with_database(command: Command) -> Command:
    """Run ``command`` inside the frame."""

    @wraps(command)
    def framed(*args: Any, **kwargs: Any) -> Any:
        try:
            with frame():
                return command(*args, **kwargs)
        except (OperationalError, ProgrammingError) as error:
            cause = str(error.orig).splitlines()[0] if error.orig else "unknown"
            raise click.ClickException(
                f"The database cannot be used ({cause}). Check DATABASE_URL and run “flask db upgrade”."
            ) from error

    return framed  # type: ignore[return-value]


def sentences(*kinds: type[Exception]) -> Callable[[Command], Command]:
    """Turn a DomainError (and ``kinds``) into a sentence on standard error and exit status 1."""
    expected: tuple[type[Exception], ...] = (DomainError, *kinds)

    def decorate(command: Command) -> Command:
        @wraps(command)
        def spoken(*args: Any, **kwargs: Any) -> Any:
            try:
                return command(*args, **kwargs)
            except expected as error:
                raise click.ClickException(str(error)) from error

        return spoken  # type: ignore[return-value]

    return decorate


def answer(value: Any, out: str | None = None) -> None:
    """Print ``value`` as JSON, or write it whole to the file ``out``."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    if out is None:
        click.echo(text)
        return
    target = Path(out)
    partial = target.with_name(f".{target.name}.partial")
    try:
        partial.write_text(text + "\n", encoding="utf-8")
        partial.replace(target)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}.") from error


def read_bytes(source: str) -> bytes:
    """Return the content of a file, or of standard input for ``-``; a sentence when it cannot be read."""
    try:
        return sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise click.ClickException(f"{source} cannot be read: {why}.") from error


def read_text(source: str) -> str:
    """Return the UTF-8 text of a file, or of standard input for ``-``; a sentence when it cannot be read."""
    data = read_bytes(source)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{source} is not UTF-8 text (byte {error.start}).") from error


def read_json(source: str) -> Any:
    """Return the JSON value of a file or of standard input; a sentence with line and column when it is broken."""
    try:
        return json.loads(read_text(source))
    except json.JSONDecodeError as error:
        raise click.ClickException(
            f"{source} is not JSON: {error.msg} in line {error.lineno}, column {error.colno}."
        ) from error
    except RecursionError as error:
        raise click.ClickException(f"{source} is nested too deeply.") from error
