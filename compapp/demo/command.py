"""``flask demo``: build the demonstration at a moment of its year."""

import json
import sys

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError, ProgrammingError

from compapp.core import clock
from compapp.core.db import session_scope
from compapp.core.errors import DomainError
from compapp.core.settings import Settings
from compapp.demo.calendar import PHASES
from compapp.demo.direction import Performance, perform
from compapp.demo.removal import is_standing, remove


@click.command("demo")
@click.option(
    "--phase", type=click.Choice(list(PHASES)), default="scoring", show_default=True, help="The moment that today is."
)
@click.option("--yes", is_flag=True, help="Replace an earlier demonstration without asking.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON only.")
@with_appcontext
def demo(phase: str, yes: bool, as_json: bool) -> None:
    """Build the demonstration contest so that today is the moment PHASE; real data beside it stay."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.is_production:
        raise click.ClickException("A production installation holds no demonstration (APP_ENV is production).")
    try:
        _make_room(yes)
        with clock.reading() as now:
            performance = perform(phase, data_dir=settings.data_dir, now=now)
    except (OperationalError, ProgrammingError) as error:
        cause = str(error.orig).splitlines()[0] if error.orig else "unknown"
        raise click.ClickException(
            f"The database cannot be used ({cause}). Check DATABASE_URL and run “flask db upgrade”."
        ) from error
    except DomainError as error:
        raise click.ClickException(f"The demonstration could not be built: {error}") from error
    if as_json:
        click.echo(json.dumps(performance.as_json(), ensure_ascii=False, indent=1))
    else:
        _print(performance)


def _make_room(yes: bool) -> None:
    with session_scope():
        standing = is_standing()
    if not standing:
        return
    if not yes:
        if not sys.stdin.isatty():
            raise click.ClickException("There is a demonstration already. Use --yes to replace it.")
        click.confirm("Replace the demonstration that is there? Real data stay.", abort=True, err=True)
    remove()


def _print(performance: Performance) -> None:
    click.echo(
        f"Demonstration at “{performance.phase}”: day {performance.day} of {performance.contest}, "
        f"launched {performance.launch}."
    )
    width = max(len(account["email"]) for account in performance.accounts)
    for account in performance.accounts:
        click.echo(f"  {account['role']:<11} {account['email']:<{width}}  {account['password']}  {account['name']}")
