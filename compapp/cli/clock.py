"""``flask clock``: move the time of a demonstration."""

from datetime import datetime, timedelta

import click

from compapp.cli.frame import answer
from compapp.core import clock as core_clock

group = click.Group("clock", help="Show or move the time of a demonstration or test installation.")


@group.command("show")
def show() -> None:
    """Print the time that the installation believes it is."""
    answer({"now": core_clock.local(core_clock.system_time()).isoformat(timespec="seconds")})


@group.command("set")
@click.argument("moment")
def set_to(moment: str) -> None:
    """Let it be MOMENT (ISO 8601, such as 2026-12-05T17:00) from now on; ``real`` for the machine's own time."""
    if moment == "real":
        core_clock.set_offset(timedelta())
        show.callback()  # type: ignore[misc]
        return
    try:
        wanted = datetime.fromisoformat(moment)
    except ValueError as error:
        raise click.ClickException(f"“{moment}” is no moment. Write it like 2026-12-05T17:00, or “real”.") from error
    if wanted.tzinfo is None:
        wanted = wanted.replace(tzinfo=core_clock.ZONE)
    try:
        core_clock.set_offset(core_clock.offset() + (wanted - core_clock.system_time()))
    except RuntimeError as error:
        raise click.ClickException("The clock of a production installation cannot be moved.") from error
    answer({"now": core_clock.local(core_clock.system_time()).isoformat(timespec="seconds")})
