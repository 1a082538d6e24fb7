"""The command line: thin commands over the rooms' services. JSON out, or a sentence on standard error."""

from collections.abc import Sequence
from pathlib import PurePath

from flask import Flask

from compapp.cli import judging, placement

WITHOUT_INSTALLATION = (judging.group, placement.group)
"""Commands of pure mathematics on files: they touch no database and no data folder."""


def register(app: Flask) -> None:
    """Give ``app`` its commands."""
    from compapp.cli import accounts, clock, contest, doctor

    for group in (accounts.group, clock.group, contest.group, *WITHOUT_INSTALLATION):
        app.cli.add_command(group)
    app.cli.add_command(doctor.doctor)


def needs_no_installation(arguments: Sequence[str]) -> bool:
    """Whether a command line (``sys.argv``) asks for one of the commands that need no installation."""
    names = {group.name for group in WITHOUT_INSTALLATION}
    started_by_flask = bool(arguments) and "flask" in PurePath(arguments[0]).as_posix()
    return started_by_flask and len(arguments) > 1 and arguments[1] in names


def bare_app() -> Flask:
    """Return an application that has only those commands."""
    app = Flask("compapp", static_folder=None)
    for group in WITHOUT_INSTALLATION:
        app.cli.add_command(group)
    return app
