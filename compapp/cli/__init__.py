"""The command line: thin commands over the rooms' services. JSON out, or a sentence on standard error."""

from collections.abc import Sequence
from pathlib import Path, PurePath

from flask import Flask

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
WITHOUT_INSTALLATION = {"judging", "placement"}
"""Commands of pure mathematics on files: they touch no database and no data folder."""


def register(app: Flask) -> None:
    """Give ``app`` its commands."""
    from flask_migrate import Migrate

    from compapp.cli import accounts, audit, clock, contest, doctor
    from compapp.core.db import Base

    Migrate(app, Base, directory=str(MIGRATIONS))

    for group in (accounts.group, audit.group, clock.group, contest.group):
        app.cli.add_command(group)
    app.cli.add_command(doctor.doctor)
    _register_mathematics(app)


def is_command_line(arguments: Sequence[str]) -> bool:
    """Whether ``flask`` was typed (``sys.argv``); a web server needs no commands, nor what they import."""
    return bool(arguments) and "flask" in PurePath(arguments[0]).as_posix()


def needs_no_installation(arguments: Sequence[str]) -> bool:
    """Whether a command line (``sys.argv``) asks for one of the commands that need no installation."""
    return is_command_line(arguments) and len(arguments) > 1 and arguments[1] in WITHOUT_INSTALLATION


def bare_app() -> Flask:
    """Return an application that has only those commands."""
    app = Flask("compapp", static_folder=None)
    _register_mathematics(app)
    return app


def _register_mathematics(app: Flask) -> None:
    from compapp.cli import judging, placement

    app.cli.add_command(judging.group)
    app.cli.add_command(placement.group)
